"""What the room puts into the shell."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from entente.foundation.web import shelf
from entente.planning.reads import audience_of


def _audience_panel(request: HttpRequest, campaign: Any) -> dict[str, Any]:
    return {"campaign": campaign, "audience": audience_of(campaign.id)}


shelf.add_panel(
    shelf.Panel(
        10, "alliances.campaign", "audience.choose", "planning/audience_panel.html", _audience_panel
    )
)
