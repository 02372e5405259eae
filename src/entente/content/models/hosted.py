"""Hosted pages: where a version may be read on the web, how often it was, who left a name."""

from __future__ import annotations

from django.db import models

from entente.content.models.item import Item, Version
from entente.foundation.models.base import OwnedRow


class HostedPage(OwnedRow):
    """One version at one address; whether it answers is judged at each request.

    Without a ``slug`` it is reached by signed links only. ``outcome`` repeats the decision's,
    which a partner of a joint item cannot read.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="hosted_pages")
    slug = models.SlugField(max_length=80, null=True)
    sender = models.ForeignKey("directory.LegalEntity", on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=8)
    campaign_id = models.UUIDField(null=True)
    asks_declaration = models.BooleanField()
    takes_registrations = models.BooleanField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    decision = models.ForeignKey("policy.Decision", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8)
    published_at = models.DateTimeField()
    published_by_name = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)
    ended_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                condition=models.Q(ended_at__isnull=True) & ~models.Q(outcome="FORBID"),
                name="one_open_page_per_address",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | ~models.Q(ended_reason=""),
                name="hosted_page_ended_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="hosted_page_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return self.slug or "by link only"


class HostedCount(OwnedRow):
    """How often something happened on a page on a day; of nobody in particular."""

    class What(models.TextChoices):
        """What is counted."""

        VIEW = "view", "Views"
        DOWNLOAD = "download", "Downloads"
        TOOL_USE = "tool_use", "Tool uses"
        DECLARED = "declared", "Declared to be HCPs"
        DECLINED = "declined", "Said that they are not"
        REGISTERED = "registered", "Registrations"
        TIMED = "timed", "Readings with a time"
        SECONDS = "seconds", "Seconds in view"
        ROBOT = "robot", "Programs that followed the address"

    page = models.ForeignKey(HostedPage, on_delete=models.PROTECT, related_name="counts")
    on = models.DateField()
    what = models.CharField(max_length=16, choices=What)
    n = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "on", "what"], name="one_count_per_page_and_day"
            )
        ]


class Registration(OwnedRow):
    """Somebody who asked to be told more; it permits nothing, and the gate knows nothing of it."""

    page = models.ForeignKey(HostedPage, on_delete=models.PROTECT, related_name="registrations")
    # Whom a personal link was made for; null where the page was open to all.
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254)
    words = models.TextField()
    registered_at = models.DateTimeField()
