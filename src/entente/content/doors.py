"""What the room puts into the shell and tells the gate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from entente.foundation import outbox
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import Scope
from entente.foundation.web import shelf
from entente.foundation.web.naming import Named, add_naming


def _find(text: str, limit: int) -> Sequence[shelf.Hit]:
    from entente.content.domain.states import WORDS
    from entente.content.reads import item_rows

    return [
        shelf.Hit(
            found.title,
            f"{found.get_kind_display()}"
            + (f" · {WORDS[found.latest_status][0]}" if found.latest_status else ""),  # type: ignore[attr-defined]
            reverse("content:item", args=[found.id]),
            "file-check",
        )
        for found in item_rows(text=text).order_by("-id")[:limit]
    ]


def _queue(scope: Scope) -> dict[str, Any]:
    from entente.content.reads import queue

    return {"queue": queue(), "today": datetime.now(UTC).date()}


def _mine(scope: Scope) -> dict[str, Any]:
    from entente.content.domain.states import WORDS
    from entente.content.reads import written

    found = written(limit=8)
    return {"versions": [(each, WORDS[each.status]) for each in found]}


def _name_versions(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.content.models import Version

    rows = Version.objects.filter(id__in=ids).values_list("id", "item__title", "number")
    return {
        i: Named(f"{title}, version {number}", reverse("content:version", args=[i]))
        for i, title, number in rows
    }


def _name_items(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.content.models import Item

    rows = Item.objects.filter(id__in=ids).values_list("id", "title")
    return {i: Named(title, reverse("content:item", args=[i])) for i, title in rows}


def _name_claims(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.content.models import Claim

    rows = Claim.objects.filter(id__in=ids).values_list("id", "text")
    return {i: Named(text[:80], reverse("content:claim", args=[i])) for i, text in rows}


def _name_labels(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.content.models import Label

    rows = Label.objects.filter(id__in=ids).values_list("id", "product__name")
    return {i: Named(f"Label of {name}", reverse("content:label", args=[i])) for i, name in rows}


def _name_studies(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.content.models import Study

    rows = Study.objects.filter(id__in=ids).values_list("id", "protocol", "title")
    return {
        i: Named(f"Study {protocol}, {title}", reverse("content:study", args=[i]))
        for i, protocol, title in rows
    }


def _name_pages(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.content.models import HostedPage

    rows = HostedPage.objects.filter(id__in=ids).values_list("id", "slug", "version__subject")
    return {
        i: Named(f"Page {slug or subject}", reverse("content:hosted_page", args=[i]))
        for i, slug, subject in rows
    }


def _open_hosting() -> None:
    from entente.content.actions.hear_answer import hear_answer
    from entente.content.pages.parts import hosting_panel, parts_panel
    from entente.policy.actions import SETTLED

    outbox.topics.listen(SETTLED, hear_answer)
    for order, template, context in (
        (10, "content/parts_panel.html", parts_panel),
        (20, "content/hosting_panel.html", hosting_panel),
    ):
        shelf.add_panel(shelf.Panel(order, "content.version", "content.read", template, context))
    add_naming("content.hosted_page", _name_pages)


def open_doors() -> None:
    """Register columns, menu, home panels, search and names; touches no database."""
    from entente.content import panels
    from entente.content.reads import columns, own_uses

    columns.register()
    own_uses.register()
    panels.register()
    shelf.add_menu(shelf.MenuEntry(50, "Content", "content:items", "file-check", "content.read"))
    shelf.add_home(
        shelf.HomePanel(
            10,
            frozenset({Role.REVIEWER, Role.PARTNER_MARKETER}),
            "content/home_queue.html",
            _queue,
        )
    )
    shelf.add_home(
        shelf.HomePanel(40, frozenset({Role.BRAND_LEAD}), "content/home_written.html", _mine)
    )
    shelf.add_search(shelf.Search(50, "Content", "content.read", _find))
    add_naming("content.version", _name_versions)
    add_naming("content.item", _name_items)
    add_naming("content.claim", _name_claims)
    add_naming("content.label", _name_labels)
    add_naming("content.study", _name_studies)
    _open_hosting()
