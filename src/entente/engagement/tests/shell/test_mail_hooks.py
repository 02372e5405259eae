"""The doors of mail services: signed, fresh, once; and what they say holds before the next send."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from entente.consent import reads as consent
from entente.consent.models import Withdrawal
from entente.engagement.actions import add_mail_hook, end_mail_hook
from entente.engagement.actions.deliver_send import prepare
from entente.engagement.models import MailEvent, MailHook, MailHookToken, Response, Send
from entente.engagement.tests.shell.mail_world import (
    JSON,
    MAILGUN_KEY,
    SendGridSigner,
    ask,
    leave,
    mailgun,
    mailgun_post,
    message_id,
    sendgrid,
)
from entente.foundation import outbox
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, OutboxMessage

pytestmark = pytest.mark.feature("engagement/digital-channels")


@pytest.fixture
def now(working_hours):
    return datetime.now(UTC)


@pytest.fixture
def signer():
    return SendGridSigner()


@pytest.fixture
def door(cast, now, signer):
    """Give the address of a new hook of a service."""

    def make(provider="sendgrid", organisation=None):
        with act_as(cast.system(organisation)):
            key = signer.public if provider == "sendgrid" else MAILGUN_KEY
            hook = add_mail_hook(provider=provider, key=key, at=now)
        return f"/hooks/mail/{provider}/{hook.id}/"

    return make


def kept(cast):
    with act_as(cast.system()):
        return list(MailEvent.objects.order_by("happened_at", "id"))


@pytest.mark.parametrize("kind", ["unsubscribe", "spamreport", "group_unsubscribe"])
def test_a_send_that_waits_is_withheld_once_the_webhook_was_heard(
    kind, cast, world, now, door, signer
):
    before = leave(cast, ask(cast, world, now), now - timedelta(hours=1))
    with act_as(cast.system()):
        Send.objects.filter(id=before.id).update(campaign=None)
    waiting = ask(cast, world, now)
    assert waiting.status == Send.Status.QUEUED
    event = sendgrid(kind, now, **{"smtp-id": message_id(cast, before)})
    answer = signer.post(Client(), door(), [event], now)
    assert (answer.status_code, answer.json()) == (200, {"new": 1, "unchanged": 0, "refused": 0})
    with act_as(cast.system()):
        state = consent.state_as_of(
            world.willing, world.entity, "email", "education", now + timedelta(seconds=1)
        )
        assert state.status == "withdrawn"
        message = OutboxMessage.objects.get(object_id=waiting.id)
        held = prepare(message, now + timedelta(seconds=1))
        assert isinstance(held, outbox.Withheld)
        kinds = set(Response.objects.values_list("kind", flat=True))
        assert kinds == {"complaint" if kind == "spamreport" else "opt_out"}
        assert Withdrawal.objects.get().purpose == ""


def test_without_the_webhook_the_same_send_would_leave(cast, world, now):
    leave(cast, ask(cast, world, now), now - timedelta(hours=1))
    waiting = ask(cast, world, now)
    with act_as(cast.system()):
        message = OutboxMessage.objects.get(object_id=waiting.id)
        assert isinstance(prepare(message, now + timedelta(seconds=1)), outbox.Prepared)


def test_mailgun_s_complaint_withdraws_as_well(cast, world, now, door):
    leave(cast, ask(cast, world, now), now - timedelta(hours=1))
    answer = mailgun_post(Client(), door("mailgun"), mailgun("complained", now), now)
    assert answer.json()["new"] == 1
    with act_as(cast.system()):
        assert Withdrawal.objects.get().source == "mailgun:complaint"


def test_a_wrong_signature_is_refused_and_nothing_is_kept(cast, world, now, door, signer):
    leave(cast, ask(cast, world, now), now - timedelta(hours=1))
    address, events = door(), [sendgrid("unsubscribe", now)]
    stranger, client = SendGridSigner(), Client()
    refused = [
        stranger.post(client, address, events, now),
        client.post(address, json.dumps(events), content_type=JSON),
        signer.post(client, address, events, now, stamp=str(int(now.timestamp()) - 3600)),
        signer.post(client, address, events, now, stamp=str(int(now.timestamp()) + 3600)),
        signer.post(client, address, events, now, stamp="today"),
        signer.post(client, f"/hooks/mail/sendgrid/{uuid4()}/", events, now),
        signer.post(client, address.replace("sendgrid", "mailgun"), events, now),
        mailgun_post(client, door("mailgun"), mailgun("complained", now), now, key="k" * 30),
        mailgun_post(
            client, door("mailgun"), mailgun("complained", now), now - timedelta(minutes=20)
        ),
        client.post(door("mailgun"), "[]", content_type=JSON),
        client.post(door("mailgun"), b"\xff\x00", content_type=JSON),
        client.head(address),
    ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert client.get(address).status_code == 405
    assert kept(cast) == []
    with act_as(cast.system()):
        assert not Withdrawal.objects.exists()
        assert not MailHookToken.objects.exists()


def test_a_signature_holds_for_its_body_only(cast, now, door, signer):
    class Sly(Client):
        def post(self, path, data, **more):
            return super().post(path, data.replace(b"delivered", b"unsubscribe"), **more)

    assert signer.post(Sly(), door(), [sendgrid("delivered", now)], now).status_code == 403


def test_the_same_events_again_change_nothing(cast, world, now, door, signer):
    leave(cast, ask(cast, world, now), now - timedelta(hours=1))
    events = [sendgrid("delivered", now), sendgrid("unsubscribe", now), sendgrid("fax", now)]
    address = door()
    assert signer.post(Client(), address, events, now).json()["new"] == 2
    with act_as(cast.system()):
        n_entries = LedgerEntry.objects.count()
    again = signer.post(Client(), address, events, now + timedelta(seconds=30))
    assert again.json() == {"new": 0, "unchanged": 2, "refused": 1}
    assert len(kept(cast)) == 3
    with act_as(cast.system()):
        assert Withdrawal.objects.count() == 1
        assert LedgerEntry.objects.count() == n_entries


def test_a_token_of_mailgun_opens_nothing_a_second_time(cast, world, now, door):
    leave(cast, ask(cast, world, now), now - timedelta(hours=1))
    address, client = door("mailgun"), Client()
    assert mailgun_post(client, address, mailgun("delivered", now), now).json()["new"] == 1
    # Its signature does not cover what it tells, so whoever saw it could tell anything.
    again = mailgun_post(client, address, mailgun("complained", now), now)
    assert (again.status_code, again.json()["new"]) == (200, 0)
    assert [each.kind for each in kept(cast)] == ["delivered"]
    later = mailgun_post(client, address, mailgun("opened", now), now, token="u" * 50)
    assert later.json()["new"] == 1


def test_a_body_beyond_two_megabytes_is_not_read(cast, now, door, signer):
    answer = signer.post(Client(), door(), None, now, body=b" " * (2 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert kept(cast) == []


def test_a_signed_message_that_cannot_be_read_is_kept_with_the_reason(cast, now, door, signer):
    answer = signer.post(Client(), door(), None, now, body=b"no json \x00 at all")
    assert answer.json() == {"new": 0, "unchanged": 0, "refused": 1}
    assert kept(cast)[0].refused_because == "Write one event as a JSON object."


def test_a_hook_hears_for_its_own_organisation_only(cast, world, now, door, signer):
    leave(cast, ask(cast, world, now), now - timedelta(hours=1))
    answer = signer.post(Client(), door(organisation=cast.partner), [sendgrid("unsubscribe", now)],
                         now)  # fmt: skip
    assert answer.json()["refused"] == 1
    assert kept(cast) == []
    with act_as(cast.system()):
        assert not Withdrawal.objects.exists()
    with act_as(cast.system(cast.partner)):
        assert MailEvent.objects.get().address_shown == "w…@hcp.test"


def test_nothing_is_heard_at_a_hook_that_ended(cast, world, now, door, signer):
    address = door()
    with act_as(cast.system()):
        assert end_mail_hook(MailHook.objects.get().id, at=now)
        assert not end_mail_hook(MailHook.objects.get().id, at=now)
    assert signer.post(Client(), address, [sendgrid("open", now)], now).status_code == 403


def test_a_key_is_sealed_checked_and_never_shown_again(cast, now, browser, program, signer):
    with act_as(cast.scope(Role.ADMINISTRATOR)):
        for provider, key in (
            ("sendgrid", "abc"),
            ("sendgrid", "AAAA"),
            ("mailgun", "short"),
            ("mailgun", "ä" * 30),
            ("postfix", MAILGUN_KEY),
        ):
            with pytest.raises(UserError):
                add_mail_hook(provider=provider, key=key, at=now)
        assert not MailHook.objects.exists()
    client = browser(Role.ADMINISTRATOR)
    wrong = client.post("/mail-hooks/", {"provider": "mailgun", "key": "tooshortkey"})
    assert wrong.status_code == 422
    assert "at least 16 characters" in wrong.text
    assert "tooshortkey" not in wrong.text
    framed = f"-----BEGIN PUBLIC KEY-----\n{signer.public}\n-----END PUBLIC KEY-----"
    client.post("/mail-hooks/", {"provider": "sendgrid", "key": framed})
    made = client.post("/mail-hooks/", {"provider": "mailgun", "key": MAILGUN_KEY}, follow=True)
    with act_as(cast.system()):
        hooks = {hook.provider: hook for hook in MailHook.objects.all()}
        assert MAILGUN_KEY.encode() not in bytes(hooks["mailgun"].sealed_key)
        told = " ".join(str(body) for body in LedgerEntry.objects.values_list("body", flat=True))
    assert f"/hooks/mail/mailgun/{hooks['mailgun'].id}/" in made.text
    listed = program(Role.ADMINISTRATOR).get("/api/engagement/mail-hooks").text
    assert all(MAILGUN_KEY not in text for text in (made.text, listed, told))
    assert "sealed" not in listed
    answer = mailgun_post(
        Client(), f"/hooks/mail/mailgun/{hooks['mailgun'].id}/", mailgun("opened", now), now
    )
    assert answer.status_code == 200


def test_only_an_administrator_makes_and_ends_hooks(cast, now, browser, program):
    for role in (Role.REPRESENTATIVE, Role.BRAND_LEAD, Role.PRIVACY):
        client = browser(role)
        assert client.get("/mail-hooks/").status_code == 403
        assert (
            client.post("/mail-hooks/", {"provider": "mailgun", "key": MAILGUN_KEY}).status_code
            == 403
        )
    api = program(Role.ADMINISTRATOR)
    made = api.post("/api/engagement/mail-hooks", {"provider": "mailgun", "key": MAILGUN_KEY},
                    content_type=JSON)  # fmt: skip
    assert made.status_code == 201
    assert (
        api.post(
            f"/api/engagement/mail-hooks/{made.json()['id']}/end", content_type=JSON
        ).status_code
        == 204
    )
    assert (
        api.post(f"/api/engagement/mail-hooks/{uuid4()}/end", content_type=JSON).status_code == 404
    )
    partner = browser(Role.PARTNER_ADMINISTRATOR, cast.partner)
    assert partner.post(f"/mail-hooks/{made.json()['id']}/end/").status_code == 403
