"""The routing table of the present organisation: its own lines, defaults for the others."""

from __future__ import annotations

from entente.engagement.domain.routing import DEFAULTS, Way
from entente.engagement.models import InquiryRoute


def ways() -> dict[str, Way]:
    """Give the way of every kind of question."""
    own = {
        row.kind: Way(row.desk, row.normal_hours, row.urgent_hours, row.deliver_to)
        for row in InquiryRoute.objects.all()
    }
    return {kind: own.get(kind, way) for kind, way in DEFAULTS.items()}
