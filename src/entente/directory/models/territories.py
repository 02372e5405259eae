"""Territories: what belongs to them from when, who looks after them, who is in them on a day."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from entente.directory.models.hco import Hco
from entente.directory.models.hcp import Hcp
from entente.foundation.models import User
from entente.foundation.models.base import OwnedRow


def _ends_after(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name=name
    )


class Territory(OwnedRow):
    """A part of one field force's ground; a person is in at most one territory of a force."""

    class Kind(models.TextChoices):
        """What a territory is made of."""

        GEOGRAPHIC = "geographic", "Geographic"
        ACCOUNTS = "accounts", "Named accounts"

    name = models.CharField(max_length=120)
    force = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=Kind)
    note = models.CharField(max_length=300, blank=True)
    takes_uncovered = models.BooleanField(default=False)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "force", "name"], name="territory_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class TerritoryVersion(OwnedRow):
    """The rule of a territory from a day on: its ground, and which specialties count there."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    country = models.CharField(max_length=2)
    states = ArrayField(models.CharField(max_length=10), default=list)
    zip_prefixes = ArrayField(models.CharField(max_length=10), default=list)
    specialties = ArrayField(models.CharField(max_length=250), default=list)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "number"], name="version_numbered_once"),
            models.UniqueConstraint(
                fields=["territory"], condition=Q(to_on__isnull=True), name="one_rule_at_a_time"
            ),
            _ends_after("territory_rule_ends_after_it_begins"),
        ]


class TerritoryException(OwnedRow):
    """A person or account put into a territory by hand, or a person taken out of it."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="exceptions")
    hcp = models.ForeignKey(Hcp, null=True, on_delete=models.PROTECT, related_name="+")
    hco = models.ForeignKey(Hco, null=True, on_delete=models.PROTECT, related_name="+")
    is_added = models.BooleanField()
    reason = models.CharField(max_length=300)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hcp__isnull=False, hco__isnull=True)
                | Q(hcp__isnull=True, hco__isnull=False, is_added=True),
                name="exception_of_one_thing",
            ),
            _ends_after("exception_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["territory", "hcp"],
                condition=Q(to_on__isnull=True, hcp__isnull=False),
                name="one_exception_of_a_person",
            ),
            models.UniqueConstraint(
                fields=["territory", "hco"],
                condition=Q(to_on__isnull=True, hco__isnull=False),
                name="one_exception_of_an_account",
            ),
        ]


class TerritoryAssignment(OwnedRow):
    """A representative looks after a territory, from a day and perhaps to one."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="assignments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "user"],
                condition=Q(to_on__isnull=True),
                name="assigned_once_at_a_time",
            ),
            _ends_after("assignment_ends_after_it_begins"),
        ]


class TerritoryMember(OwnedRow):
    """A person is in a territory from a day and perhaps to one; written by alignments."""

    class Basis(models.TextChoices):
        """Why somebody is in a territory."""

        RULE = "rule", "By the rule"
        ACCOUNT = "account", "Works at a named account"
        EXCEPTION = "exception", "By an exception"

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    hcp = models.ForeignKey(Hcp, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=16, choices=Basis)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "hcp"],
                condition=Q(to_on__isnull=True),
                name="member_once_at_a_time",
            ),
            _ends_after("member_ends_after_it_begins"),
        ]
        indexes = [
            models.Index(fields=["hcp", "from_on"], name="territories_of_hcp"),
            models.Index(fields=["territory", "from_on"], name="members_of_territory"),
        ]


class Alignment(OwnedRow):
    """One computation of who is in which territory as of a day, and what came of it."""

    as_of = models.DateField()
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    n_begun = models.BigIntegerField(default=0)
    n_ended = models.BigIntegerField(default=0)
    n_members = models.BigIntegerField(default=0)
    by_state = models.JSONField(default=dict)
    by_territory = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["org", "-asked_at"], name="alignments_newest_first")]


class TerritoryChallenge(OwnedRow):
    """A representative asks that a person be put into a territory or taken out of it."""

    class Status(models.TextChoices):
        """Where a challenge stands."""

        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Wanted(models.TextChoices):
        """What is asked for."""

        ADD = "add", "Put into the territory"
        REMOVE = "remove", "Take out of the territory"

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="challenges")
    hcp = models.ForeignKey(Hcp, on_delete=models.PROTECT, related_name="+")
    wanted = models.CharField(max_length=8, choices=Wanted)
    reason = models.CharField(max_length=500)
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "hcp"],
                condition=Q(status="open"),
                name="one_open_challenge_of_a_person",
            )
        ]
        indexes = [models.Index(fields=["org", "status", "raised_at"], name="challenges_by_status")]


class CoverAgreement(OwnedRow):
    """One side of an agreement to compare field forces by counts; it takes both sides'."""

    partner = models.ForeignKey(
        "foundation.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "partner"],
                condition=Q(to_on__isnull=True),
                name="one_cover_agreement_at_a_time",
            ),
            _ends_after("cover_agreement_ends_after_it_begins"),
        ]
