"""Cohort rules: groups of professionals around rare diseases, never anything about a patient."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from entente.directory.models.hco import Hco
from entente.foundation.models import Signature, User
from entente.foundation.models.base import OwnedRow

LEAST_CELL = 11


class CentreOfExcellence(OwnedRow):
    """An organisation known for a field of disease, as the present organisation sees it."""

    hco = models.ForeignKey(Hco, on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=120)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "hco", "area"],
                condition=Q(to_on__isnull=True),
                name="centre_named_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="centre_ends_after_it_begins",
            ),
        ]


class CohortRule(OwnedRow):
    """Which professionals belong to a cohort; used only while signed and not expired."""

    class Status(models.TextChoices):
        """Where a rule stands; expiry is told by its day."""

        DRAFT = "draft", "Draft"
        SIGNED = "signed", "Signed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=500)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    states = ArrayField(models.CharField(max_length=10), default=list)
    specialties = ArrayField(models.CharField(max_length=250), default=list)
    taxonomy_codes = ArrayField(models.CharField(max_length=10), default=list)
    centre_area = models.CharField(max_length=120, blank=True)
    minimum_cell = models.PositiveIntegerField(default=LEAST_CELL)
    expires_on = models.DateField()
    content_hash = models.CharField(max_length=64)
    status = models.CharField(max_length=16, choices=Status, default=Status.DRAFT)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    author_key = models.CharField(max_length=64, blank=True)
    drafted_at = models.DateTimeField()
    signature = models.ForeignKey(Signature, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "name"],
                condition=~Q(status="withdrawn"),
                name="cohort_named_once",
            ),
            models.CheckConstraint(
                condition=Q(minimum_cell__gte=LEAST_CELL), name="cohort_cell_not_too_small"
            ),
            models.CheckConstraint(
                condition=~Q(status="signed") | Q(signature__isnull=False),
                name="cohort_signed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name
