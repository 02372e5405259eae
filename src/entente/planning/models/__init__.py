"""Tables of the room: audiences and their members."""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow, Row


class Audience(OwnedRow):
    """Whom a campaign is for: a stated rule, and the people it chose at a moment."""

    campaign = models.ForeignKey("alliances.Campaign", on_delete=models.PROTECT, related_name="+")
    rule = models.JSONField()
    sentence = models.CharField(max_length=1000)
    chosen_at = models.DateTimeField()
    n_members = models.PositiveIntegerField()
    members_hash = models.CharField(max_length=64)
    launched_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["campaign", "-chosen_at"], name="audience_by_campaign")]


class AudienceMember(Row):
    """One HCP in an audience."""

    org = models.ForeignKey("foundation.Organisation", on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="members")
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "hcp"], name="one_place_per_hcp_and_audience"
            )
        ]
