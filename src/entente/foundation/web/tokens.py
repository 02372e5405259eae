"""API tokens: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from entente.foundation import ledger
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.models import ApiToken, User, new_id

VALID_DAYS = 365


def hash_token(token: str) -> str:
    """Hash a token; it is long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_token(user: User, name: str, *, at: datetime) -> str:
    """Make a token for a user and give it, for the only time."""
    token = f"ent_{secrets.token_urlsafe(32)}"
    row = ApiToken.objects.create(
        id=new_id(),
        org_id=user.org_id,
        user=user,
        name=name,
        prefix=token[:8],
        token_hash=hash_token(token),
        expires_at=at + timedelta(days=VALID_DAYS),
    )
    ledger.append(
        ledger.Entry("foundation.token.made", "token", row.id, {"name": name, "user": user.id}),
        at=at,
    )
    return token


def revoke_token(token_id: UUID, *, at: datetime) -> None:
    """End a token at once."""
    actor_id = current_scope().actor_id
    if actor_id is None:
        raise OutOfScope("only a person has tokens")
    changed = ApiToken.objects.filter(
        id=token_id, user_id=actor_id, revoked_at__isnull=True
    ).update(revoked_at=at)
    if changed:
        ledger.append(ledger.Entry("foundation.token.revoked", "token", token_id), at=at)


def user_of_token(request: HttpRequest) -> User | None:
    """Give the user of the request's bearer token, if it carries a valid one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        return None
    row = (
        ApiToken.objects.select_related("user__org")
        .filter(
            token_hash=hash_token(token), revoked_at__isnull=True, expires_at__gt=datetime.now(UTC)
        )
        .first()
    )
    return row.user if row and row.user.is_active else None
