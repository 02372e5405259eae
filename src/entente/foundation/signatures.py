"""Electronic signatures: a person, a moment, a meaning, over exactly these bytes."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.core.exceptions import PermissionDenied

from entente.foundation import keys, ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import canonical, microseconds
from entente.foundation.models import Signature, User, new_id


class NotSigned(PermissionDenied):
    """The signer could not be authenticated again; nothing was signed."""


def _seal(signature: Signature) -> str:
    body = canonical(
        {
            "id": signature.id,
            "org": signature.org_id,
            "counterparty": signature.counterparty_id,
            "user": signature.user_id,
            "name": signature.signer_name,
            "title": signature.signer_title,
            "person": signature.person_key,
            "meaning": signature.meaning,
            "kind": signature.object_kind,
            "object": signature.object_id,
            "hash": signature.content_hash,
            "at": microseconds(signature.signed_at),
        }
    )
    return hmac.new(keys.key("signature"), body.encode(), hashlib.sha256).hexdigest()


def sign(
    *,
    password: str,
    meaning: str,
    object_kind: str,
    object_id: UUID,
    content_hash: str,
    at: datetime,
    counterparty: UUID | None = None,
) -> Signature:
    """Sign after authenticating again with the password.

    Writes the signature and one ledger entry. The password is checked here and kept
    nowhere.

    Raises
    ------
    NotSigned
        If the password is wrong or nobody is signed in.

    Notes
    -----
    Source: 21 CFR 11.50, 11.70, 11.200.
    """
    scope = current_scope()
    user = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    if user is None or not user.is_active:
        raise NotSigned("only a person who is signed in can sign")
    if not check_password(password, user.password):
        raise NotSigned("the password is not right, so nothing was signed")
    signature = Signature(
        id=new_id(),
        org_id=scope.org_id,
        user=user,
        signer_name=user.name,
        signer_title=user.title,
        person_key=user.person_key,
        meaning=meaning,
        object_kind=object_kind,
        object_id=object_id,
        content_hash=content_hash,
        signed_at=at,
        counterparty_id=counterparty,
    )
    signature.seal = _seal(signature)
    signature.save(force_insert=True)
    ledger.append(
        ledger.Entry(
            verb="foundation.signature.given",
            kind=object_kind,
            object_id=object_id,
            details={"signature": signature.id, "meaning": meaning, "content_hash": content_hash},
            counterparty=counterparty,
        ),
        at=at,
    )
    return signature


def is_valid(
    signature: Signature,
    *,
    content_hash: str,
    object_id: UUID | None = None,
    meaning: str | None = None,
) -> bool:
    """Tell whether a signature is untouched and covers these bytes.

    Parameters
    ----------
    signature : Signature
    content_hash : str
        Of the bytes as they are now.
    object_id : UUID, optional
        The object it is shown with. Give it: two objects with the same text have the same
        hash, and a signature of one is none of the other.
    meaning : str, optional
        What it has to mean.
    """
    return (
        hmac.compare_digest(_seal(signature), signature.seal)
        and hmac.compare_digest(signature.content_hash, content_hash)
        and object_id in (None, signature.object_id)
        and meaning in (None, signature.meaning)
    )
