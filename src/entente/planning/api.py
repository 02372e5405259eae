"""Audiences over the API."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from entente.foundation.web.doors import operation
from entente.planning.actions import choose_audience, launch_audience
from entente.planning.models import Audience
from entente.planning.reads import audience_of

router = Router(tags=["planning"])


class RuleIn(Schema):
    """Whom a campaign is for; an empty list leaves a field open."""

    model_config = ConfigDict(extra="forbid")
    countries: list[str] = []
    states: list[str] = []
    professions: list[str] = []
    specialties: list[str] = []


class AudienceOut(Schema):
    """An audience: the rule and how many it chose."""

    id: UUID
    campaign_id: UUID
    sentence: str
    n_members: int
    chosen_at: datetime
    launched_at: datetime | None
    finished_at: datetime | None


@router.get(
    "/campaigns/{campaign_id}/audience", response=AudienceOut, summary="The latest audience"
)
@operation("audience.choose")
def read_audience(request: HttpRequest, campaign_id: UUID) -> Audience:
    """Give the latest audience of a campaign."""
    found = audience_of(campaign_id)
    if found is None:
        raise Http404
    return found


@router.post(
    "/campaigns/{campaign_id}/audience", response={201: AudienceOut}, summary="Choose an audience"
)
@operation("audience.choose")
def choose(request: HttpRequest, campaign_id: UUID, rule: RuleIn) -> tuple[int, Audience]:
    """Choose whom a campaign is for."""
    return 201, choose_audience(campaign_id, rule.model_dump(), at=datetime.now(UTC))


@router.post("/audiences/{audience_id}/launch", response=AudienceOut, summary="Send to an audience")
@operation("send.request")
def launch(request: HttpRequest, audience_id: UUID) -> Audience:
    """Send a campaign to its audience."""
    return launch_audience(audience_id, at=datetime.now(UTC))
