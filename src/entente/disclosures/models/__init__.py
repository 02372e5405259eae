"""Tables of the room: transfers of value."""

from __future__ import annotations

from django.db import models

from entente.disclosures.domain.coverage import OUTSIDE
from entente.foundation.models import OwnedRow


class TransferOfValue(OwnedRow):
    """What one recipient got from one payer on one day; a correction is a new row.

    ``reporter`` is the reporter of record: of all parties the one that paid reports, so
    that two never report the same transfer and none is left out. ``outside`` says why
    Open Payments does not ask for it, and is empty where it does.
    """

    class Nature(models.TextChoices):
        """Natures of payment, in the regulator's words."""

        FOOD = "Food and Beverage", "Food and Beverage"
        EDUCATION = "Education", "Education"
        GIFT = "Gift", "Gift"

    class Form(models.TextChoices):
        """Forms of payment, in the regulator's words."""

        IN_KIND = "In-kind items and services", "In-kind items and services"

    source_kind = models.CharField(max_length=64)
    source_id = models.UUIDField()
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    recipient_type = models.CharField(max_length=32)
    reporter = models.ForeignKey(
        "directory.LegalEntity", on_delete=models.PROTECT, related_name="+"
    )
    product = models.ForeignKey(
        "directory.Product", null=True, on_delete=models.PROTECT, related_name="+"
    )
    campaign_id = models.UUIDField(null=True)
    country = models.CharField(max_length=2)
    made_on = models.DateField()
    program_year = models.PositiveSmallIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    n_payments = models.PositiveSmallIntegerField(default=1)
    nature = models.CharField(max_length=64, choices=Nature)
    form = models.CharField(max_length=64, choices=Form)
    outside = models.CharField(max_length=12, choices=list(OUTSIDE.items()), blank=True)
    captured_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "hcp"], name="transfer_captured_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="transfer_is_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["hcp", "program_year"], name="transfer_by_hcp_and_year"),
            models.Index(fields=["org", "program_year", "-made_on", "-id"], name="transfer_latest"),
        ]
