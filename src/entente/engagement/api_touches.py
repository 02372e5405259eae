"""Operations on calls: listed, one with its items, planned, logged, amended, cancelled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.engagement.actions import (
    Call,
    ItemShown,
    amend_touch,
    cancel_touch,
    log_touch,
    plan_touch,
    take_over_touch,
)
from entente.engagement.domain.call import LONGEST_NOTE, MOST_SHOWN
from entente.engagement.reads import touches as reads
from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])


class CallOut(Schema):
    """A record of a call."""

    id: UUID
    root_id: UUID
    number: int
    client_id: UUID
    hcp_id: UUID
    controller_id: UUID
    product_id: UUID | None
    campaign_id: UUID | None
    kind: str
    purpose: str
    status: str
    standing: str
    happened_at: datetime
    minutes: int | None
    was_requested: bool
    reaction: str
    note: str
    reason: str
    decision_id: UUID
    superseded_at: datetime | None


class ShownOut(Schema):
    """An item that was shown."""

    version_id: UUID
    seconds: int | None
    reaction: str
    decision_id: UUID


class CallFull(CallOut):
    """A record with the items shown."""

    shown: list[ShownOut]


class CallsAsked(Asked):
    """Which calls."""

    status: Text = ""
    kind: Text = ""
    standing: Text = ""
    hcp_id: UUID | None = None


class ShownIn(In):
    """An item that was shown."""

    version_id: UUID
    seconds: int | None = None
    reaction: Text = ""


class CallIn(In):
    """A call; ``client_id`` made by the caller, so that the same record is kept once."""

    client_id: UUID = Field(default_factory=uuid4)
    hcp_id: UUID
    controller_id: UUID
    kind: Text
    happened_at: datetime
    product_id: UUID | None = None
    campaign_id: UUID | None = None
    shown: list[ShownIn] = Field(default=[], max_length=MOST_SHOWN)
    minutes: int | None = None
    was_requested: bool = False
    reaction: Text = ""
    note: str = Field(default="", max_length=LONGEST_NOTE)

    def call(self) -> Call:
        """Give it as the actions take it."""
        given = self.model_dump(include=set(Call.__annotations__) - {"shown", "happened_at"})
        when = self.happened_at
        return Call(
            **given,
            happened_at=when if when.tzinfo else when.replace(tzinfo=UTC),
            shown=tuple(ItemShown(s.version_id, s.seconds, s.reaction) for s in self.shown),
        )


class LoggedIn(CallIn):
    """A call that took place, and the plan that it was."""

    planned_id: UUID | None = None


class AmendedIn(CallIn):
    """A corrected record, and why."""

    reason: Text


class ReasonIn(In):
    """Why."""

    reason: Text


def _full(touch_id: UUID) -> dict[str, Any]:
    row = reads.touch(touch_id)
    fields = {name: getattr(row, name) for name in CallOut.model_fields}
    return {**fields, "shown": reads.shown_in(touch_id)}


@router.get("/calls", response=Listing[CallOut], summary="Calls with HCPs")
@operation("touch.read")
def calls(request: HttpRequest, asked: Query[CallsAsked]) -> Any:
    """Give the newest record of each call that one may see, the latest first."""
    found = reads.touches(
        status=asked.status, kind=asked.kind, standing=asked.standing, hcp_id=asked.hcp_id
    )
    return listing(found, reads.ORDER, asked)


@router.get("/calls/{uuid:touch_id}", response=CallFull, summary="One record of a call")
@operation("touch.read")
def call(request: HttpRequest, touch_id: UUID) -> Any:
    """Give one record with the items shown."""
    return _full(touch_id)


@router.post("/calls", response={201: CallFull}, summary="Log a call")
@operation("touch.write")
def call_logged(request: HttpRequest, given: LoggedIn) -> Any:
    """Log a call that took place; sent twice with the same ``client_id`` it is kept once."""
    made = log_touch(given.call(), at=datetime.now(UTC), planned_id=given.planned_id)
    return 201, _full(made.id)


@router.post("/calls/plans", response={201: CallFull}, summary="Plan a call")
@operation("touch.write")
def call_planned(request: HttpRequest, given: CallIn) -> Any:
    """Plan a call; the gate answers for its day."""
    return 201, _full(plan_touch(given.call(), at=datetime.now(UTC)).id)


@router.post("/calls/{uuid:touch_id}/amendment", response={201: CallFull}, summary="Amend a call")
@operation("touch.write")
def call_amended(request: HttpRequest, touch_id: UUID, given: AmendedIn) -> Any:
    """Put a corrected record beside one that was sent in."""
    made = amend_touch(touch_id, given.call(), given.reason, at=datetime.now(UTC))
    return 201, _full(made.id)


@router.post("/calls/{uuid:touch_id}/cancellation", response=CallFull, summary="Cancel a plan")
@operation("touch.write")
def call_cancelled(request: HttpRequest, touch_id: UUID, given: ReasonIn) -> Any:
    """Cancel a plan; its place in the caps is free again."""
    return _full(cancel_touch(touch_id, given.reason, at=datetime.now(UTC)).id)


@router.post(
    "/calls/{uuid:touch_id}/take-over", response={201: CallFull}, summary="Take over a plan"
)
@operation("touch.write")
def call_taken_over(request: HttpRequest, touch_id: UUID, given: ReasonIn) -> Any:
    """Take over a colleague's plan; the gate is asked anew for whoever goes."""
    return 201, _full(take_over_touch(touch_id, given.reason, at=datetime.now(UTC)).id)
