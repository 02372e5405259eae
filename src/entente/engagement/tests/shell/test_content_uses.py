"""What is counted of e-mails by the version that they carry."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.content.uses import FirstUse, Window, columns
from entente.engagement.models import Response, Send
from entente.engagement.reads.uses import COLUMNS, SUMS, count, first_use
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id

pytestmark = pytest.mark.feature("content/content-metadata")


@pytest.fixture
def send(cast, world, browser, noon):
    """Give a maker of sends as they stand after so many days, all on one decision."""
    given = {"version": world.version, "purpose": "education", "controller": world.entity}
    browser(Role.REPRESENTATIVE).post(f"/hcps/{world.silent}/send/", given)
    with act_as(cast.system()):
        decision = Send.objects.get().decision
        Send.objects.all().delete()

    def make(status, *, at=noon, settled_at=None, version=world.version, hcp=world.willing):
        return Send.objects.create(
            id=new_id(), org_id=cast.host.id, hcp_id=hcp, version_id=version, decision=decision,
            controller_id=world.entity, purpose="education", status=status, sender_role="rep",
            requested_at=at, settled_at=settled_at,
        )  # fmt: skip

    return make


def twin(version_id, window):
    """Count by looking at every send and every answer, one after the other."""
    found = defaultdict(int)
    for send in Send.objects.all():
        if send.version_id == version_id and window.since <= send.requested_at <= window.until:
            found[f"email_{send.status}"] += 1
            for name, states in SUMS.items():
                found[name] += send.status in states
    for answer in Response.objects.all():
        version = Send.objects.get(id=answer.send_id).version_id
        if version == version_id and window.since <= answer.responded_at <= window.until:
            found[f"answer_{answer.kind}"] += 1
            found["answers"] += 1
    return {code: n for code, n in found.items() if n}


@pytest.mark.parametrize("seed", range(3))
def test_e_mails_and_answers_are_those_that_a_twin_counts(cast, world, send, noon, seed):
    chance = random.Random(seed)
    with act_as(cast.system()):
        for _ in range(40):
            made = send(
                chance.choice(Send.Status.values), at=noon - timedelta(hours=chance.randint(0, 900))
            )
            for kind in chance.sample(Response.Kind.values, chance.randint(0, 2)):
                Response.objects.create(
                    org_id=cast.host.id, send=made, kind=kind, source="test",
                    responded_at=made.requested_at + timedelta(hours=chance.randint(0, 200)),
                )  # fmt: skip
        for days in (1, 7, 30, 365):
            window = Window.of(days, noon)
            told = count([world.version], window).get(world.version, {})
            assert told == twin(world.version, window)
            assert set(told) <= set(COLUMNS)
        assert count([new_id()], Window.of(365, noon)) == {}


def test_every_state_stands_in_one_sum_and_every_column_is_registered():
    assert sorted(state for states in SUMS.values() for state in states) == sorted(Send.Status)
    assert set(COLUMNS) <= set(columns())


def test_the_first_mail_that_left_is_the_first_use_on_the_agency_s_day(cast, world, send, noon):
    evening = noon.replace(hour=3)
    with act_as(cast.system()):
        send(Send.Status.QUEUED, at=noon - timedelta(days=2))
        send(Send.Status.FORBIDDEN, at=noon - timedelta(days=9))
        assert first_use([world.version], "US", noon) == {
            world.version: FirstUse(None, date(2026, 11, 18))
        }
        send(Send.Status.SENT, settled_at=noon)
        send(Send.Status.SENT, settled_at=evening)
        (found,) = first_use([world.version], "US", noon).values()
        assert found.on == date(2026, 11, 19), "it left in the evening where the agency is"
        assert first_use([world.version], "DE", noon) == {}


def test_another_organisation_s_mail_is_not_counted(cast, world, send, noon):
    with act_as(cast.system()):
        send(Send.Status.SENT)
    with act_as(cast.system(cast.partner)):
        assert count([world.version], Window.of(30, noon)) == {}


def test_the_queries_do_not_grow_with_the_versions(cast, world, noon):
    with act_as(cast.system()):
        asked = []
        for n in (0, 50):
            with CaptureQueriesContext(connection) as each:
                count([world.version, *(new_id() for _ in range(n))], Window.of(30, noon))
            asked.append(len(each))
    assert asked == [3, 3]
