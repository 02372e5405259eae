"""The SQL that builds walls: joint objects, sides that stay, states that move one way."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest

from entente.foundation.access import rls
from entente.foundation.models import new_id

TABLES = """
CREATE TABLE t_plan (id uuid PRIMARY KEY, org_id uuid NOT NULL, status text DEFAULT 'idea');
CREATE TABLE t_side (id uuid PRIMARY KEY, org_id uuid NOT NULL, plan_id uuid NOT NULL, note text);
CREATE TABLE t_part (id uuid PRIMARY KEY, org_id uuid NOT NULL, plan_id uuid NOT NULL, note text);
CREATE TABLE t_note (id uuid PRIMARY KEY, org_id uuid NOT NULL, side text NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON t_plan, t_side, t_part, t_note TO entente_runtime;
ALTER TABLE t_plan OWNER TO entente_owner;
ALTER TABLE t_side OWNER TO entente_owner;
ALTER TABLE t_part OWNER TO entente_owner;
ALTER TABLE t_note OWNER TO entente_owner;
GRANT CREATE ON SCHEMA app TO entente_owner;
SET LOCAL ROLE entente_owner;
"""
MOVES = {"idea": ("live", "ended"), "live": ("ended",), "ended": ()}


@pytest.fixture
def session(superuser) -> psycopg.Connection:
    superuser.execute(TABLES)
    for operation in (
        rls.joint_header("t_plan", "t_side", "plan_id"),
        rls.joint_side("t_side", "plan_id", "t_plan"),
        rls.joint_part("t_part", "plan_id", "t_plan"),
        rls.own("t_note", wall="side"),
        rls.states("t_plan", "status", MOVES),
    ):
        superuser.execute(operation.sql)
    superuser.execute("SET LOCAL ROLE entente_runtime")
    return superuser


@pytest.fixture
def as_party(session) -> Callable[..., psycopg.Connection]:
    def become(org: UUID, wall: str = "both") -> psycopg.Connection:
        session.execute(
            "SELECT set_config('app.org', %s, true), set_config('app.wall', %s, true)",
            [str(org), wall],
        )
        return session

    return become


@pytest.fixture
def plan(as_party) -> dict[str, UUID]:
    """A plan of a host with one partner, and another plan that the partner is not in."""
    ids = {name: new_id() for name in ("host", "partner", "stranger", "plan", "other", "side")}
    s = as_party(ids["host"])
    for name in ("plan", "other"):
        s.execute("INSERT INTO t_plan (id, org_id) VALUES (%s, %s)", [ids[name], ids["host"]])
    s.execute(
        "INSERT INTO t_side (id, org_id, plan_id) VALUES (%s, %s, %s)",
        [ids["side"], ids["partner"], ids["plan"]],
    )
    return ids


def refused(session: psycopg.Connection, statement: str, *values: object) -> type[Exception] | None:
    try:
        with session.transaction():
            done = session.execute(statement, values)
            return None if done.rowcount else LookupError
    except psycopg.Error as trouble:
        return type(trouble)


@pytest.mark.promise("P3")
def test_a_party_sees_what_it_is_in_and_a_stranger_nothing(as_party, plan):
    query = "SELECT id FROM t_plan"
    assert as_party(plan["partner"]).execute(query).fetchall() == [(plan["plan"],)]
    assert as_party(plan["stranger"]).execute(query).fetchall() == []
    assert len(as_party(plan["host"]).execute(query).fetchall()) == 2


@pytest.mark.promise("P3")
def test_nobody_lets_himself_into_a_foreign_plan(as_party, plan):
    insert = "INSERT INTO t_side (id, org_id, plan_id) VALUES (%s, %s, %s)"
    stranger = as_party(plan["stranger"])
    assert refused(stranger, insert, new_id(), plan["stranger"], plan["plan"])


@pytest.mark.promise("P3")
def test_a_party_cannot_point_its_side_at_another_plan(as_party, plan):
    partner = as_party(plan["partner"])
    moved = refused(
        partner, "UPDATE t_side SET plan_id = %s WHERE id = %s", plan["other"], plan["side"]
    )
    assert moved is psycopg.errors.CheckViolation
    assert refused(partner, "UPDATE t_side SET note = 'ok' WHERE id = %s", plan["side"]) is None
    assert partner.execute("SELECT id FROM t_plan").fetchall() == [(plan["plan"],)]


@pytest.mark.promise("P3")
def test_a_party_changes_neither_the_header_nor_the_side_of_another(as_party, plan):
    partner = as_party(plan["partner"])
    assert refused(partner, "UPDATE t_plan SET status = 'live'") is LookupError
    assert refused(partner, "DELETE FROM t_plan") is LookupError
    host = as_party(plan["host"])
    assert refused(host, "UPDATE t_side SET note = 'ours'") is LookupError
    assert refused(host, "DELETE FROM t_side") is LookupError


@pytest.mark.promise("P3")
def test_parts_are_read_by_all_parties_and_written_by_their_own(as_party, plan):
    insert = "INSERT INTO t_part (id, org_id, plan_id) VALUES (%s, %s, %s)"
    partner = as_party(plan["partner"])
    assert refused(partner, insert, new_id(), plan["partner"], plan["plan"]) is None
    assert refused(partner, insert, new_id(), plan["partner"], plan["other"])
    assert refused(partner, insert, new_id(), plan["host"], plan["plan"])
    host = as_party(plan["host"])
    assert len(host.execute("SELECT id FROM t_part").fetchall()) == 1
    assert refused(host, "UPDATE t_part SET note = 'ours'") is LookupError
    assert refused(as_party(plan["partner"]), "UPDATE t_part SET plan_id = %s", plan["other"])


@pytest.mark.promise("P5")
def test_rows_beyond_the_wall_are_invisible(as_party, plan):
    insert = "INSERT INTO t_note (id, org_id, side) VALUES (%s, %s, 'medical')"
    medical = as_party(plan["host"], "medical")
    assert refused(medical, insert, new_id(), plan["host"]) is None
    commercial = as_party(plan["host"], "commercial")
    assert commercial.execute("SELECT id FROM t_note").fetchall() == []
    assert refused(commercial, insert, new_id(), plan["host"])
    assert len(as_party(plan["host"], "both").execute("SELECT id FROM t_note").fetchall()) == 1


@pytest.mark.parametrize(
    ("way", "allowed"),
    [
        (["live"], True),
        (["live", "ended"], True),
        (["ended"], True),
        (["idea"], True),
        (["ended", "live"], False),
        (["live", "idea"], False),
        (["unheard"], False),
    ],
)
def test_a_state_moves_only_along_its_way(as_party, plan, way, allowed):
    host = as_party(plan["host"])
    answers = [
        refused(host, "UPDATE t_plan SET status = %s WHERE id = %s", state, plan["plan"])
        for state in way
    ]
    assert answers[:-1] == [None] * (len(way) - 1)
    assert answers[-1] is (None if allowed else psycopg.errors.CheckViolation)
