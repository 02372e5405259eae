"""What an organisation says of a source: trust, licence, and how bad it may be."""

from __future__ import annotations

from django.db import models

from entente.directory.domain.sources import ALLOWS, BAR_BP, FULL_BP
from entente.foundation.models.base import OwnedRow


class SourceTerms(OwnedRow):
    """What an organisation says of one source; without a row ``domain.sources.KNOWN`` holds."""

    key = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    trust = models.PositiveSmallIntegerField()
    field_trust = models.JSONField(default=dict)
    licence = models.CharField(max_length=300)
    allows = models.CharField(max_length=8, choices=list(ALLOWS.items()))
    field_allows = models.JSONField(default=dict)
    bar_bp = models.PositiveIntegerField(default=BAR_BP)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "key"], name="terms_once_per_source"),
            models.CheckConstraint(condition=models.Q(trust__lte=100), name="trust_to_100"),
            models.CheckConstraint(condition=models.Q(bar_bp__lte=FULL_BP), name="bar_to_whole"),
        ]
