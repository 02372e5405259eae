"""Charters: what two or more organisations agreed to before they do anything together."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.foundation.models.agreement import Side
from entente.foundation.models.base import OwnedRow


class Charter(OwnedRow):
    """The frame of a partnership: purpose, measures, shared fields, caps, way out, dates.

    ``emails_30d`` caps the promotional e-mails per person and 30 days over all parties.
    """

    name = models.CharField(max_length=200)
    purpose = models.TextField()
    measures = models.TextField(blank=True)
    way_out = models.TextField(blank=True)
    shared_fields = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    emails_30d = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    to_on = models.DateField()
    terms_hash = models.CharField(max_length=64)
    ended_on = models.DateField(null=True)
    ended_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_on__gte=models.F("from_on")),
                name="charter_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CharterSide(Side):
    """A party of a charter, the host among them."""

    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="sides")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charter", "org"], name="one_side_per_charter_and_org")
        ]
