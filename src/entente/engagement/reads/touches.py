"""Calls with HCPs: found, one with its versions, and what a person may know across the wall."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, QuerySet

from entente.directory import reads as directory
from entente.directory.reads import territories
from entente.engagement.models import Shown, Touch
from entente.foundation.access.scope import current_scope

ORDER = ("-happened_at", "-id")
RECENT = timedelta(days=180)


def touches(
    *,
    status: str = "",
    kind: str = "",
    standing: str = "",
    hcp_id: UUID | None = None,
    recorded_by: UUID | None = None,
) -> QuerySet[Touch]:
    """Give the newest record of each call that one may see, narrowed as asked."""
    found = Touch.objects.filter(superseded_at__isnull=True).select_related("hcp", "product")
    for name, value in (
        ("status", status),
        ("kind", kind),
        ("standing", standing),
        ("recorded_by_id", recorded_by),
    ):
        if value:
            found = found.filter(**{name: value})
    if hcp_id:
        found = found.filter(hcp_id=hcp_id)
    return found


def touch(touch_id: UUID) -> Touch:
    """Give one record of a call.

    Raises
    ------
    Touch.DoesNotExist
        Also to those beyond the wall.
    """
    wanted = ("hcp", "product", "campaign", "controller", "decision")
    return Touch.objects.select_related(*wanted).get(id=touch_id)


def versions_of(root_id: UUID) -> list[Touch]:
    """Give all records of a call, the newest first."""
    return list(Touch.objects.filter(root_id=root_id).order_by("-number"))


def shown_in(touch_id: UUID) -> list[Shown]:
    """Give the items shown in a call, in the order shown."""
    found = Shown.objects.filter(touch_id=touch_id)
    return list(found.select_related("version__item", "decision").order_by("position"))


def day_of(user_id: UUID, *, at: datetime, until: datetime) -> list[Touch]:
    """Give a colleague's plans up to a moment, those of last week that were not logged as well."""
    waiting = touches(recorded_by=user_id).filter(status__in=("planned", "referred"))
    past = at - timedelta(days=7)
    return list(waiting.filter(happened_at__range=(past, until)).order_by("happened_at", "id"))


def my_people(user_id: UUID, *, at: datetime, limit: int) -> list[Any]:
    """Give the HCPs a colleague logs calls with: met lately first, then those looked after."""
    met = (
        Touch.objects.filter(recorded_by_id=user_id, happened_at__gte=at - RECENT)
        .values("hcp_id")
        .annotate(last=Max("happened_at"))
        .order_by("-last")[:limit]
    )
    ids = [row["hcp_id"] for row in met]
    known = directory.hcps(ids)
    people = [known[hcp_id] for hcp_id in ids if hcp_id in known]
    looked_after = territories.looked_after(user_id, at.date())
    found = territories.people_in_any([each.id for each in looked_after], at.date())
    others = found.exclude(id__in=ids).order_by("name_key", "id")[: max(limit - len(people), 0)]
    return [*people, *others]


def last_medical_call(hcp_id: UUID) -> date | None:
    """Give the day on which a medical colleague last called on an HCP; nothing else crosses."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app.engagement_last_medical_call(%s, %s)", [hcp_id, current_scope().org_id]
        )
        found: date | None = cursor.fetchone()[0]
    return found


def a_partner_calls_on(hcp_id: UUID, on: date) -> bool:
    """Tell whether a company with which one has a charter calls on an HCP that day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.engagement_partner_calls_on(%s, %s)", [hcp_id, on])
        return bool(cursor.fetchone()[0])
