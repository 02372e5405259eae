"""Take a version back, or drop one that was never released."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.content.actions.review import _tell
from entente.content.domain.states import Status
from entente.content.models import Version, Withdrawal
from entente.foundation import ledger
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import User


def withdraw_version(version_id: UUID, *, reason: str, at: datetime) -> Withdrawal:
    """Take a version back; any party of the item may. Nothing of it leaves from now on.

    Writes the withdrawal, one ledger entry per party, and the event
    ``content.version.withdrawn``.

    Raises
    ------
    UserError
        If there is no reason, or the version is a draft or already withdrawn.
    """
    scope = current_scope()
    if scope.actor_id is not None and not {"content.write", "content.review"} & scope.may:
        raise OutOfScope("your role does not include withdrawing content")
    lock(f"content.version:{version_id}")
    version = Version.objects.select_related("item").get(id=version_id)
    if not reason.strip():
        raise UserError("say why, so that the other party can act on it", field="reason")
    if version.status not in {Status.IN_REVIEW, Status.APPROVED, Status.SUPERSEDED}:
        raise UserError("only a version that is in review or released can be withdrawn")
    by = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    withdrawal = Withdrawal.objects.create(
        org_id=scope.org_id,
        item=version.item,
        version=version,
        reason=reason.strip(),
        by_name=by.name if by else scope.actor_name,
        withdrawn_at=at,
    )
    parties = {version.org_id, *version.item.sides.values_list("org_id", flat=True)}
    others: list[UUID | None] = [*sorted(parties - {scope.org_id}, key=str)]
    ledger.append_many(
        [
            ledger.Entry(
                "content.version.withdrawn",
                "content.version",
                version.id,
                {"withdrawal": withdrawal.id},
                counterparty=other,
            )
            for other in others or [None]
        ],
        at=at,
    )
    _tell("content.version.withdrawn", version, at)
    return withdrawal


def cancel_version(version_id: UUID, *, reason: str, at: datetime) -> Version:
    """Drop a version of an item that was never released.

    Raises
    ------
    UserError
        If there is no reason, or the item was released before: then it is withdrawn.
    """
    scope = current_scope()
    scope.require("content.write")
    lock(f"content.version:{version_id}")
    version = Version.objects.select_related("item").get(id=version_id, org_id=scope.org_id)
    if not reason.strip():
        raise UserError("say why it is dropped", field="reason")
    if version.item.versions.filter(approved_at__isnull=False).exists():
        raise UserError("the item was released before: withdraw the version instead")
    if version.status not in {Status.DRAFT, Status.IN_REVIEW}:
        raise UserError("only a draft or a version in review can be cancelled")
    version.status, version.cancelled_at = Status.CANCELLED, at
    version.save(update_fields=["status", "cancelled_at"])
    partners: list[UUID | None] = [*version.item.sides.values_list("org_id", flat=True)]
    ledger.append_many(
        [
            ledger.Entry(
                "content.version.cancelled",
                "content.version",
                version.id,
                {"reason": reason.strip()},
                counterparty=partner,
            )
            for partner in partners or [None]
        ],
        at=at,
    )
    return version
