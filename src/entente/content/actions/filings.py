"""Record that versions were filed with an authority."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from entente.content.actions.who import acting_name
from entente.content.models import Filing
from entente.content.reads.filings import own_versions
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError


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
    (made,) = record_filings(
        [version_id], authority=authority, filed_on=filed_on, reference=reference, at=at
    )
    return made


def record_filings(
    version_ids: Collection[UUID],
    *,
    authority: str = Filing.Authority.FDA,
    filed_on: date,
    reference: str,
    at: datetime,
) -> list[Filing]:
    """Record that versions were filed together, under one reference; all of them or none.

    Writes the filings and one ledger entry for each version.

    Raises
    ------
    UserError
        If the authority is unknown, the day lies ahead, the reference is missing, or one of
        them was filed before; it is named.
    Version.DoesNotExist
        If one of them is not the organisation's.
    """
    scope = current_scope()
    scope.require("content.review")
    versions = own_versions(version_ids)
    if authority not in Filing.Authority.values:
        raise UserError("choose an authority of the list", field="authority")
    if filed_on > at.date():
        raise UserError("a filing is recorded once it was made", field="filed_on")
    if not reference.strip() or len(reference) > 200:
        raise UserError("give the reference of the filing, in 200 characters", field="reference")
    filed = Filing.objects.filter(version__in=versions, authority=authority)
    if before := filed.select_related("item", "version").first():
        raise UserError(
            f"{before.item.title}, version {before.version.number} is filed there already",
            field="authority",
        )
    by = acting_name()
    made = Filing.objects.bulk_create(
        Filing(
            org_id=scope.org_id,
            item=version.item,
            version=version,
            authority=authority,
            filed_on=filed_on,
            reference=reference.strip(),
            by_name=by,
        )
        for version in versions
    )
    details = {"authority": authority, "filed_on": filed_on, "reference": reference.strip()}
    ledger.append_many(
        [
            ledger.Entry("content.version.filed", "content.version", version.id, details)
            for version in versions
        ],
        at=at,
    )
    return made
