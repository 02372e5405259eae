"""Organisations: health-care organisations, and the partners of this installation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from entente.directory import actions, reads
from entente.directory.models import Hco, HcoIdentifier
from entente.directory.reads import lists
from entente.directory.reads.hierarchy import people_as_of
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import Organisation
from entente.foundation.web import shelf
from entente.foundation.web.asked import day_of, one_of, posted, text_of
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
    kinds, states = lists.choices("directory_hco", "kind", "us_state")
    context = {
        "asked": asked,
        "part": part_of(rows, order, request.GET),
        "kinds": kinds,
        "states": states,
        "found_limit": lists.MOST_FOUND if asked["q"] else None,
    }
    return render(request, "directory/hcos.html", context)


@page("directory.read")
def hco(request: HttpRequest, hco_id: UUID) -> HttpResponse:
    """Show one health-care organisation: identifiers, place, people."""
    found = get_object_or_404(Hco, id=hco_id)
    at = datetime.now(UTC)
    on = day_of(request, "on") or at.date()
    records = reads.same_hco(found.id, at)
    context = {
        "hco": found,
        "identifiers": HcoIdentifier.objects.filter(hco__in=records).order_by("system", "value"),
        "on": on,
        "people": people_as_of(found.id, on),
        "panels": shelf.render_panels("directory.hco", request, found),
        "joined": _joined(found, records, at),
    }
    return render(request, "directory/hco.html", context)


def _joined(found: Hco, records: list[UUID], at: datetime) -> dict[str, Any]:
    """Give what else this organisation is known as: the record it leads to, or those joined."""
    if len(records) == 1:
        return {}
    known, stands = Hco.objects.in_bulk(records), reads.hco_survivor_of(found.id, at)
    others = [known[i] for i in records if i not in (found.id, stands)]
    return {"stands": known[stands] if stands != found.id else None, "others": others}


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
        "may_add_entity": found.id == current_scope().org_id
        and "legal_entity.write" in current_scope().may,
        "panels": shelf.render_panels("directory.organisation", request, found),
    }
    return render(request, "directory/partner.html", context)


class LegalEntityForm(forms.Form):
    """In whose name consents are held, contracts signed and transfers disclosed."""

    name = forms.CharField(label="Registered name", max_length=200)
    country = forms.CharField(
        label="Country", min_length=2, max_length=2, help_text="Two letters, for example GB"
    )
    postal_address = forms.CharField(
        label="Postal address",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Printed in every e-mail that is sent in its name.",
    )
    time_zone = forms.CharField(label="Time zone", max_length=64, initial="UTC")


@page("legal_entity.write", methods=("GET", "POST"))
def add_legal_entity(request: HttpRequest) -> HttpResponse:
    """Name a legal entity of one's own organisation."""
    scope, form = current_scope(), LegalEntityForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "country": form.cleaned_data["country"].upper()}
        try:
            made = actions.add_legal_entity(**given, at=datetime.now(UTC))
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, f"{made.name} can be named in consents and contracts now.")
            return redirect("directory:organisation", scope.org_id)
    trail = [{"label": "Organisations", "url": reverse("directory:organisations")}]
    return render(
        request,
        "directory/legal_entity_add.html",
        {"form": form, "trail": trail, "organisation_id": scope.org_id},
        status=422 if form.errors else 200,
    )
