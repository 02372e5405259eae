"""Which records are one organisation: links between records, who joined them, who might be."""

from __future__ import annotations

from django.db import models

from entente.directory.models.hco import Hco
from entente.foundation.models.base import OwnedRow


class HcoIdentityLink(OwnedRow):
    """Two records are one organisation, from a moment and perhaps to one; both records stay."""

    survivor = models.ForeignKey(Hco, on_delete=models.PROTECT, related_name="+")
    loser = models.ForeignKey(Hco, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["survivor", "from_at"], name="hco_links_of_survivor"),
            models.Index(fields=["loser", "from_at"], name="hco_links_of_loser"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["loser"], condition=models.Q(to_at__isnull=True), name="hco_joined_to_one"
            ),
            models.CheckConstraint(
                condition=~models.Q(survivor=models.F("loser")), name="hco_joined_to_another"
            ),
        ]


class HcoMerge(OwnedRow):
    """Who joined two organisations' records, why, what that changed, and how it was undone."""

    link = models.OneToOneField(HcoIdentityLink, on_delete=models.PROTECT, related_name="merge")
    reason = models.CharField(max_length=500)
    plan = models.JSONField()
    merged_at = models.DateTimeField()
    merged_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undo_reason = models.CharField(max_length=500, blank=True)
    since = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["org", "-merged_at", "-id"], name="hco_merges_newest_first")
        ]


class HcoSuspect(OwnedRow):
    """Two records that may be one organisation, scored, waiting for a steward or decided."""

    class Status(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "To be looked at"
        JOINED = "joined", "One organisation"
        APART = "apart", "Two organisations"

    one = models.ForeignKey(Hco, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Hco, on_delete=models.PROTECT, related_name="+")
    score_bp = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    key_agrees = models.BooleanField(default=False)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["org", "status", "-score_bp", "id"], name="hco_suspects_best")
        ]
        constraints = [
            models.UniqueConstraint(fields=["org", "one", "other"], name="hco_suspected_once"),
            models.CheckConstraint(
                condition=~models.Q(one=models.F("other")), name="hco_suspected_with_another"
            ),
        ]
