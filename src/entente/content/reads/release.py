"""Whether a version may leave, and the words that then leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Q

from entente.content.domain.pictures import Picture
from entente.content.domain.states import Status
from entente.content.models import Approval, Claim, RecalledVersion, Version
from entente.content.reads.material import fingerprint_of
from entente.content.reads.parts import pictures_in
from entente.foundation import signatures
from entente.foundation.errors import UserError
from entente.foundation.models import Signature


class NotReleased(UserError):
    """The version may not leave; the text says why."""


@dataclass(frozen=True)
class Sendable:
    """What a message is made of; texts hold merge fields of the closed list."""

    version_id: UUID
    subject: str
    html: str
    text: str
    content_hash: str
    language: str = "en"
    pictures: Sequence[Picture] = ()


def approvals_missing(version_id: UUID) -> int | None:
    """Count the parties that have not approved this version as it is; None if unknown here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.content_missing(%s, 'infinity')", [version_id])
        row = cursor.fetchone()
    return None if row is None else row[0]


def void_signatures(version: Version) -> list[Approval]:
    """Give the approvals whose signature is altered or covers other bytes.

    A signature of a third party is not readable here; for it stands the approval, which
    the database compared with the signature when it was given.
    """
    hash_now = fingerprint_of(version)
    approvals = list(version.approvals.order_by("signed_at"))
    known = Signature.objects.in_bulk([a.signature_id for a in approvals])
    void = []
    for approval in approvals:
        signature = known.get(approval.signature_id)
        if approval.content_hash != hash_now or (
            signature
            and not signatures.is_valid(signature, content_hash=hash_now, object_id=version.id)
        ):
            void.append(approval)
    return void


def _taken_back(version: Version, at: datetime | None) -> str:
    """Say which claim or module in a version was withdrawn or has expired, if one has."""
    bad = Q(withdrawn_at__isnull=False)
    if at is not None:
        bad |= Q(expires_on__lt=at.date())
    claim = Claim.objects.filter(bad, uses__version=version).first()
    if claim:
        said = "was withdrawn" if claim.withdrawn_at else "has expired"
        return f"version {version.number} makes a claim that {said}: {claim.text}"
    # What one may not read, such as a partner's module, is known by the recall that it began.
    recalled = RecalledVersion.objects.filter(version=version).exclude(status_then=Status.DRAFT)
    gone = Version.objects.filter(
        Q(built_in__version=version, withdrawn_at__isnull=False)
        | Q(Exists(recalled), id=version.id)
    )
    found = gone.select_related("item").order_by("withdrawn_at").first()
    if found is None:
        return ""
    if found.id == version.id:
        return f"version {version.number} was recalled"
    return f"version {version.number} holds the module {found.item.title}, which was withdrawn"


def why_not_released(version: Version, *, at: datetime | None = None) -> str:
    """Say in one sentence why a version may not leave; empty if it may.

    Parameters
    ----------
    at : datetime, optional
        With it, a version past its last day is refused too.
    """
    if version.status != Status.APPROVED:
        return f"version {version.number} is {version.status.replace('_', ' ')}, not released"
    last_day = version.released_until or version.expires_on
    if at is not None and last_day < at.date():
        return f"version {version.number} expired after {last_day}"
    if taken_back := _taken_back(version, at):
        return taken_back
    if approvals_missing(version.id) != 0:
        return f"version {version.number} is not approved by every party"
    if fingerprint_of(version) != version.content_hash or void_signatures(version):
        return f"version {version.number} is not what was signed, so its approvals are void"
    return ""


def is_released(version_id: UUID, *, at: datetime | None = None) -> bool:
    """Tell whether a version may leave: approved by all parties, unchanged, not expired."""
    version = Version.objects.filter(id=version_id).first()
    return version is not None and not why_not_released(version, at=at)


def version_for_send(version_id: UUID) -> Sendable:
    """Give the words of a released version, after checking bytes and signatures again.

    Raises
    ------
    NotReleased
        Whatever the gate said before; its last day is the gate's to judge.
    Version.DoesNotExist
    """
    version = Version.objects.select_related("item").get(id=version_id)
    reason = why_not_released(version)
    if reason:
        raise NotReleased(reason)
    return Sendable(
        version.id,
        version.subject,
        version.html,
        version.text,
        version.content_hash,
        version.item.language,
        list(pictures_in(version).values()),
    )
