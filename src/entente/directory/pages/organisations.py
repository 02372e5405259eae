"""Organisations: health-care organisations, and the partners of this installation."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from entente.directory import reads
from entente.directory.models import Affiliation, Hco, HcoIdentifier
from entente.directory.reads import lists
from entente.foundation.models import Organisation
from entente.foundation.web import shelf
from entente.foundation.web.asked import one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import MOST_ROWS, csv_file
from entente.foundation.web.lists import part_of

HEAD = ("system", "value", "name", "kind", "ownership", "city", "us_state", "country", "is_active")


@page("directory.read")
def hcos(request: HttpRequest) -> HttpResponse:
    """List health-care organisations by words, kind and state."""
    asked = {name: text_of(request, name) for name in ("q", "kind", "state")}
    rows = lists.narrowed_hcos(asked)
    order = lists.HCO_ORDERS[one_of(request, "sort", lists.HCO_ORDERS) or "name"]
    if request.GET.get("export") == "csv":
        found = rows.order_by(*order).values_list(*HEAD)[: MOST_ROWS + 1]
        return csv_file("hcos", HEAD, found, kind="directory.hco", at=datetime.now(UTC))
    context = {
        "asked": asked,
        "part": part_of(rows, order, request.GET),
        "kinds": lists.choices("directory_hco", "kind"),
        "states": lists.choices("directory_hco", "us_state"),
        "found_limit": lists.MOST_FOUND if asked["q"] else None,
    }
    return render(request, "directory/hcos.html", context)


@page("directory.read")
def hco(request: HttpRequest, hco_id: UUID) -> HttpResponse:
    """Show one health-care organisation: identifiers, place, people."""
    found = get_object_or_404(Hco, id=hco_id)
    people = Affiliation.objects.filter(hco=found).select_related("hcp").order_by("hcp__name_key")
    context = {
        "hco": found,
        "identifiers": HcoIdentifier.objects.filter(hco=found).order_by("system", "value"),
        "people": people[:100],
        "panels": shelf.render_panels("directory.hco", request, found),
    }
    return render(request, "directory/hco.html", context)


@page("organisation.read")
def partners(request: HttpRequest) -> HttpResponse:
    """List the host and the partners that the reader's organisation knows."""
    return render(
        request, "directory/partners.html", {"organisations": reads.organisations_visible()}
    )


@page("organisation.read")
def partner(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Show one organisation of this installation and its legal entities."""
    found = get_object_or_404(Organisation, id=organisation_id)
    context = {
        "organisation": found,
        "entities": reads.legal_entities(found.id),
        "panels": shelf.render_panels("directory.organisation", request, found),
    }
    return render(request, "directory/partner.html", context)
