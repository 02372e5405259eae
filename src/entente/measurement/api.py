"""Operations of the room: a campaign's result and the dictionary of measures."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from entente.foundation.web.doors import operation
from entente.measurement import reads
from entente.measurement.domain.kpis import KPIS, Kpi

router = Router(tags=["measurement"])


class KpiOut(Schema):
    """A measure as the dictionary defines it."""

    id: str
    name: str
    formula: str
    unit: str
    owner: str
    source: str


class MeasureOut(Schema):
    """A measure's value as an exact fraction; null where it is not shown."""

    id: str
    numerator: int | None
    denominator: int | None


class ReasonOut(Schema):
    """How many one rule stopped in one way; null where it is not shown."""

    outcome: str
    rule_id: str
    title: str
    n: int | None


class CostOut(Schema):
    """What one side bears of the actual cost."""

    org_id: UUID
    name: str
    actual_minor: int


class ResultOut(Schema):
    """A campaign's result; numbers that are not shown are null. The same for every party."""

    campaign_id: UUID
    numbers: dict[str, int | None]
    reasons: list[ReasonOut]
    measures: list[MeasureOut]
    currency: str
    cost_minor: int
    costs: list[CostOut]


def _measure(kpi: Kpi, value: Fraction | None) -> dict[str, Any]:
    numerator, denominator = value.as_integer_ratio() if value is not None else (None, None)
    return {"id": kpi.id, "numerator": numerator, "denominator": denominator}


@router.get("/campaigns/{campaign_id}/result", response=ResultOut, summary="Result of a campaign")
@operation("result.read")
def result(request: HttpRequest, campaign_id: UUID) -> Any:
    """Give what came of a campaign of which my organisation is a party."""
    found = reads.result(campaign_id)
    given = {name: getattr(found, name) for name in ResultOut.model_fields if name != "measures"}
    return {**given, "measures": [_measure(kpi, value) for kpi, value in found.measures]}


@router.get("/measures", response=list[KpiOut], summary="Dictionary of measures")
@operation("result.read")
def measures(request: HttpRequest) -> Any:
    """Give every measure with formula, unit, owner and source."""
    return list(KPIS)
