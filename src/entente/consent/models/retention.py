"""How long what is kept, and the proof that it was deleted."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class RetentionRule(OwnedRow):
    """Keep one kind of thing for a purpose so many days from an event, then delete it.

    The newest rule for a kind of thing holds; an older one is history.
    """

    what = models.CharField(max_length=40)
    purpose = models.CharField(max_length=200)
    keep_days = models.PositiveIntegerField()
    because = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org", "what", "-set_at"], name="retention_rules_newest")]


class RetentionRun(OwnedRow):
    """The proof of one deletion: how many, older than when, and a digest of their ids."""

    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="runs")
    ran_at = models.DateTimeField()
    ended_before = models.DateTimeField()
    n_deleted = models.PositiveIntegerField()
    ids_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["org", "-ran_at"], name="retention_runs_newest")]
