"""The scope: nothing is seen without one, nothing of others with one, nothing is left behind."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from psycopg_pool import ConnectionPool

from entente.foundation.access.roles import ALWAYS, ROLES, Role, Wall, capabilities, wall_of
from entente.foundation.access.scope import (
    SETTINGS,
    OutOfScope,
    Scope,
    act_as,
    current_scope,
    signing_in,
    switched,
)
from entente.foundation.database import conninfo
from entente.foundation.links import make_link
from entente.foundation.models import Organisation, SignedLink, User, new_id


def context() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting(s, true), '') FROM unnest(%s::text[]) s", [SETTINGS]
        )
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.promise("P1")
def test_without_a_scope_the_database_shows_nothing_and_says_so(committed, noon):
    # The database asks for each row: a table without one would say nothing either way.
    with act_as(committed.system()):
        make_link(
            "tests", person_id=new_id(), object_kind="tests.thing", object_id=new_id(), at=noon,
            valid_days=1,
        )  # fmt: skip
    with pytest.raises(DatabaseError, match="no organisation is set"):
        list(SignedLink.objects.all())
    with pytest.raises(DatabaseError, match="no organisation is set"), transaction.atomic():
        list(User.objects.all())
    with pytest.raises(OutOfScope):
        current_scope()


@pytest.mark.promise("P1")
def test_the_context_ends_with_its_transaction(committed):
    with act_as(committed.system()):
        assert context()[0] == str(committed.host.id)
    assert context() == [""] * 5
    with pytest.raises(ZeroDivisionError), act_as(committed.system()):
        raise ZeroDivisionError
    assert context() == [""] * 5
    with pytest.raises(OutOfScope):
        current_scope()


@pytest.mark.promise("P1")
def test_an_organisation_sees_its_own_people_only(cast):
    for organisation in (cast.host, cast.partner, cast.stranger):
        with act_as(cast.system(organisation)):
            assert {user.org_id for user in User.objects.all()} == {organisation.id}


@pytest.mark.promise("P1")
def test_partners_do_not_learn_of_each_other(cast):
    with act_as(cast.system(cast.partner)):
        assert set(Organisation.objects.all()) == {cast.host, cast.partner}
    with act_as(cast.system()):
        assert {cast.partner, cast.society, cast.stranger} <= set(Organisation.objects.all())


@pytest.mark.promise("P1")
def test_a_row_is_neither_written_for_nor_given_to_another(cast, noon):
    made = {"purpose": "t", "person_id": new_id(), "object_kind": "t", "object_id": new_id()}
    with act_as(cast.system()):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            SignedLink.objects.create(id=new_id(), org=cast.partner, expires_at=noon, **made)
        mine = SignedLink.objects.create(id=new_id(), org=cast.host, expires_at=noon, **made)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            SignedLink.objects.filter(id=mine.id).update(org=cast.partner)
    with act_as(cast.system(cast.partner)):
        assert SignedLink.objects.filter(id=mine.id).update(purpose="x") == 0
        assert SignedLink.objects.filter(id=mine.id).delete()[0] == 0


def test_a_scope_cannot_be_opened_inside_another(committed):
    other = committed.system(committed.partner)
    with act_as(committed.system()), pytest.raises(RuntimeError), act_as(other):
        pass


def test_a_scope_borrowed_in_a_transaction_is_given_back(committed):
    with act_as(committed.system()):
        before = context()
        with switched(Scope(org_id=committed.partner.id, actor_name="link:t")):
            assert context()[0] == str(committed.partner.id)
        assert context() == before
    with signing_in():
        with switched(committed.system()):
            assert context()[0] == str(committed.host.id)
        assert context() == ["", "", "", "", "signin"]


def test_a_scope_borrowed_before_an_error_leaves_with_the_savepoint(committed):
    with act_as(committed.system()):
        before = context()
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            switched(Scope(org_id=committed.partner.id)),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1/0")
        assert context() == before
        assert current_scope().org_id == committed.host.id


def test_a_scope_outside_a_transaction_is_refused(committed):
    with pytest.raises(RuntimeError, match="protects nothing"), switched(committed.system()):
        pass


@pytest.mark.promise("P5")
def test_a_person_may_what_his_roles_say_and_no_more(cast):
    scope = cast.scope(Role.STEWARD)
    scope.require("directory.import")
    with pytest.raises(OutOfScope):
        scope.require("user.write")


@pytest.mark.promise("P5")
def test_no_role_of_a_partner_brings_a_right_over_the_installation():
    rights = frozenset({"user.write", "organisation.write", "ledger.verify", "person.erase"})
    for role in (Role.PARTNER_MARKETER, Role.PARTNER_SELLER):
        assert not rights & capabilities(frozenset({role}))


@pytest.mark.promise("P5")
def test_roles_add_up_and_no_role_brings_nothing_but_the_doors():
    assert capabilities(frozenset()) == ALWAYS
    # Everybody takes one's own courses and does what an audit asks; all else is to read.
    assert {right for right in ALWAYS if not right.endswith(".read")} == {
        "training.take",
        "audit.act",
    }
    for one in Role:
        for other in Role:
            both = capabilities(frozenset({one, other}))
            assert both == capabilities(frozenset({one})) | capabilities(frozenset({other}))


def test_the_wall_stands_between_medical_and_commercial_people():
    assert set(ROLES) == set(Role)
    assert wall_of(frozenset({Role.MSL})) == Wall.MEDICAL
    assert wall_of(frozenset({Role.REPRESENTATIVE})) == Wall.COMMERCIAL
    assert wall_of(frozenset({Role.MSL, Role.REPRESENTATIVE})) == Wall.BOTH
    assert wall_of(frozenset()) == Wall.COMMERCIAL


@pytest.mark.promise("P1")
def test_pooled_connections_leak_nothing_between_requests(committed, noon):
    """400 requests by 8 threads over 3 connections; some crash, some have no context."""
    organisations = [committed.host, committed.partner, committed.society]
    for organisation in organisations:
        with act_as(committed.system(organisation)):
            SignedLink.objects.create(
                id=new_id(), org=organisation, purpose="pool", person_id=new_id(),
                object_kind="t", object_id=new_id(), expires_at=noon,
            )  # fmt: skip
    leaks, answered, lock = [], [0], threading.Lock()

    def request(n: int) -> None:
        random = Random(n)
        mine = random.choice(organisations)
        kind = random.choices(["plain", "crash", "contextless"], [60, 10, 30])[0]
        try:
            with pool.connection() as session, session.transaction():
                if kind != "contextless":
                    session.execute("SELECT set_config('app.org', %s, true)", [str(mine.id)])
                found = session.execute("SELECT org_id FROM foundation_signedlink").fetchall()
                foreign = [o for (o,) in found if kind == "contextless" or o != mine.id]
                with lock:
                    leaks.extend(foreign)
                    answered[0] += 1
                if kind == "crash":
                    session.execute("SELECT 1/0")
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.DivisionByZero):
            pass

    address = conninfo(connection.settings_dict)
    with ConnectionPool(address, min_size=3, max_size=3) as pool, ThreadPoolExecutor(8) as threads:
        list(threads.map(request, range(400)))
    assert leaks == []
    assert answered[0] > 200
