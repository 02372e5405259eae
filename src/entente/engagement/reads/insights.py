"""Insights by state, programmes of advice with the people chosen."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from entente.engagement.models import AdvisoryProgramme, AdvisorySelection, Insight
from entente.foundation import ledger

ORDER = ("-captured_at", "-id")
ADVISORY_ORDER = ("-needed_at", "-id")


def insights(
    *, status: str = "", kind: str = "", hcp_id: UUID | None = None, owner_id: UUID | None = None
) -> QuerySet[Insight]:
    """Give the insights of medical; none to those beyond the wall."""
    found = Insight.objects.select_related("hcp", "product")
    for name, value in (
        ("status", status),
        ("kind", kind),
        ("hcp_id", hcp_id),
        ("owner_id", owner_id),
    ):
        if value:
            found = found.filter(**{name: value})
    return found


def insight(insight_id: UUID, *, at: datetime) -> Insight:
    """Give one insight; that it was read is written in the ledger.

    Raises
    ------
    Insight.DoesNotExist
    """
    found = Insight.objects.select_related("hcp", "product").get(id=insight_id)
    ledger.append(ledger.Entry("engagement.insight.read", "engagement.insight", found.id), at=at)
    return found


def advisory_programmes() -> QuerySet[AdvisoryProgramme]:
    """Give the programmes of advice with how many were chosen."""
    return AdvisoryProgramme.objects.annotate(n_selected=Count("selections"))


def advisory_programme(programme_id: UUID) -> AdvisoryProgramme:
    """Give one programme of advice.

    Raises
    ------
    AdvisoryProgramme.DoesNotExist
    """
    return advisory_programmes().get(id=programme_id)


def selections_of(programme_id: UUID) -> list[AdvisorySelection]:
    """Give the people chosen, in the order chosen."""
    found = AdvisorySelection.objects.filter(programme_id=programme_id).select_related("hcp")
    return list(found.order_by("selected_at", "id"))
