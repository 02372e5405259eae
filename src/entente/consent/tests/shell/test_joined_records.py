"""Two records become one person and two again: nothing is lost, and nobody gets more mail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entente.consent import actions, reads
from entente.directory.actions import add_contact_point, add_hcp, merge_hcps, unmerge_hcps
from entente.directory.models import Hcp
from entente.directory.reads import same_person, search_hcps, survivor_of
from entente.directory.reads.identity import held_about, in_order, plan
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError

HOUR = timedelta(hours=1)
KEY = {"channel": "email", "purpose": "promotion"}


@pytest.fixture
def twice(asked, noon):
    """The same physician, once from a registry and once typed in without the identifier."""
    with act_as(asked.scope):
        other = add_hcp(family_name="Testwel", given_name="Mara", country="US", city="Hartford",
                        at=noon)  # fmt: skip
        add_contact_point(other.id, channel="email", value="mara@home.test", from_on=noon.date(),
                          at=noon)  # fmt: skip
    return other.id


def grant(asked, hcp_id, at, proof="form 1"):
    with act_as(asked.scope):
        return actions.capture_consent(
            hcp_id=hcp_id, controller_id=asked.controller_id, **KEY, wording_version="v1",
            source="form", method="form", proof_ref=proof, captured_at=at, at=at,
        )  # fmt: skip


def withdraw(asked, hcp_id, at, **more):
    with act_as(asked.scope):
        return actions.withdraw_consent(
            hcp_id=hcp_id, controller_id=asked.controller_id, **KEY, source="phone", at=at, **more
        )


def status(asked, hcp_id, at, subject=None):
    with act_as(asked.scope):
        state = reads.state_as_of(
            hcp_id, asked.controller_id, *KEY.values(), at, product_id=subject
        )
        return state.status


def join(asked, survivor, loser, at, **more):
    with act_as(asked.scope):
        return merge_hcps(survivor, loser, reason="Same licence, same address.", at=at, **more)


def part(asked, merge, at):
    with act_as(asked.scope):
        return unmerge_hcps(merge.id, reason="Father and daughter.", at=at)


@pytest.mark.feature("directory/identity")
def test_the_most_restrictive_permission_of_both_records_holds(asked, twice, noon):
    grant(asked, asked.hcp_id, noon)
    withdraw(asked, twice, noon)
    assert status(asked, asked.hcp_id, noon + HOUR) == "granted"
    join(asked, asked.hcp_id, twice, noon + 2 * HOUR)
    assert status(asked, asked.hcp_id, noon + 3 * HOUR) == "withdrawn"
    assert status(asked, twice, noon + 3 * HOUR) == "withdrawn"
    assert status(asked, asked.hcp_id, noon + HOUR) == "granted", "the past stays as it was"


@pytest.mark.feature("directory/identity")
def test_a_permission_given_anew_after_joining_counts_for_the_person(asked, twice, noon):
    withdraw(asked, twice, noon)
    join(asked, asked.hcp_id, twice, noon + HOUR)
    grant(asked, asked.hcp_id, noon + 2 * HOUR)
    assert status(asked, asked.hcp_id, noon + 3 * HOUR) == "granted"
    withdraw(asked, twice, noon + 4 * HOUR)
    assert status(asked, asked.hcp_id, noon + 5 * HOUR) == "withdrawn"


def test_a_record_that_says_nothing_restricts_nothing(asked, twice, noon):
    grant(asked, asked.hcp_id, noon)
    join(asked, asked.hcp_id, twice, noon + HOUR)
    assert status(asked, asked.hcp_id, noon + 2 * HOUR) == "granted"


def test_a_stop_of_either_record_beats_a_permission_given_afterwards(asked, twice, noon):
    with act_as(asked.scope):
        actions.suppress(twice, "asked on the telephone", noon)
    join(asked, asked.hcp_id, twice, noon + HOUR)
    grant(asked, asked.hcp_id, noon + 2 * HOUR)
    assert status(asked, asked.hcp_id, noon + 3 * HOUR) == "withdrawn"


@pytest.mark.feature("directory/identity")
def test_parting_gives_each_record_back_what_it_had_before(asked, twice, noon):
    grant(asked, asked.hcp_id, noon)
    withdraw(asked, twice, noon)
    merge = join(asked, asked.hcp_id, twice, noon + HOUR)
    with act_as(asked.scope):
        assert Hcp.objects.get(id=asked.hcp_id).city == "Hartford", "taken over, it was empty"
        assert Hcp.objects.get(id=twice).identity_status == "merged"
        assert survivor_of(twice, noon + 2 * HOUR) == asked.hcp_id
        assert set(same_person(twice, noon + 2 * HOUR)) == {asked.hcp_id, twice}
    done = part(asked, merge, noon + 3 * HOUR)
    assert done.since == []
    assert status(asked, asked.hcp_id, noon + 4 * HOUR) == "granted"
    assert status(asked, twice, noon + 4 * HOUR) == "withdrawn"
    assert status(asked, asked.hcp_id, noon + 2 * HOUR) == "withdrawn", "that day they were one"
    with act_as(asked.scope):
        assert Hcp.objects.get(id=asked.hcp_id).city == ""
        assert Hcp.objects.get(id=twice).identity_status == "unverified"
        assert same_person(twice, noon + 4 * HOUR) == [twice]


@pytest.mark.feature("directory/identity")
def test_what_happened_while_joined_restricts_both_and_is_asked_about(asked, twice, noon):
    grant(asked, twice, noon)
    merge = join(asked, asked.hcp_id, twice, noon + HOUR)
    grant(asked, asked.hcp_id, noon + 2 * HOUR, "form 2")
    done = part(asked, merge, noon + 3 * HOUR)
    assert any("hold for neither" in words for words in done.since)
    assert status(asked, asked.hcp_id, noon + 4 * HOUR) == "withdrawn"
    assert status(asked, twice, noon + 4 * HOUR) == "granted", "its own permission was older"

    again = join(asked, asked.hcp_id, twice, noon + 5 * HOUR)
    withdraw(asked, asked.hcp_id, noon + 6 * HOUR)
    done = part(asked, again, noon + 7 * HOUR)
    assert any("Withdrawals" in words for words in done.since)
    assert status(asked, twice, noon + 8 * HOUR) == "withdrawn"


def test_a_field_that_was_changed_since_stays_and_is_asked_about(asked, twice, noon):
    merge = join(asked, asked.hcp_id, twice, noon + HOUR)
    with act_as(asked.scope):
        Hcp.objects.filter(id=asked.hcp_id).update(city="New Haven")
    done = part(asked, merge, noon + 2 * HOUR)
    assert "The city was changed since; check which of the two it belongs to." in done.since
    with act_as(asked.scope):
        assert Hcp.objects.get(id=asked.hcp_id).city == "New Haven"


def test_a_joined_record_is_found_only_through_its_survivor(asked, twice, noon):
    join(asked, asked.hcp_id, twice, noon + HOUR)
    with act_as(asked.scope):
        assert [person.id for person in search_hcps("testwel")] == [asked.hcp_id]


@pytest.mark.feature("directory/identity")
def test_two_records_with_an_identifier_each_are_never_joined_without_a_look(asked, noon):
    with act_as(asked.scope):
        son = add_hcp(family_name="Testwell", given_name="Mara", country="US", npi="2000000010",
                      at=noon).id  # fmt: skip
    with pytest.raises(UserError, match="never joined without a look"):
        join(asked, asked.hcp_id, son, noon + HOUR, basis="key")
    with pytest.raises(UserError, match="two people"):
        join(asked, asked.hcp_id, son, noon + HOUR)
    assert join(asked, asked.hcp_id, son, noon + HOUR, two_keys_known=True).undone_at is None


def test_refusals_name_what_is_wrong(asked, twice, noon):
    with pytest.raises(UserError, match="same record"):
        join(asked, twice, twice, noon)
    with pytest.raises(UserError, match="has to survive"):
        join(asked, twice, asked.hcp_id, noon)
    with act_as(asked.scope), pytest.raises(UserError, match="Say why"):
        merge_hcps(asked.hcp_id, twice, reason=" ", at=noon)
    merge = join(asked, asked.hcp_id, twice, noon + HOUR)
    with pytest.raises(UserError, match="joined to another record already"):
        join(asked, asked.hcp_id, twice, noon + 2 * HOUR)
    part(asked, merge, noon + 3 * HOUR)
    with pytest.raises(UserError, match="undone already"):
        part(asked, merge, noon + 4 * HOUR)


def test_the_plan_shows_both_records_and_what_every_room_holds(asked, twice, noon):
    grant(asked, twice, noon)
    with act_as(asked.scope):
        one, other = in_order(*Hcp.objects.filter(id__in=[asked.hcp_id, twice]))
        assert one.id == asked.hcp_id, "the one with the identifier survives"
        fields = {each.name: each for each in plan(one, other)}
        assert fields["city"].take_loser
        assert fields["family_name"].differs
        assert not fields["family_name"].take_loser
        assert held_about([twice])[twice]["permissions"] == 1


def test_chains_of_joined_records_are_one_person(asked, twice, noon):
    with act_as(asked.scope):
        third = add_hcp(family_name="Testwell", given_name="M", country="US", at=noon).id
    join(asked, twice, third, noon + HOUR)
    join(asked, asked.hcp_id, twice, noon + 2 * HOUR)
    with act_as(asked.scope):
        assert set(same_person(third, noon + 3 * HOUR)) == {asked.hcp_id, twice, third}
        assert survivor_of(third, noon + 3 * HOUR) == asked.hcp_id
        assert set(same_person(third, noon + HOUR + HOUR / 2)) == {twice, third}
    with act_as(asked.scope):
        actions.suppress(third, "asked by letter", noon + 3 * HOUR)
    grant(asked, asked.hcp_id, noon + 4 * HOUR)
    assert status(asked, asked.hcp_id, noon + 5 * HOUR) == "withdrawn"


def test_parting_changes_no_past_day_of_a_record_joined_later(asked, twice, noon):
    with act_as(asked.scope):
        third = add_hcp(family_name="Third", given_name="One", country="US", at=noon).id
    merge = join(asked, asked.hcp_id, twice, noon)
    withdraw(asked, third, noon + HOUR)
    join(asked, asked.hcp_id, third, noon + 2 * HOUR)
    between = noon + HOUR * 1.5
    assert status(asked, twice, between) == "none"
    part(asked, merge, noon + 3 * HOUR)
    assert status(asked, twice, between) == "none", "it was not yet one with the third"
    assert status(asked, twice, noon + 4 * HOUR) == "withdrawn"


@pytest.mark.feature("directory/identity")
def test_what_was_said_about_one_topic_while_joined_is_about_that_topic_afterwards(
    asked, twice, noon
):
    def told(hcp_id, at, topic):
        return reads.state_as_of(
            hcp_id, asked.controller_id, *KEY.values(), at, product_id=topic
        ).status

    with act_as(asked.scope):
        heart, lungs = (actions.add_topic(name, at=noon).id for name in ("Heart", "Lungs"))
    grant(asked, asked.hcp_id, noon)
    grant(asked, twice, noon)
    merge = join(asked, asked.hcp_id, twice, noon + HOUR)
    with act_as(asked.scope):
        actions.withdraw_consent(
            hcp_id=asked.hcp_id, controller_id=asked.controller_id, **KEY, topic_id=heart,
            source="phone", at=noon + 2 * HOUR,
        )  # fmt: skip
    part(asked, merge, noon + 3 * HOUR)
    with act_as(asked.scope):
        for hcp_id in (asked.hcp_id, twice):
            assert told(hcp_id, noon + 4 * HOUR, heart) == "withdrawn"
            assert told(hcp_id, noon + 4 * HOUR, lungs) == "granted"
