"""What kind of partner an organisation is to the host, apart from what it is in law."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class PartnerCategory(OwnedRow):
    """The category of a partner from a day on; it drives instruments, templates and measures."""

    class Category(models.TextChoices):
        """Categories."""

        TECHNOLOGY = "technology", "Technology"
        CHANNEL = "channel", "Channel or systems integrator"
        COMPLEMENTARY = "complementary", "Complementary"
        PROVIDER = "provider_org", "Provider organisation"
        PAYER = "payer", "Payer"
        SOCIETY = "society", "Medical society"
        PATIENT_GROUP = "patient_org", "Patient group"
        TELEHEALTH = "telehealth", "Telehealth"
        OTHER = "other", "Other"

    organisation = models.ForeignKey(
        "foundation.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    category = models.CharField(max_length=24, choices=Category)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "organisation"],
                condition=models.Q(to_on__isnull=True),
                name="one_category_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="category_ends_after_it_begins",
            ),
        ]
