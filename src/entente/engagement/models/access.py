"""Access and patient support: programmes, a clinic's case, monthly counts; never a patient."""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow


class SupportProgramme(OwnedRow):
    """A programme or resource for patients, as their clinic finds it."""

    class Kind(models.TextChoices):
        """What it does."""

        REIMBURSEMENT = "reimbursement", "Reimbursement help"
        BRIDGE = "bridge", "Bridge supply"
        COPAY = "copay", "Co-payment help"
        NURSING = "nursing", "Nurse or coordinator"
        EDUCATION = "education", "Education"
        FOUNDATION = "foundation", "Independent foundation"
        OTHER = "other", "Other"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=14, choices=Kind)
    product = models.ForeignKey(
        "directory.Product", null=True, on_delete=models.PROTECT, related_name="+"
    )
    what = models.TextField(max_length=1000)
    for_whom = models.CharField(max_length=300)
    country = models.CharField(max_length=2)
    url = models.URLField(max_length=400, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "name"], name="one_programme_per_name")
        ]


class AccessCase(OwnedRow):
    """What stands between a clinic and a therapy that is prescribed; for access managers only."""

    class Kind(models.TextChoices):
        """What is needed."""

        PRIOR_AUTHORISATION = "prior_auth", "Prior authorisation"
        APPEAL = "appeal", "Appeal"
        COVERAGE = "coverage", "Coverage question"
        BRIDGE = "bridge", "Bridge supply"
        OTHER = "other", "Something else"

    hcp = models.ForeignKey("directory.Hcp", null=True, on_delete=models.PROTECT, related_name="+")
    hco = models.ForeignKey("directory.Hco", null=True, on_delete=models.PROTECT, related_name="+")
    inquiry = models.ForeignKey(
        "engagement.Inquiry", null=True, on_delete=models.PROTECT, related_name="+"
    )
    programme = models.ForeignKey(
        SupportProgramme, null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    request = models.TextField(max_length=4000)
    opened_at = models.DateTimeField()
    opened_by_id = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    assignee_id = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hcp__isnull=False) | models.Q(hco__isnull=False),
                name="access_case_names_a_clinic",
            )
        ]
        indexes = [
            models.Index(
                fields=["org", "due_at"],
                condition=models.Q(closed_at__isnull=True),
                name="access_case_due",
            ),
            models.Index(fields=["hcp"], name="access_case_by_hcp"),
            models.Index(fields=["hco"], name="access_case_by_hco"),
        ]


class AccessStep(OwnedRow):
    """A step of an access case: a note, a hand-off, a template used; never changed."""

    class Kind(models.TextChoices):
        """What was done."""

        OPENED = "opened", "Opened"
        NOTE = "note", "Note"
        ASSIGNED = "assigned", "Given to a colleague"
        BRIDGE = "bridge", "Handed to bridge supply"
        COORDINATOR = "coordinator", "Handed to a coordinator"
        PAYER = "payer", "Waits for the payer"
        TEMPLATE = "template", "Template given"
        CLOSED = "closed", "Closed"

    case = models.ForeignKey(AccessCase, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    note = models.TextField(max_length=2000, blank=True)
    version = models.ForeignKey(
        "content.Version", null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_id = models.UUIDField(null=True)
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "happened_at"], name="access_steps")]


class ProgrammeCount(OwnedRow):
    """How many were enrolled in a programme, by region and month; small numbers are not kept."""

    programme = models.ForeignKey(SupportProgramme, on_delete=models.PROTECT, related_name="counts")
    region = models.CharField(max_length=40)
    month = models.DateField()
    # Empty where fewer than eleven were enrolled: what is not kept cannot leak.
    n_enrolled = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "region", "month"], name="one_count_per_region_and_month"
            ),
            models.CheckConstraint(
                condition=models.Q(n_enrolled__isnull=True) | models.Q(n_enrolled__gte=11),
                name="no_small_count_is_kept",
            ),
        ]
