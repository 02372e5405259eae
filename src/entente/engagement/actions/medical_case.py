"""Open and answer medical cases; only medical staff do."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from entente.directory import reads as directory
from entente.engagement.models import MedicalCase
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

ANSWER_WITHIN = timedelta(days=2)
LONGEST = 4_000


def open_case(hcp_id: UUID, question: str, *, at: datetime) -> MedicalCase:
    """Record an HCP's medical question; until it is closed, commercial staff wait.

    Writes the case and one ledger entry; the entry holds the question only encrypted.

    Raises
    ------
    UserError
        If there is no question, or it is too long.
    """
    scope = current_scope()
    scope.require("case.write")
    question = question.strip()
    if not question or len(question) > LONGEST:
        raise UserError(f"write the question, in at most {LONGEST:,} characters", field="question")
    case = MedicalCase.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        hcp=directory.hcp(hcp_id),
        question=question,
        opened_at=at,
        opened_by_id=scope.actor_id,
        due_at=at + ANSWER_WITHIN,
    )
    ledger.append(
        ledger.Entry(
            "engagement.case.opened",
            "engagement.case",
            case.id,
            {"hcp": hcp_id},
            personal={hcp_id: {"question": question}},
        ),
        at=at,
    )
    return case


def close_case(case_id: UUID, answer: str, *, at: datetime) -> MedicalCase:
    """Close a case with the answer that was given; commercial staff may act again.

    Raises
    ------
    UserError
        If there is no answer, or the case is closed already.
    """
    current_scope().require("case.write")
    answer = answer.strip()
    if not answer or len(answer) > LONGEST:
        raise UserError(f"write the answer, in at most {LONGEST:,} characters", field="answer")
    case = MedicalCase.objects.select_for_update().get(id=case_id)
    if case.closed_at is not None:
        raise UserError("this case is closed already")
    case.closed_at, case.answer = at, answer
    case.save(update_fields=["closed_at", "answer"])
    ledger.append(
        ledger.Entry("engagement.case.closed", "engagement.case", case.id, {"hcp": case.hcp_id}),
        at=at,
    )
    return case
