"""Change requests: what somebody asks to have changed, line by line, and what proves it."""

from __future__ import annotations

from django.db import models

from entente.directory.domain.change_requests import LARGEST_FILE, STATUSES, VERDICTS
from entente.foundation.models.base import OwnedRow


class ChangeRequest(OwnedRow):
    """Somebody asks that fields of a record be changed; a steward decides line by line."""

    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=list(STATUSES.items()), default="draft")
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey("foundation.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["org", "-asked_at", "-id"], name="changes_newest_first"),
            models.Index(fields=["hcp", "status"], name="changes_of_hcp"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=list(STATUSES)), name="change_status_known"
            )
        ]


class ChangeLine(OwnedRow):
    """One field: what the record said when it was asked, what is asked, and the verdict."""

    request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="lines")
    field = models.CharField(max_length=32)
    old_value = models.CharField(max_length=300, blank=True)
    new_value = models.CharField(max_length=300)
    verdict = models.CharField(max_length=8, choices=list(VERDICTS.items()), default="open")
    answer = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(
        "foundation.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "field"], name="asked_once_per_field"),
            models.CheckConstraint(
                condition=~models.Q(verdict="rejected") | ~models.Q(answer=""),
                name="rejected_with_a_reason",
            ),
        ]


class ChangeEvidence(OwnedRow):
    """A file that proves a change, kept whole; its type is told from its content."""

    request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=32)
    n_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "sha256"], name="evidence_once"),
            models.CheckConstraint(
                condition=models.Q(n_bytes__lte=LARGEST_FILE), name="evidence_not_too_large"
            ),
        ]

    @property
    def kind_words(self) -> str:
        """The kind of file, as people call it."""
        return self.content_type.rpartition("/")[2].upper()
