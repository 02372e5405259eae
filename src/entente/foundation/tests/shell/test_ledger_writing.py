"""Writing the ledger: with the act or not at all, added to and never changed, person by person."""

from __future__ import annotations

import json

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from entente.foundation import ledger
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.ledger.persons import erase_person, open_values
from entente.foundation.models import LedgerEntry, SignedLink, new_id

CHANGES = [
    "UPDATE foundation_ledgerentry SET body = body",
    "DELETE FROM foundation_ledgerentry",
    "TRUNCATE foundation_ledgerentry CASCADE",
]


def entry(**fields) -> ledger.Entry:
    return ledger.Entry("tests.thing.done", "tests.thing", new_id(), **fields)


def test_an_entry_says_who_did_what_when_for_whom(cast, noon):
    scope = cast.scope(Role.STEWARD)
    made = entry(details={"n": 1})
    with act_as(scope):
        written = ledger.append(made, at=noon)
        row = LedgerEntry.objects.get(entry_id=written)
    body = json.loads(row.body)
    assert (row.org_id, row.actor_id, row.verb) == (scope.org_id, scope.actor_id, made.verb)
    assert (row.object_kind, row.object_id) == (made.kind, made.object_id)
    assert row.at_us == body["at"] == int(noon.timestamp() * 1_000_000)
    assert body["details"] == {"n": 1}


@pytest.mark.promise("P6")
def test_nobody_writes_without_a_scope(db, noon):
    with pytest.raises(OutOfScope):
        ledger.append(entry(), at=noon)


@pytest.mark.promise("P6")
def test_an_act_whose_entry_is_refused_does_not_happen(committed, noon):
    link = new_id()
    with pytest.raises(DatabaseError), act_as(committed.system()) as scope:
        SignedLink.objects.create(
            id=link, org_id=scope.org_id, purpose="t", person_id=link, object_kind="t",
            object_id=link, expires_at=noon,
        )  # fmt: skip
        ledger.append(entry(details={"text": "no database holds \x00"}), at=noon)
    with act_as(committed.system()):
        assert not SignedLink.objects.filter(id=link).exists()


@pytest.mark.promise("P6")
def test_an_act_that_fails_leaves_no_entry(committed, noon):
    made = entry()
    with pytest.raises(ZeroDivisionError), act_as(committed.system()):
        ledger.append(made, at=noon)
        raise ZeroDivisionError
    with act_as(committed.system()):
        assert not LedgerEntry.objects.filter(object_id=made.object_id).exists()


@pytest.mark.promise("P1")
def test_no_organisation_writes_in_the_name_of_another(cast, noon):
    body = {"id": new_id(), "org": cast.partner.id, "verb": "v", "kind": "k", "at": 0}
    with (
        act_as(cast.system()),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO foundation_ledgerentry (body, mac) VALUES (%s, '')",
            [json.dumps(body, default=str)],
        )


@pytest.mark.promise("P1")
def test_an_entry_is_read_by_its_organisation_and_the_named_other_one_only(cast, noon):
    with act_as(cast.system()):
        shared = ledger.append(entry(counterparty=cast.partner.id), at=noon)
        own = ledger.append(entry(), at=noon)
    seen = {}
    for name, organisation in (("partner", cast.partner), ("stranger", cast.stranger)):
        with act_as(cast.system(organisation)):
            found = LedgerEntry.objects.filter(entry_id__in=[shared, own])
            seen[name] = set(found.values_list("entry_id", flat=True))
    assert seen == {"partner": {shared}, "stranger": set()}


@pytest.mark.promise("P7")
@pytest.mark.parametrize("change", CHANGES)
def test_the_serving_role_changes_no_entry(cast, noon, change):
    with act_as(cast.system()):
        ledger.append(entry(), at=noon)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


@pytest.mark.promise("P7")
@pytest.mark.parametrize("table", ["ledgerentry", "ledgerbatch", "ledgerleaf", "signature"])
@pytest.mark.parametrize("what", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_even_a_superuser_has_to_switch_the_triggers_off_first(
    superuser, sealed_ledger, table, what
):
    if table == "signature" and what.startswith("DELETE"):
        pytest.skip("no signature is there to delete")
    with pytest.raises(psycopg.errors.RestrictViolation):
        superuser.execute(what.format(f"foundation_{table}"))


@pytest.mark.promise("P28")
def test_values_about_a_person_are_nowhere_in_clear_text(cast, noon):
    person = new_id()
    with act_as(cast.system()):
        written = ledger.append(entry(personal={person: {"email": "ada@clinic.test"}}), at=noon)
        row = LedgerEntry.objects.get(entry_id=written)
        assert "ada@clinic.test" not in row.body
        opened = open_values(written, json.loads(row.body)["personal"])
    assert json.loads(opened[person]) == {"email": "ada@clinic.test"}


@pytest.mark.promise("P28")
def test_an_erased_person_can_no_longer_be_read_and_others_can(cast, noon):
    gone, stays = new_id(), new_id()
    with act_as(cast.system()):
        written = ledger.append(
            entry(personal={gone: {"name": "Ada"}, stays: {"name": "Ben"}}), at=noon
        )
        sealed = json.loads(LedgerEntry.objects.get(entry_id=written).body)["personal"]
        assert erase_person(gone)
        assert not erase_person(gone)
        opened = open_values(written, sealed)
    assert opened[gone] is None
    assert json.loads(opened[stays]) == {"name": "Ben"}


def test_a_partner_cannot_erase_a_person(cast, noon):
    person = new_id()
    with act_as(cast.system()):
        ledger.append(entry(personal={person: {"name": "Ada"}}), at=noon)
    with act_as(cast.system(cast.partner)):
        assert not erase_person(person)


def test_a_value_cannot_be_moved_to_another_entry(cast, noon):
    person = new_id()
    with act_as(cast.system()):
        written = ledger.append(entry(personal={person: {"name": "Ada"}}), at=noon)
        sealed = json.loads(LedgerEntry.objects.get(entry_id=written).body)["personal"]
        with pytest.raises(Exception, match=r"^$"):
            open_values(new_id(), sealed)


def test_many_entries_take_no_more_queries_than_one(cast, noon, django_assert_max_num_queries):
    entries = [entry(personal={new_id(): {"n": n}}) for n in range(50)]
    with act_as(cast.system()), django_assert_max_num_queries(6):
        written = ledger.append_many(entries, at=noon)
    with act_as(cast.system()):
        found = LedgerEntry.objects.filter(entry_id__in=written).order_by("seq")
        assert list(found.values_list("entry_id", flat=True)) == written
