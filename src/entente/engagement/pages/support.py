"""Programmes and resources for patients, and centres to which they may be sent."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory.reads import cohorts as directory_cohorts
from entente.engagement.actions import ProgrammePlan, save_programme
from entente.engagement.domain.programme_counts import SMALLEST
from entente.engagement.forms_access import ProgrammeForm
from entente.engagement.models import SupportProgramme
from entente.engagement.reads import access as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, posted, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

HEAD = ("programme", "region", "month", "enrolled")
CENTRE_HEAD = ("id", "hco_id", "name", "area", "from_on")


@page("support.read")
def programmes(request: HttpRequest) -> HttpResponse:
    """List the programmes and resources."""
    found = reads.programmes(
        kind=one_of(request, "kind", SupportProgramme.Kind.values),
        country=text_of(request, "country").upper(),
    )
    part = part_of(found, ("name", "id"), request.GET)
    context = {
        "part": part,
        "kinds": SupportProgramme.Kind.choices,
        "may_write": "support.write" in current_scope().may,
    }
    return render(request, "engagement/programmes.html", context)


@page("support.write", methods=("GET", "POST"))
def new_programme(request: HttpRequest) -> HttpResponse:
    """Enter a programme."""
    form = ProgrammeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["product_id"] = given.pop("product")
        try:
            made = save_programme(ProgrammePlan(**given), at=datetime.now(UTC))
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Kept.")
            return redirect("engagement:programme", made.id)
    trail = [{"label": "Patient support", "url": reverse("engagement:programmes")}]
    return render(
        request,
        "engagement/programme_new.html",
        {"form": form, "trail": trail},
        status=422 if form.errors else 200,
    )


@page("support.read")
def programme(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Show a programme and its enrolments by month and region."""
    found, at = reads.programme(programme_id), datetime.now(UTC)
    counts = reads.counts_of(programme_id)
    if request.GET.get("export") == "csv":
        rows = (
            (found.name, c.region, c.month, f"under {SMALLEST}" if c.n_enrolled is None
             else c.n_enrolled)
            for c in counts.order_by(*reads.COUNT_ORDER).iterator(2_000)
        )  # fmt: skip
        return csv_file("enrolments", HEAD, rows, kind="engagement.programme", at=at)
    context = {
        "row": found,
        "part": part_of(counts, reads.COUNT_ORDER, request.GET),
        "smallest": SMALLEST,
        "trail": [{"label": "Patient support", "url": reverse("engagement:programmes")}],
    }
    return render(request, "engagement/programme.html", context)


@page("support.read")
def centres(request: HttpRequest) -> HttpResponse:
    """List the centres of excellence that are named today."""
    at = datetime.now(UTC)
    found = directory_cohorts.centres(on=at.date(), words=text_of(request, "words"))
    if request.GET.get("export") == "csv":
        rows = (
            (c.id, c.hco_id, c.hco.name, c.area, c.from_on)
            for c in found.order_by("area", "id").iterator(2_000)
        )
        return csv_file("centres", CENTRE_HEAD, rows, kind="engagement.centre", at=at)
    context = {"part": part_of(found, ("area", "id"), request.GET)}
    return render(request, "engagement/centres.html", context)
