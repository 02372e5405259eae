"""Medical cases: open ones with their clock, one whole, and the yes or no across the wall."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from entente.engagement.models import MedicalCase
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope

# The one whose time runs out first stands first.
ORDER = ("due_at", "id")


def cases(*, standing: str = "", hcp_id: UUID | None = None) -> QuerySet[MedicalCase]:
    """Give the cases of the present organisation; none to those beyond the wall.

    Parameters
    ----------
    standing : str
        ``"open"``, ``"closed"``, or empty for both.
    """
    found = MedicalCase.objects.select_related("hcp")
    if standing:
        found = found.filter(closed_at__isnull=standing == "open")
    if hcp_id:
        found = found.filter(hcp_id=hcp_id)
    return found


def case(case_id: UUID, *, at: datetime) -> MedicalCase:
    """Give one case with its texts; that it was read is written in the ledger.

    Raises
    ------
    MedicalCase.DoesNotExist
        Also to those beyond the wall.
    """
    current_scope().require("case.read")
    found = MedicalCase.objects.select_related("hcp").get(id=case_id)
    ledger.append(
        ledger.Entry("engagement.case.read", "engagement.case", found.id, {"hcp": found.hcp_id}),
        at=at,
    )
    return found


def is_case_open(hcp_id: UUID) -> bool:
    """Tell whether a medical case asks commercial staff to wait; all that crosses the wall."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.engagement_case_open(%s, %s)", [hcp_id, current_scope().org_id])
        return bool(cursor.fetchone()[0])
