"""Which health-care organisation belongs to which, from a day and perhaps to one."""

from __future__ import annotations

from django.db import models

from entente.directory.models.hco import Hco
from entente.foundation.models.base import OwnedRow


class HcoLink(OwnedRow):
    """One organisation stands under another: owned, managed, or a member of it.

    In force from ``from_on`` until the day before ``to_on``. A link that ended on the day it
    began was entered in error and was never in force. An acquisition ends one link and
    begins another; what was true before stays as it was.
    """

    class Kind(models.TextChoices):
        """How one organisation stands under another."""

        OWNED_BY = "owned_by", "Owned by"
        MANAGED_BY = "managed_by", "Managed by"
        MEMBER_OF = "member_of", "Member of"

    child = models.ForeignKey(Hco, on_delete=models.PROTECT, related_name="links_up")
    parent = models.ForeignKey(Hco, on_delete=models.PROTECT, related_name="links_down")
    kind = models.CharField(max_length=16, choices=Kind)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=32, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="hco_link_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(child=models.F("parent")), name="hco_link_between_two"
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "from_on"], name="hco_links_down"),
            models.Index(fields=["child", "from_on"], name="hco_links_up"),
        ]
