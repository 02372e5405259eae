"""Recalls: what they reach, what is still out, and who owes an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from entente.content.copies import Place, still_out
from entente.content.models import (
    Acknowledgement,
    Claim,
    PrintRun,
    Recall,
    RecalledVersion,
    ReturnTask,
    Version,
)
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope


def versions_with_claim(claim_id: UUID) -> list[Version]:
    """Give every version that makes a claim, of items and of modules."""
    return list(
        Version.objects.filter(claim_uses__claim_id=claim_id).select_related("item").order_by("id")
    )


def versions_with_module(module_version: UUID) -> list[Version]:
    """Give every version of an item that holds this version of a module."""
    return list(
        Version.objects.filter(parts__module_version_id=module_version)
        .select_related("item")
        .distinct()
        .order_by("id")
    )


def recalls(*, only_open: bool = False) -> QuerySet[Recall]:
    """Select the recalls one decided or has to answer, with what they reach, the latest first."""
    found = Recall.objects.annotate(
        n_versions=Count("versions", distinct=True),
        n_asked=Count("acknowledgements", distinct=True),
        n_acknowledged=Count(
            "acknowledgements",
            filter=Q(acknowledgements__acknowledged_at__isnull=False),
            distinct=True,
        ),
    ).select_related("claim", "version__item")
    return found.filter(closed_at__isnull=True) if only_open else found


@dataclass(frozen=True)
class Standing:
    """A recall with all that is still open of it."""

    recall: Recall
    versions: list[RecalledVersion]
    places: list[tuple[Place, int]]
    acknowledgements: list[tuple[Acknowledgement, str]]
    tasks: list[ReturnTask]

    @property
    def n_copies_out(self) -> int:
        """How many copies of any kind are still out."""
        printed = sum(t.run.n_copies for t in self.tasks if t.done_at is None)
        return printed + sum(n for _, n in self.places)

    @property
    def n_outstanding(self) -> int:
        """How many parties have not confirmed."""
        return sum(a.acknowledged_at is None for a, _ in self.acknowledgements)


def standing(recall_id: UUID) -> Standing:
    """Give a recall with what it reaches and what is open.

    Raises
    ------
    Recall.DoesNotExist
    """
    recall = Recall.objects.select_related("claim", "version__item").get(id=recall_id)
    reached = list(recall.versions.select_related("version", "item").order_by("item__title", "id"))
    names = {o.id: o.name for o in directory.organisations_visible()}
    asked = recall.acknowledgements.order_by("asked_at", "id")
    return Standing(
        recall,
        reached,
        still_out([each.version_id for each in reached]),
        [(each, names.get(each.org_id, "A partner")) for each in asked],
        list(recall.return_tasks.select_related("run", "item").order_by("id")),
    )


def recalls_of(version: Version) -> list[Recall]:
    """Give the recalls that reach a version, the latest first."""
    reached = RecalledVersion.objects.filter(version=version).values("recall_id")
    return list(Recall.objects.filter(id__in=reached).order_by("-decided_at"))


def owed() -> list[Acknowledgement]:
    """Give the recalls that one's company has not confirmed yet, oldest first."""
    return list(
        Acknowledgement.objects.filter(org_id=current_scope().org_id, acknowledged_at__isnull=True)
        .select_related("recall")
        .order_by("asked_at")[:50]
    )


def claims_past_their_day(*, on: date, limit: int = 500) -> list[Claim]:
    """Give one's own claims whose last day is over and that something live still makes."""
    live = Version.objects.filter(
        claim_uses__claim=OuterRef("pk"), status__in=["draft", "in_review", "approved"]
    )
    return list(
        Claim.objects.filter(
            Exists(live),
            org_id=current_scope().org_id,
            expires_on__lt=on,
            withdrawn_at__isnull=True,
        ).order_by("expires_on", "id")[:limit]
    )


def own_recalls_open(*, before: datetime) -> list[UUID]:
    """Give the open recalls of one's company that were decided before a moment."""
    return list(
        Recall.objects.filter(
            org_id=current_scope().org_id, closed_at__isnull=True, decided_at__lt=before
        ).values_list("id", flat=True)[:500]
    )


def prints_of(version: Version) -> list[PrintRun]:
    """Give the printed copies of a version, oldest first."""
    return list(PrintRun.objects.filter(version=version).order_by("printed_on", "id"))
