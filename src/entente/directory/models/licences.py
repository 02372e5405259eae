"""Licences to practise: where, under which number, and what their state was when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from entente.directory.models.hcp import Hcp
from entente.foundation.models.base import OwnedRow


class Licence(OwnedRow):
    """One state of one licence, from a day to its last day.

    A licence that is suspended has two rows: active until the day before, suspended from then
    on. What was true on a day is so read from the rows, and no row is rewritten.
    """

    class Kind(models.TextChoices):
        """What it allows."""

        PRACTISE = "practise", "To practise"
        PRESCRIBE = "prescribe", "To prescribe controlled substances"
        DISPENSE = "dispense", "To dispense"

    class Status(models.TextChoices):
        """What its issuer says of it."""

        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"
        REVOKED = "revoked", "Revoked"
        SURRENDERED = "surrendered", "Surrendered"
        LAPSED = "lapsed", "Lapsed"

    hcp = models.ForeignKey(Hcp, on_delete=models.CASCADE, related_name="licences")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=10, blank=True)
    number = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PRACTISE)
    status = models.CharField(max_length=16, choices=Status)
    from_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=64, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    row_hash = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gte=F("from_on")),
                name="licence_expires_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["hcp", "kind"], name="licences_of_hcp")]
