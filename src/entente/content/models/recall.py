"""Recall: what was taken back, where it still is, and who has confirmed that it is gone."""

from __future__ import annotations

from django.db import models

from entente.content.models.claim import Claim
from entente.content.models.item import Item, Version
from entente.foundation.models.base import OwnedRow


class Recall(OwnedRow):
    """A decision that something may no longer be said anywhere; it acts from its moment on."""

    class Cause(models.TextChoices):
        """Why."""

        WITHDRAWN = "withdrawn", "Withdrawn"
        EXPIRED = "expired", "Expired"
        LABEL = "label", "The label changed"
        STUDY = "study", "The study was superseded"
        SAFETY = "safety", "Safety"
        RIGHTS = "rights", "A co-author's rights ended"

    claim = models.ForeignKey(Claim, null=True, on_delete=models.PROTECT, related_name="recalls")
    version = models.ForeignKey(
        Version, null=True, on_delete=models.PROTECT, related_name="recalls"
    )
    cause = models.CharField(max_length=12, choices=Cause)
    reason = models.TextField()
    by_name = models.CharField(max_length=200)
    decided_at = models.DateTimeField()
    # When the last copy was accounted for; empty while something is still out.
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(claim__isnull=False) | models.Q(version__isnull=False),
                name="recall_names_what_it_recalls",
            )
        ]


class RecalledVersion(OwnedRow):
    """A version that a recall reaches; ``item`` repeats the version's item for the walls."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="versions")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    status_then = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "version"], name="recalled_once_per_version")
        ]


class Acknowledgement(OwnedRow):
    """A partner (``org``) that has to say, with a time, that it knows and has stopped."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="acknowledgements")
    asked_at = models.DateTimeField()
    by_name = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "org"], name="acknowledged_once_per_party")
        ]


class PrintRun(OwnedRow):
    """Printed copies of a version: how many went to whom."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="print_runs")
    holder = models.CharField(max_length=200)
    n_copies = models.PositiveIntegerField()
    printed_on = models.DateField()


class ReturnTask(OwnedRow):
    """Copies that a holder has to return or destroy after a recall."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="return_tasks")
    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, related_name="return_tasks")
    n_accounted = models.PositiveIntegerField(default=0)
    note = models.TextField(blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "run"], name="one_return_task_per_run")
        ]
