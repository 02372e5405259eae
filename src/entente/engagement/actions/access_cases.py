"""Open, carry on and close the access case of a clinic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.domain.caution import without_patient
from entente.engagement.domain.routing import due_at
from entente.engagement.models import AccessCase, AccessStep, Inquiry, SupportProgramme
from entente.engagement.reads.inquiries import desk_mates
from entente.engagement.reads.routes import ways
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

LONGEST, LONGEST_NOTE = 4_000, 2_000
BY_HAND = ("note", "bridge", "coordinator", "payer", "template")


@dataclass(frozen=True)
class AccessRequest:
    """What a clinic needs; the patient is nobody's business here."""

    kind: str
    request: str
    hcp_id: UUID | None = None
    hco_id: UUID | None = None
    programme_id: UUID | None = None
    inquiry_id: UUID | None = None
    priority: str = "normal"


def open_access_case(asked: AccessRequest, *, at: datetime) -> AccessCase:
    """Open a case with the clock of the access desk.

    Raises
    ------
    UserError
        If it names no clinic, a field does not fit, or the text looks like a patient.
    """
    scope = current_scope()
    scope.require("access.write")
    request = _clean(asked.request, LONGEST, "request", "case")
    if asked.kind not in AccessCase.Kind.values:
        raise UserError(f"kind is one of {', '.join(AccessCase.Kind.values)}", field="kind")
    if asked.hcp_id is None and asked.hco_id is None:
        raise UserError("name the HCP or the clinic that asks", field="hco")
    if asked.hcp_id:
        directory.hcp(asked.hcp_id)
    if asked.hco_id:
        directory.hco(asked.hco_id)
    if asked.inquiry_id:
        Inquiry.objects.get(id=asked.inquiry_id)
    if asked.programme_id:
        SupportProgramme.objects.get(id=asked.programme_id)
    case = AccessCase.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        hcp_id=asked.hcp_id,
        hco_id=asked.hco_id,
        inquiry_id=asked.inquiry_id,
        programme_id=asked.programme_id,
        kind=asked.kind,
        request=request,
        opened_at=at,
        opened_by_id=scope.actor_id,
        due_at=due_at(ways()["access"], asked.priority, at),
        assignee_id=scope.actor_id,
    )
    _step(case, "opened", "", None, at)
    return case


def add_access_step(
    case_id: UUID, kind: str, note: str, *, at: datetime, version_id: UUID | None = None
) -> AccessStep:
    """Note what was done: a hand-off to bridge supply or a coordinator, a template, a word.

    Raises
    ------
    UserError
        If the case is closed, a field does not fit, or the text looks like a patient.
    """
    current_scope().require("access.write")
    case = _open(case_id)
    if kind not in BY_HAND:
        raise UserError(f"kind is one of {', '.join(BY_HAND)}", field="kind")
    if kind == "template":
        if version_id is None:
            raise UserError("choose the template", field="version")
        if not content.is_released(version_id, at=at):
            raise UserError("this version is not released", field="version")
        note = note.strip() and _clean(note, LONGEST_NOTE, "note", "note")
    else:
        version_id = None
        note = _clean(note, LONGEST_NOTE, "note", "note")
    return _step(case, kind, note, version_id, at)


def assign_access_case(case_id: UUID, user_id: UUID, *, at: datetime) -> AccessCase:
    """Give a case to another access manager.

    Raises
    ------
    UserError
        If it is closed, or the colleague is no access manager.
    """
    current_scope().require("access.write")
    case = _open(case_id)
    mates = {mate.id: mate.name for mate in desk_mates("access", on=at.date())}
    if user_id not in mates:
        raise UserError("choose an access manager", field="assignee")
    case.assignee_id = user_id
    case.save(update_fields=["assignee_id"])
    _step(case, "assigned", mates[user_id], None, at)
    return case


def close_access_case(case_id: UUID, outcome: str, *, at: datetime) -> AccessCase:
    """Close a case with what came of it.

    Raises
    ------
    UserError
        If it is closed already, no outcome is written, or it looks like a patient.
    """
    current_scope().require("access.write")
    case = _open(case_id)
    case.outcome = _clean(outcome, LONGEST_NOTE, "outcome", "outcome")
    case.closed_at = at
    case.save(update_fields=["outcome", "closed_at"])
    _step(case, "closed", "", None, at)
    return case


def _open(case_id: UUID) -> AccessCase:
    case = AccessCase.objects.select_for_update().get(id=case_id)
    if case.closed_at is not None:
        raise UserError("this case is closed already")
    return case


def _clean(text: str, longest: int, field: str, word: str) -> str:
    text = text.strip()
    if not text or len(text) > longest:
        raise UserError(f"write the {word}, in at most {longest:,} characters", field=field)
    wrong = without_patient(text, word)
    if wrong:
        raise UserError(wrong, field=field)
    return text


def _step(
    case: AccessCase, kind: str, note: str, version_id: UUID | None, at: datetime
) -> AccessStep:
    made = AccessStep.objects.create(
        id=new_id(),
        org_id=case.org_id,
        case=case,
        kind=kind,
        note=note,
        version_id=version_id,
        by_id=current_scope().actor_id,
        happened_at=at,
    )
    ledger.append(
        ledger.Entry(
            f"engagement.access_case.{kind}",
            "engagement.access_case",
            case.id,
            {"hcp": case.hcp_id, "hco": case.hco_id, "version": version_id},
        ),
        at=at,
    )
    return made
