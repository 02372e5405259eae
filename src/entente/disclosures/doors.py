"""What the room hears, and what it puts into the gate and the shell."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from entente.consent.reads.holdings import Holding, register_holding
from entente.disclosures import reads
from entente.disclosures.actions import capture_item, capture_transfers
from entente.disclosures.models import TransferOfValue
from entente.disclosures.reads import columns, held
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import Scope
from entente.foundation.models import OutboxMessage
from entente.foundation.outbox import topics
from entente.foundation.web import shelf
from entente.foundation.web.naming import Named, add_naming
from entente.policy.reads.parameters import NoFigure


def _heard(message: OutboxMessage, at: datetime) -> None:
    capture_transfers(message.object_id, at=at)


def _item_heard(message: OutboxMessage, at: datetime) -> None:
    capture_item(message.object_id, at=at)


def _home(scope: Scope) -> dict[str, Any]:
    year = datetime.now(UTC).year
    try:
        near = reads.recipients(year, near_only=True)[:8]
        return {"year": year, "near": near, "limits": reads.thresholds(year)}
    except NoFigure as missing:
        return {"year": year, "missing": str(missing)}


def _of_hcp(request: HttpRequest, hcp: Any) -> dict[str, Any] | None:
    today = datetime.now(UTC).date()
    sums = reads.year_to_date(hcp.id, today.year, today)
    dollars = next((row["total"] for row in sums if row["currency"] == "USD"), 0)
    try:
        limits = reads.thresholds(today.year)
    except NoFigure:
        limits = None
    return {"year": today.year, "sums": sums, "dollars": dollars, "limits": limits, "hcp": hcp}


def _names(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = TransferOfValue.objects.filter(id__in=ids).values_list("id", "made_on", "hcp_id")
    return {
        i: Named(
            f"Transfer of value of {made_on.isoformat()}",
            f"{reverse('disclosures:transfers')}?year={made_on.year}&hcp={hcp_id}",
        )
        for i, made_on, hcp_id in rows
    }


columns.register()
register_holding(
    Holding(
        90,
        "transfers",
        "Meals and other things of value",
        held.transfers_to,
        None,
        "the law on disclosing transfers of value asks for them (42 CFR 403.912(e): five years)",
        by_link=False,
    )
)
topics.listen("engagement.expense.recorded", _heard)
topics.listen("engagement.items.handed", _item_heard)
add_naming("disclosures.transfer", _names)
shelf.add_menu(
    shelf.MenuEntry(85, "Disclosures", "disclosures:transfers", "scale", "disclosure.read")
)
shelf.add_home(
    shelf.HomePanel(
        30, frozenset({Role.COMPLIANCE, Role.FINANCE}), "disclosures/home_near.html", _home
    )
)
shelf.add_panel(
    shelf.Panel(60, "directory.hcp", "disclosure.read", "disclosures/panel_hcp.html", _of_hcp)
)
