"""Which records are one person: links between records, who joined them and why, who might be."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class IdentityLink(OwnedRow):
    """Two records are one person, from a moment and perhaps to one; both records stay.

    What was recorded about either stays where it is, and is read for the person as a whole.
    """

    survivor = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    loser = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["survivor", "from_at"], name="links_of_survivor"),
            models.Index(fields=["loser", "from_at"], name="links_of_loser"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["loser"], condition=models.Q(to_at__isnull=True), name="joined_to_one"
            ),
            models.CheckConstraint(
                condition=~models.Q(survivor=models.F("loser")), name="joined_to_another"
            ),
        ]


class Merge(OwnedRow):
    """Who joined two records, why, what that changed, and how it was undone."""

    class Basis(models.TextChoices):
        """On what it was decided."""

        KEY = "key", "The same key"
        STEWARD = "steward", "A person's look"

    link = models.OneToOneField(IdentityLink, on_delete=models.PROTECT, related_name="merge")
    basis = models.CharField(max_length=8, choices=Basis)
    reason = models.CharField(max_length=500)
    plan = models.JSONField()
    merged_at = models.DateTimeField()
    merged_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undo_reason = models.CharField(max_length=500, blank=True)
    since = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["org", "-merged_at", "-id"], name="merges_newest_first")]


class Suspect(OwnedRow):
    """Two records that may be one person, scored, waiting for a steward or decided."""

    class Status(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "To be looked at"
        JOINED = "joined", "One person"
        APART = "apart", "Two people"

    one = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    score_bp = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    key_agrees = models.BooleanField(default=False)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["org", "status", "-score_bp", "id"], name="suspects_best")]
        constraints = [
            models.UniqueConstraint(fields=["org", "one", "other"], name="suspected_once"),
            models.CheckConstraint(
                condition=~models.Q(one=models.F("other")), name="suspected_with_another"
            ),
        ]


class SuspectSearch(OwnedRow):
    """A search of the directory for pairs: when it was asked for, when done, what it came to."""

    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    n_records = models.BigIntegerField(null=True)
    n_queued = models.BigIntegerField(null=True)
    n_joined = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org", "-asked_at"], name="searches_newest_first")]


class MatchWeights(OwnedRow):
    """Weights of matching people or organisations as learned, numbered; the newest is used."""

    subject = models.CharField(max_length=16, default="people", db_default="people")
    version = models.PositiveIntegerField()
    model = models.JSONField()
    learned_at = models.DateTimeField()
    n_records = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "subject", "version"], name="weights_numbered_of_subject"
            )
        ]
