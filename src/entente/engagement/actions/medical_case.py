"""Medical cases as programs know them: a question asked of medical staff, and its answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.engagement.actions.inquiry_answer import Answer, answer_inquiry
from entente.engagement.actions.inquiry_capture import Question, capture_inquiry
from entente.engagement.models import Inquiry
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError


def open_case(hcp_id: UUID, question: str, *, at: datetime) -> Inquiry:
    """Record an HCP's medical question; until it is closed, commercial staff wait.

    Raises
    ------
    UserError
        If there is no question, it is too long, or looks like a patient's identity.
    """
    current_scope().require("case.write")
    return capture_inquiry(Question(hcp_id, question), at=at)


def close_case(case_id: UUID, answer: str, *, at: datetime) -> Inquiry:
    """Close a case with the answer that was given; commercial staff may act again.

    Raises
    ------
    UserError
        If there is no answer, the case is closed already, or a rule refuses the answer.
    """
    current_scope().require("case.write")
    done = answer_inquiry(case_id, Answer(answer), at=at)
    if done.closed_at is None:
        rules = ", ".join(done.decision.rule_ids) if done.decision else ""
        raise UserError(f"this answer may not be given: {rules}")
    return done
