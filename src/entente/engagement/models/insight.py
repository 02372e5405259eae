"""What medical staff learn from HCPs, and programmes of advice: the need before the names."""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow


class Insight(OwnedRow):
    """An unmet need, a challenge of practice or a gap in the evidence, and what became of it."""

    class Kind(models.TextChoices):
        """What was learned."""

        UNMET_NEED = "unmet_need", "Unmet need"
        CHALLENGE = "challenge", "Challenge of practice"
        EVIDENCE_GAP = "gap", "Gap in the evidence"

    class Status(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "Open"
        TAKEN = "taken", "Being worked on"
        ANSWERED = "answered", "Answered to the HCP"
        CLOSED = "closed", "Closed without an answer"

    hcp = models.ForeignKey("directory.Hcp", null=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(
        "directory.Product", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    wall = models.CharField(max_length=10, default="medical", editable=False)
    words = models.TextField(max_length=2000)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    captured_at = models.DateTimeField()
    captured_by_id = models.UUIDField(null=True)
    owner_id = models.UUIDField(null=True)
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["org", "-captured_at", "-id"], name="insight_latest"),
            models.Index(fields=["hcp", "-captured_at"], name="insight_by_hcp"),
        ]


class AdvisoryProgramme(OwnedRow):
    """A programme of advice: the need and the criteria stand before anybody is named."""

    title = models.CharField(max_length=200)
    wall = models.CharField(max_length=10, default="medical", editable=False)
    need = models.TextField(max_length=2000)
    criteria = models.TextField(max_length=2000, blank=True)
    n_wanted = models.PositiveSmallIntegerField()
    needed_at = models.DateTimeField()
    needed_by_id = models.UUIDField(null=True)
    criteria_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org", "-needed_at", "-id"], name="advisory_latest")]


class AdvisorySelection(OwnedRow):
    """A person chosen for a programme of advice, and how the criteria fit; never changed."""

    programme = models.ForeignKey(
        AdvisoryProgramme, on_delete=models.PROTECT, related_name="selections"
    )
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=500)
    selected_at = models.DateTimeField()
    selected_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "hcp"], name="one_selection_per_programme_and_person"
            )
        ]
