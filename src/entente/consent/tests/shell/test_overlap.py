"""Two lists compared: exact numbers for both, and nothing that points at a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from entente.consent import actions, reads
from entente.consent.actions import ListTerms
from entente.consent.models import (
    OverlapComparison,
    OverlapMember,
    PartnerList,
    PartnerListEntry,
    ShareRead,
)
from entente.directory import reads as directory
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry
from tests.sharing import OPENING, TERMS, Parties, npi, npis, register_people

pytestmark = pytest.mark.feature("alliances/audience-share")
BY_SPECIALTY = replace(TERMS, breakdown="specialty")


@pytest.fixture
def parties(cast, noon):
    """The host and Northlake, and a registry of 400 people."""
    with act_as(cast.system()):
        register_people(cast.host.id, range(1, 400))
    return Parties(cast, noon)


def told(found):
    return {cell["label"]: cell["n"] for cell in found.cells}


def test_both_sides_see_the_same_exact_numbers(parties):
    made = parties.contract(BY_SPECIALTY)
    found = parties.compare(made.id, parties.load(0, npis(1, 200)), parties.load(1, npis(100, 400)))
    seen = []
    for side in (0, 1):
        with act_as(parties.scope(side)):
            seen.append(reads.as_told(OverlapComparison.objects.get(id=found.id)))
    assert seen[0] == seen[1]
    assert seen[0]["total"] == 100
    assert seen[0]["matched_on"] == {"npi": 100}
    assert sum(told(found).values()) == 100
    assert min(told(found).values()) >= 33


def test_a_small_cell_is_hidden_together_with_one_from_which_it_could_be_subtracted(cast, noon):
    with act_as(cast.system()):
        register_people(
            cast.host.id,
            range(1, 300),
            specialty=lambda n: "Rare" if 100 <= n < 105 else ("Large" if n % 3 else "Middle"),
        )
    parties = Parties(cast, noon)
    made = parties.contract(BY_SPECIALTY)
    found = parties.compare(made.id, parties.load(0, npis(1, 200)), parties.load(1, npis(100, 300)))
    assert found.total == 100
    assert set(told(found)) == {"Large"}
    assert reads.rest_of(found) >= 11


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (npis(1, 100), npis(90, 300)),
        (npis(1, 100), npis(200, 300)),
        (npis(1, 50), npis(1, 300)),
        (npis(1, 55), npis(1, 45)),
    ],
    ids=["few match", "none match", "all of mine match", "all but ten of mine match"],
)
def test_what_would_say_too_much_is_withheld_and_looks_alike(parties, mine, theirs):
    made = parties.contract(BY_SPECIALTY)
    found = parties.compare(made.id, parties.load(0, mine), parties.load(1, theirs))
    with act_as(parties.theirs):
        seen = reads.as_told(OverlapComparison.objects.get(id=found.id))
    assert (seen["outcome"], seen["total"], seen["cells"], seen["rest"]) == (
        "withheld", None, [], None,
    )  # fmt: skip


def test_a_list_shorter_than_the_minimum_cell_is_not_compared(parties):
    made = parties.contract()
    short = parties.load(0, npis(1, 11))
    with pytest.raises(UserError, match="11 entries or more"):
        parties.offer(made.id, 0, short)


def test_a_list_that_differs_by_one_person_is_not_compared_again(parties):
    made = parties.contract()
    parties.compare(made.id, parties.load(0, npis(1, 200)), parties.load(1, npis(100, 400)))
    for near in (npis(1, 201), npis(2, 200), npis(2, 220)):
        given = parties.load(0, near)
        with pytest.raises(UserError, match="point at a person"):
            parties.offer(made.id, 0, given)


def test_padding_with_people_who_surely_do_not_match_wins_nothing(parties):
    made = parties.contract()
    theirs = parties.load(1, npis(100, 300))
    first = parties.compare(made.id, parties.load(0, npis(1, 200)), theirs)
    assert first.total == 100
    # One person in question, with 20 who are on nobody's list.
    for asked, pad in ((npi(250), 5_000), (npi(390), 6_000)):
        padded = [*npis(1, 200), asked, *npis(pad, pad + 20)]
        again = parties.compare(made.id, parties.load(0, padded), theirs)
        assert again.outcome == "withheld"


def test_a_new_version_with_enough_changes_is_compared(parties):
    made = parties.contract()
    theirs = parties.load(1, npis(100, 400))
    assert parties.compare(made.id, parties.load(0, npis(1, 150)), theirs).total == 50
    grown = parties.load(0, [*npis(1, 200), *npis(5_000, 5_020)])
    assert parties.compare(made.id, grown, theirs).total == 100


def test_the_same_lists_give_the_same_answer_again(parties):
    made = parties.contract(BY_SPECIALTY)
    mine, theirs = parties.load(0, npis(1, 200)), parties.load(1, npis(100, 400))
    first = parties.compare(made.id, mine, theirs)
    again = parties.compare(made.id, mine, theirs, asks=1)
    assert (again.total, again.cells) == (first.total, first.cells)
    assert again.repeats_id == first.id


def test_an_offer_is_good_for_one_comparison(parties, noon):
    made = parties.contract()
    mine, theirs = parties.load(0, npis(1, 200)), parties.load(1, npis(100, 400))
    parties.compare(made.id, mine, theirs)
    parties.offer(made.id, 0, mine)
    with act_as(parties.privacy), pytest.raises(UserError, match="each side has to offer"):
        actions.compare_lists(made.id, at=noon)


def test_a_pair_compares_five_times_a_day(parties):
    made = parties.contract()
    mine, theirs = parties.load(0, npis(1, 200)), parties.load(1, npis(100, 400))
    for _ in range(5):
        parties.compare(made.id, mine, theirs)
    with pytest.raises(UserError, match="at most 5 times"):
        parties.compare(made.id, mine, theirs)


def test_another_contract_of_the_same_parties_forgets_nothing(parties):
    parties.compare(
        parties.contract().id, parties.load(0, npis(1, 200)), parties.load(1, npis(100, 400))
    )
    other = parties.contract(replace(TERMS, name="Another"))
    given = parties.load(0, npis(1, 201))
    with pytest.raises(UserError, match="point at a person"):
        parties.offer(other.id, 0, given)


def test_a_second_breakdown_of_the_same_lists_tells_no_cell_that_crosses_the_first(parties):
    mine, theirs = parties.load(0, npis(1, 200)), parties.load(1, npis(100, 400))
    first = parties.compare(parties.contract(BY_SPECIALTY).id, mine, theirs)
    second = parties.compare(parties.contract(replace(TERMS, breakdown="state")).id, mine, theirs)
    assert len(first.cells) >= 2
    assert (second.total, second.cells) == (first.total, [])


def organisations(parties, side, rows, at):
    with act_as(parties.scope(side)):
        terms = ListTerms("Hospitals", "own records")
        return actions.load_accounts(rows, terms, at=at)[1]


def hospital(n, **more):
    key = {"organisation_id": f"ccn:{n:06d}"} if n % 2 else {"domain": f"www.H{n}.test"}
    return key | more


def test_organisations_match_by_id_or_by_domain_and_the_proof_is_told(parties, noon):
    lists = [
        organisations(
            parties, side, [hospital(n, name=f"H {side} {n}") for n in range(*span)], noon
        )
        for side, span in enumerate(((1, 81), (41, 121)))
    ]
    found = parties.compare(parties.contract().id, *lists)
    assert reads.as_told(found)["matched_on"] == {"organisation_id": 20, "domain": 20}
    assert found.total == 40


def test_another_spelling_of_what_does_not_match_makes_no_organisation_a_new_one(parties, noon):
    made = parties.contract()
    theirs = organisations(parties, 1, [hospital(n) for n in range(41, 121)], noon)
    first = [hospital(n) for n in range(1, 81)]
    parties.compare(made.id, organisations(parties, 0, first, noon), theirs)
    # An id decides alone; a domain beside it, however it is written, changes nothing.
    again = [row | {"domain": f"other{n}.test"} if "organisation_id" in row else row
             for n, row in enumerate(first)]  # fmt: skip
    given = organisations(parties, 0, [*again, hospital(101)], noon)
    with pytest.raises(UserError, match="point at a person"):
        parties.offer(made.id, 0, given)


def test_nobody_but_its_owner_reads_a_list_not_even_the_host(parties, cast):
    theirs = parties.load(1, npis(1, 50))
    for scope in (parties.privacy, cast.system(), cast.system(cast.society)):
        with act_as(scope):
            assert not PartnerList.objects.filter(id=theirs).exists()
            assert not PartnerListEntry.objects.filter(list_id=theirs).exists()


def test_a_loaded_list_is_never_changed(parties, noon):
    mine = parties.load(0, npis(1, 50))
    with act_as(parties.privacy):
        entry = PartnerListEntry.objects.filter(list_id=mine).first()
        assert PartnerListEntry.objects.filter(list_id=mine).update(name="x") == 0
        assert PartnerListEntry.objects.filter(list_id=mine)._raw_delete("default") == 0
        entry.id, entry.npi = entry.list_id, npi(77)
        with pytest.raises(DatabaseError), transaction.atomic():
            entry.save(force_insert=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            PartnerList.objects.filter(id=mine).update(n_entries=500)


def test_persons_are_shown_only_where_the_contract_opens_fields(parties, noon):
    made = parties.contract()
    found = parties.compare(made.id, parties.load(0, npis(1, 200)), parties.load(1, npis(100, 400)))
    with act_as(parties.privacy):
        assert actions.read_people(found.id, at=noon) == []


def test_a_person_shows_only_open_and_licensed_fields_and_each_reading_is_recorded(parties, noon):
    made = parties.contract(OPENING)
    found = parties.compare(
        made.id,
        parties.load(0, npis(1, 200)),
        parties.load(1, npis(100, 400), fields=("npi", "name")),
    )
    with act_as(parties.privacy):
        people = actions.read_people(found.id, at=noon, most=1000)
    assert [p.npi for p in people] == sorted(npis(100, 200))
    assert people[0].name.startswith("Dr ")
    # The state is open and not licensed, the specialty licensed by nobody and not open.
    assert {(p.us_state, p.specialty, p.email) for p in people} == {(None, None, None)}
    for side in (0, 1):
        with act_as(parties.scope(side)):
            reading = ShareRead.objects.get()
            assert (reading.n_persons, reading.reader_org) == (100, parties.cast.host.id)
            assert LedgerEntry.objects.filter(
                verb="consent.share_contract.people_read", object_id=made.id
            ).exists()


@pytest.mark.promise("P14")
def test_an_address_passes_only_with_consent_to_passing_it_on_and_not_after_its_withdrawal(
    parties, noon
):
    made = parties.contract(OPENING)
    found = parties.compare(made.id, parties.load(0, npis(1, 200)), parties.load(1, npis(100, 400)))
    system = parties.cast.system(parties.partner)
    with act_as(system):
        controller = directory.legal_entities(system.org_id)[0]
        person = directory.hcps_by_npi([npi(120)])[npi(120)]
        key = {"hcp_id": person.id, "controller_id": controller.id, "channel": "email"}
        actions.capture_consent(
            **key, purpose="sharing", wording_version="1", source="test", method="form",
            proof_ref="form 1", captured_at=noon - timedelta(days=1), at=noon,
        )  # fmt: skip

    def addresses():
        with act_as(parties.privacy):
            return [p.email for p in actions.read_people(found.id, at=noon, most=1000) if p.email]

    assert addresses() == [f"{npi(120)}@clinic.test"]
    with act_as(system):
        actions.withdraw_consent(**key, source="test", at=noon)
    assert addresses() == []


def test_roles_that_read_counts_see_no_person(parties, cast, noon):
    made = parties.contract(OPENING)
    found = parties.compare(made.id, parties.load(0, npis(1, 200)), parties.load(1, npis(100, 400)))
    for role, organisation in (
        (Role.ALLIANCE_MANAGER, cast.host),
        (Role.PARTNER_MARKETER, cast.partner),
    ):
        with act_as(cast.scope(role, organisation)):
            assert OverlapComparison.objects.get(id=found.id).total == 100
            with pytest.raises(OutOfScope):
                actions.read_people(found.id, at=noon)


def test_no_one_reads_or_forges_what_matched(parties):
    made = parties.contract()
    found = parties.compare(made.id, parties.load(0, npis(1, 200)), parties.load(1, npis(100, 400)))
    with act_as(parties.privacy), connection.cursor() as cursor:
        assert not OverlapMember.objects.exists()
        assert OverlapComparison.objects.filter(id=found.id).update(total=1) == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            found.id = found.contract_id
            found.save(force_insert=True)
        for helper in ("consent_match_parts(%s)", "consent_overlap_parts(%s, 1)"):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(f"SELECT * FROM app.{helper}", [found.id])


def test_the_directory_gives_a_list_by_specialty(parties, noon):
    with act_as(parties.privacy):
        made = actions.list_from_directory("Targets", specialty="Cardiology", at=noon)
        assert made.n_entries == 133
        with pytest.raises(UserError):
            actions.list_from_directory("Targets", specialty="Nothing", at=noon)


@pytest.mark.parametrize(
    ("shown", "outcome"), [(0, "withheld"), (5, "withheld"), (100, "answered")]
)
def test_what_one_was_shown_wholly_is_no_secret_any_more(parties, noon, shown, outcome):
    made = parties.contract(OPENING)
    theirs = parties.load(1, npis(100, 400))
    first = parties.compare(made.id, parties.load(0, npis(1, 200)), theirs)
    if shown:
        with act_as(parties.privacy):
            actions.read_people(first.id, at=noon, most=shown)
    # Of the 40 that are left out none matches, which tells of each of them.
    fewer = parties.load(0, npis(41, 200))
    assert parties.compare(made.id, fewer, theirs).outcome == outcome


def test_an_offer_is_taken_back(parties, noon):
    made = parties.contract()
    for side, numbers in ((0, npis(1, 200)), (1, npis(100, 400))):
        parties.offer(made.id, side, parties.load(side, numbers))
    with act_as(parties.theirs):
        actions.take_back_offer(made.id, at=noon)
    with act_as(parties.privacy), pytest.raises(UserError, match="each side has to offer"):
        actions.compare_lists(made.id, at=noon)
    with act_as(parties.theirs), pytest.raises(UserError, match="no list of yours"):
        actions.take_back_offer(made.id, at=noon)
