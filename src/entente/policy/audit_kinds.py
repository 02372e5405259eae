"""What audits can look at: rooms say which rows may be drawn, and what is known of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, QuerySet, UUIDField, Value, When
from django.db.models.expressions import Combinable

MEDICAL_ROLES = ("msl", "medical_info")
Expression = Any


@dataclass(frozen=True)
class AuditKind:
    """A kind of row that can be drawn.

    Parameters
    ----------
    code, title : str
    object_kind : str
        Under which the ledger and the names know such a row.
    rows : callable
        Gives the rows of whoever asks whose moment lies in the days from the first, up to and
        without the second; annotated by ``known``.
    """

    order: int
    code: str
    title: str
    object_kind: str
    rows: Callable[[date, date], QuerySet[Any]]


_KINDS: dict[str, AuditKind] = {}
_PARTNERS: list[Callable[[Collection[UUID]], Mapping[UUID, UUID]]] = []


def add_kind(kind: AuditKind) -> None:
    """Register a kind; the same code again takes the earlier one's place."""
    _KINDS[kind.code] = kind


def kinds() -> list[AuditKind]:
    """Give the kinds in their order."""
    return sorted(_KINDS.values(), key=lambda kind: (kind.order, kind.code))


def kind_of(code: str) -> AuditKind | None:
    """Give a kind, or None."""
    return _KINDS.get(code)


def add_partners(find: Callable[[Collection[UUID]], Mapping[UUID, UUID]]) -> None:
    """Say which partner takes part in a campaign; the room that owns campaigns does."""
    if find not in _PARTNERS:
        _PARTNERS.append(find)


def partners_of(campaign_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Give the partner of each campaign that has one."""
    found: dict[UUID, UUID] = {}
    for find in _PARTNERS:
        found.update(find(campaign_ids))
    return found


def wall_by(role: str) -> Case:
    """Give the side of the wall on which an act stands, from the column of its sender's role."""
    return Case(
        When(**{f"{role}__in": MEDICAL_ROLES}, then=Value("medical")),
        default=Value("commercial"),
        output_field=CharField(),
    )


def known(
    rows: QuerySet[Any],
    *,
    happened: Combinable,
    country: Expression = None,
    sort: Expression = None,
    wall: Expression = None,
    actor: Expression = None,
    campaign: Expression = None,
) -> QuerySet[Any]:
    """Put what audits ask of every row beside it; what a kind does not know is left empty."""
    nobody = Value(None, output_field=UUIDField())
    told: QuerySet[Any] = rows.annotate(
        audit_at=happened,
        audit_country=country if country is not None else Value("", output_field=CharField()),
        audit_sort=sort if sort is not None else Value("", output_field=CharField()),
        audit_wall=wall if wall is not None else Value("commercial", output_field=CharField()),
        audit_actor=actor if actor is not None else nobody,
        audit_campaign=campaign if campaign is not None else nobody,
    )
    return told
