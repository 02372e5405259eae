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

    class Form(models.TextChoices):
        """Whether it goes out itself, or only as a part of others."""

        ITEM = "item", "Item"
        MODULE = "module", "Module"

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=24, choices=Kind)
    form = models.CharField(max_length=8, choices=Form, default=Form.ITEM)
    # What a module is for, as ``domain.modules.ModuleKind``; blank for an item.
    module_kind = models.CharField(max_length=8, blank=True)
    # The item in another language from which this one is translated.
    translated_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="translations"
    )
    language = models.CharField(max_length=2, default="en")
    # On what patients read: the item that tells HCPs the same; both share their claims.
    paired_with = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="patient_item"
    )
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
    # What the modules that a module stands with are held to; empty for an item.
    rules = models.JSONField(default=dict)
    # Set at submission: how much review it needs, why, and the functions that have to sign.
    lane = models.CharField(max_length=8, blank=True)
    lane_reasons = models.JSONField(default=list)
    panel = ArrayField(models.CharField(max_length=16), default=list)
    urgent_because = models.TextField(blank=True)
    # Set by the database when the last party has approved: what all of them agree to.
    released_markets = ArrayField(models.CharField(max_length=2), null=True)
    released_audiences = ArrayField(models.CharField(max_length=16), null=True)
    released_channels = ArrayField(models.CharField(max_length=16), null=True)
    released_until = models.DateField(null=True)
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
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(status="draft"), name="one_draft_per_item"
            ),
        ]
        indexes = [models.Index(fields=["status", "submitted_at"], name="version_by_status")]
