"""Operations on publications on digital channels: planned, cleared, live, ended, reported on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.engagement.actions import message_lists as lists
from entente.engagement.actions import placements as acts
from entente.engagement.actions.import_results import Taken, record_results
from entente.engagement.actions.message_outcomes import Reported, record_outcomes
from entente.engagement.adapters.placement_sheet import sheet_of
from entente.engagement.domain.media_results import MEASURES, ResultRow, Totals
from entente.engagement.domain.message_outcomes import REMEDY, outcome_of
from entente.engagement.domain.placements import PlacementPlan
from entente.engagement.reads import placements as reads
from entente.foundation import ledger
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Minor, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])
MOST_ROWS = 5_000


class PlacementOut(Schema):
    """A publication on a digital channel."""

    id: UUID
    reference: str
    version_id: UUID
    channel: str
    markets: list[str]
    audience: str
    outlet: str
    target_url: str
    from_on: date
    to_on: date | None
    campaign_id: UUID | None
    media_line: str
    status: str
    live_at: datetime | None


class TotalsOut(Schema):
    """What came of it; money in minor units, rates in hundredths of a percent, null if unknown."""

    currency: str
    planned_minor: int
    spend_minor: int | None
    counts: dict[str, int]
    click_rate_bp: int | None
    click_minor: int | None
    thousand_minor: int | None


class AnswerOut(Schema):
    """What the gate said in one market."""

    market: str
    stage: str
    outcome: str
    sentence: str
    asked_at: datetime


class PlacementFull(PlacementOut):
    """A publication with why its content fell, the gate's answers and what came of it."""

    fallen_because: str
    answers: list[AnswerOut]
    totals: TotalsOut


class PlacementsAsked(Asked):
    """Which publications."""

    status: Text = ""
    channel: Text = ""
    campaign_id: UUID | None = None


class PlacementIn(In):
    """A publication as it is planned; planned spend in minor units."""

    version_id: UUID
    controller_id: UUID
    channel: Text
    markets: list[Text] = Field(min_length=1, max_length=60)
    audience: Text
    outlet: Text
    from_on: date
    to_on: date | None = None
    target_url: LongText = ""
    campaign_id: UUID | None = None
    budget_line_id: UUID | None = None
    media_line: Text = ""
    planned_minor: Minor = 0
    currency: Text = "EUR"
    shows_spend: bool = True

    def plan(self) -> PlacementPlan:
        """Give it as the actions take it."""
        return PlacementPlan(**self.model_dump() | {"markets": tuple(self.markets)})


class BecauseIn(In):
    """Why, or how one knows."""

    reason: Text


class ResultIn(In):
    """What came of one publication on one day; spend as decimal text."""

    reference: Text
    on: date
    counts: dict[str, int] = Field(default={}, max_length=len(MEASURES))
    spend: Text = ""
    currency: Text = ""


class OutcomeIn(In):
    """What became of one message: delivered, failed, opted_out or complained."""

    message_id: Text
    outcome: Text
    at: datetime | None = None


class WrongOut(Schema):
    """A row that was not taken."""

    line: int
    field: str
    remedy: str


class TakenOut(Schema):
    """What became of the rows."""

    new: int
    changed: int
    unchanged: int
    refused: list[WrongOut]


class PeopleIn(In):
    """Whom a message is to go to."""

    hcp_ids: list[UUID] = Field(min_length=1, max_length=lists.MOST_AT_ONCE)


class ListOut(Schema):
    """A list of people, each cleared by the gate; it is handed out until it expires."""

    id: UUID
    placement_id: UUID
    made_at: datetime
    expires_at: datetime


class LeftOutOut(Schema):
    """Somebody who gets nothing, and the rules that keep it back."""

    hcp_id: UUID
    status: str
    rule_ids: list[str]
    decision_id: UUID


class MessageOut(Schema):
    """A message for the service that sends."""

    message_id: str
    address: str
    text: str
    language: str


