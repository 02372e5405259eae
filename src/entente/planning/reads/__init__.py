"""What the room tells about audiences."""

from __future__ import annotations

from uuid import UUID

from entente.planning.models import Audience


def audience_of(campaign_id: UUID) -> Audience | None:
    """Give the latest audience of a campaign, if one was chosen."""
    return Audience.objects.filter(campaign_id=campaign_id).order_by("-chosen_at").first()
