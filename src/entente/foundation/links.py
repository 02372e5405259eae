"""Signed links: one thing, for one person, for one purpose, until a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import connection

from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.models import SignedLink, new_id

CLOCK_SLACK_S = 60


class BadLink(Exception):
    """The link is unknown, altered, revoked, of another purpose, or past its day."""


class EndedLink(BadLink):
    """A link of ours whose time is over: it was revoked, or its last day has passed."""

    def __init__(self, *, is_revoked: bool) -> None:
        super().__init__()
        self.is_revoked = is_revoked


@dataclass(frozen=True)
class Opened:
    """What a link opens, and in whose scope."""

    link_id: UUID
    org_id: UUID
    person_id: UUID
    object_kind: str
    object_id: UUID
    scope: Scope


def make_link(
    purpose: str,
    *,
    person_id: UUID,
    object_kind: str,
    object_id: UUID,
    at: datetime,
    valid_days: int,
) -> str:
    """Make a link and give the token for its address; the token tells nothing by itself.

    Written with the act that needs it; it has no ledger entry of its own.
    """
    link = SignedLink.objects.create(
        id=new_id(),
        org_id=current_scope().org_id,
        purpose=purpose,
        person_id=person_id,
        object_kind=object_kind,
        object_id=object_id,
        expires_at=at + timedelta(days=valid_days),
    )
    return token_of(purpose, link.id)


def make_links(
    purpose: str,
    *,
    person_ids: Sequence[UUID],
    object_kind: str,
    object_id: UUID,
    at: datetime,
    valid_days: int,
) -> dict[UUID, UUID]:
    """Make a link for each of many people with one statement; give its id by person."""
    made = [
        SignedLink(
            id=new_id(),
            org_id=current_scope().org_id,
            purpose=purpose,
            person_id=person_id,
            object_kind=object_kind,
            object_id=object_id,
            expires_at=at + timedelta(days=valid_days),
        )
        for person_id in person_ids
    ]
    SignedLink.objects.bulk_create(made, batch_size=2_000)
    return {link.person_id: link.id for link in made}


def token_of(purpose: str, link_id: UUID) -> str:
    """Sign a link's id for its purpose."""
    return signing.Signer(salt=f"link.{purpose}.v1").sign(link_id.hex)


def open_link(purpose: str, token: str, *, at: datetime) -> Opened:
    """Check a token and give what it opens; opening changes nothing.

    Raises
    ------
    BadLink
        Without saying which of the reasons it was.
    EndedLink
        If it was a link of ours for this purpose; a page that does not tell it apart
        catches `BadLink`.
    """
    try:
        link_id = UUID(signing.Signer(salt=f"link.{purpose}.v1").unsign(token))
    except (signing.BadSignature, ValueError):
        raise BadLink from None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.link_lookup(%s)", [link_id])
        row = cursor.fetchone()
    if row is None or row[1] != purpose:
        raise BadLink
    if row[6] is not None or row[5] <= at:
        raise EndedLink(is_revoked=row[6] is not None)
    return Opened(
        link_id=link_id,
        org_id=row[0],
        person_id=row[2],
        object_kind=row[3],
        object_id=row[4],
        scope=Scope(org_id=row[0], actor_name=f"link:{purpose}"),
    )


def links_to(*, object_kind: str, object_id: UUID) -> list[SignedLink]:
    """Give the present organisation's links that open an object, the newest first."""
    return list(
        SignedLink.objects.filter(
            org_id=current_scope().org_id, object_kind=object_kind, object_id=object_id
        ).order_by("-id")
    )


def revoke_link(link_id: UUID, *, object_kind: str, object_id: UUID, at: datetime) -> bool:
    """End one link of the present organisation; tell whether it was still open.

    Called by an action, which writes the ledger entry.
    """
    return bool(
        SignedLink.objects.filter(
            id=link_id,
            org_id=current_scope().org_id,
            object_kind=object_kind,
            object_id=object_id,
            revoked_at__isnull=True,
        ).update(revoked_at=at)
    )


def revoke_links(*, object_kind: str, object_id: UUID, at: datetime) -> int:
    """End all links of the present organisation that open an object; give how many ended.

    Called by the action that withdraws the object, which writes the ledger entry.
    """
    return SignedLink.objects.filter(
        org_id=current_scope().org_id,
        object_kind=object_kind,
        object_id=object_id,
        revoked_at__isnull=True,
    ).update(revoked_at=at)
