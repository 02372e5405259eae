"""What goes wrong with identities in the field: namesakes, numbers, places, owners, states."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from entente.directory.actions import (
    add_contact_point,
    add_hco,
    add_hcp,
    affiliate,
    end_affiliation,
    find_suspects,
    merge_hcps,
    unmerge_hcps,
)
from entente.directory.domain.record_states import RecordState, is_usable, may_change
from entente.directory.models import ContactPoint, Hcp, Merge, Suspect
from entente.directory.reads.hierarchy import affiliations_of, people_as_of
from entente.directory.reads.people import contact_points
from entente.directory.tests.domain.test_matching import people
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

pytestmark = pytest.mark.feature("directory/identity")
DAY = timedelta(days=1)


def record(org, given, family, *, npi=None, **more):
    """Give a record as a registry or a colleague brings it, not written yet."""
    return Hcp(
        id=new_id(), org_id=org.id, npi=npi, family_name=family, given_name=given, country="US",
        profession="physician", name_key=f"{family} {given}", search_text=f" {family} {given}",
        source="nppes" if npi else "manual", **more,
    )  # fmt: skip


@pytest.fixture
def crowd(cast):
    """Enough records, some of them twice, for the search to know what a duplicate looks like."""
    made = [
        record(
            cast.host, given, family, address_line=street, postal_code=area, city="Leeds",
            licence_number=key or "",
            npi=None if number.startswith("b") or key is None else f"1{int(key) % 10**9:09}",
        )
        for number, given, family, _, street, area, key, _ in people()
    ]  # fmt: skip
    with act_as(cast.system()):
        Hcp.objects.bulk_create(made)


def searched(cast, at, *records):
    """Write records, search the directory as boldly as it can be, and give the pairs of them."""
    ids = [each.id for each in records]
    with act_as(cast.system()):
        Hcp.objects.bulk_create(records)
        find_suspects(at=at, join_equal_keys=True)
        return list(Suspect.objects.filter(one_id__in=ids, other_id__in=ids))


SAME = {
    "address_line": "7 Elm Street", "city": "Bath", "postal_code": "10777", "phone": "2035550177",
}  # fmt: skip


# Namesakes.


def test_father_and_son_of_one_name_and_address_are_never_joined_by_themselves(cast, crowd, noon):
    """Even the licence agrees, by a clerk's slip: the suffix alone keeps them apart."""
    licence = {"licence_number": "778899", "licence_state": "CT"}
    (pair,) = searched(
        cast, noon,
        record(cast.host, "Roland", "Ostrander", suffix="Sr.", **SAME, **licence),
        record(cast.host, "Roland", "Ostrander", suffix="Jr", **SAME, **licence),
    )  # fmt: skip
    assert (pair.status, pair.key_agrees) == ("open", False)
    assert pair.reasons[0]["field"] == "suffix"
    assert "two generations" in pair.reasons[0]["words"]


def test_the_same_two_records_without_suffixes_are_joined(cast, crowd, noon):
    licence = {"licence_number": "778899", "licence_state": "CT"}
    (pair,) = searched(
        cast, noon,
        record(cast.host, "Roland", "Ostrander", **SAME, **licence),
        record(cast.host, "Roland", "Ostrander", **SAME, **licence),
    )  # fmt: skip
    assert (pair.status, pair.key_agrees) == ("joined", True)


def test_a_key_does_not_join_two_generations_by_any_way(cast, noon):
    with act_as(cast.system()):
        father = record(cast.host, "Roland", "Ostrander", suffix="Sr")
        son = record(cast.host, "Roland", "Ostrander", suffix="III")
        Hcp.objects.bulk_create([father, son])
        with pytest.raises(UserError, match="father and son"):
            merge_hcps(father.id, son.id, reason="Same licence.", basis="key", at=noon)
        merge = merge_hcps(father.id, son.id, reason="One person; the suffix was wrong.", at=noon)
        assert merge.basis == Merge.Basis.STEWARD


# Keys.


def test_the_same_licence_number_of_two_states_is_no_key(cast, crowd, noon):
    pairs = searched(
        cast, noon,
        record(cast.host, "Roland", "Ostrander", licence_number="778899", licence_state="CT",
               **SAME),
        record(cast.host, "Roland", "Ostrander", licence_number="778899", licence_state="NY",
               **SAME),
    )  # fmt: skip
    assert all((pair.status, pair.key_agrees) == ("open", False) for pair in pairs)


def test_a_name_and_a_telephone_alone_never_join_two_records(cast, crowd, noon):
    pairs = searched(
        cast, noon,
        record(cast.host, "Roland", "Ostrander", **SAME),
        record(cast.host, "Roland", "Ostrander", **SAME),
    )  # fmt: skip
    assert [(pair.status, pair.key_agrees) for pair in pairs] == [("open", False)]


def test_an_npi_with_one_wrong_digit_is_refused(cast, noon):
    with act_as(cast.system()), pytest.raises(UserError, match="check digit"):
        add_hcp(family_name="Slip", country="US", npi="2000000003", at=noon)


