"""Hear that people answered a referral: a page that waited for it is asked about again."""

from __future__ import annotations

from datetime import datetime

from entente.content.actions.hosted import ask_again
from entente.content.models import HostedPage
from entente.content.reads.hosted import KIND
from entente.foundation.models import OutboxMessage
from entente.policy.reads import Decision
from entente.policy.reads.referrals import settled


def hear_answer(message: OutboxMessage, at: datetime) -> None:
    """Ask the gate anew about a page that somebody approved; other referrals are not ours.

    The approval sets aside only the rules that referred it, so that a withdrawal since then
    still keeps the page from appearing.
    """
    if message.object_kind != KIND:
        return
    ended = settled(message.object_id)
    page = HostedPage.objects.filter(id=message.object_id).first()
    waits = page is not None and page.outcome == Decision.Outcome.REFER and page.ended_at is None
    if page and waits and ended and ended.is_approved:
        ask_again(page.id, at=at)
