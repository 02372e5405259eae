"""Specialties by provider taxonomy code, as the user loaded them."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class Taxonomy(OwnedRow):
    """One code of the provider taxonomy."""

    code = models.CharField(max_length=10, unique=True)
    grouping = models.CharField(max_length=200, blank=True)
    classification = models.CharField(max_length=200)
    specialization = models.CharField(max_length=200, blank=True)
    display_name = models.CharField(max_length=250)
    section = models.CharField(max_length=100, blank=True)
    profession = models.CharField(max_length=40)
    row_hash = models.UUIDField()

    def __str__(self) -> str:
        return self.display_name
