"""Answer a question through the gate: told, or by e-mail; the decision is kept either way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.actions.inquiry_capture import LONGEST, note_move
from entente.engagement.actions.inquiry_desk import open_inquiry
from entente.engagement.domain.caution import without_patient
from entente.engagement.domain.routing import DESKS, is_complex
from entente.engagement.models import Inquiry
from entente.foundation import ledger, outbox
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.models import OutboxMessage
from entente.policy.actions import decide
from entente.policy.reads import Decision

TOPIC = "engagement.answer"
ANSWERABLE = ("scientific_exchange", "response", "educational")
CHANNELS = {"visit": "in_person", "congress": "in_person", "phone": "phone", "email": "email",
            "link": "web"}  # fmt: skip
State = Inquiry.AnswerState


@dataclass(frozen=True)
class Answer:
    """What is answered: words, an approved item, or both; told, or by e-mail."""

    words: str
    version_id: UUID | None = None
    by_email: bool = False


def answer_inquiry(inquiry_id: UUID, answer: Answer, *, at: datetime) -> Inquiry:
    """Ask the gate for an answer and, if it permits, give it and close the question.

    A refused answer is not given; the question stays open and keeps the decision with its
    reasons. One that needs a person waits for that person.

    Raises
    ------
    UserError
        If there is no answer, the item may not be used for one, or the question is closed.
    """
    scope = current_scope()
    scope.require("inquiry.work")
    inquiry = open_inquiry(inquiry_id)
    if inquiry.answer_state in {State.REFERRED, State.QUEUED}:
        raise UserError("an answer is on its way already")
    words = answer.words.strip()
    _check(words, answer, inquiry)
    if inquiry.controller_id is None:
        inquiry.controller = directory.main_legal_entity(scope.org_id)
    inquiry.answer, inquiry.version_id = words, answer.version_id
    inquiry.answered_by_id, inquiry.sender_role = scope.actor_id, DESKS[inquiry.desk].sender
    address = ""
    if answer.by_email:
        address = directory.contact_points([inquiry.hcp_id], "email", at.date()).get(
            inquiry.hcp_id, ""
        )
        if not address:
            raise UserError("no e-mail address of this person is known", field="by_email")
    decision = decide(
        act_of(inquiry, by_email=answer.by_email, at=at),
        object_kind="engagement.inquiry",
        object_id=inquiry.id,
    )
    inquiry.decision = decision
    if decision.outcome == Decision.Outcome.FORBID:
        # What may not be said is not kept as if it had been.
        inquiry.answer, inquiry.version_id, inquiry.answer_state = "", None, State.REFUSED
    elif decision.outcome == Decision.Outcome.REFER:
        inquiry.answer_state = State.REFERRED
    elif answer.by_email:
        inquiry.answer_state = State.QUEUED
        post_answer(inquiry, at)
    else:
        close(inquiry, State.GIVEN, at)
    inquiry.save()
    _record(inquiry, at)
    return inquiry


def close(inquiry: Inquiry, state: str, at: datetime) -> None:
    """Close a question with the answer that was given; not yet saved."""
    inquiry.answer_state, inquiry.closed_at = state, at
    note_move(inquiry, "answered", by=inquiry.answered_by_id, at=at)


def act_of(inquiry: Inquiry, *, by_email: bool, at: datetime) -> Act:
    """Write an answer as the act about which the gate is asked.

    A wish for a visit or a price is no question that codes keep for medical staff, and a
    prompted one is not unsolicited: neither is named as such.
    """
    asked = inquiry.is_unsolicited and inquiry.desk != "representative"
    return Act(
        type="response",
        at=at,
        recipient_id=inquiry.hcp_id,
        channel="email" if by_email else CHANNELS.get(inquiry.source, "in_person"),
        purpose="promotion" if inquiry.desk == "representative" else "medical",
        controller_id=inquiry.controller_id,
        version_id=inquiry.version_id,
        object_id=inquiry.id,
        actor_id=inquiry.answered_by_id,
        given={
            "action.sender_role": inquiry.sender_role,
            "action.promotional": False,
            "action.requested": True,
            "action.unsolicited_request_id": str(inquiry.id) if asked else None,
            "action.complex_question": is_complex(inquiry.kind),
            "action.access_question": inquiry.kind == "access",
        },
    )


def post_answer(inquiry: Inquiry, at: datetime) -> None:
    """Let an answer leave by e-mail; one that came back is sent anew."""
    known = OutboxMessage.objects.filter(topic=TOPIC, object_id=inquiry.id).first()
    if known is None:
        outbox.post(
            OutboxMessage.Kind.EMAIL,
            TOPIC,
            object_kind="engagement.inquiry",
            object_id=inquiry.id,
            at=at,
        )
        return
    raise UserError(
        "an e-mail with an answer to this question did not leave: retry it in the outbox, or"
        " answer in another way",
        field="by_email",
    )


def prepare(message: OutboxMessage, at: datetime) -> outbox.Prepared | outbox.Withheld:
    """Ask the gate again, now, and compose the answer."""
    inquiry = Inquiry.objects.select_related("hcp", "controller").get(id=message.object_id)
    decision = decide(
        act_of(inquiry, by_email=True, at=at),
        stage=Decision.Stage.DELIVERY,
        object_kind="engagement.inquiry",
        object_id=inquiry.id,
    )
    if decision.outcome != Decision.Outcome.PERMIT:
        return outbox.Withheld("held back by " + ", ".join(decision.rule_ids))
    address = directory.contact_points([inquiry.hcp_id], "email", at.date()).get(inquiry.hcp_id)
    if not address or inquiry.controller is None:
        return outbox.Withheld("no e-mail address of this person is known any more")
    parts = [f"Dear {inquiry.hcp.display_name},", "you asked us:", inquiry.question,
             "Our answer:", inquiry.answer]  # fmt: skip
    if inquiry.version_id:
        try:
            parts.append(content.version_for_send(inquiry.version_id).text)
        except content.NotReleased as why:
            return outbox.Withheld(str(why))
    parts.append(f"{inquiry.controller.name}, {inquiry.controller.postal_address}")
    mail = EmailMessage(
        subject="The answer to your question",
        body="\n\n".join(part for part in parts if part),
        from_email=formataddr((inquiry.controller.name, settings.DEFAULT_FROM_EMAIL)),
        to=[address],
    )
    return outbox.Prepared(mail)


def settled(message: OutboxMessage, at: datetime) -> None:
    """Close the question when its answer left; keep it open when it did not."""
    inquiry = Inquiry.objects.select_for_update().get(id=message.object_id)
    if inquiry.closed_at is not None:
        return
    if message.state == OutboxMessage.State.DONE:
        close(inquiry, State.SENT, at)
    else:
        inquiry.answer_state = State.HELD
        note_move(inquiry, "held", by=None, at=at, note=message.outcome)
    inquiry.save(update_fields=["answer_state", "closed_at"])


def _check(words: str, answer: Answer, inquiry: Inquiry) -> None:
    if len(words) > LONGEST or not (words or answer.version_id):
        raise UserError(
            f"write the answer, in at most {LONGEST:,} characters, or choose an item",
            field="answer",
        )
    wrong = without_patient(words, "answer")
    if wrong:
        raise UserError(wrong, field="answer")
    if answer.version_id is None:
        return
    item = content.version(answer.version_id).item
    if item.kind not in ANSWERABLE and inquiry.wall != "commercial":
        raise UserError(
            "answer with scientific or educational content, not with promotion", field="version"
        )


def _record(inquiry: Inquiry, at: datetime) -> None:
    ledger.append(
        ledger.Entry(
            f"engagement.inquiry.answer_{inquiry.answer_state}",
            "engagement.inquiry",
            inquiry.id,
            {
                "hcp": inquiry.hcp_id,
                "version": inquiry.version_id,
                "rules": inquiry.decision.rule_ids if inquiry.decision else [],
            },
            personal={inquiry.hcp_id: {"answer": inquiry.answer}},
            decision=inquiry.decision_id,
        ),
        at=at,
    )
