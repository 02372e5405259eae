"""What comparisons told; the numbers are the same for both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from entente.consent.models import OverlapComparison


@dataclass(frozen=True)
class OverlapPerson:
    """A person on both lists; a field that is not open, or not known, is None."""

    npi: str
    name: str | None
    specialty: str | None
    city: str | None
    us_state: str | None
    affiliation: str | None
    email: str | None
    phone: str | None


def comparison(comparison_id: UUID) -> OverlapComparison:
    """Give one comparison; it is there for both parties while its contract is in force.

    Raises
    ------
    OverlapComparison.DoesNotExist
    """
    return OverlapComparison.objects.select_related("contract").get(id=comparison_id)


def comparisons(contract_id: UUID) -> QuerySet[OverlapComparison]:
    """Select the comparisons under a contract, newest first; none once it is over."""
    return OverlapComparison.objects.filter(contract_id=contract_id).order_by("-recorded_at", "-id")


def people_of(
    comparison_id: UUID, *, at: datetime, after: str = "", most: int = 200
) -> list[OverlapPerson]:
    """Give matched persons; the database records this reading, whoever asks and how.

    Call ``actions.read_people``, which also writes to the ledger.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT npi, name, specialty, city, us_state, affiliation, email, phone"
            " FROM app.consent_overlap_people(%s, %s, %s, %s)",
            [comparison_id, at, after, most],
        )
        return [OverlapPerson(*row) for row in cursor.fetchall()]


def rest_of(found: OverlapComparison) -> int:
    """Give how many matches stand in no cell that is told; 0, or at least the minimum cell."""
    if found.total is None:
        return 0
    return int(found.total - sum(cell["n"] for cell in found.cells))


def as_told(found: OverlapComparison) -> dict[str, Any]:
    """Write a comparison as both parties may see it."""
    return {
        "id": found.id,
        "contract_id": found.contract_id,
        "asked_at": found.asked_at,
        "kind": found.kind,
        "breakdown": found.breakdown,
        "min_cell": found.min_cell,
        "outcome": found.outcome,
        "total": found.total,
        "matched_on": _matched_on(found),
        "cells": found.cells if found.kind == "people" else [],
        "rest": rest_of(found) if found.total is not None else None,
    }


def _matched_on(found: OverlapComparison) -> dict[str, int]:
    """Count matches by the key that proves them, as far as these counts are told."""
    if found.total is None:
        return {}
    if found.kind == "people":
        return {"npi": found.total}
    return {cell["label"]: cell["n"] for cell in found.cells}
