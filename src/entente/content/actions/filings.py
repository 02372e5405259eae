"""Record that a version was filed with an authority."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from entente.content.models import Filing, Version
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import User


def record_filing(
    version_id: UUID, *, authority: str, filed_on: date, reference: str, at: datetime
) -> Filing:
    """Record that a version was filed with an authority; the gate asks for it where it must be.

    Writes the filing and one ledger entry.

    Raises
    ------
    UserError
        If the authority is unknown, the day lies ahead, the reference is missing, or it was
        filed before.
    """
    scope = current_scope()
    scope.require("content.review")
    version = Version.objects.select_related("item").get(id=version_id, org_id=scope.org_id)
    if authority not in Filing.Authority.values:
        raise UserError("choose an authority of the list", field="authority")
    if filed_on > at.date():
        raise UserError("a filing is recorded once it was made", field="filed_on")
    if not reference.strip():
        raise UserError("give the reference of the filing", field="reference")
    if Filing.objects.filter(version=version, authority=authority).exists():
        raise UserError("this version is filed there already", field="authority")
    by = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    made = Filing.objects.create(
        org_id=scope.org_id,
        item=version.item,
        version=version,
        authority=authority,
        filed_on=filed_on,
        reference=reference.strip(),
        by_name=by.name if by else scope.actor_name,
    )
    details = {"authority": authority, "filed_on": filed_on, "reference": made.reference}
    ledger.append(
        ledger.Entry("content.version.filed", "content.version", version.id, details), at=at
    )
    return made
