"""What this room tells the gate and the shell, once per process."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.urls import reverse

from entente.foundation.web import shelf
from entente.foundation.web.naming import Named, add_naming


def _find_hcps(text: str, limit: int) -> Sequence[shelf.Hit]:
    from entente.directory.reads import search_hcps

    return [
        shelf.Hit(
            person.display_name,
            " · ".join(part for part in (person.specialty, person.place, person.npi) if part),
            reverse("directory:hcp", args=[person.id]),
            "user",
        )
        for person in search_hcps(text, limit)
    ]


def _find_organisations(text: str, limit: int) -> Sequence[shelf.Hit]:
    from entente.directory.reads import search_hcos

    return [
        shelf.Hit(
            found.display_name,
            " · ".join(part for part in (found.kind, found.place) if part),
            reverse("directory:hco", args=[found.id]),
            "hospital",
        )
        for found in search_hcos(text, limit)
    ]


def _find_products(text: str, limit: int) -> Sequence[shelf.Hit]:
    from entente.directory.models import Product

    rows = Product.objects.filter(name__icontains=text).order_by("name", "id")[:limit]
    return [
        shelf.Hit(
            found.name,
            found.get_kind_display(),
            reverse("directory:product", args=[found.id]),
            "package",
        )
        for found in rows
    ]


def _name_hcps(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.directory.reads import hcps

    return {
        hcp_id: Named(person.display_name, reverse("directory:hcp", args=[hcp_id]))
        for hcp_id, person in hcps(ids).items()
    }


def _name_products(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.directory.models import Product

    rows = Product.objects.filter(id__in=ids).values_list("id", "name")
    return {i: Named(name, reverse("directory:product", args=[i])) for i, name in rows}


def _name_entities(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.directory.models import LegalEntity

    rows = LegalEntity.objects.filter(id__in=ids).values_list("id", "name")
    return {i: Named(name) for i, name in rows}


def _name_loads(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.directory.models import SourceLoad

    rows = SourceLoad.objects.filter(id__in=ids).values_list("id", "file_name")
    return {i: Named(name, reverse("directory:load", args=[i])) for i, name in rows}


def _name_merges(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.directory.reads.identity import merges

    rows = merges().filter(id__in=ids)
    return {
        row.id: Named(
            f"{row.link.loser.display_name} into {row.link.survivor.display_name}",
            reverse("directory:merge", args=[row.id]),
        )
        for row in rows
    }


def _name_suspects(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.directory.reads.identity import suspects

    rows = suspects().filter(id__in=ids)
    return {
        row.id: Named(
            f"{row.one.display_name} and {row.other.display_name}",
            reverse("directory:suspect", args=[row.id]),
        )
        for row in rows
    }


def _name_hco_merges(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.directory.reads.identity_hcos import hco_merges

    return {
        row.id: Named(
            f"{row.link.loser.display_name} into {row.link.survivor.display_name}",
            reverse("directory:hco_merge", args=[row.id]),
        )
        for row in hco_merges().filter(id__in=ids)
    }


def _name_hco_suspects(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.directory.reads.identity_hcos import hco_suspects

    return {
        row.id: Named(
            f"{row.one.display_name} and {row.other.display_name}",
            reverse("directory:hco_suspect", args=[row.id]),
        )
        for row in hco_suspects().filter(id__in=ids)
    }


def _name_changes(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.directory.reads.change_requests import changes

    return {
        row.id: Named(
            f"Change of {row.hcp.display_name}", reverse("directory:change", args=[row.id])
        )
        for row in changes().filter(id__in=ids)
    }


def open_doors() -> None:
    """Register facts, menu, searches, panels and names; called when the room is ready."""
    from entente.directory import panels
    from entente.directory.followers import follow, follow_hcos
    from entente.directory.reads import columns
    from entente.directory.reads.followed import FOLLOWER, HCO_FOLLOWER

    columns.register()
    follow(FOLLOWER)
    follow_hcos(HCO_FOLLOWER)
    panels.open_panels()
    shelf.add_menu(shelf.MenuEntry(20, "HCPs", "directory:hcps", "users", "directory.read"))
    shelf.add_menu(
        shelf.MenuEntry(
            30, "Organisations", "directory:organisations", "building-2", "organisation.read"
        )
    )
    shelf.add_menu(
        shelf.MenuEntry(32, "Products", "directory:products", "package", "directory.read")
    )
    shelf.add_menu(
        shelf.MenuEntry(
            91, "Possible duplicates", "directory:suspects", "git-merge", "identity.decide"
        )
    )
    shelf.add_menu(
        shelf.MenuEntry(92, "Imports", "directory:imports", "database", "directory.import")
    )
    shelf.add_menu(
        shelf.MenuEntry(90, "Change requests", "directory:changes", "file-pen", "change.request")
    )
    shelf.add_menu(shelf.MenuEntry(93, "Sources", "directory:sources", "scale", "directory.import"))
    shelf.add_search(shelf.Search(10, "HCPs", "directory.read", _find_hcps))
    shelf.add_search(shelf.Search(20, "Organisations", "directory.read", _find_organisations))
    shelf.add_search(shelf.Search(30, "Products", "directory.read", _find_products))
    add_naming("hcp", _name_hcps)
    add_naming("product", _name_products)
    add_naming("legal_entity", _name_entities)
    add_naming("directory.source_load", _name_loads)
    add_naming("directory.merge", _name_merges)
    add_naming("directory.suspect", _name_suspects)
    add_naming("directory.hco_merge", _name_hco_merges)
    add_naming("directory.hco_suspect", _name_hco_suspects)
    add_naming("directory.change_request", _name_changes)
