"""End a deal: decline, withdraw, win, lose, or let its protection run out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.deals.actions.opportunity import KIND, locked_deal
from entente.deals.domain.states import MOVES, Status
from entente.deals.models import Deal, Protection
from entente.deals.reads import other_side
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError

MOST_AT_ONCE = 1_000


def decline_deal(deal_id: UUID, *, reason: str, at: datetime) -> Deal:
    """Say no to a deal that the other party registered; the reason is shown to it."""
    found = locked_deal(deal_id)
    if found.org_id == current_scope().org_id:
        raise UserError("you registered this deal; withdraw it instead")
    return _close(found, Status.DECLINED, _said(reason), at=at)


def withdraw_deal(deal_id: UUID, *, reason: str, at: datetime) -> Deal:
    """Take back a deal one has registered; its protection, if any, ends at once."""
    found = locked_deal(deal_id)
    if found.org_id != current_scope().org_id:
        raise UserError("the other party registered this deal; decline it instead")
    return _close(found, Status.WITHDRAWN, _said(reason), at=at)


def mark_won(deal_id: UUID, *, at: datetime) -> Deal:
    """Record that the customer has signed; the protection runs on to its end."""
    return _close(locked_deal(deal_id), Status.WON, "", at=at)


def mark_lost(deal_id: UUID, *, reason: str, at: datetime) -> Deal:
    """Record that the customer has decided otherwise; the protection ends at once."""
    return _close(locked_deal(deal_id), Status.LOST, _said(reason), at=at)


def _said(reason: str) -> str:
    if not reason.strip():
        raise UserError("say why, in a sentence that the other party can read", field="reason")
    return reason.strip()[:300]


def _close(found: Deal, status: Status, reason: str, *, at: datetime) -> Deal:
    if status.value not in MOVES[found.status]:
        raise UserError(f"this deal is {found.words[0].lower()} and cannot become {status.value}")
    if status in (Status.LOST, Status.WITHDRAWN):
        Protection.objects.filter(deal=found, released_at__isnull=True).update(released_at=at)
    was = found.status
    found.status, found.status_since, found.closed_because = status, at, reason
    found.save(update_fields=["status", "status_since", "closed_because"])
    ledger.append(_entry(found, was), at=at)
    return found


def _entry(found: Deal, was: str) -> ledger.Entry:
    other = other_side(found)
    return ledger.Entry(
        verb=f"deals.deal.{found.status}",
        kind=KIND,
        object_id=found.id,
        details={"was": was},
        counterparty=other.org_id if other else None,
    )


def expire_deals(*, at: datetime) -> int:
    """Mark deals whose protection has run out; give how many. Safe to repeat.

    The opportunity is free from the instant itself, whether or not this has run.
    """
    current_scope().require("deal.write")
    over = list(
        Deal.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(status=Status.PROTECTED, protection__ends_at__lte=at)
        .prefetch_related("sides")[:MOST_AT_ONCE]
    )
    for found in over:
        found.status, found.status_since = Status.EXPIRED.value, at
    Deal.objects.bulk_update(over, ["status", "status_since"])
    ledger.append_many([_entry(found, Status.PROTECTED) for found in over], at=at)
    return len(over)
