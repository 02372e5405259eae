"""Operations of the room: decisions with their reasons, rules, and judging given facts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation
from entente.policy import reads
from entente.policy.api_audits import router as audits_router
from entente.policy.api_life import router as life_router
from entente.policy.api_training import router as training_router
from entente.policy.models import Decision
from entente.policy.pages.decisions import ORDER
from entente.policy.reads import rules as rule_reads
from entente.policy.reads.check import check
from entente.policy.reads.reasons import reasons_of

router = Router(tags=["policy"])
router.add_router("", life_router)
router.add_router("", training_router)
router.add_router("", audits_router)


class DecisionOut(Schema):
    """An answer of the gate."""

    id: UUID
    act_type: str
    stage: str
    outcome: str
    rule_ids: list[str]
    missing_facts: list[str]
    object_kind: str
    object_id: UUID | None
    recipient_id: UUID | None
    campaign_id: UUID | None
    actor_id: UUID | None
    decided_at: datetime


class ReasonOut(Schema):
    """One rule that did not pass."""

    rule_id: str
    title: str
    sentence: str
    outcome: str
    to: str
    citation: str
    basis: str
    state: str
    missing: list[str]
    would_change: str


class DecisionFull(DecisionOut):
    """An answer with its reasons and the facts it was judged on."""

    facts: dict[str, Any]
    pack_set_id: str
    reasons: list[ReasonOut]


class DecisionsAsked(Asked):
    """Which decisions."""

    outcome: Text = ""
    rule: Text = ""
    act: Text = ""
    recipient_id: UUID | None = None
    campaign_id: UUID | None = None


class ReplayOut(Schema):
    """A decision made again."""

    outcome: str
    rule_ids: list[str]
    same: bool


class RuleOut(Schema):
    """A rule in force."""

    id: str
    title: str
    citation: str
    pack: str
    pack_version: str
    severity: str
    role: str | None
    basis: str
    certainty: str
    from_on: date
    to_on: date | None
    applies: str
    requires: str
    message: str


class CheckIn(In):
    """Facts by dotted name, and the day where they hold no ``action.date``."""

    facts: dict[str, Any] = Field(max_length=400)
    on: date | None = None


class CheckOut(Schema):
    """What the gate would answer."""

    outcome: str
    rule_ids: list[str]
    missing_facts: list[str]
    findings: list[dict[str, Any]]
    packs: dict[str, Any]


@router.get("/decisions", response=Listing[DecisionOut], summary="Decisions")
@operation("decision.read")
def decisions(request: HttpRequest, asked: Query[DecisionsAsked]) -> Any:
    """Give decisions of my organisation, the latest first."""
    found = reads.decisions(
        outcome=asked.outcome,
        rule_id=asked.rule,
        act_type=asked.act,
        recipient_id=asked.recipient_id,
        campaign_id=asked.campaign_id,
    )
    return listing(found.defer("facts"), ORDER, asked)


def _full(row: Decision) -> dict[str, Any]:
    given = {name: getattr(row, name) for name in DecisionFull.model_fields if name != "reasons"}
    return {**given, "reasons": reasons_of(row)}


@router.get("/decisions/{uuid:decision_id}", response=DecisionFull, summary="One decision")
@operation("decision.read")
def decision(request: HttpRequest, decision_id: UUID) -> Any:
    """Give one decision with its reasons and facts."""
    return _full(reads.decision(decision_id))


@router.post("/decisions/{uuid:decision_id}/replay", response=ReplayOut, summary="Make it again")
@operation("decision.replay")
def replay(request: HttpRequest, decision_id: UUID) -> Any:
    """Make a decision again from the facts and packs of then; nothing is written."""
    again = reads.replay(reads.decision(decision_id))
    return {"outcome": again.outcome, "rule_ids": list(again.rule_ids), "same": again.same}


def _rule(line: rule_reads.RuleLine) -> dict[str, Any]:
    rule = line.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "citation": rule.citation,
        "pack": line.pack.id,
        "pack_version": line.pack.version,
        "severity": rule.severity,
        "role": rule.role,
        "basis": rule.basis,
        "certainty": rule.certainty,
        "from_on": rule.start,
        "to_on": rule.end,
        "applies": rule.applies_text,
        "requires": rule.requires_text,
        "message": rule.messages["en"],
    }


@router.get("/rules", response=list[RuleOut], summary="Rules in force")
@operation("policy.read")
def rules(request: HttpRequest, q: Text = "", pack: Text = "") -> Any:
    """Give the rules of the packs in force, by id."""
    today = datetime.now(UTC).date()
    return [_rule(line) for line in rule_reads.rules(text=q, pack_id=pack, on=today)]


@router.get("/rules/{slug:rule_id}", response=RuleOut, summary="One rule")
@operation("policy.read")
def rule(request: HttpRequest, rule_id: str) -> Any:
    """Give one rule."""
    try:
        return _rule(rule_reads.rule(rule_id, datetime.now(UTC).date()))
    except rule_reads.NoRule:
        raise Http404 from None


@router.post("/check", response=CheckOut, summary="Judge given facts")
@operation("policy.read")
def checked(request: HttpRequest, given: CheckIn) -> Any:
    """Judge facts under the packs in force, without an act; nothing is written."""
    verdict = check(given.facts, given.on or datetime.now(UTC).date())
    return {
        "outcome": verdict.outcome,
        "rule_ids": list(verdict.rule_ids),
        "missing_facts": list(verdict.missing_facts),
        "findings": [finding.as_dict() for finding in verdict.findings],
        "packs": dict(verdict.packs),
    }
