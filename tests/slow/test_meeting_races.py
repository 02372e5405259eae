"""Many book at once: no host, table or HCP is ever in two meetings, as a slow twin counts."""

from __future__ import annotations

import os
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection

from entente.directory.actions import add_hcp, add_legal_entity
from entente.engagement.actions.events import (
    agree_event,
    open_event,
    record_need,
    set_up_event,
)
from entente.engagement.actions.meeting_bookings import book_meeting, cancel_meeting, move_meeting
from entente.engagement.actions.meetings import add_meeting_place, open_slots
from entente.engagement.domain.gathering import EventPlan
from entente.engagement.models import Meeting, MeetingSlot
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from tests.cast import PASSWORD, POSTAL_ADDRESS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("engagement/booth-and-meetings"),
]

ACTS = int(os.environ.get("ENTENTE_BOOKINGS", "160"))
PEOPLE, WORKERS = 6, 4
HOSTS = (Role.REPRESENTATIVE, Role.MSL)


@pytest.fixture
def stand(cast):
    at = datetime.now(UTC)
    begins = at + timedelta(days=1)
    with act_as(cast.system()):
        entity = add_legal_entity(
            name=f"Races Inc {at:%f}", country="US", postal_address=POSTAL_ADDRESS, at=at
        )
        people = [
            add_hcp(
                family_name=f"Racer {n}", given_name="R", country="US", profession="physician",
                us_state="TX", at=at, identity_status="verified", licence_active=True,
            ).id
            for n in range(PEOPLE)
        ]  # fmt: skip
    plan = EventPlan(
        "congress", "Races", "Heart failure", entity.id, "US", "UTC", begins,
        begins + timedelta(days=1), "conference", 100, venue="Testford Halls",
    )  # fmt: skip
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        event = set_up_event(plan, at=at)
        record_need(event.id, "Guideline changed", "Published", at=at)
        agree_event(event.id, password=PASSWORD, at=at)
        open_event(event.id, at=at)
        places = [add_meeting_place(event.id, f"Place {n}", 1, at=at).id for n in range(2)]
    return event.id, places, people, begins, at


def _one(scopes, stand, seed):
    """Do one act by chance; what is refused is refused with words."""
    event_id, places, people, begins, at = stand
    chance = random.Random(seed)
    scope = chance.choice(scopes)
    try:
        with act_as(scope):
            kind = chance.random()
            slots = list(MeetingSlot.objects.filter(event_id=event_id).values_list("id", flat=True))
            live = list(
                Meeting.objects.filter(event_id=event_id, status__in=("booked", "referred"))
                .values_list("id", flat=True)
            )  # fmt: skip
            if kind < 0.3 or not slots:
                open_slots(
                    chance.choice(places), host_id=scope.actor_id,
                    first_at=begins + timedelta(minutes=10 * chance.randint(1, 24)),
                    minutes=chance.choice([10, 20, 30]), at=at,
                )  # fmt: skip
            elif kind < 0.75 or not live:
                book_meeting(chance.choice(slots), chance.choice(people), at=at)
            elif kind < 0.9:
                move_meeting(chance.choice(live), chance.choice(slots), at=at)
            else:
                cancel_meeting(chance.choice(live), "by chance", at=at)
    except (UserError, Meeting.DoesNotExist, OperationalError) as refused:
        # What stands beyond the wall is not there for whoever would change it.
        # On a slow machine somebody waits too long for a lock: then nothing happened either.
        if isinstance(refused, OperationalError) and "lock timeout" not in str(refused):
            raise
        return 0
    finally:
        connection.close()
    return 1


def _twice(rows, key):
    """Give every pair of rows with the same key that overlap; each compared with each."""
    return [
        (one.id, other.id)
        for n, one in enumerate(rows)
        for other in rows[n + 1 :]
        if key(one) == key(other)
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    ]


def test_nobody_and_no_table_is_ever_taken_twice(cast, stand):
    scopes = [cast.scope(role) for role in HOSTS]
    with ThreadPoolExecutor(WORKERS) as pool:
        done = sum(pool.map(lambda seed: _one(scopes, stand, seed), range(ACTS)))
    # Medical colleagues see both sides of the wall.
    with act_as(scopes[1]):
        slots = list(MeetingSlot.objects.filter(event_id=stand[0], closed_at=None))
        meetings = list(
            Meeting.objects.filter(event_id=stand[0], status__in=("booked", "referred"))
        )
        n_ever = Meeting.objects.filter(event_id=stand[0]).count()
    assert done > ACTS // 10
    assert len(slots) >= 5
    assert n_ever >= 5, "some were booked, whatever became of them"
    assert _twice(slots, lambda slot: slot.host_id) == []
    assert _twice(slots, lambda slot: (slot.place_id, slot.table)) == []
    assert _twice(meetings, lambda meeting: meeting.hcp_id) == []
    assert len({meeting.slot_id for meeting in meetings}) == len(meetings)
