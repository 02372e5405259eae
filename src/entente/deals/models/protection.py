"""The protection of a deal: a window of time that no other may overlap."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from entente.deals.models.deal import Deal
from entente.foundation.models import OwnedRow


class Protection(OwnedRow):
    """From one instant until another, one account, solution and site belong to one deal.

    An exclusion constraint over ``[starts_at, ends_at)`` (migration 0002) makes a second
    one impossible while this is not released; ``org`` is the party whose acceptance was
    the last.
    """

    deal = models.OneToOneField(Deal, on_delete=models.PROTECT, related_name="protection")
    account_key = models.CharField(max_length=320)
    solution = models.ForeignKey("directory.Product", on_delete=models.PROTECT, related_name="+")
    site_key = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="protection_ends_after_it_starts"
            )
        ]
        indexes = [models.Index(fields=["ends_at"], name="protection_by_end")]
