"""Calls: logged in one go, never changed after, amended beside, counted across companies."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from entente.consent.actions import suppress
from entente.engagement.actions import (
    Call,
    ItemShown,
    amend_touch,
    cancel_touch,
    log_touch,
    plan_touch,
)
from entente.engagement.models import Touch
from entente.engagement.reads import touches as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry


@pytest.fixture
def at(noon):
    return noon + timedelta(hours=4)


@pytest.fixture
def call(world, at):
    def made(**changed):
        facts = {
            "client_id": uuid4(),
            "hcp_id": world.willing,
            "controller_id": world.entity,
            "kind": "visit",
            "happened_at": at - timedelta(hours=1),
            "reaction": "positive",
            "note": "Asked about renal dosing.",
        }
        return Call(**(facts | changed))

    return made


def _log(cast, call, at, role=Role.REPRESENTATIVE, **more):
    with act_as(cast.scope(role)):
        return log_touch(call, at=at, **more)


@pytest.mark.feature("engagement/interactions")
def test_a_call_is_logged_and_cleared_by_the_gate(cast, call, at):
    touch = _log(cast, call(), at)
    assert (touch.status, touch.standing) == ("done", "cleared")
    assert touch.decision.outcome == "PERMIT"
    with act_as(cast.scope(Role.COMPLIANCE)):
        assert LedgerEntry.objects.filter(object_id=touch.id, verb="engagement.touch.done").exists()


def test_the_same_record_sent_twice_is_kept_once(cast, call, at):
    given = call()
    assert _log(cast, given, at).id == _log(cast, given, at).id
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert Touch.objects.count() == 1


def test_the_id_of_another_record_is_refused(cast, call, at, world):
    given = call()
    _log(cast, given, at)
    with pytest.raises(UserError, match="belongs to another record"):
        _log(cast, call(client_id=given.client_id, hcp_id=world.silent), at)


@pytest.mark.feature("engagement/interactions")
def test_a_record_that_was_sent_in_never_changes_not_even_in_the_database(cast, call, at):
    touch = _log(cast, call(), at)
    for sql in (
        "UPDATE engagement_touch SET note = 'nicer' WHERE id = %s",
        "UPDATE engagement_touch SET happened_at = now() WHERE id = %s",
    ):
        with (
            pytest.raises(DatabaseError, match="never changes"),
            act_as(cast.scope(Role.REPRESENTATIVE)),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, [touch.id])
    with act_as(cast.scope(Role.REPRESENTATIVE)), connection.cursor() as cursor:
        cursor.execute("DELETE FROM engagement_touch WHERE id = %s", [touch.id])
        assert cursor.rowcount == 0


def test_an_amendment_stands_beside_what_it_corrects(cast, call, at):
    first = _log(cast, call(), at)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        second = amend_touch(first.id, call(note="Asked about dosing."), "wrong word", at=at)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert [each.note for each in reads.versions_of(first.root_id)] == [
            "Asked about dosing.",
            "Asked about renal dosing.",
        ]
        assert [each.id for each in reads.touches()] == [second.id]
        with pytest.raises(UserError, match="amended already"):
            amend_touch(first.id, call(), "again", at=at)


def test_only_its_author_amends_a_record_and_says_why(cast, call, at):
    first = _log(cast, call(), at)
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(UserError, match="say in at most"):
        amend_touch(first.id, call(), " ", at=at)
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(OutOfScope):
        amend_touch(first.id, call(), "no right", at=at)


@pytest.mark.promise("P5")
@pytest.mark.feature("engagement/role-wall")
def test_what_an_msl_wrote_stays_on_the_medical_side(cast, call, at, world):
    _log(cast, call(note="Spoke of an unlabelled use"), at, role=Role.MSL)
    _log(cast, call(note="Spoke of the label"), at)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert [each.note for each in reads.touches()] == ["Spoke of the label"]
        assert reads.last_medical_call(world.willing) == (at - timedelta(hours=1)).date()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM engagement_touch WHERE wall = 'medical'")
            assert cursor.fetchone() == (0,)
    with act_as(cast.scope(Role.MSL)):
        assert reads.touches().count() == 2


def test_an_item_that_is_not_released_may_not_be_shown(cast, call, at, world):
    allowed = _log(cast, call(shown=(ItemShown(world.version, 60, "positive"),)), at)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        shown = reads.shown_in(allowed.id)
    # It is approved for e-mail, not for showing in person.
    assert shown[0].decision.outcome != "PERMIT"
    assert allowed.standing != "cleared"


def test_a_plan_takes_its_place_until_it_is_cancelled(cast, call, at):
    given = call(happened_at=at + timedelta(days=1))
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        plan = plan_touch(given, at=at)
    assert plan.status == "planned"
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert cancel_touch(plan.id, "the practice is closed", at=at).status == "cancelled"
        with pytest.raises(UserError, match="only a plan"):
            cancel_touch(plan.id, "again", at=at)


def test_a_plan_that_took_place_is_one_call(cast, call, at):
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        plan = plan_touch(call(happened_at=at + timedelta(minutes=5)), at=at)
    later = at + timedelta(hours=2)
    done = _log(cast, call(happened_at=at + timedelta(minutes=10)), later, planned_id=plan.id)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert [each.id for each in reads.touches()] == [done.id]
        assert done.root_id == plan.root_id
        mine = done.recorded_by_id
        assert reads.day_of(mine, at=at, until=later) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "telegram"}, "kind is one of"),
        ({"reaction": "furious"}, "reaction is one of"),
        ({"minutes": 0}, "minutes are from"),
        ({"note": "x" * 2_001}, "at most 2,000"),
        ({"note": "Patient Mrs. Weber wants it"}, "a patient’s name"),
        ({"happened_at": None}, "after it took place"),
    ],
)
def test_a_record_that_does_not_fit_comes_back_with_the_field(cast, call, at, changed, said):
    if "happened_at" in changed:
        changed = {"happened_at": at + timedelta(hours=1)}
    with pytest.raises(UserError, match=said):
        _log(cast, call(**changed), at)


def test_a_stop_forbids_a_plan(cast, call, at, world):
    with act_as(cast.system()):
        suppress(world.willing, "wrote that all is to stop", at - timedelta(days=1))
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        plan = plan_touch(call(happened_at=at + timedelta(days=1)), at=at)
    assert plan.status == "forbidden"
    assert "PG-STOP-1" in plan.decision.rule_ids
