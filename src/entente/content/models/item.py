"""Items, the parties that must approve them, and their versions."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.content.domain.states import Status
from entente.foundation.models.base import OwnedRow


class Item(OwnedRow):
    """What is said to somebody; the words themselves stand in its versions.

    It belongs to the organisation that writes it. A partner whose name stands on it has
    an ``ItemSide`` and must approve each version before it leaves.
    """

    class Kind(models.TextChoices):
        """What the item is, in the gate's codes."""

        PROMO = "promo", "Promotion of a product"
        EDUCATIONAL = "educational", "Education"
        DISEASE_AWARENESS = "disease_awareness", "Disease awareness"
        SCIENTIFIC_EXCHANGE = "scientific_exchange", "Scientific exchange"
        RESPONSE = "response", "Answer to a question"
        SERVICE = "service", "Service notice"

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=24, choices=Kind)
    product = models.ForeignKey(
        "directory.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cobranded = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class ItemSide(OwnedRow):
    """A partner (``org``) that must approve the item; partners learn each other's names here."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="sides")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "org"], name="one_side_per_item_and_org")
        ]


class Version(OwnedRow):
    """The words of an item at one time; a submitted version is never edited again.

    ``author_keys`` names everyone who wrote this or an earlier version of the item, by the
    key that is the same for all accounts of one person.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    html = models.TextField()
    text = models.TextField()
    markets = ArrayField(models.CharField(max_length=2))
    audiences = ArrayField(models.CharField(max_length=16))
    channels = ArrayField(models.CharField(max_length=16))
    expires_on = models.DateField()
    support_statement = models.TextField(blank=True)
    # Null for versions written before anybody was asked: what they hold is not known.
    holds = ArrayField(models.CharField(max_length=32), null=True)
    content_hash = models.CharField(max_length=64)
    status = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in Status], default=Status.DRAFT.value
    )
    author = models.ForeignKey(
        "foundation.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    author_name = models.CharField(max_length=200)
    author_keys = ArrayField(models.CharField(max_length=64), default=list)
    has_unsubscribe_link = models.BooleanField(default=False)
    has_postal_address = models.BooleanField(default=False)
    has_support_statement = models.BooleanField(default=False)
    is_ad_identified = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(null=True)
    review_due_on = models.DateField(null=True)
    approved_at = models.DateTimeField(null=True)
    rejected_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(status="draft"), name="one_draft_per_item"
            ),
        ]
        indexes = [models.Index(fields=["status", "submitted_at"], name="version_by_status")]
