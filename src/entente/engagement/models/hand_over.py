"""What an HCP asked for in writing, what was handed over, and the receipt."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from entente.foundation.models import OwnedRow


class SignatureKind(models.TextChoices):
    """How somebody signed on the device."""

    TYPED = "typed", "Typed"
    DRAWN = "drawn", "Drawn"


class SampleRequest(OwnedRow):
    """A prescriber's written request for samples; never changed after it was signed."""

    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    stock = models.ForeignKey("engagement.Stock", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey("directory.Product", on_delete=models.PROTECT, related_name="+")
    n_packs = models.PositiveSmallIntegerField()
    signed_on = models.DateField()
    signer_name = models.CharField(max_length=200)
    signature_kind = models.CharField(max_length=5, choices=SignatureKind)
    signature = models.TextField(max_length=20_000, blank=True)
    taken_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(n_packs__gte=1), name="somebody_asked_for_packs")
        ]
        indexes = [
            models.Index(fields=["hcp", "product", "signed_on"], name="sample_request_by_hcp")
        ]


class HandOver(OwnedRow):
    """Packs or pieces handed to an HCP, or refused, or waiting for a person.

    Kind, product and value are as they were that day: the catalogue may change.
    """

    class Status(models.TextChoices):
        """Where it stands; only what is done has left the stock."""

        REFERRED = "referred", "Needs a person"
        APPROVED = "approved", "Approved, not handed over yet"
        FORBIDDEN = "forbidden", "Refused"
        DONE = "done", "Handed over"
        CANCELLED = "cancelled", "Cancelled"

    class Place(models.TextChoices):
        """Where it is handed over."""

        PRACTICE = "practice", "Practice, hospital or office"
        STAND = "stand", "Stand at a congress of somebody else"

    # Made on the device, so that a record sent twice is kept once.
    client_id = models.UUIDField()
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey(
        "directory.LegalEntity", on_delete=models.PROTECT, related_name="+"
    )
    campaign = models.ForeignKey(
        "alliances.Campaign", null=True, on_delete=models.PROTECT, related_name="+"
    )
    touch = models.ForeignKey(
        "engagement.Touch", null=True, on_delete=models.PROTECT, related_name="+"
    )
    request = models.ForeignKey(
        SampleRequest, null=True, on_delete=models.PROTECT, related_name="hand_overs"
    )
    stock = models.ForeignKey("engagement.Stock", on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey("engagement.Lot", on_delete=models.PROTECT, related_name="hand_overs")
    product = models.ForeignKey(
        "directory.Product", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=6)
    item_kind = models.CharField(max_length=20, blank=True)
    n_units = models.PositiveSmallIntegerField()
    unit_value_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2)
    place = models.CharField(max_length=8, choices=Place)
    status = models.CharField(max_length=10, choices=Status)
    asked_at = models.DateTimeField()
    handed_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    sender_role = models.CharField(max_length=32)
    giver = models.ForeignKey("foundation.User", on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey("policy.Decision", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "client_id"], name="one_hand_over_per_client_id"
            ),
            models.CheckConstraint(condition=Q(n_units__gte=1), name="something_is_handed_over"),
            models.CheckConstraint(
                condition=Q(status="done", handed_on__isnull=False)
                | (~Q(status="done") & Q(handed_on__isnull=True)),
                name="what_is_handed_over_has_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-asked_at", "-id"], name="hand_over_latest"),
            models.Index(
                fields=["hcp", "handed_on"], condition=Q(status="done"), name="hand_over_by_hcp"
            ),
            models.Index(
                fields=["org", "country", "handed_on"],
                condition=Q(status="done", kind="sample"),
                name="hand_over_samples_of_year",
            ),
        ]

    @property
    def value_minor(self) -> int:
        """What all of it is worth."""
        return self.n_units * self.unit_value_minor


class Receipt(OwnedRow):
    """The recipient's signature for what he was handed; never changed."""

    hand_over = models.OneToOneField(HandOver, on_delete=models.PROTECT, related_name="receipt")
    signed_on = models.DateField()
    signer_name = models.CharField(max_length=200)
    signature_kind = models.CharField(max_length=5, choices=SignatureKind)
    signature = models.TextField(max_length=20_000, blank=True)
    taken_by_id = models.UUIDField(null=True)
