"""Budget lines: estimate, commitment and actual of one thing, and who pays what of it."""

from __future__ import annotations

from django.db import models

from entente.alliances.domain.funding import RULES
from entente.alliances.models.campaign import Campaign
from entente.foundation.models.base import OwnedRow


class BudgetLine(OwnedRow):
    """One thing that costs money; ``payer`` pays the bill, ``rule`` says who bears it.

    ``shares`` holds the rule's terms, see ``alliances.domain.funding.split_line``. Amounts
    are minor units of the campaign's currency.
    """

    class Category(models.TextChoices):
        """What the money is for."""

        CONTENT = "content", "Content"
        MEDIA = "media", "Media and sending"
        EVENT = "event", "Event"
        RESEARCH = "research", "Research"
        AGENCY = "agency", "Agency"
        OTHER = "other", "Other"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="budget_lines")
    payer = models.ForeignKey("foundation.Organisation", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=16, choices=Category)
    note = models.CharField(max_length=200, blank=True)
    rule = models.CharField(max_length=8, choices=list(RULES.items()))
    shares = models.JSONField(default=dict)
    currency = models.CharField(max_length=3)
    estimate_minor = models.BigIntegerField()
    committed_minor = models.BigIntegerField(default=0)
    actual_minor = models.BigIntegerField(default=0)
    evidence = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    estimate_minor__gte=0, committed_minor__gte=0, actual_minor__gte=0
                ),
                name="budget_amounts_not_negative",
            )
        ]
