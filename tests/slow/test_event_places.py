"""Many register at once: exactly as many places as there are, and a list in order of arrival."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from entente.directory.actions import add_legal_entity
from entente.engagement.actions.attend import cancel_attendance, register
from entente.engagement.actions.events import (
    agree_event,
    open_event,
    record_need,
    set_up_event,
)
from entente.engagement.domain.gathering import EventPlan
from entente.engagement.models import Attendee
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from tests.cast import PASSWORD, POSTAL_ADDRESS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("engagement/joint-education"),
]

PEOPLE = int(os.environ.get("ENTENTE_PEOPLE", "500"))
PLACES, WORKERS = 100, 16


@pytest.fixture
def opened(cast):
    at = datetime.now(UTC)
    with act_as(cast.system()):
        entity = add_legal_entity(
            name=f"Places Inc {at:%f}", country="US", postal_address=POSTAL_ADDRESS, at=at
        )
    plan = EventPlan(
        "symposium", "Full house", "Heart failure", entity.id, "US", "UTC",
        at + timedelta(days=30), at + timedelta(days=30, hours=3), "hospital", PLACES,
        venue="Testford General",
    )  # fmt: skip
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        event = set_up_event(plan, at=at)
        record_need(event.id, "Guideline changed", "Published", at=at)
        agree_event(event.id, password=PASSWORD, at=at)
        return open_event(event.id, at=at)


def _in_parallel(act, given):
    def alone(each):
        try:
            return act(each)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(alone, given))


def test_500_at_once_get_100_places_and_the_rest_waits_in_order(cast, opened):
    at = datetime.now(UTC)
    scope = cast.scope(Role.EVENT_MANAGER)

    def come(n):
        with act_as(scope):
            return register(opened.id, hcp_id=None, name=f"Person {n}", email="", seen_by=(), at=at)

    made = _in_parallel(come, range(PEOPLE))
    with act_as(scope):
        rows = list(Attendee.objects.filter(event=opened).order_by("ticket"))
    assert [row.ticket for row in rows] == list(range(1, PEOPLE + 1))
    assert [row.status for row in rows[:PLACES]] == ["registered"] * PLACES
    assert [row.status for row in rows[PLACES:]] == ["waiting"] * (PEOPLE - PLACES)

    held = [each for each in made if each.status == "registered"][:30]

    def leave(attendee):
        with act_as(scope):
            return cancel_attendance(attendee.id, at=at)

    moved = _in_parallel(leave, held)
    with act_as(scope):
        n_there = Attendee.objects.filter(event=opened, status="registered").count()
        waiting = Attendee.objects.filter(event=opened, status="waiting").order_by("ticket")
        first = waiting.first()
    assert n_there == PLACES
    # Those who moved up are those who came next, nobody overtaken.
    assert sorted(each.ticket for each in moved) == list(range(PLACES + 1, PLACES + 31))
    assert first.ticket == PLACES + 31
