"""Products and where they are approved."""

from __future__ import annotations

from django.db import models

from entente.directory.models.legal import LegalEntity
from entente.foundation.models.base import OwnedRow


class Product(OwnedRow):
    """A medicine, device, diagnostic, service or piece of software."""

    class Kind(models.TextChoices):
        """What a product is in law."""

        MEDICINE = "medicine", "Medicine"
        DEVICE = "device", "Device"
        DIAGNOSTIC = "diagnostic", "Diagnostic"
        SERVICE = "service", "Service"
        SOFTWARE = "software", "Software"

    class Nature(models.TextChoices):
        """Whether it is sold by itself or stands for several things sold together."""

        BRAND = "brand", "Brand"
        SOLUTION = "solution", "Solution"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind)
    nature = models.CharField(
        max_length=16, choices=Nature, default=Nature.BRAND, db_default="brand"
    )
    owner_name = models.CharField(max_length=200, blank=True)
    owner_entity = models.ForeignKey(
        LegalEntity, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "name"], name="product_named_once")]

    def __str__(self) -> str:
        return self.name


class ProductApproval(OwnedRow):
    """A product's approval in one country, from a day and perhaps to a day."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="approvals")
    country = models.CharField(max_length=2)
    approved_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    indication = models.TextField(blank=True)
    authority_ref = models.CharField(max_length=100, blank=True)
    boxed_warning = models.BooleanField(db_default=False, default=False)
    accelerated = models.BooleanField(db_default=False, default=False)
    row_hash = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "country", "approved_on"], name="approval_once_per_day"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("approved_on")),
                name="approval_ends_after_it_begins",
            ),
        ]


class ProductPrice(OwnedRow):
    """A row of an organisation's price book: what one unit costs in a country, from a day."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="prices")
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    unit = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "product", "country", "currency", "unit"],
                condition=models.Q(to_on__isnull=True),
                name="one_current_price",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0), name="price_not_below_zero"
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="price_ends_after_it_begins",
            ),
        ]
