"""Co-authors of an item: what part is theirs, and until when it may be used."""

from __future__ import annotations

from django.db import models

from entente.content.models.item import Item
from entente.foundation.models.base import OwnedRow


class CoAuthor(OwnedRow):
    """A person or body that wrote a part of an item and let it be used until a day."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="co_authors")
    name = models.CharField(max_length=200)
    hcp = models.ForeignKey(
        "directory.Hcp", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(max_length=300)
    rights = models.CharField(max_length=500)
    agreement = models.CharField(max_length=200)
    used_until = models.DateField()
    interests = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(blank=True)
    ended_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | ~models.Q(ended_because=""),
                name="ended_rights_say_why",
            )
        ]

    def __str__(self) -> str:
        return self.name
