"""Capture what an HCP asks: the words, who asked, the proof; and send it to its desk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from entente.directory import reads as directory
from entente.engagement.actions.safety_reports import open_report
from entente.engagement.domain.caution import without_patient
from entente.engagement.domain.routing import (
    DESKS,
    KINDS,
    PRIORITIES,
    SOURCES,
    Way,
    due_at,
    kinds_of,
)
from entente.engagement.models import Inquiry, InquiryMove
from entente.engagement.reads.routes import ways
from entente.foundation import ledger
from entente.foundation.access.scope import Scope, current_scope, switched
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

LONGEST = 4_000
# Face to face a signature can be had; elsewhere the message or the link is the proof.
SIGNED_AT = ("visit", "congress")


@dataclass(frozen=True)
class Question:
    """What an HCP asks.

    Parameters
    ----------
    words : str
        As said, without anything that identifies a patient.
    is_unsolicited : bool
        False where a colleague prompted it; it is then no unsolicited request to the gate.
    signed_by : str
        The name with which the requester signed, or the reference of the letter.
    """

    hcp_id: UUID
    words: str
    kind: str = "scientific"
    source: str = "visit"
    is_unsolicited: bool = True
    signed_by: str = ""
    priority: str = "normal"
    product_id: UUID | None = None
    controller_id: UUID | None = None
    link_id: UUID | None = None


def across_the_wall(scope: Scope) -> Scope:
    """Give the scope in which a question is put on the other side of the wall, unseen."""
    return replace(scope, actor_id=None, roles=frozenset(), actor_name="job:inquiries")


def capture_inquiry(question: Question, *, at: datetime) -> Inquiry:
    """Record a question and send it to the desk that the routing table names.

    Words that sound like a side effect or a product complaint go to drug safety as well,
    whatever kind was chosen. Writes one row per desk, the case report, and a ledger entry;
    the entry holds the words only encrypted.

    Returns
    -------
    Inquiry
        The row of the chosen kind. Whoever captured it may not be able to read it again.

    Raises
    ------
    UserError
        If a field does not fit, or the words look like a patient's identity.
    """
    scope = current_scope()
    scope.require("inquiry.capture")
    _check(question, needs_signature=scope.wall == "commercial")
    hcp = directory.hcp(question.hcp_id)
    table, root_id = ways(), new_id()
    rows = [
        _row(question, kind, new_id() if n else root_id, root_id, table, scope, at)
        for n, kind in enumerate(kinds_of(question.kind, question.words))
    ]
    with switched(across_the_wall(scope)):
        for row in rows:
            row.save(force_insert=True)
            note_move(row, "captured", by=scope.actor_id, at=at)
            if row.desk == "safety":
                open_report(row, table["safety"].deliver_to, at=at)
    ledger.append(
        ledger.Entry(
            "engagement.inquiry.captured",
            "engagement.inquiry",
            root_id,
            {
                "hcp": hcp.id,
                "source": question.source,
                "unsolicited": question.is_unsolicited,
                "desks": [row.desk for row in rows],
                "link": question.link_id,
            },
            personal={hcp.id: {"question": question.words.strip(), "signed": question.signed_by}},
        ),
        at=at,
    )
    return rows[0]


def note_move(
    inquiry: Inquiry, verb: str, *, by: UUID | None, at: datetime, note: str = ""
) -> None:
    """Keep a step of an inquiry beside it."""
    InquiryMove.objects.create(
        id=new_id(),
        org_id=inquiry.org_id,
        inquiry=inquiry,
        verb=verb,
        desk=inquiry.desk,
        by_id=by,
        happened_at=at,
        note=note[:300],
    )


def _check(question: Question, *, needs_signature: bool) -> None:
    words = question.words.strip()
    if not words or len(words) > LONGEST:
        raise UserError(f"write the question, in at most {LONGEST:,} characters", field="question")
    wrong = without_patient(words, "question")
    if wrong:
        raise UserError(wrong, field="question")
    for name, value, allowed in (
        ("kind", question.kind, KINDS),
        ("source", question.source, SOURCES),
        ("priority", question.priority, PRIORITIES),
    ):
        if value not in allowed:
            raise UserError(f"{name} is one of {', '.join(allowed)}", field=name)
    if len(question.signed_by) > 200:
        raise UserError("the signature has at most 200 characters", field="signed_by")
    if needs_signature and question.source in SIGNED_AT and not question.signed_by.strip():
        raise UserError(
            "have the person who asked sign with their name: it proves that nobody prompted it",
            field="signed_by",
        )


def _row(
    question: Question,
    kind: str,
    row_id: UUID,
    root_id: UUID,
    table: dict[str, Way],
    scope: Scope,
    at: datetime,
) -> Inquiry:
    way = table[kind]
    return Inquiry(
        id=row_id,
        org_id=scope.org_id,
        root_id=root_id,
        hcp_id=question.hcp_id,
        product_id=question.product_id,
        kind=kind,
        desk=way.desk,
        wall=DESKS[way.desk].wall,
        question=question.words.strip(),
        source=question.source,
        is_unsolicited=question.is_unsolicited,
        signed_by=question.signed_by.strip(),
        link_id=question.link_id,
        priority=question.priority,
        opened_at=at,
        opened_by_id=scope.actor_id,
        due_at=due_at(way, question.priority, at),
        controller_id=question.controller_id,
    )
