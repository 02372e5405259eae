"""Hear that people answered a referral: sends may leave, meals and calls are cleared, or not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.engagement.actions.invite import requeue
from entente.engagement.actions.meeting_bookings import settle_meeting
from entente.engagement.actions.placements import ask_of_placement
from entente.engagement.actions.request_send import TOPIC
from entente.engagement.actions.speakers import settle_fee
from entente.engagement.models import Expense, HandOver, Inquiry, Send, Touch
from entente.engagement.reads.placements import KIND as PLACEMENT
from entente.foundation import ledger, outbox
from entente.foundation.models import OutboxMessage
from entente.policy.reads.referrals import Settled, settled


def hear_referral(message: OutboxMessage, at: datetime) -> None:
    """Do what was approved, or note what was declined; other rooms' referrals are not ours."""
    ended = settled(message.object_id)
    if ended is None:
        return
    if message.object_kind == "engagement.send":
        _hear_of_send(message.object_id, ended, at)
    elif message.object_kind == PLACEMENT:
        if ended.is_approved:
            ask_of_placement(message.object_id, at=at)
    elif message.object_kind == "engagement.hand_over":
        _hear_of_hand_over(message.object_id, ended, at)
    elif message.object_kind == "engagement.expense":
        _hear_of_expense(message.object_id, ended, at)
    elif message.object_kind == "engagement.invitation":
        requeue(message.object_id, approved=ended.is_approved, said=ended.said, at=at)
    elif message.object_kind == "engagement.meeting":
        settle_meeting(message.object_id, approved=ended.is_approved, said=ended.said, at=at)
    elif message.object_kind == "engagement.speaker":
        settle_fee(message.object_id, approved=ended.is_approved, at=at)
    elif message.object_kind == "engagement.touch":
        _hear_of_touch(message.object_id, ended, at)
    elif message.object_kind == "engagement.inquiry":
        _hear_of_inquiry(message.object_id, ended, at)


def _hear_of_hand_over(hand_over_id: UUID, ended: Settled, at: datetime) -> None:
    """Let the colleague hand it over, or refuse it; nothing leaves the stock by an answer."""
    row = HandOver.objects.select_for_update().filter(id=hand_over_id).first()
    if row is None or row.status != HandOver.Status.REFERRED:
        return
    row.status = HandOver.Status.APPROVED if ended.is_approved else HandOver.Status.FORBIDDEN
    row.reason = "" if ended.is_approved else f"declined by {ended.said}"[:300]
    row.save(update_fields=["status", "reason"])
    ledger.append(
        ledger.Entry(
            f"engagement.hand_over.{row.status}",
            "engagement.hand_over",
            row.id,
            {"hcp": row.hcp_id, "after": "referral"},
            decision=row.decision_id,
        ),
        at=at,
    )


def _hear_of_inquiry(inquiry_id: UUID, ended: Settled, at: datetime) -> None:
    """Let an approved answer be given by whoever wrote it, or take a declined one back."""
    inquiry = Inquiry.objects.select_for_update().filter(id=inquiry_id).first()
    if inquiry is None or inquiry.answer_state != Inquiry.AnswerState.REFERRED:
        return
    if ended.is_approved:
        inquiry.answer_state = Inquiry.AnswerState.NONE
    else:
        inquiry.answer_state, inquiry.answer = Inquiry.AnswerState.REFUSED, ""
    inquiry.save(update_fields=["answer_state", "answer"])
    ledger.append(
        ledger.Entry(
            "engagement.inquiry.settled",
            "engagement.inquiry",
            inquiry.id,
            {"approved": ended.is_approved, "after": "referral"},
        ),
        at=at,
    )


def _hear_of_touch(touch_id: UUID, ended: Settled, at: datetime) -> None:
    """Let a planned call take place or not; of one that was had, say what it counts as."""
    touch = Touch.objects.select_for_update().filter(id=touch_id).first()
    if touch is None or touch.standing != Touch.Standing.REFERRED:
        return
    touch.standing = Touch.Standing.CLEARED if ended.is_approved else Touch.Standing.BREACH
    if touch.status == Touch.Status.REFERRED:
        touch.status = Touch.Status.PLANNED if ended.is_approved else Touch.Status.FORBIDDEN
    touch.save(update_fields=["status", "standing"])
    ledger.append(
        ledger.Entry(
            "engagement.touch.settled",
            "engagement.touch",
            touch.id,
            {"status": touch.status, "standing": touch.standing, "after": "referral"},
        ),
        at=at,
    )


def _hear_of_expense(expense_id: UUID, ended: Settled, at: datetime) -> None:
    """Clear a meal that was approved after all, or mark it as a breach; the money is spent."""
    expense = Expense.objects.select_for_update().filter(id=expense_id).first()
    if expense is None or expense.standing != Expense.Standing.REFERRED:
        return
    standing = Expense.Standing.CLEARED if ended.is_approved else Expense.Standing.BREACH
    expense.standing = standing
    expense.save(update_fields=["standing"])
    details = {"standing": standing, "after": "referral"}
    ledger.append(
        ledger.Entry("engagement.expense.settled", "engagement.expense", expense.id, details),
        at=at,
    )


def _hear_of_send(send_id: UUID, ended: Settled, at: datetime) -> None:
    """Queue an approved send, or refuse a declined one.

    The gate is asked again before the send leaves: approval sets aside only the rules that
    referred it, so that a withdrawal or a recall since then still holds it back.
    """
    send = Send.objects.select_for_update().filter(id=send_id).first()
    if send is None or send.status != Send.Status.REFERRED:
        return
    if ended.is_approved and send.message_list and send.message_list.closed_at:
        send.status, send.settled_at = Send.Status.FORBIDDEN, at
        send.outcome = "approved after its list was over"
    elif ended.is_approved:
        send.status, send.outcome = Send.Status.QUEUED, ""
        # Another service sends what stands on a list, when the list is handed out.
        if send.message_list is None:
            outbox.post(
                OutboxMessage.Kind.EMAIL, TOPIC, object_kind="engagement.send",
                object_id=send.id, at=at,
            )  # fmt: skip
    else:
        send.status, send.outcome = Send.Status.FORBIDDEN, f"declined by {ended.said}"[:300]
        send.settled_at = at
    send.save(update_fields=["status", "outcome", "settled_at"])
    ledger.append(
        ledger.Entry(
            f"engagement.send.{send.status}",
            "engagement.send",
            send.id,
            {"hcp": send.hcp_id, "after": "referral"},
            decision=send.decision_id,
        ),
        at=at,
    )
