"""What this room puts into its own shell: menu, home panel of administrators, search."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.models import ApiToken, LedgerEntry, Organisation, OutboxMessage, User
from entente.foundation.web import shelf
from entente.foundation.web.naming import Named, add_naming


def _administrator(scope: Scope) -> dict[str, Any]:
    from entente.foundation.web.pages_outbox import counts

    return {
        "counts": counts(),
        "parked": OutboxMessage.objects.filter(state="parked").order_by("settled_at", "id")[:5],
        "n_users": User.objects.filter(is_active=True).count(),
        "n_tokens": ApiToken.objects.filter(revoked_at__isnull=True).count(),
        "partners": Organisation.objects.filter(is_host=False).order_by("name")[:10],
    }


def _people(scope: Scope) -> dict[str, Any]:
    from entente.foundation.web.people import people, with_roles

    found = people(training="missing", on=datetime.now(UTC).date()).filter(is_active=True)
    return {
        "untrained": with_roles(list(found.order_by("name", "id")[:5])),
        "n_untrained": found.count(),
        "newest": User.objects.order_by("-recorded_at", "-id")[:5],
    }


def _find_entries(text: str, limit: int) -> Sequence[shelf.Hit]:
    """Find entries by the id of the entry or of the object that it is about."""
    from entente.foundation.web import evidence

    try:
        wanted = UUID(text)
    except ValueError:
        return []
    rows = LedgerEntry.objects.filter(entry_id=wanted)[:1] or evidence.entries(
        object_id=wanted
    ).order_by("-seq")
    return [
        shelf.Hit(line.what, line.who, line.url, line.icon)
        for line in evidence.lines(list(rows[:limit]))
    ]


def _users(ids: Collection[UUID]) -> dict[UUID, Named]:
    may_open = "user.read" in current_scope().may
    return {
        i: Named(name, reverse("person", args=[i]) if may_open else "")
        for i, name in User.objects.filter(id__in=ids).values_list("id", "name")
    }


def _organisations(ids: Collection[UUID]) -> dict[UUID, Named]:
    found = Organisation.objects.filter(id__in=ids).values_list("id", "name")
    return {i: Named(name) for i, name in found}


def _entries(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = LedgerEntry.objects.filter(entry_id__in=ids).values_list("entry_id", "seq")
    return {i: Named(f"entry {seq}", reverse("evidence_entry", args=[i])) for i, seq in rows}


def open_shell() -> None:
    """Register menu, panels, searches and names; called once when Django is ready."""
    shelf.add_menu(shelf.MenuEntry(10, "Home", "home", "house", "home.read"))
    shelf.add_menu(shelf.MenuEntry(95, "Evidence", "evidence", "scroll-text", "evidence.read"))
    shelf.add_menu(shelf.MenuEntry(96, "Colleagues", "people", "contact-round", "user.read"))
    shelf.add_menu(shelf.MenuEntry(97, "Outbox", "outbox", "mails", "outbox.read"))
    shelf.add_home(
        shelf.HomePanel(
            10,
            frozenset({Role.ADMINISTRATOR}),
            "foundation/home_administrator.html",
            _administrator,
        )
    )
    shelf.add_home(
        shelf.HomePanel(
            20,
            frozenset({Role.ADMINISTRATOR, Role.PARTNER_ADMINISTRATOR}),
            "foundation/home_people.html",
            _people,
        )
    )
    shelf.add_search(shelf.Search(90, "Evidence", "evidence.read", _find_entries))
    add_naming("user", _users)
    add_naming("organisation", _organisations)
    add_naming("ledger.entry", _entries)