def test_an_npi_that_belongs_to_somebody_else_is_refused_and_changes_nobody(cast, noon):
    with act_as(cast.system()):
        first = add_hcp(family_name="Owner", country="US", npi="2000000002", at=noon)
        with pytest.raises(UserError, match="in the directory already"):
            add_hcp(family_name="Slip", country="US", npi="2000000002", at=noon)
        assert Hcp.objects.get(npi="2000000002").family_name == first.family_name


def test_two_records_of_which_each_has_an_npi_are_never_joined_by_themselves(cast, crowd, noon):
    licence = {"licence_number": "778899", "licence_state": "CT"}
    pairs = searched(
        cast, noon,
        record(cast.host, "Roland", "Ostrander", npi="2000000002", **SAME, **licence),
        record(cast.host, "Roland", "Ostrander", npi="2000000010", **SAME, **licence),
    )  # fmt: skip
    assert all(pair.status == "open" for pair in pairs)


# One doctor at several places.


def test_one_doctor_at_three_hospitals_is_one_person_everywhere(cast, browser, noon):
    with act_as(cast.system()):
        person = add_hcp(family_name="Wander", given_name="Ina", country="US", at=noon)
        places = [
            add_hco(name=f"{name} Hospital", country="US", kind="hospital", at=noon)
            for name in ("North", "South", "West")
        ]
        works = [affiliate(person.id, p.id, from_on=date(2026, 1, 1), at=noon) for p in places]
        end_affiliation(works[0].id, on=noon.date(), at=noon)
        today = [a.hco.name for a in affiliations_of(person.id) if a.to_on is None]
        assert sorted(today) == ["South Hospital", "West Hospital"]
        assert people_as_of(places[0].id, noon.date() - DAY), "until the day before"
        assert not people_as_of(places[0].id, noon.date())
        assert Hcp.objects.filter(family_name="Wander").count() == 1
    shown = browser(Role.STEWARD).get(f"/hcps/{person.id}/").content.decode()
    assert all(place.name in shown for place in places)


# Who holds the record.


def test_a_person_whom_only_a_partner_holds_is_seen_without_addresses_and_kept_by_him(cast, noon):
    with act_as(cast.system(cast.partner)):
        theirs = add_hcp(family_name="Partnerwell", given_name="Lea", country="US", at=noon)
        add_contact_point(theirs.id, channel="email", value="lea@clinic.test",
                          from_on=noon.date(), at=noon)  # fmt: skip
    with act_as(cast.system()):
        ours = add_hcp(family_name="Partnerwell", given_name="Lea", country="US", at=noon)
        assert Hcp.objects.get(id=theirs.id).family_name == "Partnerwell"
        assert contact_points([theirs.id], "email", noon.date()) == {}
        assert not ContactPoint.objects.filter(hcp_id=theirs.id).exists()
        for pair in ((ours.id, theirs.id), (theirs.id, ours.id)):
            with pytest.raises(UserError, match="keeps it itself"):
                merge_hcps(*pair, reason="Same name.", at=noon)
        Hcp.objects.filter(id=theirs.id).update(city="Elsewhere")
        assert Hcp.objects.get(id=theirs.id).city == ""


# States of a record.


@pytest.mark.parametrize("old", RecordState)
@pytest.mark.parametrize("new", RecordState)
def test_a_record_goes_from_state_to_state_only_as_the_ways_allow(cast, old, new):
    with act_as(cast.system()):
        made = record(cast.host, "Ada", "States", identity_status=old)
        made.save(force_insert=True)
        rows = Hcp.objects.filter(id=made.id)
        if old == new or may_change(old, new):
            assert rows.update(identity_status=new) == 1
            return
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(identity_status=new)
        assert rows.get().identity_status == old


def test_an_unverified_record_is_shown_flagged_and_usable(cast, browser, noon):
    with act_as(cast.system()):
        person = add_hcp(family_name="Flagged", country="US", at=noon)
    assert is_usable(RecordState(person.identity_status))
    assert "Unverified" in browser(Role.STEWARD).get(f"/hcps/{person.id}/").content.decode()


def test_a_candidate_that_was_joined_and_parted_is_a_record_of_its_own(cast, noon):
    with act_as(cast.system()):
        known = record(cast.host, "Ada", "States", npi="2000000002")
        proposed = record(cast.host, "Ada", "States", identity_status="candidate")
        Hcp.objects.bulk_create([known, proposed])
        merge = merge_hcps(known.id, proposed.id, reason="Same person.", at=noon)
        assert Hcp.objects.get(id=proposed.id).identity_status == "merged"
        unmerge_hcps(merge.id, reason="Two people.", at=noon + DAY)
        assert Hcp.objects.get(id=proposed.id).identity_status == "unverified"


def test_who_died_is_in_no_search_for_pairs(cast, crowd, noon):
    licence = {"licence_number": "778899", "licence_state": "CT"}
    assert not searched(
        cast, noon,
        record(cast.host, "Roland", "Ostrander", **SAME, **licence),
        record(cast.host, "Roland", "Ostrander", identity_status="deceased", **SAME, **licence),
    )  # fmt: skip
