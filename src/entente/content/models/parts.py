"""What hangs on a version beside its words: files to download, and interactive items."""

from __future__ import annotations

from django.db import models

from entente.content.models.item import Item, Version
from entente.foundation.models.base import OwnedRow


class Attachment(OwnedRow):
    """A file of a version, kept whole; ``media_type`` is what its bytes are, not its name."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=200)
    media_type = models.CharField(max_length=32)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="one_attachment_per_name")
        ]


class Tool(OwnedRow):
    """An interactive item of a version: a definition as data, read by ``domain.tools``."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="tools")
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    body = models.JSONField()
    definition_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "title"], name="one_tool_per_title")
        ]
