"""Modules in versions: which stand where."""

from __future__ import annotations

from django.db import models

from entente.content.models.item import Item, Version
from entente.foundation.models.base import OwnedRow


class VersionPart(OwnedRow):
    """A version of a module in its place in a version of an item."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="parts")
    module_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="built_in")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_part_per_position")
        ]
        ordering = ["position"]
