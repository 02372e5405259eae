"""Cohorts: counts with small cells hidden, and the people of those that may be used."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from entente.directory.domain.cohorts import shown_counts
from entente.directory.models import Affiliation, CentreOfExcellence, CohortRule, Hcp
from entente.directory.reads.hierarchy import end_of
from entente.directory.reads.identity_hcos import same_hcos
from entente.directory.reads.periods import in_force
from entente.foundation import signatures
from entente.foundation.errors import UserError

LIVE = ("candidate", "unverified", "verified")


class CohortCounts(NamedTuple):
    """How many people a rule means; None where a number would be too small."""

    total: int | None
    by_state: list[tuple[str, int | None]]


def cohorts() -> QuerySet[CohortRule]:
    """Give the rules of the present organisation, the latest first."""
    return CohortRule.objects.select_related("author", "signature")


def cohort(rule_id: UUID) -> CohortRule:
    """Give one rule.

    Raises
    ------
    CohortRule.DoesNotExist
    """
    return cohorts().get(id=rule_id)


def _people(rule: CohortRule, on: date) -> QuerySet[Hcp]:
    rows = Hcp.objects.filter(identity_status__in=LIVE)
    for field, wanted in (
        ("country", rule.countries),
        ("us_state", rule.states),
        ("specialty", rule.specialties),
    ):
        if wanted:
            rows = rows.filter(**{f"{field}__in": wanted})
    if rule.taxonomy_codes:
        rows = rows.filter(taxonomy_code__in=rule.taxonomy_codes)
    if rule.centre_area:
        centres = CentreOfExcellence.objects.filter(in_force(on), area__iexact=rule.centre_area)
        works = Affiliation.objects.filter(
            in_force(on),
            hco_id__in=same_hcos(list(centres.values_list("hco_id", flat=True)), end_of(on)),
        )
        rows = rows.filter(id__in=works.values("hcp_id"))
    return rows


def n_in_cohort(rule: CohortRule, on: date) -> int:
    """Count the people a rule means on a day; for checks, not for showing."""
    return _people(rule, on).count()


def counts_of(rule: CohortRule, on: date) -> CohortCounts:
    """Count the people a rule means by state, small cells hidden, also against subtraction."""
    counted = dict(_people(rule, on).values_list("us_state").annotate(n=Count("id")))
    total, cells = shown_counts(counted, rule.minimum_cell)
    return CohortCounts(total, sorted(cells.items()))


def why_not_usable(rule: CohortRule, on: date) -> str:
    """Say why a rule may not be used on a day; nothing if it may."""
    if rule.status == CohortRule.Status.WITHDRAWN:
        return "It is withdrawn."
    if rule.status == CohortRule.Status.DRAFT or rule.signature is None:
        return "No privacy officer has signed it yet."
    if not signatures.is_valid(rule.signature, content_hash=rule.content_hash, object_id=rule.id):
        return "Its signature does not fit its definition; tell compliance."
    if on > rule.expires_on:
        return f"It expired on {rule.expires_on:%Y-%m-%d}; draft another one."
    return ""


def cohort_hcp_ids(rule_id: UUID, on: date) -> list[UUID]:
    """Give the people of a cohort, if it is signed, not expired and not too small.

    Raises
    ------
    UserError
        If it may not be used, with the reason.
    """
    rule = cohort(rule_id)
    if reason := why_not_usable(rule, on):
        raise UserError(f"The cohort {rule.name} cannot be used. {reason}")
    found = list(_people(rule, on).order_by("id").values_list("id", flat=True))
    if len(found) < rule.minimum_cell:
        raise UserError(
            f"The cohort {rule.name} has fewer than {rule.minimum_cell} people now; it cannot be"
            " used."
        )
    return found


def centres(*, on: date, words: str = "") -> QuerySet[CentreOfExcellence]:
    """Give all centres named on a day, or those whose name, place or field holds the words."""
    found = CentreOfExcellence.objects.filter(in_force(on)).select_related("hco")
    if words:
        found = found.filter(
            Q(hco__name__icontains=words) | Q(area__icontains=words) | Q(hco__city__icontains=words)
        )
    return found


def centres_of(hco_id: UUID, on: date) -> list[CentreOfExcellence]:
    """Give the areas for which an organisation is a centre of excellence on a day."""
    ids = same_hcos([hco_id], end_of(on))
    return list(CentreOfExcellence.objects.filter(in_force(on), hco_id__in=ids).order_by("area"))
