"""Signed links with which an HCP asks without signing in, and what comes in through them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from entente.directory import reads as directory
from entente.engagement.actions.inquiry_capture import Question, capture_inquiry
from entente.engagement.models import Inquiry
from entente.engagement.reads.inquiries import asked_by_link
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.links import Opened, make_link, token_of
from entente.foundation.locks import lock
from entente.foundation.models import SignedLink

PURPOSE = "ask"
CONTROLLER = "legal_entity"
VALID_DAYS = 400
FRESH_DAYS = 90
# A person asks a few things a day; beyond, somebody fills the form by program.
MOST_A_DAY = 5
# What the page offers: the kind it becomes, and what stands before the words.
WISHES = {
    "question": ("scientific", ""),
    "access": ("access", ""),
    "visit": ("commercial", "Asks for a visit. "),
    "sample": ("commercial", "Asks for a sample. "),
    "resource": ("commercial", "Asks for material. "),
}


def question_url(hcp_id: UUID, controller_id: UUID, *, at: datetime) -> str:
    """Give the path of a person's page for questions; one link serves many mails."""
    there = (
        SignedLink.objects.filter(
            org_id=current_scope().org_id,
            purpose=PURPOSE,
            person_id=hcp_id,
            object_kind=CONTROLLER,
            object_id=controller_id,
            revoked_at__isnull=True,
            expires_at__gt=at + timedelta(days=FRESH_DAYS),
        )
        .order_by("-expires_at")
        .first()
    )
    token = token_of(PURPOSE, there.id) if there is not None else make_link(
        PURPOSE,
        person_id=hcp_id,
        object_kind=CONTROLLER,
        object_id=controller_id,
        at=at,
        valid_days=VALID_DAYS,
    )  # fmt: skip
    return f"/ask/{token}/"


def give_question_link(hcp_id: UUID, *, at: datetime) -> str:
    """Make the link that one hands to a person, and record that it was made."""
    scope = current_scope()
    scope.require("inquiry.capture")
    hcp = directory.hcp(hcp_id)
    made = question_url(hcp.id, directory.main_legal_entity(scope.org_id).id, at=at)
    ledger.append(
        ledger.Entry("engagement.question_link.given", "hcp", hcp.id, {"days": VALID_DAYS}), at=at
    )
    return made


def ask_by_link(opened: Opened, wish: str, words: str, *, at: datetime) -> Inquiry:
    """Take what a person asks at their link; the link is the proof that they asked.

    Raises
    ------
    UserError
        If nothing is written, it looks like a patient's identity, or too much came today.
    """
    if wish not in WISHES:
        raise UserError("choose what you would like", field="wish")
    kind, before = WISHES[wish]
    if not words.strip() and not before:
        raise UserError("write your question", field="words")
    lock(f"ask:{current_scope().org_id}:{opened.person_id}")
    if len(asked_by_link(opened.person_id, since=at - timedelta(days=1))) >= MOST_A_DAY:
        raise UserError(
            "you have asked several things today: please wait until tomorrow, or telephone us"
        )
    return capture_inquiry(
        Question(
            hcp_id=opened.person_id,
            words=(before + words.strip()).strip(),
            kind=kind,
            source="link",
            controller_id=opened.object_id,
            link_id=opened.link_id,
        ),
        at=at,
    )
