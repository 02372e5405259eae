"""Panels, menu entries and searches of hierarchies, cohorts, contacts, licences, territories."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.urls import reverse

from entente.foundation.web import shelf
from entente.foundation.web.naming import Named, add_naming


def _find_contacts(text: str, limit: int) -> Sequence[shelf.Hit]:
    from entente.directory.reads.contacts import search_contacts

    return [
        shelf.Hit(
            found.display_name,
            " · ".join(part for part in (found.role, found.employer) if part),
            reverse("directory:contact", args=[found.id]),
            "contact",
        )
        for found in search_contacts(text, limit)
    ]


def _name_contacts(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.directory.reads.contacts import names_of

    return {
        each: Named(name, reverse("directory:contact", args=[each]))
        for each, name in names_of(list(ids)).items()
    }


def _name_territories(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.directory.reads.territories import territories

    return {
        each.id: Named(each.name, reverse("directory:territory", args=[each.id]))
        for each in territories().filter(id__in=list(ids))
    }


def open_panels() -> None:
    """Register them; called when the room is ready."""
    from entente.directory.pages import (
        catalogue,
        cohorts,
        contacts,
        hierarchy,
        licences,
        provenance,
        territories,
    )

    for order, page, needs, template, context in (
        (10, "hco", "directory.read", "hierarchy_panel", hierarchy.hco_panel),
        (60, "hco", "contact.read", "contacts_panel", contacts.hco_panel),
        (70, "hco", "cohort.read", "centre_panel", cohorts.hco_panel),
        (90, "hco", "directory.read", "hierarchy_changes", hierarchy.changes_panel),
        (95, "hco", "territory.write", "account_panel", territories.hco_panel),
        (75, "hcp", "directory.read", "licences_panel", licences.hcp_panel),
        (95, "hcp", "directory.read", "provenance_panel", provenance.hcp_panel),
        (80, "hcp", "territory.read", "territories_panel", territories.hcp_panel),
        (85, "hcp", "directory.read", "affiliations_panel", hierarchy.hcp_panel),
        (20, "product", "directory.read", "catalogue_panel", catalogue.product_panel),
        (10, "organisation", "organisation.read", "category_panel", catalogue.category_panel),
        (60, "organisation", "contact.read", "contacts_panel", contacts.organisation_panel),
    ):
        shelf.add_panel(
            shelf.Panel(order, f"directory.{page}", needs, f"directory/{template}.html", context)
        )
    shelf.add_menu(
        shelf.MenuEntry(25, "Territories", "directory:territories", "map", "territory.read")
    )
    shelf.add_menu(shelf.MenuEntry(28, "Contacts", "directory:contacts", "contact", "contact.read"))
    shelf.add_menu(shelf.MenuEntry(26, "Cohorts", "directory:cohorts", "microscope", "cohort.read"))
    shelf.add_search(shelf.Search(15, "Contacts", "contact.read", _find_contacts))
    add_naming("contact", _name_contacts)
    add_naming("territory", _name_territories)
