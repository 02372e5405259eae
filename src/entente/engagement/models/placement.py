"""Publications on digital channels: what is placed where, what the gate said, what came of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.engagement.domain.media_results import MEASURES
from entente.engagement.domain.placements import AUDIENCES, CHANNELS
from entente.foundation.models import OwnedRow


class Placement(OwnedRow):
    """An approved version on a channel, for a time; ``org`` is the side whose account it is.

    Whether its content may still be seen is judged at each look: a recall or a last day ends
    that at once, and the placement then waits for the confirmation that it was taken down.
    """

    class Status(models.TextChoices):
        """Where a placement stands."""

        PLANNED = "planned", "Planned"
        CLEARED = "cleared", "Cleared"
        LIVE = "live", "Live"
        ENDED = "ended", "Ended"
        WITHDRAWN = "withdrawn", "Withdrawn"

    reference = models.CharField(max_length=16)
    version = models.ForeignKey("content.Version", on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey(
        "directory.LegalEntity", on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=12, choices=[(c, k.words) for c, k in CHANNELS.items()])
    markets = ArrayField(models.CharField(max_length=2))
    audience = models.CharField(max_length=12, choices=list(AUDIENCES.items()))
    outlet = models.CharField(max_length=200)
    target_url = models.CharField(max_length=500, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    campaign = models.ForeignKey(
        "alliances.Campaign", null=True, on_delete=models.PROTECT, related_name="+"
    )
    budget_line = models.ForeignKey(
        "alliances.BudgetLine", null=True, on_delete=models.PROTECT, related_name="+"
    )
    media_line = models.CharField(max_length=120, blank=True)
    planned_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    shows_spend = models.BooleanField(default=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.PLANNED)
    planned_at = models.DateTimeField()
    planned_by_name = models.CharField(max_length=200)
    cleared_at = models.DateTimeField(null=True)
    live_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=500, blank=True)
    closed_by_name = models.CharField(max_length=200, blank=True)
    # Set where its content fell while it was live: somebody confirmed that it is gone.
    taken_down_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_placement_per_reference"),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="placement_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=models.Q(planned_minor__gte=0), name="placement_plan_not_negative"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["live", "ended"]) | models.Q(live_at__isnull=False),
                name="placement_live_since",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-planned_at", "-id"], name="placement_latest"),
            models.Index(fields=["version", "status"], name="placement_by_version"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.outlet}"


class PlacementSide(OwnedRow):
    """A party (``org``) that sees the placement and what came of it."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="sides")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "org"], name="one_side_per_placement_and_org"
            )
        ]


class PlacementAnswer(OwnedRow):
    """What the gate said of a placement in one market; ``outcome`` repeats the decision's.

    A party that cannot read the decision reads the outcome here.
    """

    class Stage(models.TextChoices):
        """When it was asked."""

        CLEARING = "clearing", "Clearing"
        GOING_LIVE = "going_live", "Going live"

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="answers")
    market = models.CharField(max_length=2)
    stage = models.CharField(max_length=12, choices=Stage)
    decision = models.ForeignKey("policy.Decision", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8)
    sentence = models.TextField(blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["placement", "-asked_at"], name="answers_of_placement")]


class PlacementFigure(OwnedRow):
    """One figure of a placement on one day; a corrected one keeps its place, with an end."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="figures")
    on = models.DateField()
    what = models.CharField(
        max_length=12,
        choices=[*((code, words) for code, (words, _) in MEASURES.items()), ("spend", "Spend")],
    )
    amount = models.BigIntegerField()
    source = models.CharField(max_length=200)
    told_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "on", "what"],
                condition=models.Q(replaced_at__isnull=True),
                name="one_figure_per_placement_and_day",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="placement_figure_not_negative"
            ),
        ]


class MessageList(OwnedRow):
    """Whom a message goes to, as one list that is handed to the service which sends it."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="lists")
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    handed_out_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["placement", "-made_at"], name="lists_of_placement")]
