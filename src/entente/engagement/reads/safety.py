"""Case reports: by their clock, one whole, and as the file that leaves."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from entente.engagement.domain.caution import caution
from entente.engagement.models import SafetyReport
from entente.foundation import ledger

ORDER = ("due_at", "id")
FORMAT = "entente.case-report/1"


def reports(*, standing: str = "") -> QuerySet[SafetyReport]:
    """Give the case reports: open, acknowledged, or all."""
    found = SafetyReport.objects.select_related("inquiry__hcp", "inquiry__product")
    if standing:
        found = found.filter(acknowledged_at__isnull=standing == "open")
    return found


def report(report_id: UUID) -> SafetyReport:
    """Give one report with its question.

    Raises
    ------
    SafetyReport.DoesNotExist
    """
    return SafetyReport.objects.select_related("inquiry__hcp", "inquiry__product").get(id=report_id)


def report_read(report_id: UUID, *, at: datetime) -> SafetyReport:
    """Give one report to be read; the ledger says who did."""
    found = report(report_id)
    ledger.append(
        ledger.Entry(
            "engagement.safety.read", "engagement.safety", found.id, {"inquiry": found.inquiry_id}
        ),
        at=at,
    )
    return found


def contents(row: SafetyReport) -> dict[str, Any]:
    """Give a report's fields: the reporter, the words, the product, the days; never a patient."""
    inquiry, hcp = row.inquiry, row.inquiry.hcp
    return {
        "format": FORMAT,
        "report": str(row.id),
        "received_at": inquiry.opened_at.isoformat(),
        "due_at": row.due_at.isoformat(),
        "source": inquiry.source,
        "reporter": {
            "name": hcp.display_name,
            "profession": hcp.profession,
            "country": hcp.country,
        },
        "product": inquiry.product.name if inquiry.product else None,
        "words_as_said": inquiry.question,
        "words_that_sound_like_an_event": list(caution(inquiry.question).safety),
    }


def as_json(row: SafetyReport) -> str:
    """Write a report as the file that leaves."""
    return json.dumps(contents(row), ensure_ascii=False, indent=2)
