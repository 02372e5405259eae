"""Calls with HCPs: planned, cleared by the gate, done, and never changed after."""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow


class Touch(OwnedRow):
    """A visit, a telephone call or a remote detail; one row per version of its record.

    A record that was sent in never changes: an amendment is a row of its own with the next
    ``number`` under the same ``root_id``, and the earlier one keeps when it was superseded.
    """

    class Kind(models.TextChoices):
        """Ways of calling on an HCP."""

        VISIT = "visit", "Visit"
        PHONE = "phone", "Telephone call"
        REMOTE = "remote", "Remote detail"

    class Status(models.TextChoices):
        """Where a touch stands."""

        PLANNED = "planned", "Planned"
        REFERRED = "referred", "Needs a person"
        FORBIDDEN = "forbidden", "Must not take place"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    class Standing(models.TextChoices):
        """What the gate says of it."""

        CLEARED = "cleared", "In order"
        REFERRED = "referred", "Needs a person"
        BREACH = "breach", "Against a rule"

    class Reaction(models.TextChoices):
        """How the HCP took it."""

        POSITIVE = "positive", "Interested"
        NEUTRAL = "neutral", "Neutral"
        NEGATIVE = "negative", "Not interested"

    # Made on the device, so that a record sent twice is kept once.
    client_id = models.UUIDField()
    root_id = models.UUIDField()
    number = models.PositiveSmallIntegerField(default=1)
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey(
        "directory.LegalEntity", on_delete=models.PROTECT, related_name="+"
    )
    campaign = models.ForeignKey(
        "alliances.Campaign", null=True, on_delete=models.PROTECT, related_name="+"
    )
    product = models.ForeignKey(
        "directory.Product", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    purpose = models.CharField(max_length=16)
    wall = models.CharField(max_length=10, editable=False)
    status = models.CharField(max_length=10, choices=Status)
    standing = models.CharField(max_length=10, choices=Standing)
    happened_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True)
    was_requested = models.BooleanField(default=False)
    reaction = models.CharField(max_length=8, choices=Reaction, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    sender_role = models.CharField(max_length=32)
    recorded_by_id = models.UUIDField(null=True)
    submitted_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    decision = models.ForeignKey("policy.Decision", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "client_id"], name="one_touch_per_client_id"),
            models.UniqueConstraint(fields=["root_id", "number"], name="one_touch_per_number"),
        ]
        indexes = [
            models.Index(fields=["org", "-happened_at", "-id"], name="touch_latest"),
            models.Index(
                fields=["hcp", "-happened_at"],
                condition=models.Q(superseded_at__isnull=True),
                name="touch_by_hcp",
            ),
            models.Index(fields=["recorded_by_id", "-happened_at"], name="touch_by_recorder"),
        ]


class Shown(OwnedRow):
    """An approved item shown in a touch: for how long, and how it was taken."""

    touch = models.ForeignKey(Touch, on_delete=models.PROTECT, related_name="shown")
    version = models.ForeignKey("content.Version", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField(null=True)
    reaction = models.CharField(max_length=8, choices=Touch.Reaction, blank=True)
    decision = models.ForeignKey("policy.Decision", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["touch", "position"], name="one_item_shown_at_a_time")
        ]
        indexes = [models.Index(fields=["version"], name="shown_by_version")]
