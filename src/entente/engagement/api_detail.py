"""Operations on remote details: listed, planned, led, ended, taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.engagement.actions import detail_lead, detail_plan
from entente.engagement.actions.detail_plan import DetailPlan
from entente.engagement.domain.call import LONGEST_NOTE, MOST_SHOWN
from entente.engagement.reads import details as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])


class DetailOut(Schema):
    """A remote detail."""

    id: UUID
    hcp_id: UUID
    touch_id: UUID
    record_id: UUID | None
    presenter_id: UUID
    status: str
    position: int
    n_questions: int
    expires_at: datetime
    started_at: datetime | None
    seen_at: datetime | None
    ended_at: datetime | None


class ItemOut(Schema):
    """An item of a remote detail; ``seconds`` on the HCP's screen so far."""

    position: int
    version_id: UUID
    seconds: int
    reaction: str
    decision_id: UUID | None


class DetailFull(DetailOut):
    """A remote detail with its items, and its link for the person who leads it."""

    items: list[ItemOut]
    link: str


class DetailsAsked(Asked):
    """Which remote details."""

    status: Text = ""


class DetailIn(In):
    """A remote detail; ``client_id`` made by the caller, so that a plan is kept once."""

    client_id: UUID = Field(default_factory=uuid4)
    hcp_id: UUID
    controller_id: UUID
    happened_at: datetime
    version_ids: list[UUID] = Field(min_length=1, max_length=MOST_SHOWN)
    campaign_id: UUID | None = None
    product_id: UUID | None = None
    was_requested: bool = False


class ShowIn(In):
    """The item to be on the screen, 0 for none."""

    position: int = Field(ge=0, le=MOST_SHOWN)


class ShowOut(DetailFull):
    """The remote detail, and why the item is not shown, if it is not."""

    not_shown_because: str


class EndIn(In):
    """What the record says beside what was measured."""

    note: str = Field(default="", max_length=LONGEST_NOTE)
    reaction: Text = ""


class BecauseIn(In):
    """Why."""

    reason: Text


def _full(detail_id: UUID) -> dict[str, Any]:
    row = reads.detail(detail_id)
    mine = row.presenter_id == current_scope().actor_id
    link = reads.link_of(row, datetime.now(UTC)) if mine else ""
    return {
        **{name: getattr(row, name) for name in DetailOut.model_fields},
        "items": reads.items_of(detail_id),
        "link": settings.SITE_URL + link if link else "",
    }


@router.get("/remote-details", response=Listing[DetailOut], summary="Remote details")
@operation("touch.read")
def details(request: HttpRequest, asked: Query[DetailsAsked]) -> Any:
    """Give the remote details that one may see, the newest first."""
    return listing(reads.details(status=asked.status), reads.ORDER, asked)


@router.get("/remote-details/{uuid:detail_id}", response=DetailFull, summary="One remote detail")
@operation("touch.read")
def detail(request: HttpRequest, detail_id: UUID) -> Any:
    """Give one remote detail with its items."""
    return _full(detail_id)


@router.post("/remote-details", response={201: DetailFull}, summary="Plan a remote detail")
@operation("touch.write")
def detail_planned(request: HttpRequest, given: DetailIn) -> Any:
    """Plan a remote detail; the gate answers, and a permitted one has a link for the HCP."""
    fields = given.model_dump(exclude={"version_ids", "happened_at"})
    when = given.happened_at
    plan = DetailPlan(
        **fields,
        happened_at=when if when.tzinfo else when.replace(tzinfo=UTC),
        version_ids=tuple(given.version_ids),
    )
    return 201, _full(detail_plan.plan_detail(plan, at=datetime.now(UTC)).id)


@router.post(
    "/remote-details/{uuid:detail_id}/show", response=ShowOut, summary="Put an item on show"
)
@operation("touch.write")
def item_shown(request: HttpRequest, detail_id: UUID, given: ShowIn) -> Any:
    """Put an item on the HCP's screen; the gate is asked anew, and may leave it empty."""
    why = detail_lead.show_item(detail_id, given.position, at=datetime.now(UTC))
    return {**_full(detail_id), "not_shown_because": why}


@router.post("/remote-details/{uuid:detail_id}/end", response=DetailFull, summary="End it")
@operation("touch.write")
def detail_ended(request: HttpRequest, detail_id: UUID, given: EndIn) -> Any:
    """End a remote detail; what was on show becomes the record of the call."""
    detail_lead.end_detail(
        detail_id, note=given.note, reaction=given.reaction, at=datetime.now(UTC)
    )
    return _full(detail_id)


@router.post(
    "/remote-details/{uuid:detail_id}/readmission", response=DetailFull,
    summary="Let another browser in",
)  # fmt: skip
@operation("touch.write")
def readmitted(request: HttpRequest, detail_id: UUID) -> Any:
    """Let the HCP go on in another browser."""
    detail_lead.readmit(detail_id, at=datetime.now(UTC))
    return _full(detail_id)


@router.post(
    "/remote-details/{uuid:detail_id}/withdrawal", response=DetailFull, summary="Take it back"
)
@operation("touch.write")
def detail_withdrawn(request: HttpRequest, detail_id: UUID, given: BecauseIn) -> Any:
    """Take back a remote detail that has not begun; its link opens nothing from then on."""
    detail_plan.withdraw_detail(detail_id, given.reason, at=datetime.now(UTC))
    return _full(detail_id)
