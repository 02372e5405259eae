"""What may be handed over: samples and items, their lots, and who carries how many."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from entente.foundation.models import OwnedRow


class Stock(OwnedRow):
    """A sample or an item of value that colleagues may hand to HCPs.

    What nobody has said of it is null, and the gate then does not permit what depends on it.
    """

    class Kind(models.TextChoices):
        """Two acts of the gate."""

        SAMPLE = "sample", "Sample"
        ITEM = "item", "Item"

    class ItemKind(models.TextChoices):
        """Kinds of item, as the codes of practice tell them apart."""

        EDUCATIONAL = "educational", "Educational, for the HCP"
        PATIENT_EDUCATION = "patient_education", "Educational, for patients"
        MEDICAL_UTILITY = "medical_utility", "Medical utility"
        REMINDER = "reminder", "Reminder"
        PERSONAL = "personal", "Personal gift"
        CASH_EQUIVALENT = "cash_equivalent", "Cash or what stands for it"

    class TaxBasis(models.TextChoices):
        """Whether the value includes tax."""

        WITH_TAX = "with_tax", "With tax"
        WITHOUT_TAX = "without_tax", "Without tax"

    kind = models.CharField(max_length=6, choices=Kind)
    item_kind = models.CharField(max_length=20, choices=ItemKind, blank=True)
    name = models.CharField(max_length=120)
    product = models.ForeignKey(
        "directory.Product", null=True, on_delete=models.PROTECT, related_name="+"
    )
    unit_value_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    tax_basis = models.CharField(max_length=12, choices=TaxBasis, blank=True)
    is_smallest_pack = models.BooleanField(null=True)
    is_marked_free = models.BooleanField(null=True)
    has_characteristics = models.BooleanField(null=True)
    is_controlled = models.BooleanField(null=True)
    is_starter_pack = models.BooleanField(null=True)
    patients_per_pack = models.PositiveSmallIntegerField(null=True)
    is_branded = models.BooleanField(null=True)
    is_inexpensive = models.BooleanField(null=True)
    is_for_practice = models.BooleanField(null=True)
    benefits_patients = models.BooleanField(null=True)
    is_certified = models.BooleanField(null=True)
    offsets_practice_cost = models.BooleanField(null=True)
    has_independent_value = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "name"], name="stock_named_once"),
            models.CheckConstraint(
                condition=Q(unit_value_minor__gte=0), name="stock_value_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(kind="sample", item_kind="", product__isnull=False)
                | (Q(kind="item") & ~Q(item_kind="")),
                name="a_sample_has_a_product_and_an_item_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Lot(OwnedRow):
    """A lot or consignment of something that is handed over."""

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField(max_length=40)
    expires_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stock", "number"], name="lot_numbered_once")
        ]

    def __str__(self) -> str:
        return self.number


class Carried(OwnedRow):
    """How many packs or pieces of a lot a colleague carries; the sum of his movements."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="carried")
    holder = models.ForeignKey("foundation.User", on_delete=models.PROTECT, related_name="+")
    n_units = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "holder"], name="one_line_per_lot_and_holder"),
            models.CheckConstraint(condition=Q(n_units__gte=0), name="nobody_carries_less_than_0"),
        ]
        indexes = [models.Index(fields=["holder"], name="carried_by_holder")]


class StockMove(OwnedRow):
    """One movement of a lot with a colleague; nothing of it is ever changed."""

    class Kind(models.TextChoices):
        """What happened to the packs."""

        RECEIVED = "received", "Received"
        HANDED = "handed", "Handed over"
        RETURNED = "returned", "Returned"
        LOST = "lost", "Lost or stolen"
        COUNTED = "counted", "Difference found by a count"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="moves")
    holder = models.ForeignKey("foundation.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    # Signed: what comes in is positive, what leaves negative; a count writes the difference.
    n_units = models.IntegerField()
    moved_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    hand_over = models.ForeignKey(
        "engagement.HandOver", null=True, on_delete=models.PROTECT, related_name="moves"
    )
    recorded_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="received", n_units__gt=0)
                | Q(kind__in=["handed", "returned", "lost"], n_units__lt=0)
                | Q(kind="counted"),
                name="a_movement_has_its_sign",
            ),
            models.CheckConstraint(
                condition=Q(kind="handed", hand_over__isnull=False)
                | (~Q(kind="handed") & Q(hand_over__isnull=True)),
                name="what_is_handed_over_names_to_whom",
            ),
        ]
        indexes = [
            models.Index(F("lot"), F("holder"), F("moved_at").desc(), name="stock_move_by_lot"),
            models.Index(fields=["org", "-moved_at", "-id"], name="stock_move_latest"),
        ]


class DomesticSales(OwnedRow):
    """What a company sold in a country in a year, against which samples are measured."""

    country = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "country", "year"], name="one_figure_of_sales_per_year"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="sales_are_positive"),
        ]
