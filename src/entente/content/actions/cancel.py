"""Drop a version that was never released."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.content.domain.states import Status
from entente.content.models import Version
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock


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
