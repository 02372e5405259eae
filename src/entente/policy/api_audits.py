"""Operations on audits: plans, samples, answers, actions, figures."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation
from entente.policy.actions import audit_actions, audits
from entente.policy.pages.audits import SAMPLE_ORDER
from entente.policy.reads import audits as reads

router = Router(tags=["audits"])


class PlanIn(In):
    """What is sampled, how often, how many."""

    title: Text
    kind: Text
    every: Text = "month"
    size: int | None = Field(None, ge=1, le=2_000)
    rate_percent: int | None = Field(None, ge=1, le=100)
    strata: Text = ""
    country: Text = ""
    auditor_id: UUID | None = None


class PlanOut(Schema):
    """A plan."""

    id: UUID
    title: str
    kind: str
    every: str
    size: int | None
    rate_percent: int | None
    strata: str
    country: str
    auditor_name: str
    from_on: date
    ended_on: date | None


class DrawIn(In):
    """Which period, by its first day."""

    since: date


class SampleOut(Schema):
    """A sample, with all that it takes to draw it again."""

    id: UUID
    plan_id: UUID
    since_on: date
    until_on: date
    drawn_at: datetime
    drawn_by_name: str
    batch: int
    head: str
    entry_id: UUID
    leaf: str
    seed: str
    n_population: int
    n_drawn: int
    allocation: dict[str, int]
    ids_hash: str


class RedrawnOut(Schema):
    """What drawing again gives."""

    same: bool
    seed_holds: bool
    n_population: int


class ItemOut(Schema):
    """A drawn item."""

    id: UUID
    place: int
    object_kind: str
    object_id: UUID
    stratum: str
    happened_at: datetime
    partner_id: UUID | None
    answer: str
    severity: str
    rule_id: str
    note: str
    answered_at: datetime | None
    answered_by_name: str


class AnswerIn(In):
    """In order, or a finding with how grave it is and what was found."""

    in_order: bool
    severity: Text = ""
    rule_id: Text = ""
    note: LongText = ""


class ActionIn(In):
    """What is to be done, by whom, until when."""

    kind: Text
    what: LongText
    owner_id: UUID
    due_on: date


class ActionOut(Schema):
    """A corrective or preventive action."""

    id: UUID
    item_id: UUID
    kind: str
    what: str
    owner_id: UUID
    owner_name: str
    due_on: date
    done_at: datetime | None
    done_by_name: str
    evidence: str
    verified_at: datetime | None
    verified_by_name: str
    returned_why: str


class DoneIn(In):
    """What shows that it is done."""

    evidence: LongText


class VerifyIn(In):
    """Whether what was done holds, or why it goes back."""

    accept: bool
    reason: LongText = ""


class ActionsAsked(Asked):
    """Which actions."""

    standing: Text = ""


class RateOut(Schema):
    """A rate of findings with its interval of 95% confidence."""

    n_findings: int
    n_answered: int
    share: float | None
    low: float
    high: float


class LineOut(Schema):
    """A month or a partner."""

    label: str
    rate: RateOut
    n_open: int
    n_late: int


class FiguresOut(Schema):
    """The figures of audits of twelve months."""

    total: LineOut
    by_month: list[LineOut]
    by_partner: list[LineOut]


def _now() -> datetime:
    return datetime.now(UTC)


@router.get("/audits/plans", response=list[PlanOut], summary="Audit plans")
@operation("audit.read")
def plans(request: HttpRequest) -> Any:
    """Give the plans of my organisation."""
    return list(reads.plans())


@router.post("/audits/plans", response={201: PlanOut}, summary="Plan an audit")
@operation("audit.write")
def planned(request: HttpRequest, given: PlanIn) -> Any:
    """Plan a periodic audit."""
    return 201, audits.plan_audit(audits.AuditTerms(**given.model_dump()), at=_now())


@router.post("/audits/plans/{uuid:plan_id}/end", response=PlanOut, summary="End a plan")
@operation("audit.write")
def ended(request: HttpRequest, plan_id: UUID) -> Any:
    """End a plan; what was drawn stays."""
    return audits.end_audit(plan_id, at=_now())


@router.post(
    "/audits/plans/{uuid:plan_id}/draw", response={201: SampleOut}, summary="Draw a sample"
)
@operation("audit.write")
def drawn(request: HttpRequest, plan_id: UUID, given: DrawIn) -> Any:
    """Draw the sample of a period that is over, once, with a seed from the ledger."""
    return 201, audits.draw_sample(plan_id, given.since, at=_now())


@router.get("/audits/samples", response=Listing[SampleOut], summary="Samples")
@operation("audit.read")
def samples(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give the samples of my organisation, the latest first."""
    return listing(reads.samples(), SAMPLE_ORDER, asked)


