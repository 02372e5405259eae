"""What the room puts into the shell and tells the gate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import Scope
from entente.foundation.web import shelf
from entente.foundation.web.naming import Named, add_naming
from entente.policy.audit_kinds import add_partners


def _find(text: str, limit: int) -> Sequence[shelf.Hit]:
    from entente.alliances.domain.states import WORDS
    from entente.alliances.reads import campaign_rows

    return [
        shelf.Hit(
            found.name,
            f"{WORDS[found.status][0]} · {found.country}",
            reverse("alliances:campaign", args=[found.id]),
            "megaphone",
        )
        for found in campaign_rows(text=text).order_by("-id")[:limit]
    ]


def _waiting(scope: Scope) -> dict[str, Any]:
    from entente.alliances import reads

    today = datetime.now(UTC).date()
    tasks = reads.my_tasks(today=today)
    return {
        "charters": reads.charters_to_agree(),
        "campaigns": reads.campaigns_to_agree(),
        "tasks": tasks,
        "n_late": sum(task.late or task.too_short for task in tasks),
        "today": today,
    }


def _schedule(scope: Scope) -> dict[str, Any]:
    from entente.alliances import reads

    today = datetime.now(UTC).date()
    return {"plans": reads.next_plans(today=today), "today": today}


def _gate(scope: Scope) -> dict[str, Any]:
    from entente.alliances.reads import campaign_rows

    return {"campaigns": campaign_rows(status="privacy").order_by("launch_on", "id")[:20]}


def _name_charters(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.alliances.models import Charter

    rows = Charter.objects.filter(id__in=ids).values_list("id", "name")
    return {i: Named(name, reverse("alliances:charter", args=[i])) for i, name in rows}


def _name_campaigns(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.alliances.models import Campaign

    rows = Campaign.objects.filter(id__in=ids).values_list("id", "name")
    return {i: Named(name, reverse("alliances:campaign", args=[i])) for i, name in rows}


def _add_home() -> None:
    sides = frozenset({Role.ALLIANCE_MANAGER, Role.PARTNER_MARKETER})
    shelf.add_home(shelf.HomePanel(20, sides, "alliances/home_waiting.html", _waiting))
    lead = frozenset({Role.BRAND_LEAD})
    shelf.add_home(shelf.HomePanel(10, lead, "alliances/home_schedule.html", _schedule))
    privacy = frozenset({Role.PRIVACY})
    shelf.add_home(shelf.HomePanel(10, privacy, "alliances/home_gate.html", _gate))


def open_doors() -> None:
    """Register columns, menu, home panels, search and names; touches no database."""
    from entente.alliances.reads import columns, partners_of_campaigns

    columns.register()
    shelf.add_menu(
        shelf.MenuEntry(40, "Campaigns", "alliances:campaigns", "megaphone", "campaign.read")
    )
    shelf.add_menu(
        shelf.MenuEntry(60, "Charters", "alliances:charters", "handshake", "charter.read")
    )
    _add_home()
    shelf.add_search(shelf.Search(40, "Campaigns", "campaign.read", _find))
    add_naming("alliances.campaign", _name_campaigns)
    add_naming("alliances.charter", _name_charters)
    add_partners(partners_of_campaigns)
