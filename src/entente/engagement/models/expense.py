"""Money spent on HCPs, as it was spent: who partook, what each had."""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow


class Expense(OwnedRow):
    """A meal and who was at it; the spending is a fact, whatever the gate says of it."""

    class Kind(models.TextChoices):
        """Kinds of meal."""

        BREAKFAST = "breakfast", "Breakfast"
        LUNCH = "lunch", "Lunch"
        DINNER = "dinner", "Dinner"
        REFRESHMENT = "refreshment", "Refreshment"

    class Setting(models.TextChoices):
        """Where it was."""

        OFFICE = "office", "Practice or office"
        HOSPITAL = "hospital", "Hospital"
        RESTAURANT = "restaurant", "Restaurant"
        CONFERENCE = "conference", "Conference"

    class Standing(models.TextChoices):
        """What the gate says of it."""

        CLEARED = "cleared", "In order"
        REFERRED = "referred", "Needs a person"
        BREACH = "breach", "Against a rule"

    campaign = models.ForeignKey(
        "alliances.Campaign", null=True, on_delete=models.PROTECT, related_name="+"
    )
    product = models.ForeignKey(
        "directory.Product", null=True, on_delete=models.PROTECT, related_name="+"
    )
    payer = models.ForeignKey("directory.LegalEntity", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    setting = models.CharField(max_length=12, choices=Setting)
    spent_on = models.DateField()
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    headcount = models.PositiveSmallIntegerField()
    with_discussion = models.BooleanField()
    takeaway = models.BooleanField()
    guests = models.PositiveSmallIntegerField(default=0)
    standing = models.CharField(max_length=10, choices=Standing)
    recorded_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(total_minor__gt=0), name="expense_is_positive"
            ),
            models.CheckConstraint(condition=models.Q(headcount__gte=1), name="somebody_partook"),
        ]
        indexes = [models.Index(fields=["org", "-spent_on", "-id"], name="expense_latest")]


class ExpenseShare(OwnedRow):
    """One HCP's part of an expense: the total divided by all who partook."""

    expense = models.ForeignKey(Expense, on_delete=models.PROTECT, related_name="shares")
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    decision = models.ForeignKey("policy.Decision", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["expense", "hcp"], name="one_share_per_expense_and_hcp")
        ]
        indexes = [models.Index(fields=["hcp"], name="expense_share_by_hcp")]
