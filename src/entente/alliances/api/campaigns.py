"""Operations on campaigns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from entente.alliances import actions, reads
from entente.alliances.api.shapes import (
    CampaignFull,
    CampaignIn,
    CampaignOut,
    CampaignsAsked,
    ContentIn,
    GateOut,
    MoveIn,
    NoteIn,
    PasswordIn,
    ReplanIn,
    TaskOut,
    now,
    router,
)
from entente.alliances.domain.states import MOVES
from entente.foundation.web.api_shapes import Listing, listing
from entente.foundation.web.doors import operation


@router.get("/campaigns", response=Listing[CampaignOut], summary="Campaigns")
@operation("campaign.read")
def campaigns(request: HttpRequest, asked: Query[CampaignsAsked]) -> Any:
    """Give the campaigns in which one has a side, the latest first."""
    return listing(reads.campaign_rows(status=asked.status, text=asked.q), ("-id",), asked)


@router.post("/campaigns", response={201: CampaignOut}, summary="Draft a campaign")
@operation("campaign.write")
def campaign_drafted(request: HttpRequest, given: CampaignIn) -> Any:
    """Draft a campaign and lay out its back-schedule."""
    plan = given.dict()
    shares = {each["org_id"]: each["share"] for each in plan.pop("shares")}
    version_id = plan.pop("version_id")
    return 201, actions.draft_campaign(
        actions.CampaignPlan(**plan), shares=shares, version_id=version_id, at=now()
    )


@router.get("/campaigns/{campaign_id}", response=CampaignFull, summary="One campaign")
@operation("campaign.read")
def campaign(request: HttpRequest, campaign_id: UUID) -> Any:
    """Give one campaign with its agreements, and what each next state still needs."""
    return _full(campaign_id)


def _full(campaign_id: UUID) -> dict[str, Any]:
    found, at = reads.campaign(campaign_id), now()
    return {
        **{name: getattr(found, name) for name in CampaignOut.model_fields},
        "agreements": reads.campaign_agreements(found),
        "moves": [
            {"status": code, "missing": reads.missing_for(found, code, at=at)}
            for code in MOVES[found.status]
        ],
    }


@router.post("/campaigns/{campaign_id}/agree", response=CampaignFull, summary="Agree to a campaign")
@operation("campaign.agree")
def campaign_agreed(request: HttpRequest, campaign_id: UUID, given: PasswordIn) -> Any:
    """Agree for one's own side; a wrong password is answered with 403."""
    actions.agree_campaign(campaign_id, password=given.password, at=now())
    return _full(campaign_id)


@router.post("/campaigns/{campaign_id}/move", response=CampaignOut, summary="Move a campaign")
@operation("campaign.write")
def campaign_moved(request: HttpRequest, campaign_id: UUID, given: MoveIn) -> Any:
    """Move a campaign to its next state, or say everything that is missing."""
    return actions.move_campaign(campaign_id, given.status, at=now())


@router.post(
    "/campaigns/{campaign_id}/privacy", response={201: GateOut}, summary="Pass the privacy gate"
)
@operation("campaign.privacy")
def campaign_passed(request: HttpRequest, campaign_id: UUID, given: NoteIn) -> Any:
    """Record that privacy staff passed the plan."""
    return 201, actions.pass_privacy_gate(campaign_id, note=given.note, at=now())


@router.post("/campaigns/{campaign_id}/content", response=CampaignOut, summary="Choose the content")
@operation("campaign.write")
def campaign_content(request: HttpRequest, campaign_id: UUID, given: ContentIn) -> Any:
    """Choose the version that the campaign sends."""
    return actions.choose_content(campaign_id, given.version_id, at=now())


@router.post("/campaigns/{campaign_id}/replan", response=CampaignOut, summary="Move the launch")
@operation("campaign.write")
def campaign_replanned(request: HttpRequest, campaign_id: UUID, given: ReplanIn) -> Any:
    """Move the launch; open steps move along, and every side agrees again."""
    return actions.replan_campaign(
        campaign_id, launch_on=given.launch_on, ends_on=given.ends_on, at=now()
    )


@router.get("/campaigns/{campaign_id}/tasks", response=list[TaskOut], summary="Back-schedule")
@operation("campaign.read")
def tasks(request: HttpRequest, campaign_id: UUID) -> Any:
    """Give the steps in the order in which they are due."""
    found = reads.tasks(reads.campaign(campaign_id), today=now().date())
    return [
        {
            **{name: getattr(each.task, name) for name in
               ("id", "title", "org_id", "lane", "offset_days", "due_on", "done_at", "done_by")},
            "owner": each.owner,
            "begin_by": each.begin_by,
            "late": each.late,
            "too_short": each.too_short,
        }
        for each in found
    ]  # fmt: skip


@router.post("/tasks/{task_id}/done", response={204: None}, summary="Tick off a step")
@operation("campaign.read")
def task_done(request: HttpRequest, task_id: UUID) -> Any:
    """Tick off a step of one's own organisation."""
    actions.complete_task(task_id, at=now())
    return 204, None
