"""Doors for mail services: made and ended by an administrator, heard only if they sign."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from entente.content.actions.who import acting_name
from entente.engagement.actions.hear_mail import Heard, hear_mail
from entente.engagement.adapters.mail_events import PROVIDERS, read_body
from entente.engagement.adapters.mail_signatures import FRESH, check, checked_key
from entente.engagement.models import MailHook, MailHookToken
from entente.foundation import keys, ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

_NONCE = 12


def _cipher() -> AESGCM:
    return AESGCM(keys.key("engagement.mail_hook"))


def _sealed(hook_id: UUID, key: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _cipher().encrypt(nonce, key, hook_id.bytes)


def _opened(hook: MailHook) -> bytes:
    sealed = bytes(hook.sealed_key)
    return _cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], hook.id.bytes)


def add_mail_hook(*, provider: str, key: str, at: datetime) -> MailHook:
    """Make an address at which a mail service may tell its events.

    Writes the hook with its key sealed, and one ledger entry without the key.

    Raises
    ------
    UserError
        If the service is unknown or the key is none of its.
    """
    scope = current_scope()
    scope.require("response.record")
    if provider not in PROVIDERS:
        raise UserError(f"provider is one of {', '.join(PROVIDERS)}", field="provider")
    try:
        kept = checked_key(provider, key)
    except ValueError as wrong:
        raise UserError(str(wrong), field="key") from None
    hook_id = new_id()
    made = MailHook.objects.create(
        id=hook_id,
        org_id=scope.org_id,
        provider=provider,
        sealed_key=_sealed(hook_id, kept),
        key_mark=hashlib.sha256(keys.key("engagement.mail_hook.mark") + kept).hexdigest()[:12],
        made_at=at,
        made_by_name=acting_name(),
    )
    ledger.append(
        ledger.Entry(
            "engagement.mail_hook.added", "engagement.mail_hook", made.id, {"provider": provider}
        ),
        at=at,
    )
    return made


def end_mail_hook(hook_id: UUID, *, at: datetime) -> bool:
    """End a hook: from now on nothing is heard there; give whether it was open.

    Writes its end and one ledger entry.

    Raises
    ------
    MailHook.DoesNotExist
    """
    scope = current_scope()
    scope.require("response.record")
    hook = MailHook.objects.select_for_update().get(id=hook_id)
    if hook.ended_at is not None:
        return False
    hook.ended_at, hook.ended_by_name = at, acting_name()
    hook.save(update_fields=["ended_at", "ended_by_name"])
    ledger.append(
        ledger.Entry("engagement.mail_hook.ended", "engagement.mail_hook", hook.id), at=at
    )
    return True


def hear_hook(
    hook_id: UUID, provider: str, headers: Mapping[str, str], body: bytes, *, at: datetime
) -> Heard:
    """Hear what a mail service tells, if it is signed with the hook's key and is fresh.

    Writes what ``hear_mail`` writes and, where the service signs a token and not the body, the
    token: the same token a second time is heard as nothing.

    Raises
    ------
    NotSigned
        If the signature is missing, wrong or old; nothing is kept then.
    MailHook.DoesNotExist
        If there is no such hook, or it ended.
    """
    hook = MailHook.objects.get(id=hook_id, provider=provider, ended_at__isnull=True)
    signed = check(provider, _opened(hook), headers, body, at)
    if signed.token and not _is_first(hook, signed.token, signed.at, at):
        return Heard()
    return hear_mail(read_body(body, provider), at=at, hook_id=hook.id)


def _is_first(hook: MailHook, token: str, signed_at: datetime, at: datetime) -> bool:
    """Remember a token; one whose signature is too old by now needs no memory."""
    MailHookToken.objects.filter(hook=hook, signed_at__lt=at - 2 * FRESH).delete()
    _, is_new = MailHookToken.objects.get_or_create(
        hook=hook,
        token_mark=hashlib.sha256(token.encode(errors="replace")).hexdigest(),
        defaults={"id": new_id(), "org_id": hook.org_id, "signed_at": signed_at},
    )
    return is_new
