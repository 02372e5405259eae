"""That a medical question is open: medical staff see what it is, the others that they wait."""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow


class MedicalCase(OwnedRow):
    """An HCP's open medical question, on the medical side of the wall.

    Commercial roles cannot read this table; they see only whether a case is open.
    """

    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    question = models.TextField(max_length=4000)
    wall = models.CharField(max_length=10, default="medical", editable=False)
    opened_at = models.DateTimeField()
    opened_by_id = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=4000, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["hcp"], condition=models.Q(closed_at__isnull=True), name="medical_case_open"
            ),
            models.Index(
                fields=["org", "due_at"],
                condition=models.Q(closed_at__isnull=True),
                name="medical_case_due",
            ),
        ]