class HandedOut(Schema):
    """The messages that may leave now."""

    send_before: datetime
    held_back: int
    messages: list[MessageOut]


def _full(placement_id: UUID) -> dict[str, Any]:
    row, at = reads.placement(placement_id), datetime.now(UTC)
    return {
        **{name: getattr(row, name) for name in PlacementOut.model_fields},
        "fallen_because": reads.why_fallen(row, at),
        "answers": reads.answers_of(row.id),
        "totals": _totals(reads.totals_of([row])[row.id]),
    }


def _totals(totals: Totals) -> dict[str, Any]:
    return {name: getattr(totals, name) for name in TotalsOut.model_fields}


@router.get("/placements", response=Listing[PlacementOut], summary="Publications")
@operation("placement.read")
def placements(request: HttpRequest, asked: Query[PlacementsAsked]) -> Any:
    """Give the publications on digital channels that my organisation sees, the latest first."""
    found = reads.placements(
        status=asked.status, channel=asked.channel, campaign_id=asked.campaign_id
    )
    return listing(found, reads.ORDER, asked)


@router.get(
    "/placements/take-downs", response=list[PlacementOut], summary="What has to be taken down"
)
@operation("placement.read")
def take_downs(request: HttpRequest) -> Any:
    """Give my organisation's live publications whose content may not be shown any more."""
    return [row for row, _ in reads.take_downs(datetime.now(UTC))]


@router.post("/placements", response={201: PlacementFull}, summary="Plan a publication")
@operation("placement.write")
def planned(request: HttpRequest, given: PlacementIn) -> Any:
    """Plan a publication; the gate is asked next."""
    return 201, _full(acts.plan_placement(given.plan(), at=datetime.now(UTC)).id)


@router.post("/placements/results", response=TakenOut, summary="Bring results back")
@operation("placement.results")
def results_told(request: HttpRequest, given: list[ResultIn]) -> Any:
    """Keep what came of publications by day; the same again changes nothing."""
    if len(given) > MOST_ROWS:
        raise UserError(f"give at most {MOST_ROWS:,} rows at once")
    for each in given:
        if unknown := sorted(set(each.counts) - set(MEASURES)):
            raise UserError(f"{unknown[0]} is none of {', '.join(MEASURES)}", field="counts")
        if any(not 0 <= n <= 10**15 for n in each.counts.values()):
            raise UserError("a count is zero or more", field="counts")
    rows = [
        ResultRow(n, each.reference, each.on, each.counts, each.spend, each.currency.upper())
        for n, each in enumerate(given, start=1)
    ]
    return _taken(record_results(rows, source="API", at=datetime.now(UTC)))


@router.post(
    "/placements/message-results", response=TakenOut, summary="Bring back what became of messages"
)
@operation("placement.results")
def outcomes_told(request: HttpRequest, given: list[OutcomeIn]) -> Any:
    """Keep what became of app messages and SMS; an opt-out withdraws consent for the channel."""
    if len(given) > MOST_ROWS:
        raise UserError(f"give at most {MOST_ROWS:,} rows at once")
    reported = []
    for n, each in enumerate(given, start=1):
        outcome = outcome_of(each.outcome)
        if not outcome:
            raise UserError(REMEDY, field="outcome")
        if each.at is not None and each.at.tzinfo is None:
            raise UserError("give the moment with its offset from UTC", field="at")
        reported.append(Reported(n, each.message_id, outcome, each.at))
    return _taken(record_outcomes(reported, at=datetime.now(UTC)))


def _taken(taken: Taken) -> dict[str, Any]:
    return {
        "new": taken.new,
        "changed": taken.changed,
        "unchanged": taken.unchanged,
        "refused": taken.wrong,
    }


@router.get("/placements/{uuid:placement_id}", response=PlacementFull, summary="One publication")
@operation("placement.read")
def placement(request: HttpRequest, placement_id: UUID) -> Any:
    """Give one publication with what the gate said and what came of it."""
    return _full(placement_id)


