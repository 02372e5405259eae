"""A deal between the vendor and one partner, the side of each, and who buys."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.deals.domain.criteria import KINDS
from entente.deals.domain.states import WORDS, Status
from entente.foundation.models import OwnedRow


class Deal(OwnedRow):
    """One opportunity: account, solution, site; ``org`` is the party that registered it.

    What was registered never changes; only the status does. ``account_key`` is the family
    under which the account is protected.
    """

    account = models.ForeignKey("directory.Hco", on_delete=models.PROTECT, related_name="+")
    account_key = models.CharField(max_length=320)
    solution = models.ForeignKey("directory.Product", on_delete=models.PROTECT, related_name="+")
    site = models.CharField(max_length=120, blank=True)
    site_key = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=list(KINDS.items()))
    confirmed = ArrayField(models.CharField(max_length=24), default=list)
    is_qualified = models.BooleanField()
    value_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    registered_at = models.DateTimeField()
    registered_by_id = models.UUIDField(null=True)
    status = models.CharField(
        max_length=20,
        choices=[(state.value, WORDS[state.value][0]) for state in Status],
        default=Status.SUBMITTED.value,
    )
    status_since = models.DateTimeField()
    closed_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value_minor__gt=0), name="deal_value_is_positive"
            )
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="deal_latest"),
            models.Index(fields=["account"], name="deal_by_account"),
            models.Index(fields=["account_key", "solution"], name="deal_by_opportunity"),
        ]

    @property
    def words(self) -> tuple[str, str]:
        """The status in words and its tone."""
        return WORDS[self.status]


class DealSide(OwnedRow):
    """One party of a deal (``org``): whether it has accepted, and what its gate said.

    ``decision_id`` names a decision that only this party can open.
    """

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="sides")
    name = models.CharField(max_length=200)
    is_vendor = models.BooleanField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by_id = models.UUIDField(null=True)
    decision_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "org"], name="one_side_per_deal_and_org"),
            models.UniqueConstraint(fields=["deal", "is_vendor"], name="one_vendor_one_partner"),
        ]


class DealBuyer(OwnedRow):
    """Who buys: a person's name, known only to the party that registered the deal."""

    deal = models.OneToOneField(Deal, on_delete=models.PROTECT, related_name="buyer")
    name = models.CharField(max_length=200)
