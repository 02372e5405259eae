"""Review panels: who holds which seat, who stands in, what each version needs and why."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.content.domain.lanes import Lane
from entente.content.domain.panels import Function
from entente.content.models.item import Item, Version
from entente.foundation.models.base import OwnedRow

FUNCTIONS = [(each.value, each.value) for each in Function]
LANES = [(each.value, each.value) for each in Lane]


class Seat(OwnedRow):
    """A person who reviews for a company in one function, for some countries or for all."""

    function = models.CharField(max_length=16, choices=FUNCTIONS)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    holder = models.ForeignKey("foundation.User", on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org", "function"], name="seat_by_function")]


class Deputy(OwnedRow):
    """Somebody who stands in for the holder of a seat between two days."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="deputies")
    holder = models.ForeignKey("foundation.User", on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField()
    reason = models.CharField(max_length=300)


class Need(OwnedRow):
    """That a party has to answer for a version in one function and country; never changed."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="needs")
    function = models.CharField(max_length=16, choices=FUNCTIONS)
    country = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "org", "function", "country"], name="asked_once_per_country"
            )
        ]


class Raise(OwnedRow):
    """A reviewer puts a version into a stricter lane; nobody can put it into a laxer one."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="raises")
    lane = models.CharField(max_length=8, choices=LANES)
    panel = ArrayField(models.CharField(max_length=16))
    due_on = models.DateField()
    reason = models.TextField()
    by_name = models.CharField(max_length=200)
    raised_at = models.DateTimeField()


class LaneCell(OwnedRow):
    """A cell of a company's lane matrix: from a lane upwards; blanks mean any."""

    lane = models.CharField(max_length=8, choices=LANES)
    audience = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    claim_type = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, blank=True)
    reason = models.CharField(max_length=300)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)


class Sample(OwnedRow):
    """A version of the fast lane that is reviewed again; a miss closes the lane."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="sample")
    month = models.DateField()
    drawn_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=[("ok", "ok"), ("miss", "miss")], blank=True)
    finding = models.TextField(blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    judged_at = models.DateTimeField(null=True)
    # The fast lane stays closed from a miss until somebody says what was mended.
    reopened_at = models.DateTimeField(null=True)
    mended = models.TextField(blank=True)


class Lead(OwnedRow):
    """One party signs for all: the agreement, the notice to authorities, and who accepted it.

    It belongs to the party that leads; it counts once every other party has accepted.
    """

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="lead")
    agreement = models.CharField(max_length=200)
    notified_on = models.DateField()
    notice = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()


class LeadAcceptance(OwnedRow):
    """That another party accepts who signs for the item; it stays liable all the same."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="acceptances")
    by_name = models.CharField(max_length=200)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead", "org"], name="lead_accepted_once_per_party")
        ]


class Superseded(OwnedRow):
    """That a later version took a version's place in one country, from a moment on."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="superseded_in")
    by_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    market = models.CharField(max_length=2)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "market"], name="superseded_once_per_market")
        ]


class Annotation(OwnedRow):
    """A remark pinned to words of a version, seen by all parties of the item."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="annotations")
    quote = models.CharField(max_length=500)
    occurrence = models.PositiveSmallIntegerField(default=1)
    remark = models.TextField()
    by = models.ForeignKey("foundation.User", null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
