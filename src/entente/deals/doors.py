"""What the room puts into the gate and the shell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from entente.deals import reads
from entente.deals.domain.windows import WARN_DAYS, days_left
from entente.deals.models import Deal
from entente.deals.reads import columns
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import Scope
from entente.foundation.web import shelf
from entente.foundation.web.naming import Named, add_naming

THIS_WEEK = WARN_DAYS[0]


def _home(scope: Scope) -> dict[str, Any]:
    at = datetime.now(UTC)
    ending = reads.ending_soon(at=at, within_days=WARN_DAYS[1])
    for deal in ending:
        deal.left = days_left(deal.protection.ends_at, at)  # type: ignore[attr-defined]
        deal.is_urgent = deal.left <= THIS_WEEK  # type: ignore[attr-defined]
    return {"ending": ending, "waiting": reads.waiting_for_us(), "this_week": THIS_WEEK}


def _of_account(request: HttpRequest, account: Any) -> dict[str, Any] | None:
    found = reads.deals(account_id=account.id).order_by(*reads.order_of(""))
    return {
        "deals": list(found[:6]),
        "account": account,
        "may_register": "deal.write" in request.scope.may,  # type: ignore[attr-defined]
    }


def _find(text: str, limit: int) -> Sequence[shelf.Hit]:
    found = reads.deals(text=text).order_by(*reads.order_of(""))[:limit]
    return [
        shelf.Hit(
            f"{deal.account.display_name}: {deal.solution.name}",
            deal.words[0],
            reverse("deals:deal", args=[deal.id]),
            "briefcase",
        )
        for deal in found
    ]


def _names(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = Deal.objects.filter(id__in=ids).select_related("account", "solution")
    return {
        deal.id: Named(
            f"{deal.account.display_name}: {deal.solution.name}",
            reverse("deals:deal", args=[deal.id]),
        )
        for deal in rows
    }


columns.register()
add_naming("deals.deal", _names)
shelf.add_menu(shelf.MenuEntry(70, "Deals", "deals:deals", "briefcase", "deal.read"))
shelf.add_search(shelf.Search(60, "Deals", "deal.read", _find))
shelf.add_home(
    shelf.HomePanel(
        20, frozenset({Role.PARTNER_SELLER, Role.ALLIANCE_MANAGER}), "deals/home_deals.html", _home
    )
)
shelf.add_panel(
    shelf.Panel(50, "directory.organisation", "deal.read", "deals/panel_account.html", _of_account)
)
