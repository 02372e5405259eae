"""What this room shows on pages of other rooms and on the home page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from entente.engagement.models import Send
from entente.engagement.pages.sends import named
from entente.engagement.reads import caps, mail_events
from entente.engagement.reads import sends as reads
from entente.foundation.access.scope import Scope, current_scope

WEEK = timedelta(days=7)
LAST = 6
HEADLINES = ("sent", "queued", "referred", "withheld", "forbidden", "refused", "parked")


def hcp_contacts(request: HttpRequest, hcp: Any) -> dict[str, Any]:
    """Show how much a person got lately from all companies, and our last sends."""
    at = datetime.now(UTC)
    found = reads.sends(hcp_id=hcp.id).order_by(*reads.ORDER)
    load = caps.load_of(hcp.id, at=at)
    return {
        "load": load,
        "may_now": load.next_at is not None and load.next_at <= at,
        "last": named(list(found[:LAST])),
        "may_request": "send.request" in current_scope().may,
        "may_record": "expense.record" in current_scope().may,
    }


def campaign_sends(request: HttpRequest, campaign: Any) -> dict[str, Any]:
    """Show where the sends of a campaign stand."""
    counted = reads.counts_by_status(campaign.id)
    total = sum(counted.values())
    words = dict(Send.Status.choices)
    found = reads.sends(campaign_id=campaign.id).order_by(*reads.ORDER)
    return {
        "counts": [
            {"status": status, "label": words[status], "n": counted.get(status, 0)}
            for status in HEADLINES
            if counted.get(status) or status in {"sent", "forbidden"}
        ],
        "total": total,
        "settled": total - counted.get("queued", 0),
        "came": mail_events.came_back(campaign.id) if total else None,
        "last": named(list(found[:LAST])),
    }


def my_day(scope: Scope) -> dict[str, Any]:
    """Show what became of one's own sends this week and what holds the rest."""
    at = datetime.now(UTC)
    mine = reads.sends(requested_by_id=scope.actor_id)
    recent = mine.filter(requested_at__gte=at - WEEK)
    held = mine.filter(status__in=("referred", "withheld", "parked", "refused"))
    last = list(mine.order_by(*reads.ORDER)[:LAST])
    waiting = list(held.order_by(*reads.ORDER)[:LAST])
    named([*last, *waiting])
    return {
        "counts": reads.counts(recent),
        "last": last,
        "waiting": waiting,
        "may_record": "expense.record" in scope.may,
    }
