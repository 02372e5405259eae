"""What goes wrong between planning a contact and making it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from entente.alliances.actions import CharterTerms, agree_charter, draft_charter
from entente.directory.models import Hcp
from entente.engagement.actions import (
    Call,
    SendRequest,
    cancel_touch,
    log_touch,
    plan_touch,
    request_send,
    take_over_touch,
)
from entente.engagement.actions.events import cancel_event
from entente.engagement.actions.invite import invite
from entente.engagement.models import Invitation, Send, Touch
from entente.engagement.reads import touches as reads
from entente.engagement.tests.shell.test_events import opened, plan
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.facts import Act, gather
from entente.foundation.models import LedgerEntry
from entente.foundation.organisations import add_user, scope_of
from tests.cast import PASSWORD

__all__ = ["opened", "plan"]


@pytest.fixture
def at(noon):
    return noon + timedelta(hours=4)


@pytest.fixture
def planned(cast, world, at):
    """Plan a visit for tomorrow as the representative."""
    call = Call(
        client_id=uuid4(), hcp_id=world.willing, controller_id=world.entity, kind="visit",
        happened_at=at + timedelta(days=1), note="Bring the renal data.",
    )  # fmt: skip
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        return plan_touch(call, at=at)


@pytest.fixture
def colleague(cast, noon):
    """Give the scope of a second representative of the same company, trained like the first."""
    from entente.foundation.organisations import record_training

    with act_as(cast.system()):
        user = add_user(
            email="second.rep@halden.test", name="Second Representative", title="representative",
            roles=frozenset({Role.REPRESENTATIVE}), at=noon, password=PASSWORD,
        )  # fmt: skip
        record_training(
            user, course="Codes of practice", completed_on=noon.date() - timedelta(days=3),
            valid_until=noon.date() + timedelta(days=300), at=noon,
        )  # fmt: skip
        return scope_of(user)


@pytest.mark.feature("engagement/interactions")
def test_a_colleague_takes_over_the_call_of_somebody_on_leave(cast, planned, colleague, at):
    with act_as(colleague):
        taken = take_over_touch(planned.id, "He is on leave until Monday.", at=at)
        assert (taken.status, taken.number, taken.note) == ("planned", 2, planned.note)
        assert taken.recorded_by_id == colleague.actor_id
        made = log_touch(
            Call(client_id=uuid4(), hcp_id=planned.hcp_id, controller_id=planned.controller_id,
                 kind="visit", happened_at=at),
            at=at, planned_id=taken.id,
        )  # fmt: skip
        assert made.root_id == planned.root_id
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        planned.refresh_from_db()
        assert planned.superseded_at == at
        with pytest.raises(UserError, match="only a plan"):
            cancel_touch(planned.id, "Mine.", at=at)
    with act_as(cast.scope(Role.COMPLIANCE)):
        assert LedgerEntry.objects.filter(verb="engagement.touch.taken_over").count() == 1


def test_a_plan_is_taken_over_once_by_its_own_side_and_never_from_oneself(
    cast, planned, colleague, at
):
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(UserError, match="yours already"):
        take_over_touch(planned.id, "Still mine.", at=at)
    with act_as(cast.scope(Role.MSL)), pytest.raises((Touch.DoesNotExist, UserError)):
        take_over_touch(planned.id, "I am near.", at=at)
    with (
        act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)),
        pytest.raises(OutOfScope),
    ):
        take_over_touch(planned.id, "We go.", at=at)
    with act_as(colleague):
        with pytest.raises(UserError, match="why you take it over"):
            take_over_touch(planned.id, " ", at=at)
        take_over_touch(planned.id, "On leave.", at=at)
        with pytest.raises(UserError, match="only a plan that has not taken place"):
            take_over_touch(planned.id, "Again.", at=at)


def test_whoever_may_not_go_does_not_take_the_plan_away(cast, planned, colleague, world, at):
    with act_as(cast.system()):
        Hcp.objects.filter(id=world.willing).update(identity_status="deceased")
    with act_as(colleague), pytest.raises(UserError, match="the plan stays as it is"):
        take_over_touch(planned.id, "On leave.", at=at)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        planned.refresh_from_db()
        assert planned.superseded_at is None


def test_a_call_is_taken_over_by_page_and_by_a_program(
    cast, planned, colleague, at, browser, program, world
):
    client = browser(Role.REPRESENTATIVE)
    address = f"/calls/{planned.id}/"
    assert f"{address}take-over/" not in client.get(address).text, "it is one's own"
    from django.test import Client

    from entente.foundation.access.scope import signing_in
    from entente.foundation.models import User

    other = Client()
    with signing_in():
        other.force_login(User.objects.get(id=colleague.actor_id))
    assert f"{address}take-over/" in other.get(address).text
    assert other.post(f"{address}take-over/", {"reason": ""}).status_code == 422
    gone = other.post(f"{address}take-over/", {"reason": "On leave"}, follow=True)
    assert "This call is yours now." in gone.text
    answer = program(Role.REPRESENTATIVE).post(
        f"/api/engagement/calls/{planned.id}/take-over", {"reason": "Mine"},
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 422


@pytest.mark.feature("engagement/joint-education")
def test_an_invitation_that_waits_is_withheld_once_the_event_is_cancelled(
    cast, opened, world, at, mailed
):
    event = opened(joint=False, kind="board")
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        made = invite(event.id, [world.willing], controller_id=world.entity, at=at)[0]
    with act_as(cast.system()):
        Invitation.objects.filter(id=made.id).update(status="queued")
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        cancel_event(event.id, "The speaker is ill.", at=at)
    assert mailed(at + timedelta(minutes=1)) == []
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        made.refresh_from_db()
    assert made.status != "sent"


@pytest.mark.promise("P6")
def test_an_item_that_expires_between_request_and_delivery_does_not_leave(cast, world, at, mailed):
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        send = request_send(
            SendRequest(world.willing, world.version, world.entity, "education"), at=at
        )
        assert send.status == "queued"
    long_after = datetime(2027, 11, 22, 16, tzinfo=UTC)
    with time_machine.travel(long_after, tick=True):
        assert mailed(long_after) == []
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        send = Send.objects.get(id=send.id)
    assert send.status == "withheld"
    assert "held back by" in send.outcome


@pytest.mark.parametrize(
    ("moment", "minute", "day"),
    [
        ("2026-11-01T05:30:00+00:00", 90, "2026-11-01"),
        ("2026-11-01T06:30:00+00:00", 90, "2026-11-01"),
        ("2026-11-01T12:30:00+00:00", 450, "2026-11-01"),
        ("2026-10-31T12:30:00+00:00", 510, "2026-10-31"),
        ("2027-03-14T06:59:00+00:00", 119, "2027-03-14"),
        ("2027-03-14T07:00:00+00:00", 180, "2027-03-14"),
        ("2026-11-02T04:30:00+00:00", 1410, "2026-11-01"),
    ],
)
def test_quiet_hours_follow_the_recipients_clock_through_a_clock_change(
    cast, world, moment, minute, day
):
    with act_as(cast.system()):
        Hcp.objects.filter(id=world.willing).update(time_zone="America/New_York")
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        act = Act(type="email", at=datetime.fromisoformat(moment), recipient_id=world.willing)
        facts = gather([act])[0]
    assert facts["action.local_time"] == minute
    assert facts["action.date"] == date.fromisoformat(day)


def test_whoever_the_partner_calls_on_today_is_marked_and_no_more_is_told(cast, world, at, noon):
    from entente.directory.actions import add_legal_entity

    with act_as(cast.system(cast.partner)):
        entity = add_legal_entity(name="Northlake Inc", country="US", postal_address="1", at=noon)
    touch = {
        "client_id": uuid4(), "root_id": uuid4(), "hcp_id": world.willing, "kind": "visit",
        "controller_id": entity.id, "purpose": "promotion", "status": "done",
        "standing": "cleared", "happened_at": at, "sender_role": "representative",
    }  # fmt: skip
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert not reads.a_partner_calls_on(world.willing, at.date())
        decision = request_send(
            SendRequest(world.silent, world.version, world.entity, "education"), at=at
        ).decision_id
    _agreed_charter(cast, noon)
    with act_as(cast.system(cast.partner)):
        Touch.objects.create(org_id=cast.partner.id, decision_id=decision, **touch)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        told = reads.a_partner_calls_on(world.willing, at.date())
        assert not Touch.objects.exists(), "not a row of theirs is seen"
    assert told is True
    with act_as(cast.system(cast.stranger)):
        assert not reads.a_partner_calls_on(world.willing, at.date()), "no charter, no word"


def _agreed_charter(cast, at):
    terms = CharterTerms(
        name="Together", purpose="Education", measures="", way_out="", shared_fields=[],
        emails_30d=4, from_on=date(2026, 1, 1), to_on=date(2027, 12, 31),
    )  # fmt: skip
    host = cast.scope(Role.ALLIANCE_MANAGER)
    with act_as(host):
        charter = draft_charter(terms, partner_ids=[cast.partner.id], at=at)
    for scope in (host, cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        with act_as(scope):
            agree_charter(charter.id, password=PASSWORD, at=at)
