"""Operations on the life of rules: drafts and packs, referrals, waivers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation
from entente.policy import actions
from entente.policy.actions.pack_life import LONGEST, readable
from entente.policy.domain.matrix import Cell
from entente.policy.reads import audit_pack as audit_packs
from entente.policy.reads import packs as pack_reads
from entente.policy.reads import referrals as referral_reads
from entente.policy.reads import waivers as waiver_reads
from entente.policy.reads.compare import differences
from entente.policy.reads.matrix import standing_matrix
from entente.policy.reads.trial import as_dict, try_pack

router = Router(tags=["policy"])
Password = Annotated[str, StringConstraints(max_length=1000)]


class PackOut(Schema):
    """A pack in force."""

    id: str
    version: str
    title: str
    jurisdiction: str
    n_rules: int
    n_questions: int
    content_hash: str
    activated_on: date | None
    signer: str | None


class DraftIn(In):
    """A pack's text and what changes."""

    text: Annotated[str, StringConstraints(max_length=LONGEST)]
    note: LongText = ""


class DraftOut(Schema):
    """A draft."""

    id: UUID
    pack: str
    version: str
    status: str
    note: str
    author_name: str
    text_hash: str
    saved_at: datetime


class DraftFull(DraftOut):
    """A draft with its text and what differs from today."""

    text: str
    differences: list[dict[str, Any]]


class ActivateIn(In):
    """From when, with the password that signs it."""

    from_on: date
    password: Password


class ActivationOut(Schema):
    """That a pack is in force from a day."""

    pack: str
    version: str
    from_on: date
    signer_name: str
    activated_at: datetime


class PeriodIn(In):
    """Which days."""

    since: date
    until: date


class ReferralOut(Schema):
    """A decision that waits for a role."""

    id: UUID
    decision_id: UUID
    role: str
    rule_ids: list[str]
    object_kind: str
    object_id: UUID | None
    opened_at: datetime
    due_at: datetime
    answer: str
    reason: str
    answered_at: datetime | None
    answered_by_name: str


class ReferralsAsked(Asked):
    """Which referrals."""

    standing: Text = ""
    role: Text = ""


class AnswerIn(In):
    """An answer, with the password that signs it."""

    approve: bool
    reason: LongText
    password: Password


class WaiverIn(In):
    """Which rule, for whom, until when, why, with the password that signs it."""

    rule_id: Text
    act_type: Text = ""
    recipient_id: UUID | None = None
    campaign_id: UUID | None = None
    valid_until: datetime
    reason: LongText
    password: Password


class WaiverOut(Schema):
    """A rule set aside."""

    id: UUID
    rule_id: str
    role: str
    reason: str
    act_type: str
    recipient_id: UUID | None
    campaign_id: UUID | None
    valid_from: datetime
    valid_until: datetime
    ended_at: datetime | None
    granted_by_name: str


class CellIn(In):
    """A cell of the rule matrix and its lane; "any" in a dimension stands for all of it."""

    audience: Text = "any"
    channel: Text = "any"
    claim: Text = "any"
    country: Text = "any"
    lane: Text


class WaiversAsked(Asked):
    """Which waivers."""

    standing: Text = ""


def _now() -> datetime:
    return datetime.now(UTC)


@router.get("/packs", response=list[PackOut], summary="Packs in force")
@operation("policy.read")
def packs(request: HttpRequest) -> Any:
    """Give the packs in force today, by id."""
    return [
        {
            "id": one.pack.id,
            "version": one.pack.version,
            "title": one.pack.title,
            "jurisdiction": one.pack.jurisdiction,
            "n_rules": len(one.pack.rules),
            "n_questions": len(one.pack.checklist),
            "content_hash": one.pack.content_hash,
            "activated_on": one.activation.from_on if one.activation else None,
            "signer": one.activation.signer_name if one.activation else None,
        }
        for one in pack_reads.standing(_now().date())
    ]


