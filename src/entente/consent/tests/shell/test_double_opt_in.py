"""Double opt-in: a permission counts from the second step, and nobody is asked for it twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import EmailMessage

from entente.consent import actions
from entente.consent.actions.confirmation import prepare
from entente.consent.reads.links import confirmation_url
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import OutboxMessage, SignedLink
from entente.foundation.outbox import Withheld
from tests.permissions import give, status, take, words

pytestmark = pytest.mark.feature("consent/consent")


@pytest.fixture
def waiting(asked, noon):
    """A permission that waits for its second step, and the message that asks for it."""
    at = datetime.now(UTC) - timedelta(hours=1)
    with act_as(asked.scope):
        words(at, version="US-2")
        capture = give(asked, at, wording_version="US-2", needs_confirmation=True)
        return capture, OutboxMessage.objects.get(topic="consent.confirmation")


def composed(asked, message, at) -> EmailMessage | Withheld:
    with act_as(asked.scope):
        prepared = prepare(message, at)
    return getattr(prepared, "email", prepared)


def test_a_mail_asks_for_the_second_step_and_its_link_shows_on_get_and_confirms_on_post(
    asked, waiting, client
):
    _, message = waiting
    mail = composed(asked, message, datetime.now(UTC))
    assert mail.to == ["m.testwell@clinic.test"]
    assert "May we write to you?" in mail.body
    link = next(line for line in mail.body.splitlines() if "/c/" in line)
    path = link[link.index("/c/") :]
    for _ in range(3):
        assert b"Yes, I confirm" in client.get(path).content
        client.head(path)
    with act_as(asked.scope):
        assert status(asked, datetime.now(UTC)) == "pending"
    assert b"Your choice is confirmed" in client.post(path).content
    assert client.post(path).status_code == 200
    with act_as(asked.scope):
        assert status(asked, datetime.now(UTC)) == "granted"


def test_the_mail_is_composed_twice_with_one_link(asked, waiting):
    _, message = waiting
    for _ in range(2):
        composed(asked, message, datetime.now(UTC))
    with act_as(asked.scope):
        assert SignedLink.objects.filter(purpose="confirmation").count() == 1


def test_whoever_withdrew_or_stopped_is_not_asked_to_confirm_and_cannot(asked, waiting, client):
    capture, message = waiting
    now = datetime.now(UTC)
    with act_as(asked.scope):
        path = confirmation_url(asked.hcp_id, capture.id, now)
        take(asked, now)
    assert isinstance(composed(asked, message, now), Withheld)
    answer = client.post(path)
    assert b"nothing to confirm any more" in answer.content
    with act_as(asked.scope):
        assert status(asked, datetime.now(UTC)) == "withdrawn"


def test_nobody_is_asked_at_an_address_that_belongs_to_another_now(asked, noon):
    with act_as(asked.scope):
        capture = give(asked, noon, address="old@clinic.test", needs_confirmation=True)
        assert not OutboxMessage.objects.filter(object_id=capture.id).exists()
        assert actions.ask_confirmation(capture.id, at=noon) is None


def test_what_needs_no_confirmation_is_not_asked_for_one(asked, noon):
    with act_as(asked.scope):
        capture = give(asked, noon)
        with pytest.raises(UserError, match="waits for no confirmation"):
            actions.ask_confirmation(capture.id, at=noon)


def test_nobody_is_asked_twice_unless_the_first_mail_may_not_have_arrived(asked, waiting):
    capture, message = waiting
    now = datetime.now(UTC)
    with act_as(asked.scope):
        assert actions.ask_confirmation(capture.id, at=now).id == message.id
        OutboxMessage.objects.filter(id=message.id).update(state="refused")
        assert actions.ask_confirmation(capture.id, at=now).state == "pending"
        OutboxMessage.objects.filter(id=message.id).update(state="done")
        with pytest.raises(UserError, match="asked before"):
            actions.ask_confirmation(capture.id, at=now)
        assert OutboxMessage.objects.filter(object_id=capture.id).count() == 1
