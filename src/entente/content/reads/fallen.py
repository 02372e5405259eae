"""Which versions may not be shown any more, for what is out already; a few queries for many."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from entente.content.domain.hosting import GONE
from entente.content.domain.states import Status
from entente.content.models import ClaimUse, RecalledVersion, Superseded, Version

_OF_STATUS: dict[str, str] = {
    Status.WITHDRAWN: "Its content was withdrawn.",
    Status.SUPERSEDED: GONE["superseded"],
    Status.REJECTED: GONE["rejected"],
}
CLAIM_WITHDRAWN = "A statement in it was withdrawn."


def fallen(version_ids: Collection[UUID], at: datetime) -> dict[UUID, str]:
    """Say of versions that may not be shown any more why not; the others are left out.

    A version that was replaced in some of its markets only is not among them, see
    ``replaced_in``. Bytes and signatures are not looked at here: that is the gate's.
    """
    versions = Version.objects.filter(id__in=list(version_ids))
    rows = versions.values_list("id", "status", "released_until", "expires_on")
    found: dict[UUID, str] = {}
    for version_id, status, released_until, expires_on in rows:
        if status != Status.APPROVED:
            found[version_id] = _OF_STATUS.get(status, "Its content is not released.")
        elif (released_until or expires_on) < at.date():
            found[version_id] = GONE["expired"]
    left = [each for each in version_ids if each not in found]
    reached = RecalledVersion.objects.filter(version_id__in=left)
    for version_id in reached.exclude(status_then=Status.DRAFT).values_list(
        "version_id", flat=True
    ):
        found[version_id] = "Its content was recalled."
    claims = ClaimUse.objects.filter(version_id__in=left)
    for version_id, withdrawn_at, last_day in claims.values_list(
        "version_id", "claim__withdrawn_at", "claim__expires_on"
    ):
        if withdrawn_at is not None:
            found[version_id] = CLAIM_WITHDRAWN
        elif last_day is not None and last_day < at.date():
            found.setdefault(version_id, GONE["claim_expired"])
    return found


def replaced_in(version_ids: Collection[UUID], at: datetime) -> dict[UUID, set[str]]:
    """Give for versions the markets in which a newer one has taken their place."""
    rows = Superseded.objects.filter(version_id__in=list(version_ids), at__lte=at)
    found: dict[UUID, set[str]] = {}
    for version_id, market in rows.values_list("version_id", "market"):
        found.setdefault(version_id, set()).add(market)
    return found
