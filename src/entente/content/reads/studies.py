"""Studies, and whether the references that rest on them still carry their claims."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from entente.content.domain.studies import FALLEN, HAS_RESULTS, StudyState, Support, has_support
from entente.content.models import (
    Claim,
    ClaimRecheck,
    Reference,
    ReferenceCheck,
    Study,
    StudyMilestone,
)
from entente.directory import reads as directory


@dataclass(frozen=True)
class Held:
    """A reference, what became of its study, and what a reviewer said of it since.

    ``state`` is empty where it rests on no study, or on one that one does not read and that
    nobody flagged it for.
    """

    reference: Reference
    state: str
    check: ReferenceCheck | None

    @property
    def support(self) -> Support:
        """The reference as the checks see it."""
        return Support(self.state, self.check is not None and self.check.state == self.state)

    @property
    def said(self) -> str:
        """What became of its study, in words; empty while it stands."""
        if self.state not in FALLEN:
            return ""
        study = self.reference.study
        name = str(study) if study else f"The study of {self.reference.title}"
        if self.state == StudyState.RETRACTED:
            return f"The result of {name} was retracted."
        newer = study.superseded_by if study else None
        return f"{name} was superseded{f' by {newer}' if newer else ''}."


@dataclass(frozen=True)
class Resting:
    """A claim's references, those out of use left out, as far as studies concern them."""

    held: tuple[Held, ...]

    @property
    def waiting(self) -> list[Held]:
        """Those that a reviewer has to look at."""
        return [each for each in self.held if each.support.waits]

    @property
    def has_support(self) -> bool:
        """Whether at least one still carries the claim."""
        return has_support([each.support for each in self.held])

    @property
    def said(self) -> str:
        """What became of the studies that no longer carry it."""
        return " ".join(each.said for each in self.held if not each.support.stands)


def study_rows(*, text: str = "", status: str = "", on: date | None = None) -> QuerySet[Study]:
    """Select studies with ``n_partners``, ``n_references`` and, as of a day, ``n_overdue``."""
    late = Q(milestones__done_on__isnull=True, milestones__due_on__lt=on or date.min)
    found: QuerySet[Study] = Study.objects.annotate(
        n_partners=Count("parties", distinct=True),
        n_references=Count("references", distinct=True),
        n_overdue=Count("milestones", filter=late, distinct=True),
    )
    if text:
        found = found.filter(Q(title__icontains=text) | Q(protocol__icontains=text))
    return found.filter(status=status) if status else found


def study(study_id: UUID) -> Study:
    """Give one study with the one that superseded it.

    Raises
    ------
    Study.DoesNotExist
    """
    return Study.objects.select_related("superseded_by").get(id=study_id)


def parties_of_study(found: Study) -> list[tuple[UUID, str]]:
    """Give the organisations that do a study, its owner first, with their names."""
    owner = next((o.name for o in directory.organisations_visible() if o.id == found.org_id), "")
    return [(found.org_id, owner), *found.parties.order_by("name").values_list("org_id", "name")]


def milestones_of(study_id: UUID) -> list[StudyMilestone]:
    """Give the milestones of a study by their day."""
    return list(StudyMilestone.objects.filter(study_id=study_id).order_by("due_on", "id"))


def milestone(milestone_id: UUID) -> StudyMilestone:
    """Give one milestone.

    Raises
    ------
    StudyMilestone.DoesNotExist
    """
    return StudyMilestone.objects.get(id=milestone_id)


def references_of_study(study_id: UUID) -> list[Reference]:
    """Give the references that rest on a study, with their claims and ``n_versions``.

    A reference whose place another one took is left out.
    """
    gone = ReferenceCheck.objects.filter(reference=OuterRef("pk"), replaced_by__isnull=False)
    return list(
        Reference.objects.filter(~Exists(gone), study_id=study_id)
        .select_related("claim")
        .annotate(n_versions=Count("claim__uses", distinct=True))
        .order_by("claim__text", "title", "id")[:500]
    )


def studies_with_results(*, limit: int = 200) -> list[Study]:
    """Give the studies on whose results a new reference may rest."""
    found = Study.objects.filter(status__in=[each.value for each in HAS_RESULTS])
    return list(found.order_by("protocol", "id")[:limit])


def standing_studies(*, limit: int = 200) -> list[Study]:
    """Give the studies that have not fallen, for one of them to supersede another."""
    found = Study.objects.exclude(status__in=[each.value for each in FALLEN])
    return list(found.order_by("protocol", "id")[:limit])


def held_of(claim_id: UUID) -> list[Held]:
    """Give the references of one claim, those that were replaced too, by title."""
    return _held([claim_id])


def held_reference(reference_id: UUID) -> Held:
    """Give one reference with its claim and what became of its study.

    Raises
    ------
    Reference.DoesNotExist
    """
    claim_id = Reference.objects.values_list("claim_id", flat=True).get(id=reference_id)
    return next(each for each in held_of(claim_id) if each.reference.id == reference_id)


def resting(claim_ids: Collection[UUID]) -> dict[UUID, Resting]:
    """Give, for each claim of which a reference rests on a study, what became of that."""
    by_claim: dict[UUID, list[Held]] = {}
    for each in _held(claim_ids):
        if each.check is None or each.check.replaced_by_id is None:
            by_claim.setdefault(each.reference.claim_id, []).append(each)
    return {
        claim_id: Resting(tuple(held))
        for claim_id, held in by_claim.items()
        if any(each.reference.study_id for each in held)
    }


def _held(claim_ids: Collection[UUID]) -> list[Held]:
    """Give references with their studies in one query, or three if any rests on a study."""
    references = list(
        Reference.objects.filter(claim_id__in=claim_ids)
        .select_related("claim", "study__superseded_by")
        .order_by("title", "id")
    )
    on_studies = [each.id for each in references if each.study_id]
    if not on_studies:
        return [Held(each, "", None) for each in references]
    checks: dict[UUID, ReferenceCheck] = {}
    for check in ReferenceCheck.objects.filter(reference__in=on_studies).order_by("checked_at"):
        checks[check.reference_id] = check
    # Whoever does not read the study still reads what the claim was flagged for.
    flags = dict(
        ClaimRecheck.objects.filter(reference__in=on_studies)
        .order_by("flagged_at", "id")
        .values_list("reference_id", "reason")
    )
    return [
        Held(
            each,
            (each.study.status if each.study else flags.get(each.id, "")) if each.study_id else "",
            checks.get(each.id),
        )
        for each in references
    ]


def claims_on_fallen_studies(*, org_id: UUID) -> list[tuple[Claim, Resting]]:
    """Give the organisation's claims of which a reviewer has to look at a reference again."""
    claims = {
        claim.id: claim
        for claim in Claim.objects.filter(
            org_id=org_id,
            withdrawn_at__isnull=True,
            references__study__status__in=[each.value for each in FALLEN],
        )
        .select_related("product")
        .distinct()
    }
    found = resting(claims.keys()) if claims else {}
    waiting = [(claims[claim_id], each) for claim_id, each in found.items() if each.waiting]
    return sorted(waiting, key=lambda pair: (pair[0].text, pair[0].id))
