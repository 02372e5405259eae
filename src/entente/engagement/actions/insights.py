"""Capture insights, work on them, answer them; set up programmes of advice, need first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.directory import reads as directory
from entente.engagement.domain.caution import without_patient
from entente.engagement.models import AdvisoryProgramme, AdvisorySelection, Insight
from entente.engagement.reads.inquiries import desk_mates
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

LONGEST = 2_000
Status = Insight.Status


def capture_insight(
    kind: str,
    words: str,
    *,
    at: datetime,
    hcp_id: UUID | None = None,
    product_id: UUID | None = None,
) -> Insight:
    """Record what was learned; whoever captured it owns it until it is given on.

    Raises
    ------
    UserError
        If a field does not fit, or the words look like a patient's identity.
    """
    scope = current_scope()
    scope.require("insight.write")
    if kind not in Insight.Kind.values:
        raise UserError(f"kind is one of {', '.join(Insight.Kind.values)}", field="kind")
    words = _clean(words, "words")
    if hcp_id:
        directory.hcp(hcp_id)
    made = Insight.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        kind=kind,
        words=words,
        hcp_id=hcp_id,
        product_id=product_id,
        captured_at=at,
        captured_by_id=scope.actor_id,
        owner_id=scope.actor_id,
    )
    _record("insight.captured", "insight", made.id, {"hcp": hcp_id, "kind": kind}, at)
    return made


def own_insight(insight_id: UUID, user_id: UUID, *, at: datetime) -> Insight:
    """Give an insight to a medical colleague, who works on it from now.

    Raises
    ------
    UserError
        If it is over, or the colleague is none of medical.
    """
    current_scope().require("insight.write")
    insight = _going(insight_id)
    if user_id not in {mate.id for mate in desk_mates("msl", on=at.date())}:
        raise UserError("choose a medical colleague", field="owner")
    insight.owner_id, insight.status = user_id, Status.TAKEN
    insight.save(update_fields=["owner_id", "status"])
    _record("insight.owned", "insight", insight.id, {"owner": user_id}, at)
    return insight


def answer_insight(insight_id: UUID, answer: str, *, at: datetime, to_hcp: bool = True) -> Insight:
    """Close an insight: with what the HCP was told, or with why there is nothing to tell.

    Raises
    ------
    UserError
        If it is over, nothing is written, or there is no HCP to tell.
    """
    current_scope().require("insight.write")
    insight = _going(insight_id)
    if to_hcp and insight.hcp_id is None:
        raise UserError("no HCP is named: close it without an answer", field="to_hcp")
    insight.answer = _clean(answer, "answer")
    insight.status = Status.ANSWERED if to_hcp else Status.CLOSED
    insight.answered_at = at
    insight.save(update_fields=["answer", "status", "answered_at"])
    _record(f"insight.{insight.status}", "insight", insight.id, {"hcp": insight.hcp_id}, at)
    return insight


def record_need(title: str, need: str, n_wanted: int, *, at: datetime) -> AdvisoryProgramme:
    """Begin a programme of advice with what is to be learned and how many are needed for it.

    Raises
    ------
    UserError
        If a field does not fit.
    """
    scope = current_scope()
    scope.require("advisory.write")
    title = title.strip()
    if not 0 < len(title) <= 200:
        raise UserError("write a title, in at most 200 characters", field="title")
    if not 1 <= n_wanted <= 200:
        raise UserError("name how many people are needed, from 1 to 200", field="n_wanted")
    made = AdvisoryProgramme.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        title=title,
        need=_clean(need, "need"),
        n_wanted=n_wanted,
        needed_at=at,
        needed_by_id=scope.actor_id,
    )
    _record("advisory.need_recorded", "advisory", made.id, {"n": n_wanted}, at)
    return made


def set_criteria(programme_id: UUID, criteria: str, *, at: datetime) -> AdvisoryProgramme:
    """Say by what people are chosen; need and criteria do not change afterwards.

    Raises
    ------
    UserError
        If they are set already.
    """
    current_scope().require("advisory.write")
    programme = AdvisoryProgramme.objects.select_for_update().get(id=programme_id)
    if programme.criteria_at is not None:
        raise UserError("the criteria are set: begin another programme to choose by others")
    programme.criteria, programme.criteria_at = _clean(criteria, "criteria"), at
    programme.save(update_fields=["criteria", "criteria_at"])
    _record("advisory.criteria_set", "advisory", programme.id, {}, at)
    return programme


def select_adviser(
    programme_id: UUID, hcp_id: UUID, why: str, *, at: datetime
) -> AdvisorySelection:
    """Choose a person, and say how the criteria fit; never before need and criteria stand.

    Raises
    ------
    UserError
        If need or criteria are missing, the number is reached, or the person is chosen already.
    """
    scope = current_scope()
    scope.require("advisory.write")
    programme = AdvisoryProgramme.objects.select_for_update().get(id=programme_id)
    if programme.criteria_at is None or programme.criteria_at >= at:
        raise UserError("record the need and the criteria before choosing a name", field="hcp")
    hcp, why = directory.hcp(hcp_id), why.strip()
    if not 0 < len(why) <= 500:
        raise UserError("say in at most 500 characters how the criteria fit", field="why")
    chosen = programme.selections
    if chosen.filter(hcp=hcp).exists():
        raise UserError("this person is chosen already", field="hcp")
    if chosen.count() >= programme.n_wanted:
        raise UserError("as many as are needed have been chosen", field="hcp")
    made = AdvisorySelection.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        programme=programme,
        hcp=hcp,
        why=why,
        selected_at=at,
        selected_by_id=scope.actor_id,
    )
    _record("advisory.selected", "advisory", programme.id, {"hcp": hcp.id}, at)
    return made


def _going(insight_id: UUID) -> Insight:
    insight = Insight.objects.select_for_update().get(id=insight_id)
    if insight.status in {Status.ANSWERED, Status.CLOSED}:
        raise UserError("this insight is closed already")
    return insight


def _clean(text: str, field: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise UserError(f"write it in at most {LONGEST:,} characters", field=field)
    wrong = without_patient(text, "text")
    if wrong:
        raise UserError(wrong, field=field)
    return text


def _record(
    verb: str, kind: str, object_id: UUID, details: dict[str, object], at: datetime
) -> None:
    ledger.append(
        ledger.Entry(f"engagement.{verb}", f"engagement.{kind}", object_id, details), at=at
    )
