"""Signatures of mail services over what they tell."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from entente.engagement.adapters.event_values import moment_of

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
# Either way, since clocks differ; what comes later is told again with a new signature.
FRESH = timedelta(minutes=15)
LEAST_KEY, LONGEST_KEY = 16, 200
_FRAME = re.compile(r"-----[A-Z ]+-----")


class NotSigned(Exception):
    """No signature, a wrong one, or one that is too old; it does not say which."""


@dataclass(frozen=True)
class Signed:
    """What a good signature tells: when it was made, and a token to be used once."""

    at: datetime
    token: str = ""


def checked_key(provider: str, text: str) -> bytes:
    """Give a key as it is kept.

    Raises
    ------
    ValueError
        If it is no key of this service; the text says what is expected.
    """
    if provider == "sendgrid":
        try:
            kept = b64decode(_without_frame(text), validate=True)
            _elliptic(kept)
        except (ValueError, NotBase64, UnsupportedAlgorithm):
            raise ValueError(
                "paste the verification key of SendGrid’s signed event webhook, one line of base64"
            ) from None
        return kept
    bare = text.strip()
    if not LEAST_KEY <= len(bare) <= LONGEST_KEY or not bare.isascii() or not bare.isprintable():
        raise ValueError("paste the HTTP webhook signing key of Mailgun, at least 16 characters")
    return bare.encode()


def _without_frame(text: str) -> str:
    """Take away the lines around a key in PEM, which a form may have put into one line."""
    return "".join(_FRAME.sub("", text).split())


def _elliptic(key: bytes) -> ec.EllipticCurvePublicKey:
    found = load_der_public_key(key)
    if not isinstance(found, ec.EllipticCurvePublicKey) or found.curve.name != "secp256r1":
        raise ValueError("not a key on the curve P-256")
    return found


def check(
    provider: str, key: bytes, headers: Mapping[str, str], body: bytes, at: datetime
) -> Signed:
    """Check the signature over a webhook's body.

    Parameters
    ----------
    headers : mapping
        Names in any case.

    Raises
    ------
    NotSigned

    Notes
    -----
    Source: Twilio SendGrid, Event Webhook security features (ECDSA over timestamp and body);
    Mailgun, Securing webhooks (HMAC-SHA256 over timestamp and token; the body is not signed,
    so a token must not be heard twice).
    """
    signed = (_by_sendgrid if provider == "sendgrid" else _by_mailgun)(key, headers, body)
    if abs(at - signed.at) > FRESH:
        raise NotSigned
    return signed


def _by_sendgrid(key: bytes, headers: Mapping[str, str], body: bytes) -> Signed:
    held = {name.lower(): value for name, value in headers.items()}
    stamp = held.get(TIMESTAMP.lower(), "")
    moment = moment_of(stamp)
    if moment is None or not stamp.isascii():
        raise NotSigned
    try:
        signature = b64decode(held.get(SIGNATURE.lower(), ""), validate=True)
        _elliptic(key).verify(signature, stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    except (ValueError, NotBase64, InvalidSignature):
        raise NotSigned from None
    return Signed(moment)


def _by_mailgun(key: bytes, _: Mapping[str, str], body: bytes) -> Signed:
    try:
        told = json.loads(body)
        given = {n: str(told["signature"][n]) for n in ("timestamp", "token", "signature")}
        wanted = hmac.new(key, (given["timestamp"] + given["token"]).encode(), hashlib.sha256)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotSigned from None
    moment = moment_of(given["timestamp"])
    # Bytes, since texts beyond ASCII cannot be compared in constant time.
    is_ours = hmac.compare_digest(
        wanted.hexdigest().encode(), given["signature"].encode(errors="replace")
    )
    if moment is None or not given["token"] or not is_ours:
        raise NotSigned
    return Signed(moment, given["token"])
