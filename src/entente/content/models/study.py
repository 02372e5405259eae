"""Studies that organisations do together, their parties and milestones."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from entente.content.domain.studies import StudyState
from entente.foundation.models.base import OwnedRow


class Study(OwnedRow):
    """A study whose results support claims; a partner that does it too has a ``StudyParty``."""

    title = models.CharField(max_length=300)
    protocol = models.CharField(max_length=100)
    funders = ArrayField(models.CharField(max_length=200), default=list)
    publication_plan = models.TextField(blank=True)
    status = models.CharField(
        max_length=12,
        choices=[(s.value, s.value) for s in StudyState],
        default=StudyState.PLANNED.value,
    )
    superseded_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    superseded_at = models.DateTimeField(null=True)
    superseded_because = models.TextField(blank=True)
    retracted_at = models.DateTimeField(null=True)
    retracted_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "protocol"], name="study_once_per_protocol_and_org"
            ),
            models.CheckConstraint(
                condition=~Q(status="superseded")
                | Q(superseded_by__isnull=False, superseded_at__isnull=False)
                & ~Q(superseded_because=""),
                name="superseded_study_says_by_what_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(status="retracted")
                | Q(retracted_at__isnull=False) & ~Q(retracted_because=""),
                name="retracted_study_says_why",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("id")),
                name="study_does_not_supersede_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protocol}, {self.title}"


class StudyParty(OwnedRow):
    """A partner (``org``) that does the study too and reads all of it."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="parties")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "org"], name="one_party_per_study_and_org")
        ]


class StudyMilestone(OwnedRow):
    """A step with its day; ``org`` is the party that answers for it."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by_name = models.CharField(max_length=200, blank=True)


class ReferenceCheck(OwnedRow):
    """That a reviewer looked at a reference after its study fell; never changed.

    Either it still carries its claim, or another reference takes its place.
    """

    claim = models.ForeignKey("content.Claim", on_delete=models.PROTECT, related_name="+")
    reference = models.ForeignKey(
        "content.Reference", on_delete=models.PROTECT, related_name="checks"
    )
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in StudyState])
    replaced_by = models.ForeignKey(
        "content.Reference", null=True, on_delete=models.PROTECT, related_name="replaces"
    )
    reason = models.TextField()
    by_name = models.CharField(max_length=200)
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "state"],
                condition=Q(replaced_by__isnull=True),
                name="reference_confirmed_once_per_state",
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(replaced_by__isnull=False),
                name="reference_replaced_once",
            ),
        ]
