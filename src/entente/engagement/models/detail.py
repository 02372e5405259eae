"""Remote details: what is to be shown to one HCP in the browser, and what was on the screen."""

from __future__ import annotations

from django.db import models

from entente.engagement.models.touch import Touch
from entente.foundation.models import OwnedRow


class Detail(OwnedRow):
    """A remote detail from its plan to its record; ``touch`` is the plan, ``record`` the call.

    What took place stands in the record, which never changes; the rows here are how it came
    to be. ``position`` is the item on show, 0 for none.
    """

    class Status(models.TextChoices):
        """Where a remote detail stands."""

        PLANNED = "planned", "Planned"
        REFUSED = "refused", "Must not take place"
        LIVE = "live", "Going on"
        ENDED = "ended", "Ended"
        WITHDRAWN = "withdrawn", "Taken back"

    touch = models.OneToOneField(Touch, on_delete=models.PROTECT, related_name="+")
    record = models.OneToOneField(Touch, null=True, on_delete=models.PROTECT, related_name="+")
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    wall = models.CharField(max_length=10, editable=False)
    presenter_id = models.UUIDField()
    status = models.CharField(max_length=10, choices=Status)
    expires_at = models.DateTimeField()
    position = models.PositiveSmallIntegerField(default=0)
    n_questions = models.PositiveSmallIntegerField(default=0)
    # The hash of what the one browser holds that began it; a forwarded link opens nothing.
    browser_hash = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    refusal = models.ForeignKey(
        "policy.Decision", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["presenter_id", "-id"], name="detail_by_presenter"),
            models.Index(fields=["hcp"], name="detail_by_hcp"),
        ]


class DetailItem(OwnedRow):
    """An item of a remote detail, the gate's last answer about it, and how it was taken."""

    class Reaction(models.TextChoices):
        """What the HCP says of it."""

        USEFUL = "useful", "Useful"
        NOT_USEFUL = "not_useful", "Not useful"
        QUESTION = "question", "Has a question"

    detail = models.ForeignKey(Detail, on_delete=models.PROTECT, related_name="items")
    version = models.ForeignKey("content.Version", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    reaction = models.CharField(max_length=10, choices=Reaction, blank=True)
    decision = models.ForeignKey(
        "policy.Decision", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["detail", "position"], name="one_item_per_place"),
            models.UniqueConstraint(fields=["detail", "version"], name="each_item_once_per_detail"),
        ]


class DetailStay(OwnedRow):
    """A time for which an item was on the HCP's screen, as that browser's signs of life tell."""

    item = models.ForeignKey(DetailItem, on_delete=models.PROTECT, related_name="stays")
    began_at = models.DateTimeField()
    seen_until = models.DateTimeField()
    is_over = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seen_until__gte=models.F("began_at")), name="stay_ends_after"
            )
        ]
