"""What the room puts into the shell."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from entente.foundation.web import shelf
from entente.measurement import reads


def _of_campaign(request: HttpRequest, campaign: Any) -> dict[str, Any] | None:
    from entente.measurement.pages import context_of

    return {**context_of(reads.result(campaign.id)), "campaign": campaign}


shelf.add_panel(
    shelf.Panel(
        70, "alliances.campaign", "result.read", "measurement/panel_campaign.html", _of_campaign
    )
)