@router.post(
    "/placements/{uuid:placement_id}/clear", response=PlacementFull, summary="Ask the gate"
)
@operation("placement.write")
def cleared(request: HttpRequest, placement_id: UUID) -> Any:
    """Ask the gate about a planned publication in each market."""
    return _full(acts.clear_placement(placement_id, at=datetime.now(UTC)).id)


@router.post("/placements/{uuid:placement_id}/live", response=PlacementFull, summary="Go live")
@operation("placement.write")
def live(request: HttpRequest, placement_id: UUID) -> Any:
    """Put a cleared publication live; the gate is asked again."""
    return _full(acts.go_live(placement_id, at=datetime.now(UTC)).id)


@router.post("/placements/{uuid:placement_id}/end", response=PlacementFull, summary="It has ended")
@operation("placement.write")
def ended(request: HttpRequest, placement_id: UUID) -> Any:
    """Say that a publication is over."""
    return _full(acts.end_placement(placement_id, at=datetime.now(UTC)).id)


@router.post(
    "/placements/{uuid:placement_id}/withdraw", response=PlacementFull, summary="Withdraw it"
)
@operation("placement.write")
def withdrawn(request: HttpRequest, placement_id: UUID, given: BecauseIn) -> Any:
    """Take a publication back, saying why."""
    at = datetime.now(UTC)
    return _full(acts.withdraw_placement(placement_id, given.reason, at=at).id)


@router.post(
    "/placements/{uuid:placement_id}/taken-down",
    response=PlacementFull,
    summary="Confirm that it was taken down",
)
@operation("placement.write")
def taken_down(request: HttpRequest, placement_id: UUID, given: BecauseIn) -> Any:
    """Confirm that a publication whose content fell is gone, saying how one knows."""
    at = datetime.now(UTC)
    return _full(acts.confirm_taken_down(placement_id, given.reason, at=at).id)


@router.post(
    "/placements/{uuid:placement_id}/sheet",
    response=dict[str, Any],
    summary="The sheet for the outlet",
)
@operation("placement.write")
def sheet(request: HttpRequest, placement_id: UUID) -> Any:
    """Give what is to be published where, with the hash of the approved words; kept as export."""
    row, at = reads.placement(placement_id), datetime.now(UTC)
    told = sheet_of(row, at)
    entry = ledger.Entry(f"{reads.KIND}.exported", reads.KIND, row.id, {"form": "json"})
    ledger.append(entry, at=at)
    return told


@router.post(
    "/placements/{uuid:placement_id}/lists", response={201: ListOut}, summary="Draw a list"
)
@operation("placement.write")
def drawn(request: HttpRequest, placement_id: UUID, given: PeopleIn) -> Any:
    """Draw a list of people for a live app message or SMS; each passes the gate."""
    return 201, lists.draw_list(placement_id, given.hcp_ids, at=datetime.now(UTC))


@router.get("/message-lists/{uuid:list_id}/left-out", response=list[LeftOutOut], summary="Left out")
@operation("send.read")
def left_out(request: HttpRequest, list_id: UUID) -> Any:
    """Give those of a list who get nothing, with the rules that keep it back."""
    reads.message_list(list_id)
    return [
        {
            "hcp_id": each.hcp_id,
            "status": each.status,
            "rule_ids": (each.delivery_decision or each.decision).rule_ids,
            "decision_id": each.delivery_decision_id or each.decision_id,
        }
        for each in reads.left_out(list_id)
    ]


@router.post(
    "/message-lists/{uuid:list_id}/hand-out", response=HandedOut, summary="Hand a list out"
)
@operation("placement.write")
def handed_out(request: HttpRequest, list_id: UUID) -> Any:
    """Give the messages that may leave now, after the gate was asked again; kept as export."""
    given = lists.hand_out(list_id, at=datetime.now(UTC))
    keys = ("message_id", "address", "text", "language")
    return {
        "send_before": given.row.expires_at,
        "held_back": given.n_held_back,
        "messages": [dict(zip(keys, row[:4], strict=True)) for row in given.rows],
    }
