"""Joint campaigns: the header that the host owns, the sides, the plan, the privacy gate."""

from __future__ import annotations

from django.db import models

from entente.alliances.domain.states import CampaignStatus
from entente.alliances.models.charter import Charter
from entente.foundation.models.agreement import Side
from entente.foundation.models.base import OwnedRow


class Campaign(OwnedRow):
    """What is done, for whom, under which charter, with which content, until when.

    ``ceiling_minor`` in ``currency`` is the most that all budget lines may reach.
    """

    class Kind(models.TextChoices):
        """The four kinds of the programme."""

        LAUNCH = "launch", "Product launch"
        THOUGHT_LEADERSHIP = "thought", "Thought leadership"
        DEMAND = "demand", "Demand generation"
        BRAND = "brand", "Brand building"

    class Purpose(models.TextChoices):
        """What the recipients are approached for; consent is asked for the same."""

        PROMOTION = "promotion", "Promotion"
        EDUCATION = "education", "Education"
        MEDICAL = "medical", "Medical"
        EVENT = "event", "Event"

    charter = models.ForeignKey(
        Charter, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns"
    )
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=16, choices=Purpose)
    kind = models.CharField(max_length=16, choices=Kind)
    product = models.ForeignKey(
        "directory.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.ForeignKey(
        "content.Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    controller = models.ForeignKey(
        "directory.LegalEntity", on_delete=models.PROTECT, related_name="+"
    )
    country = models.CharField(max_length=2)
    launch_on = models.DateField()
    ends_on = models.DateField()
    currency = models.CharField(max_length=3)
    ceiling_minor = models.BigIntegerField()
    status = models.CharField(
        max_length=12,
        choices=[(s.value, s.value) for s in CampaignStatus],
        default=CampaignStatus.IDEA.value,
    )
    status_since = models.DateTimeField()
    terms_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("launch_on")),
                name="campaign_ends_after_its_launch",
            ),
            models.CheckConstraint(
                condition=models.Q(ceiling_minor__gte=0), name="campaign_ceiling_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["status", "launch_on"], name="campaign_by_status")]

    def __str__(self) -> str:
        return self.name


class CampaignSide(Side):
    """A party of a campaign, the host among them; ``share`` is its part as stated (0 to 1)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="sides")
    share = models.DecimalField(max_digits=7, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "org"], name="one_side_per_campaign_and_org"
            ),
            models.CheckConstraint(
                condition=models.Q(share__gte=0, share__lte=1), name="side_share_from_0_to_1"
            ),
        ]


class Task(OwnedRow):
    """A step of the back-schedule; ``org`` is who does it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=200)
    lane = models.CharField(max_length=8)
    offset_days = models.IntegerField()
    lead_workdays = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["org", "due_on"], condition=models.Q(done_at__isnull=True), name="task_open"
            )
        ]


class PrivacyGate(OwnedRow):
    """A privacy officer passed the plan, on a day, with a note; never changed."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="privacy_gates")
    passed_by = models.CharField(max_length=200)
    passed_at = models.DateTimeField()
    note = models.TextField()
    terms_hash = models.CharField(max_length=64)
