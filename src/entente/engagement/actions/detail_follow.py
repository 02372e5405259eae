"""What the HCP does in a remote detail: begin, follow, react, ask; called at a signed link."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entente.content import reads as content
from entente.engagement.actions.detail_lead import ask_gate
from entente.engagement.actions.detail_plan import record
from entente.engagement.actions.inquiry_capture import Question, capture_inquiry
from entente.engagement.actions.medical_home import put_to_medical, sort_question
from entente.engagement.domain.detailing import is_still_looking
from entente.engagement.models import Detail, DetailItem, DetailStay, Touch
from entente.foundation.errors import UserError
from entente.foundation.links import Opened
from entente.foundation.models import new_id
from entente.policy.reads import Decision

MOST_QUESTIONS = 10


class NotNow(UserError):
    """The remote detail cannot begin or go on; the text is for the HCP and gives no reason."""


@dataclass(frozen=True)
class Following:
    """What a browser that follows is to show."""

    detail: Detail
    item: DetailItem | None


def hash_of(key: str) -> str:
    """Hash what a browser holds, so that the database tells nobody how to be it."""
    return hashlib.sha256(key.encode()).hexdigest()


def begin_detail(detail_id: UUID, key: str, *, at: datetime) -> Detail:
    """Begin a remote detail in one browser; the gate is asked again, now.

    A permission that was withdrawn since the plan, or any other reason, keeps it from
    beginning: the refusal is written for the presenter and the HCP is told that it cannot be.
    Writes the decision, the state and one ledger entry.

    Parameters
    ----------
    key : str
        What the browser will hold; no other one follows then.

    Raises
    ------
    NotNow
        If it is over, taken back, waits for a person, or goes on in another browser.
    """
    detail = _locked(detail_id)
    if detail.status == Detail.Status.LIVE and not detail.browser_hash:
        return _taken(detail, key, "resumed", at)
    touch = detail.touch
    if detail.status != Detail.Status.PLANNED or touch.superseded_at is not None:
        raise NotNow("this remote detail is over, or goes on in another browser")
    if touch.status != Touch.Status.PLANNED:
        raise NotNow("this remote detail cannot begin now")
    decision = ask_gate(detail, [], at=at)
    if decision.outcome != Decision.Outcome.PERMIT:
        detail.refusal = decision
        detail.save(update_fields=["refusal"])
        record(detail, "kept_from_beginning", at, {}, decision.id)
        return detail
    detail.status, detail.started_at, detail.refusal = Detail.Status.LIVE, at, None
    return _taken(detail, key, "begun", at, decision.id)


def follow_detail(detail_id: UUID, key: str, *, at: datetime) -> Following:
    """Give what is on show, and keep that this browser was there at this moment.

    What is on show is judged anew: an item recalled since it was put there is not given.
    Writes the times, and no ledger entry: the record made of them has one.

    Raises
    ------
    NotNow
        If it is over, or goes on in another browser.
    """
    detail = _followed(detail_id, key)
    detail.seen_at = at
    detail.save(update_fields=["seen_at"])
    item = detail.items.select_related("version__item").filter(position=detail.position).first()
    if item is not None and content.why_not_released(item.version, at=at):
        item = None
    _keep_stay(detail, item, at)
    return Following(detail, item)


def react(detail_id: UUID, key: str, position: int, reaction: str, *, at: datetime) -> DetailItem:
    """Keep what the HCP says of an item that was on the screen; the last word holds.

    Raises
    ------
    NotNow
    UserError
        If there is no such reaction, or the item was not shown.
    """
    detail = _followed(detail_id, key)
    if reaction not in (DetailItem.Reaction.USEFUL, DetailItem.Reaction.NOT_USEFUL):
        raise UserError("say whether it is useful or not", field="reaction")
    item = detail.items.filter(position=position, stays__isnull=False).distinct().first()
    if item is None:
        raise UserError("this item was not shown", field="position")
    item.reaction = reaction
    item.save(update_fields=["reaction"])
    record(detail, "reacted", at, {"position": position, "reaction": reaction})
    return item


def ask_in_detail(
    opened: Opened, detail_id: UUID, key: str, wish: str, words: str, *, at: datetime
) -> bool:
    """Take a question asked while the detail goes on; tell whether medical staff answer it.

    A medical question goes to the medical desk behind the wall and its words to nobody else;
    the presenter learns that one was asked. So does every question in a medical detail.
    Writes the inquiry, the item's reaction, the number of questions and a ledger entry.

    Raises
    ------
    NotNow
    UserError
        If nothing is written, it looks like a patient's identity, or too many came.
    """
    detail = _followed(detail_id, key)
    if detail.n_questions >= MOST_QUESTIONS:
        raise UserError("you have asked many questions already: please wait for the answers")
    medical = sort_question(wish, words) or detail.wall == "medical"
    touch = detail.touch
    if medical:
        put_to_medical(
            words.strip(), hcp_id=detail.hcp_id, link_id=opened.link_id,
            product_id=touch.product_id, at=at,
        )  # fmt: skip
    else:
        capture_inquiry(
            Question(
                hcp_id=detail.hcp_id, words=words.strip(), kind="commercial", source="link",
                controller_id=touch.controller_id, product_id=touch.product_id,
                link_id=opened.link_id,
            ),
            at=at,
        )  # fmt: skip
    item = detail.items.filter(position=detail.position, reaction="").first()
    if item is not None:
        item.reaction = DetailItem.Reaction.QUESTION
        item.save(update_fields=["reaction"])
    detail.n_questions += 1
    detail.save(update_fields=["n_questions"])
    record(detail, "asked", at, {"medical": medical})
    return medical


def _locked(detail_id: UUID) -> Detail:
    found = Detail.objects.select_for_update(of=("self",)).select_related("touch")
    return found.get(id=detail_id)


def _taken(
    detail: Detail, key: str, verb: str, at: datetime, decision: UUID | None = None
) -> Detail:
    detail.browser_hash, detail.seen_at = hash_of(key), at
    detail.save(update_fields=["status", "started_at", "refusal", "browser_hash", "seen_at"])
    record(detail, verb, at, {}, decision)
    return detail


def _followed(detail_id: UUID, key: str) -> Detail:
    detail = _locked(detail_id)
    if detail.status != Detail.Status.LIVE:
        raise NotNow("this remote detail is over")
    if not key or not hmac.compare_digest(detail.browser_hash, hash_of(key)):
        raise NotNow("this remote detail goes on in another browser")
    return detail


def _keep_stay(detail: Detail, item: DetailItem | None, at: datetime) -> None:
    """Lengthen what this browser had on its screen until now, then begin what it shows next."""
    last = DetailStay.objects.filter(item__detail=detail, is_over=False).last()
    goes_on = last is not None and is_still_looking(last.seen_until, at)
    if last is not None:
        if goes_on:
            last.seen_until = max(last.seen_until, at)
        last.is_over = not goes_on or item is None or last.item_id != item.id
        last.save(update_fields=["seen_until", "is_over"])
    if item is not None and (last is None or last.is_over):
        DetailStay.objects.create(
            id=new_id(), org_id=detail.org_id, item=item, began_at=at, seen_until=at
        )