@router.get("/drafts", response=Listing[DraftOut], summary="Drafts of packs")
@operation("policy.read")
def drafts(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give the drafts of my organisation, the latest first."""
    return listing(pack_reads.drafts(), ("-saved_at", "-id"), asked)


def _full(draft_id: UUID) -> dict[str, Any]:
    found = pack_reads.draft(draft_id)
    before = pack_reads.pack_in_force(found.pack, _now().date())
    return {
        **{name: getattr(found, name) for name in DraftOut.model_fields},
        "text": found.text,
        "differences": [
            {"kind": d.kind, "name": d.name, "title": d.title, "way": d.way,
             "parts": [{"part": p, "before": b, "after": a} for p, b, a in d.parts]}
            for d in differences(before, readable(found.text))
        ],
    }  # fmt: skip


@router.get("/matrix", response=list[CellIn], summary="The rule matrix")
@operation("policy.read")
def matrix(request: HttpRequest) -> Any:
    """Give the cells that are not open: of the draft if there is one, else those in force."""
    found = standing_matrix(_now().date()).matrix
    return [{**asdict(cell), "lane": lane} for cell, lane in sorted(found.items())]


@router.post("/matrix", response={201: DraftFull}, summary="Put a cell into a lane")
@operation("pack.write")
def cell_put(request: HttpRequest, given: CellIn) -> Any:
    """Save the cell's lane in the draft of the matrix; it decides nothing until activated."""
    codes = given.model_dump()
    lane = codes.pop("lane")
    return 201, _full(actions.set_lane(Cell(**codes), lane, at=_now()).id)


@router.post("/drafts", response={201: DraftFull}, summary="Draft a pack")
@operation("pack.write")
def drafted(request: HttpRequest, given: DraftIn) -> Any:
    """Save a pack as a draft; it decides nothing until somebody else activates it."""
    return 201, _full(actions.save_draft(given.text, note=given.note, at=_now()).id)


@router.get("/drafts/{uuid:draft_id}", response=DraftFull, summary="One draft")
@operation("policy.read")
def draft(request: HttpRequest, draft_id: UUID) -> Any:
    """Give one draft with what differs from today."""
    return _full(draft_id)


@router.post("/drafts/{uuid:draft_id}/try", response=dict[str, Any], summary="Try a draft")
@operation("decision.read")
def tried(request: HttpRequest, draft_id: UUID, given: PeriodIn) -> Any:
    """Make the decisions of a period again with the draft in place; nothing is written."""
    if given.until < given.since or (given.until - given.since).days > 366:
        raise UserError("give a period of at most a year", field="until")
    found = pack_reads.draft(draft_id)
    return as_dict(try_pack(readable(found.text), found.text, since=given.since, until=given.until))


@router.post(
    "/drafts/{uuid:draft_id}/activate", response={201: ActivationOut}, summary="Activate a draft"
)
@operation("pack.activate")
def activated(request: HttpRequest, draft_id: UUID, given: ActivateIn) -> Any:
    """Bring a draft into force from a day; its author cannot, and a wrong password is a 403."""
    return 201, actions.activate_pack(draft_id, **given.model_dump(), at=_now())


@router.post("/drafts/{uuid:draft_id}/drop", response=DraftOut, summary="Drop a draft")
@operation("pack.write")
def dropped(request: HttpRequest, draft_id: UUID) -> Any:
    """Drop a draft; it stays readable."""
    return actions.drop_draft(draft_id, at=_now())


@router.get("/referrals", response=Listing[ReferralOut], summary="Referrals")
@operation("referral.answer")
def referrals(request: HttpRequest, asked: Query[ReferralsAsked]) -> Any:
    """Give the referrals of my organisation, the most urgent first."""
    if asked.standing not in {"", "open", "answered"}:
        raise UserError("standing is open or answered", field="standing")
    rows = referral_reads.referrals(standing=asked.standing, role=asked.role)
    return listing(rows, referral_reads.ORDER, asked)


@router.post(
    "/referrals/{uuid:referral_id}/answer", response=ReferralOut, summary="Answer a referral"
)
@operation("referral.answer")
def answered(request: HttpRequest, referral_id: UUID, given: AnswerIn) -> Any:
    """Answer a referral with a signature; whoever asked for the act cannot."""
    return actions.answer_referral(referral_id, **given.model_dump(), at=_now())


@router.get("/audit-pack", summary="An audit pack, as a ZIP")
@operation("evidence.read")
def audit_pack(
    request: HttpRequest,
    since: date,
    until: date,
    recipient_id: UUID | None = None,
    campaign_id: UUID | None = None,
) -> Any:
    """Give the decisions of a period with packs, overrides and ledger proofs as a signed ZIP."""
    made = audit_packs.audit_pack(
        since=since, until=until, recipient_id=recipient_id, campaign_id=campaign_id, at=_now()
    )
    return HttpResponse(made, content_type="application/zip")


@router.get("/waivers", response=Listing[WaiverOut], summary="Waivers")
@operation("decision.read")
def waivers(request: HttpRequest, asked: Query[WaiversAsked]) -> Any:
    """Give the waivers of my organisation, the latest first."""
    if asked.standing not in {"", "now", "over"}:
        raise UserError("standing is now or over", field="standing")
    rows = waiver_reads.waivers(standing=asked.standing, at=_now())
    return listing(rows, waiver_reads.ORDER, asked)


@router.post("/waivers", response={201: WaiverOut}, summary="Grant a waiver")
@operation("waiver.write")
def waived(request: HttpRequest, given: WaiverIn) -> Any:
    """Set a rule aside, where it allows that, for a scope and a time."""
    scoped = actions.Scoped(given.act_type, given.recipient_id, given.campaign_id)
    return 201, actions.grant_waiver(
        given.rule_id, scoped, reason=given.reason, valid_until=given.valid_until,
        password=given.password, at=_now(),
    )  # fmt: skip


@router.post("/waivers/{uuid:waiver_id}/end", response=WaiverOut, summary="End a waiver")
@operation("waiver.write")
def ended(request: HttpRequest, waiver_id: UUID) -> Any:
    """End a waiver early."""
    return actions.end_waiver(waiver_id, at=_now())
