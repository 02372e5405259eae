"""The words with which people are asked, what they are about, and what countries demand of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.foundation.models.base import OwnedRow


class Wording(OwnedRow):
    """One version of a consent text for a country, a language and a controller.

    It says what it showed: which companies, channels, purposes and topics. A permission given
    with it covers no more than that. Frozen once it is active.
    """

    class Status(models.TextChoices):
        """Where a wording stands."""

        STAGED = "staged", "Staged"
        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"

    version = models.CharField(max_length=64)
    # Empty only in wordings of an organisation that had no legal entity yet.
    controller = models.ForeignKey(
        "directory.LegalEntity", null=True, on_delete=models.PROTECT, related_name="+"
    )
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=16)
    text = models.TextField()
    # What was shown. An empty list of an older wording means that it was not noted.
    controllers = ArrayField(models.UUIDField(), default=list)
    channels = ArrayField(models.CharField(max_length=16), default=list)
    purposes = ArrayField(models.CharField(max_length=16), default=list)
    # Products and named topics; an empty list means that the words named none in particular.
    topics = ArrayField(models.UUIDField(), default=list)
    status = models.CharField(max_length=8, choices=Status, default=Status.STAGED)
    activated_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    # Who wrote and who activated, as a person and not as an account.
    writer_key = models.CharField(max_length=64, blank=True)
    activator_key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "version"], name="wording_version_once"),
            models.UniqueConstraint(
                fields=["org", "controller", "country", "language"],
                condition=models.Q(status="active"),
                nulls_distinct=False,
                name="one_active_wording_of_controller",
            ),
        ]

    def __str__(self) -> str:
        return self.version


class Topic(OwnedRow):
    """A named subject that people choose or refuse, such as a disease area."""

    name = models.CharField(max_length=120)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "name"], name="topic_named_once")]

    def __str__(self) -> str:
        return self.name


class CountryRule(OwnedRow):
    """What an organisation asks of permissions on one channel in one country; newest holds."""

    country = models.CharField(max_length=2)
    channel = models.CharField(max_length=16)
    keeps_months = models.PositiveSmallIntegerField(null=True)
    needs_own_wording = models.BooleanField(default=True)
    needs_confirmation = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["org", "country", "channel", "-set_at"], name="rules_of_country")
        ]
