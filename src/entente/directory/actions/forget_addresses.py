"""Delete addresses: those of a person who is erased, and those that ended long ago."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from entente.directory.models import ContactPoint
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope


def erase_contact_points(hcp_id: UUID, *, at: datetime) -> int:
    """Delete all addresses of a person that the present organisation knows; give how many.

    Writes one ledger entry without the addresses.
    """
    current_scope().require("person.erase")
    n_erased, _ = ContactPoint.objects.filter(hcp_id=hcp_id).delete()
    if n_erased:
        ledger.append(
            ledger.Entry("directory.contact_points.erased", "hcp", hcp_id, {"n": n_erased}), at=at
        )
    return n_erased


def delete_contact_points(ids: Collection[UUID]) -> int:
    """Delete addresses whose time is over; the caller's rule leaves the proof in the ledger."""
    current_scope().require("retention.write")
    n_deleted, _ = ContactPoint.objects.filter(id__in=list(ids)).delete()
    return n_deleted
