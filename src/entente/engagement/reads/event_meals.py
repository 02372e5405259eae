"""Meals of an event: with everybody's part, and who may have eaten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from entente.engagement.models import Attendee, EventMeal, EventMealPart


def meals(event_id: UUID) -> list[EventMeal]:
    """Give the meals of an event that one's own company paid, the latest first."""
    found = EventMeal.objects.filter(event_id=event_id).select_related("expense__payer")
    return list(found.order_by("-expense__spent_on", "-id"))


def meal(meal_id: UUID) -> EventMeal:
    """Give one meal with its expense.

    Raises
    ------
    EventMeal.DoesNotExist
    """
    return EventMeal.objects.select_related("event", "expense__payer").get(id=meal_id)


def parts_of(meal_id: UUID) -> list[EventMealPart]:
    """Give everybody's part, in the order of the division."""
    found = EventMealPart.objects.filter(meal_id=meal_id)
    return list(found.select_related("attendee", "share__decision").order_by("position"))


def who_was_there(event_id: UUID) -> list[Attendee]:
    """Give whom one may see of those who were checked in, in the order of arrival."""
    found = Attendee.objects.filter(event_id=event_id, status=Attendee.Status.ATTENDED)
    return list(found.order_by("ticket", "id"))


def survivors_of(hcp_ids: Collection[UUID], at: datetime) -> dict[UUID, UUID]:
    """Give for each record the one that stands for the person at a moment, with one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, app.survivor_of(person, %s) FROM unnest(%s::uuid[]) AS person",
            [at, list(hcp_ids)],
        )
        return dict(cursor.fetchall())
