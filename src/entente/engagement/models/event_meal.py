"""Meals of an event: what was eaten where, and everybody's part, exact to the cent."""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow


class EventMeal(OwnedRow):
    """A meal of an event; its expense is what the gate judged and disclosures read."""

    client_id = models.UUIDField()
    event = models.ForeignKey("engagement.Event", on_delete=models.PROTECT, related_name="meals")
    expense = models.OneToOneField(
        "engagement.Expense", on_delete=models.PROTECT, related_name="event_meal"
    )
    venue = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "client_id"], name="one_meal_per_client_id")
        ]


class EventMealPart(OwnedRow):
    """One head at a meal: an attendee or one of the staff; the parts add up to the total."""

    meal = models.ForeignKey(EventMeal, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    attendee = models.ForeignKey(
        "engagement.Attendee", null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=200)
    amount_minor = models.BigIntegerField()
    share = models.OneToOneField(
        "engagement.ExpenseShare", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meal", "position"], name="one_meal_part_per_position"),
            models.UniqueConstraint(
                fields=["meal", "attendee"],
                condition=models.Q(attendee__isnull=False),
                name="one_meal_part_per_attendee",
            ),
        ]
