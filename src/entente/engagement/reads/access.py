"""Access cases by their clock, programmes with their counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum

from entente.content import reads as content
from entente.engagement.domain.routing import TEMPLATES
from entente.engagement.models import (
    AccessCase,
    AccessStep,
    ProgrammeCount,
    SupportProgramme,
)
from entente.foundation import ledger

ORDER = ("due_at", "id")
COUNT_ORDER = ("-month", "region", "id")


def cases(
    *,
    standing: str = "",
    kind: str = "",
    assignee_id: UUID | None = None,
    hcp_id: UUID | None = None,
    hco_id: UUID | None = None,
) -> QuerySet[AccessCase]:
    """Give the access cases: open, closed or all; none to those who are no access managers."""
    found = AccessCase.objects.select_related("hcp", "hco", "programme")
    if standing:
        found = found.filter(closed_at__isnull=standing == "open")
    for name, value in (
        ("kind", kind),
        ("assignee_id", assignee_id),
        ("hcp_id", hcp_id),
        ("hco_id", hco_id),
    ):
        if value:
            found = found.filter(**{name: value})
    return found


def case(case_id: UUID, *, at: datetime) -> AccessCase:
    """Give one case with its texts; that it was read is written in the ledger.

    Raises
    ------
    AccessCase.DoesNotExist
    """
    found = AccessCase.objects.select_related("hcp", "hco", "programme").get(id=case_id)
    ledger.append(
        ledger.Entry("engagement.access_case.read", "engagement.access_case", found.id), at=at
    )
    return found


def steps_of(case_id: UUID) -> list[AccessStep]:
    """Give the steps of a case, the latest first."""
    found = AccessStep.objects.filter(case_id=case_id).select_related("version__item")
    return list(found.order_by("-happened_at", "-id"))


def templates(*, on: date) -> Sequence[tuple[UUID, str]]:
    """Give the released content that clinics are given as templates."""
    return [
        (v.id, f"{v.item.title}, version {v.number}")
        for v in content.released_versions(on=on)
        if v.item.kind in TEMPLATES
    ]


def programmes(*, kind: str = "", country: str = "") -> QuerySet[SupportProgramme]:
    """Give the programmes with what is known of their enrolments.

    ``n_known`` is the sum of the cells that are large enough to be kept, in the latest year
    of months; ``n_small`` says how many cells were not.
    """
    found = SupportProgramme.objects.select_related("product").annotate(
        n_known=Sum("counts__n_enrolled"),
        n_small=Count("counts", filter=Q(counts__n_enrolled__isnull=True)),
        latest=Max("counts__month"),
    )
    if kind:
        found = found.filter(kind=kind)
    if country:
        found = found.filter(country=country)
    return found


def programme(programme_id: UUID) -> SupportProgramme:
    """Give one programme.

    Raises
    ------
    SupportProgramme.DoesNotExist
    """
    return SupportProgramme.objects.select_related("product").get(id=programme_id)


def counts_of(programme_id: UUID) -> QuerySet[ProgrammeCount]:
    """Give the monthly counts of a programme."""
    return ProgrammeCount.objects.filter(programme_id=programme_id)
