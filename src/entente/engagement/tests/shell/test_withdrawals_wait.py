"""Who withdraws while a mail is being handed over waits, by whatever record or address he is known.

The slow twin is tests/slow/test_withdrawal_interleavings.py: thousands of orders, played for real.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from entente.consent.actions import withdraw_consent
from entente.consent.actions.confirmation import guards as guards_of_confirmation
from entente.consent.actions.withdraw import person_lock
from entente.consent.models import Capture
from entente.directory.actions import add_hcp, merge_hcps, unmerge_hcps
from entente.engagement.actions import hear_mail
from entente.engagement.actions.deliver_send import guards, prepare
from entente.engagement.actions.hear_mail import address_lock
from entente.engagement.domain.mail_events import Told
from entente.engagement.reads.stopped import marks_of
from entente.engagement.tests.shell.mail_world import ask
from entente.foundation import outbox
from entente.foundation.access.scope import act_as
from entente.foundation.models import OutboxMessage
from entente.foundation.outbox import deliver

pytestmark = pytest.mark.promise("P14")


@pytest.fixture
def now(working_hours):
    return datetime.now(UTC)


@pytest.fixture
def waiting(cast, world, now):
    """A send to the willing person that waits in the outbox."""
    send = ask(cast, world, now)
    with act_as(cast.system()):
        return OutboxMessage.objects.get(object_id=send.id)


def another_record(now):
    return add_hcp(family_name="Willing", given_name="T.", country="US", at=now).id


def is_held(key: str) -> bool:
    """Tell whether this connection holds an advisory lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory'"
            " AND pid = pg_backend_pid() AND granted"
            " AND (classid::bigint << 32 | objid::bigint) = hashtextextended(%s, 0))",
            [key],
        )
        return cursor.fetchone()[0]


def test_a_withdrawal_by_a_joined_record_waits_for_the_mail(cast, world, waiting, now):
    with act_as(cast.system()):
        other = another_record(now)
        merge_hcps(world.willing, other, reason="one", at=now)
        held = guards(waiting, now + timedelta(seconds=1)).holds
    assert {person_lock(world.willing), person_lock(other)} < set(held)


def test_a_withdrawal_by_a_joined_record_waits_for_the_mail_that_asks_to_confirm(cast, world, now):
    with act_as(cast.system()):
        other = another_record(now)
        merge_hcps(world.willing, other, reason="one", at=now)
        asking = OutboxMessage(object_id=Capture.objects.get(hcp_id=world.willing).id)
        held = guards_of_confirmation(asking, now + timedelta(seconds=1)).holds
    assert set(held) == {person_lock(world.willing), person_lock(other)}


def test_joining_and_parting_wait_for_mail_to_every_record_of_the_person(cast, world, now):
    with act_as(cast.system()):
        second, third = another_record(now), another_record(now)
        merge_hcps(second, third, reason="one", at=now)
    with act_as(cast.system()):
        made = merge_hcps(world.willing, second, reason="one", at=now)
        assert is_held(person_lock(third))
    with act_as(cast.system()):
        unmerge_hcps(made.id, reason="two", at=now + timedelta(seconds=1))
        assert is_held(person_lock(third))


def test_an_opt_out_of_somebody_unknown_waits_for_mail_to_its_address(cast, waiting, now):
    address = "willing@hcp.test"
    key = address_lock(marks_of([address])[address])
    told = Told(
        line=1, provider="sendgrid", key=uuid.uuid4().hex, kind="unsubscribe", at=now,
        address=address,
    )  # fmt: skip
    with act_as(cast.system()):
        assert key in guards(waiting, now).holds
    with act_as(cast.system()):
        assert hear_mail([told], at=now).n_stopped == 1
        assert is_held(key)


def test_the_gate_is_asked_as_of_a_moment_after_the_wait(cast, world, waiting, now, monkeypatch):
    """A worker looks at the clock, waits for a lock, and a withdrawal is committed meanwhile."""
    ticks = iter(range(100))
    plain = deliver.lock

    def clock():
        return now + timedelta(seconds=next(ticks))

    def lock(*keys):
        withdraw_consent(
            hcp_id=world.willing, controller_id=world.entity, channel="email", source="phone",
            at=clock(),
        )  # fmt: skip
        plain(*keys)

    monkeypatch.setattr(deliver, "lock", lock)
    with act_as(cast.system()):
        guarded = deliver._guarded(waiting, clock)
        assert guarded is not None
        _, at = guarded
        assert isinstance(prepare(waiting, at), outbox.Withheld)


def test_a_send_whose_person_changes_during_the_wait_is_left_to_the_next_round(
    cast, world, waiting, now, monkeypatch
):
    plain, joined = deliver.lock, []

    def lock(*keys):
        if not joined:
            joined.append(another_record(now))
            merge_hcps(world.willing, joined[0], reason="one", at=now)
        plain(*keys)

    monkeypatch.setattr(deliver, "lock", lock)
    with act_as(cast.system()):
        assert deliver._guarded(waiting, lambda: now + timedelta(seconds=1)) is None
    with act_as(cast.system()):
        guarded = deliver._guarded(waiting, lambda: now + timedelta(seconds=2))
    assert guarded is not None
    assert person_lock(joined[0]) in guarded[0].holds