@router.get("/audits/samples/{uuid:sample_id}/again", response=RedrawnOut, summary="Draw again")
@operation("audit.read")
def again(request: HttpRequest, sample_id: UUID) -> Any:
    """Draw a sample again from its seed and compare; nothing is written."""
    return reads.redraw(reads.samples().get(id=sample_id))


@router.get("/audits/samples/{uuid:sample_id}/items", response=Listing[ItemOut], summary="Items")
@operation("audit.read")
def items(request: HttpRequest, sample_id: UUID, asked: Query[Asked]) -> Any:
    """Give the items of a sample in the order in which they were drawn."""
    found = reads.items(sample_id=reads.samples().get(id=sample_id).id)
    return listing(found, reads.ITEM_ORDER, asked)


@router.post("/audits/items/{uuid:item_id}/answer", response=ItemOut, summary="Answer an item")
@operation("audit.write")
def answered(request: HttpRequest, item_id: UUID, given: AnswerIn) -> Any:
    """Say of an item that it is in order, or what was found; said once."""
    return audits.answer_item(item_id, **given.model_dump(), at=_now())


@router.post(
    "/audits/items/{uuid:item_id}/actions", response={201: ActionOut}, summary="Open an action"
)
@operation("audit.write")
def opened(request: HttpRequest, item_id: UUID, given: ActionIn) -> Any:
    """Open a corrective or preventive action for a finding."""
    measure = audit_actions.Measure(**given.model_dump())
    return 201, audit_actions.open_action(item_id, measure, at=_now())


@router.get("/audits/actions", response=Listing[ActionOut], summary="Actions")
@operation("audit.read")
def actions(request: HttpRequest, asked: Query[ActionsAsked]) -> Any:
    """Give corrective and preventive actions, the most urgent first."""
    if asked.standing not in {"", "open", "late", "done", "verified"}:
        raise UserError("standing is open, late, done or verified", field="standing")
    rows = reads.actions(standing=asked.standing, on=_now().date())
    return listing(rows, reads.ACTION_ORDER, asked)


@router.get("/audits/mine", response=list[ActionOut], summary="Actions that wait for me")
@operation("audit.act")
def mine(request: HttpRequest) -> Any:
    """Give the actions that I own and have not done."""
    return list(reads.my_actions(current_scope())[:200])


@router.post("/audits/actions/{uuid:action_id}/done", response=ActionOut, summary="It is done")
@operation("audit.act")
def done(request: HttpRequest, action_id: UUID, given: DoneIn) -> Any:
    """Say that my action is done, with the evidence for it."""
    reads.action(action_id, current_scope())
    return audit_actions.finish_action(action_id, given.evidence, at=_now())


@router.post("/audits/actions/{uuid:action_id}/verify", response=ActionOut, summary="Verify")
@operation("audit.write")
def verified(request: HttpRequest, action_id: UUID, given: VerifyIn) -> Any:
    """Verify what another person did, or give it back with a reason."""
    return audit_actions.verify_action(action_id, **given.model_dump(), at=_now())


@router.get("/audits/figures", response=FiguresOut, summary="Figures of audits")
@operation("audit.read")
def figures(request: HttpRequest) -> Any:
    """Give rates of findings with intervals, open and late actions, by month and by partner."""
    return asdict(reads.figures(_now().date()))
