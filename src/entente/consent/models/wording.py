"""The words with which people are asked."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class Wording(OwnedRow):
    """One version of a consent text for a country and a language; frozen once it is active."""

    class Status(models.TextChoices):
        """Where a wording stands."""

        STAGED = "staged", "Staged"
        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"

    version = models.CharField(max_length=64)
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=16)
    text = models.TextField()
    status = models.CharField(max_length=8, choices=Status, default=Status.STAGED)
    activated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "version"], name="wording_version_once"),
            models.UniqueConstraint(
                fields=["org", "country", "language"],
                condition=models.Q(status="active"),
                name="one_active_wording",
            ),
        ]

    def __str__(self) -> str:
        return self.version
