"""Sends that left, events as the mail services tell them, and their signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from entente.engagement.actions import SendRequest, request_sends
from entente.engagement.adapters.mail_signatures import SIGNATURE, TIMESTAMP
from entente.engagement.models import MailEvent, Send
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import OutboxMessage

MAILGUN_KEY = "mailgun-signing-key-of-a-test"
JSON = "application/json"


def ask(cast, world, at, hcp_id=None) -> Send:
    """Ask for the world's item to go to somebody; the gate says whether it waits."""
    asked = SendRequest(hcp_id or world.willing, world.version, world.entity, "education")
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        return request_sends([asked], at=at)[0]


def leave(cast, send: Send, at) -> Send:
    """Let a send have left, at a moment."""
    with act_as(cast.system()):
        OutboxMessage.objects.filter(object_id=send.id).update(state="done", settled_at=at)
        Send.objects.filter(id=send.id).update(status="sent", settled_at=at, requested_at=at)
        return Send.objects.get(id=send.id)


def message_id(cast, send: Send) -> str:
    """Give the Message-ID under which a send left."""
    with act_as(cast.system()):
        return OutboxMessage.objects.get(object_id=send.id).message_id


def sendgrid(kind: str, at: datetime, *, email="willing@hcp.test", **more):
    """Give an event as SendGrid tells it."""
    return {"event": kind, "email": email, "timestamp": int(at.timestamp()), **more}


def mailgun(kind: str, at: datetime, *, email="willing@hcp.test", **more):
    """Give an event as Mailgun tells it, without the signature around it."""
    return {"event": kind, "recipient": email, "timestamp": at.timestamp() + 0.25, **more}


class SendGridSigner:
    """A service that signs as SendGrid does."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public(self) -> str:
        found = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(found).decode()

    def post(self, client, address, events, at, *, body=None, stamp=None):
        body = json.dumps(events).encode() if body is None else body
        stamp = str(int(at.timestamp())) if stamp is None else stamp
        signature = self._key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        headers = {SIGNATURE: b64encode(signature).decode(), TIMESTAMP: stamp}
        return client.post(address, body, content_type=JSON, headers=headers)


def mailgun_post(client, address, event, at, *, token="t" * 50, key=MAILGUN_KEY):
    """Tell one event as Mailgun does, signed."""
    stamp = str(int(at.timestamp()))
    signature = hmac.new(key.encode(), (stamp + token).encode(), hashlib.sha256).hexdigest()
    body = {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": event,
    }
    return client.post(address, json.dumps(body), content_type=JSON)


def kept(cast, **asked):
    with act_as(cast.system()):
        return list(MailEvent.objects.filter(**asked).order_by("happened_at", "id"))
