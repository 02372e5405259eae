"""Two records become one organisation and two again: what hangs on either follows, none is lost."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, transaction

from entente.directory import actions
from entente.directory.actions import Ground
from entente.directory.commands_identity import identity
from entente.directory.models import (
    Hco,
    HcoIdentityLink,
    HcoMerge,
    HcoSuspect,
    MatchWeights,
    TerritoryMember,
)
from entente.directory.reads import hco_survivor_of, hierarchy, same_hco, search_hcos
from entente.directory.reads import identity_hcos as reads
from entente.directory.reads.contacts import contacts_at
from entente.directory.tests.domain.test_matching import names, typo
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, new_id

pytestmark = pytest.mark.feature("directory/identity")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def hospital(org, name, ccn=None, **more):
    made_id = new_id()
    return Hco(
        id=made_id, org_id=org.id, system="ccn" if ccn else "entente", value=ccn or made_id.hex,
        name=name, country="US", name_key=name.casefold(), search_text=f" {name.casefold()}",
        source="hospitals" if ccn else "hand", **more,
    )  # fmt: skip


@pytest.fixture
def pair(cast):
    """The same hospital once from the registry, and once typed in with a telephone."""
    with act_as(cast.system()):
        made = [
            hospital(cast.host, "Testford General", "070001", city="Testford"),
            hospital(cast.host, "Testford General Hospital", phone="2035550100"),
        ]
        Hco.objects.bulk_create(made)
    return made[0].id, made[1].id


def join(cast, one, other, at, **more):
    with act_as(cast.system()):
        return actions.merge_hcos(one, other, reason="Same house.", at=at, **more)


def part(cast, merge, at):
    with act_as(cast.system()):
        return actions.unmerge_hcos(merge.id, reason="Two houses.", at=at)


def test_people_contacts_and_identifiers_of_both_are_the_organisations(cast, pair, noon):
    kept, other = pair
    with act_as(cast.system()):
        person = actions.add_hcp(family_name="Works", country="US", at=noon)
        actions.affiliate(person.id, other, from_on=date(2026, 1, 1), at=noon)
        actions.add_contact(family_name="Buys", kind="buyer", country="US", at=noon,
                            employer_hco_id=other)  # fmt: skip
    merge = join(cast, kept, other, noon)
    with act_as(cast.system()):
        assert [a.hcp_id for a in hierarchy.people_as_of(kept, noon.date())] == [person.id]
        assert not hierarchy.people_as_of(kept, noon.date() - DAY), "that day they were two"
        found = contacts_at(hco_ids=same_hco(kept, noon + HOUR))
        assert [c.family_name for c in found] == ["Buys"]
        assert reads.held_about_hcos([other])[other] == {"people": 1, "business contacts": 1}
        assert merge.plan["held"]["directory"][str(other)]["people"] == 1
        assert Hco.objects.get(id=kept).phone == "2035550100", "taken over, it was empty"
    part(cast, merge, noon + 2 * DAY)
    with act_as(cast.system()):
        assert not hierarchy.people_as_of(kept, noon.date() + 3 * DAY)
        assert hierarchy.people_as_of(kept, noon.date() + DAY), "that day they were one"
        assert Hco.objects.get(id=kept).phone == ""


def test_what_stands_above_and_below_either_is_the_organisations_family(cast, pair, noon):
    kept, other = pair
    on = noon.date()
    with act_as(cast.system()):
        chain, ward = (
            actions.add_hco(name=name, country="US", kind="hospital", at=noon)
            for name in ("Chain", "Ward")
        )
        actions.link_hcos(other, chain.id, kind="owned_by", from_on=on, at=noon)
        actions.link_hcos(ward.id, other, kind="owned_by", from_on=on, at=noon)
        person = actions.add_hcp(family_name="Works", country="US", at=noon)
        actions.affiliate(person.id, ward.id, at=noon)
    merge = join(cast, kept, other, noon)
    with act_as(cast.system()):
        assert [h.id for h in hierarchy.line_as_of(ward.id, on)] == [ward.id, kept, chain.id]
        tree = hierarchy.family_as_of(chain.id, on)
        assert [(m.hco.id, m.parent_id) for m in tree] == [
            (chain.id, None), (kept, chain.id), (ward.id, kept),
        ]  # fmt: skip
        assert hierarchy.n_in_family(kept, on) == (2, 1)
        assert [link.parent_id for link in hierarchy.parents_as_of(kept, on)] == [chain.id]
        with pytest.raises(UserError, match="above itself"):
            actions.link_hcos(chain.id, kept, kind="member_of", from_on=on, at=noon)
    part(cast, merge, noon + DAY)
    with act_as(cast.system()):
        later = on + 2 * DAY
        assert [h.id for h in hierarchy.line_as_of(ward.id, later)] == [ward.id, other, chain.id]
        assert hierarchy.line_as_of(kept, later) == [Hco.objects.get(id=kept)]


def test_what_stands_above_another_cannot_be_the_same(cast, pair, noon):
    kept, other = pair
    with act_as(cast.system()):
        actions.link_hcos(other, kept, kind="owned_by", from_on=noon.date(), at=noon)
    with pytest.raises(UserError, match="stands below"):
        join(cast, kept, other, noon)


def test_an_account_brings_the_people_of_both_records(cast, pair, noon):
    kept, other = pair
    on = noon.date()
    with act_as(cast.system()):
        person = actions.add_hcp(family_name="Works", country="US", at=noon)
        actions.affiliate(person.id, other, at=noon)
        land = actions.add_territory("Key", "F", "geographic", Ground(states=("AK",)),
                                     from_on=on, at=noon)  # fmt: skip
        actions.add_exception(land.id, hco_id=kept, reason="key", from_on=on, at=noon)
        actions.align_territories(as_of=on, at=noon)
        assert not TerritoryMember.objects.exists()
    join(cast, kept, other, noon)
    with act_as(cast.system()):
        actions.align_territories(as_of=on + DAY, at=noon + DAY)
        assert TerritoryMember.objects.get().hcp_id == person.id


def test_a_joined_record_is_found_only_through_the_one_that_stays(cast, pair, browser, noon):
    kept, other = pair
    merge = join(cast, kept, other, datetime.now(UTC) - HOUR)
    with act_as(cast.system()):
        assert [h.id for h in search_hcos("testford")] == [kept]
        assert same_hco(other, datetime.now(UTC)) == sorted(pair)
        assert hco_survivor_of(other, datetime.now(UTC)) == kept
    steward = browser(Role.STEWARD)
    assert str(other) not in steward.get("/hcos/").content.decode()
    assert "stands for this organisation" in steward.get(f"/hcos/{other}/").content.decode()
    assert "Joined records" in steward.get(f"/hcos/{kept}/").content.decode()
    part(cast, merge, datetime.now(UTC))
    assert str(other) in steward.get("/hcos/").content.decode()


def test_refusals_name_what_is_wrong_with_joining_organisations(cast, pair, noon):
    kept, other = pair
    with act_as(cast.system()):
        second = hospital(cast.host, "Testford General North", "070002")
        second.save(force_insert=True)
    with act_as(cast.system(cast.partner)):
        theirs = actions.add_hco(name="Testford", country="US", kind="hospital", at=noon).id
    for wrong, told in (
        ((kept, kept), "same record"), ((other, kept), "CCN has to stay"),
        ((kept, second.id), "two organisations"), ((kept, theirs), "keeps it itself"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=told):
            join(cast, *wrong, noon)
    with act_as(cast.system()), pytest.raises(UserError, match="Say why"):
        actions.merge_hcos(kept, other, reason=" ", at=noon)
    with pytest.raises(UserError, match="no fields"):
        join(cast, kept, other, noon, take=["colour"])
    merge = join(cast, kept, other, noon)
    with pytest.raises(UserError, match="joined to another record already"):
        join(cast, kept, other, noon)
    part(cast, merge, noon + HOUR)
    with pytest.raises(UserError, match="undone already"):
        part(cast, merge, noon + HOUR)
    assert join(cast, kept, second.id, noon + DAY, two_keys_known=True).undone_at is None


def test_a_field_of_an_organisation_that_changed_since_stays_and_is_asked_about(cast, pair, noon):
    kept, other = pair
    merge = join(cast, kept, other, noon, take=["name"])
    with act_as(cast.system()):
        assert Hco.objects.get(id=kept).name == "Testford General Hospital"
        Hco.objects.filter(id=kept).update(phone="2035550199")
    done = part(cast, merge, noon + DAY)
    assert done.since == ["The phone was changed since; check which of the two it belongs to."]
    with act_as(cast.system()):
        found = Hco.objects.get(id=kept)
        assert (found.name, found.phone) == ("Testford General", "2035550199")


def test_each_act_on_organisations_identity_leaves_one_entry(cast, pair, noon):
    merge = join(cast, *pair, noon)
    part(cast, merge, noon + HOUR)
    with act_as(cast.system()):
        verbs = LedgerEntry.objects.filter(object_id=merge.id).order_by("at_us")
        assert [entry.verb for entry in verbs] == ["directory.hco.merged", "directory.hco.parted"]


def test_the_database_rewrites_no_join_of_organisations(cast, pair, noon):
    merge = join(cast, *pair, noon)
    with act_as(cast.system()):
        links = HcoIdentityLink.objects.filter(id=merge.link_id)
        with pytest.raises(DatabaseError), transaction.atomic():
            links.update(from_at=noon - DAY)
        with pytest.raises(DatabaseError), transaction.atomic():
            links.delete()


# Pairs.


@pytest.fixture
def registry(cast):
    """Two hundred and forty hospitals, forty of them twice, misspelt the second time."""
    rng = random.Random(7)
    words, streets = names(200, rng), names(90, rng)
    made = []
    for n in range(240):
        name = f"{rng.choice(words).title()} {rng.choice(words).title()} Hospital"
        place = {
            "address_line": f"{rng.randint(1, 99)} {rng.choice(streets)} Street",
            "city": rng.choice(words).title(), "us_state": rng.choice(("CT", "MA", "NY")),
            "postal_code": str(rng.randint(10_000, 10_900)), "phone": f"203555{n:04}",
        }  # fmt: skip
        made.append(hospital(cast.host, name, f"07{n:04}", **place))
        if n < 40:
            made.append(hospital(cast.host, typo(name, rng), **place))
    with act_as(cast.system()):
        Hco.objects.bulk_create(made)


def test_pairs_of_organisations_are_queued_with_reasons_once_and_none_joins_itself(
    cast, registry, noon
):
    with act_as(cast.system()):
        found = actions.find_hco_suspects(at=noon)
        assert 36 <= found.n_queued <= 46
        pairs = HcoSuspect.objects.select_related("one", "other")
        right = [p for p in pairs if p.one.phone == p.other.phone]
        assert len(right) >= 36
        assert {"field", "words", "weight"} == set(right[0].reasons[0])
        assert not HcoMerge.objects.exists()
        assert MatchWeights.objects.get().subject == "organisations"
        again = actions.find_hco_suspects(at=noon)
        assert (again.n_queued, again.n_known) == (0, found.n_queued)


def test_a_steward_joins_a_pair_of_organisations_and_takes_it_back(cast, registry, browser, noon):
    steward = browser(Role.STEWARD)
    assert "Nothing to look at" in steward.get("/identity/organisations/").content.decode()
    with act_as(cast.system()):
        actions.find_hco_suspects(at=noon)
        pair, other = HcoSuspect.objects.order_by("-score_bp")[:2]
    assert "CCN" in steward.get("/identity/organisations/").content.decode()
    address = f"/identity/organisations/{pair.id}/"
    shown = steward.get(address).content.decode()
    assert "Why they look alike" in shown
    assert "Join into one organisation" in shown
    assert steward.post(address, {"act": "join", "reason": ""}).status_code == 422
    steward.post(address, {"act": "join", "reason": "Same house."}, follow=True)
    with act_as(cast.system()):
        merge = HcoMerge.objects.select_related("link").get()
    assert "See what was joined" in steward.get(address).content.decode()
    page = f"/identity/organisations/merges/{merge.id}/"
    assert "Same house." in steward.get(page).content.decode()
    steward.post(page, {"reason": "Two wards."})
    assert "Two wards." in steward.get(page).content.decode()
    assert "Undone" in steward.get("/identity/organisations/merges/").content.decode()
    steward.post(f"/identity/organisations/{other.id}/", {"act": "apart", "apart-reason": "No."})
    with act_as(cast.system()):
        assert HcoSuspect.objects.get(id=other.id).status == "apart"
    assert browser(Role.REPRESENTATIVE).get("/identity/organisations/").status_code == 403


def test_programs_join_and_part_organisations(cast, registry, program, noon):
    with act_as(cast.system()):
        actions.find_hco_suspects(at=noon)
    steward, root = program(Role.STEWARD), "/api/directory"
    rows = steward.get(f"{root}/hco-suspects").json()["items"]
    with act_as(cast.system()):
        one, other = Hco.objects.filter(id__in=[rows[0]["one_id"], rows[0]["other_id"]])
    kept, lost = reads.hcos_in_order(one, other)
    body = {"survivor_id": str(kept.id), "loser_id": str(lost.id), "reason": "Same house."}
    json_ = {"content_type": "application/json"}
    made = steward.post(f"{root}/hco-merges", body, **json_)
    assert made.status_code == 201, made.content
    assert made.json()["survivor_id"] == str(kept.id)
    assert steward.post(f"{root}/hco-merges", body, **json_).status_code == 422
    undone = steward.post(f"{root}/hco-merges/{made.json()['id']}/undo", {"reason": "No."}, **json_)
    assert undone.json()["undone_at"]
    assert len(steward.get(f"{root}/hco-merges").json()["items"]) == 1
    apart = steward.post(
        f"{root}/hco-suspects/{rows[1]['id']}/keep-apart", {"reason": "Two."}, **json_
    )
    assert apart.json()["status"] == "apart"
    assert program(Role.FINANCE).get(f"{root}/hco-suspects").status_code == 403


def test_the_command_searches_organisations_too(cast, registry):
    answer = CliRunner().invoke(identity, ["search", "--json"])
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["organisations"]["n_records"] == 280
