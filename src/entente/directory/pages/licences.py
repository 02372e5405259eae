"""Licences: the panel of a person's page, and the forms that change it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from entente.directory import actions
from entente.directory.models import Hcp, Licence
from entente.directory.pages.hierarchy import parse_day
from entente.directory.reads import licences as reads
from entente.directory.reads.identity import same_person
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page
from entente.foundation.web.moments import moment_of

SOON_DAYS = 60


def _holds(licence: Licence, day: date) -> bool:
    begun = licence.from_on is None or licence.from_on <= day
    return begun and (licence.expires_on is None or licence.expires_on >= day)


def hcp_panel(request: HttpRequest, hcp: Hcp) -> dict[str, Any] | None:
    """Give the history of a person's licences; nothing to readers where none is entered."""
    found = reads.licences_of(*same_person(hcp.id, moment_of(request)))
    may_write = "directory.import" in current_scope().may
    if not found and not may_write:
        return None
    today = datetime.now(UTC).date()
    return {
        "hcp": hcp,
        "rows": [(each, _holds(each, today), _is_soon(each, today)) for each in found],
        "may_write": may_write,
        "own": current_scope().org_id,
        "statuses": Licence.Status.choices,
    }


def _is_soon(licence: Licence, today: date) -> bool:
    last = licence.expires_on
    return last is not None and 0 <= (last - today).days <= SOON_DAYS


class LicenceForm(forms.Form):
    """A licence with its days."""

    country = forms.CharField(label="Country", min_length=2, max_length=2, initial="US")
    region = forms.CharField(label="State", max_length=10, required=False)
    number = forms.CharField(label="Number", max_length=100)
    kind = forms.ChoiceField(label="Allows", choices=Licence.Kind.choices)
    status = forms.ChoiceField(label="Status", choices=Licence.Status.choices)
    from_on = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    expires_on = forms.DateField(
        label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    source = forms.CharField(
        label="Where this is known from", max_length=64, required=False, initial="state board"
    )


@page("directory.import", methods=("GET", "POST"))
def add(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Enter a licence of a person."""
    hcp = get_object_or_404(Hcp, id=hcp_id)
    form = LicenceForm(
        request.POST if request.method == "POST" else None, initial={"region": hcp.us_state}
    )
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "country": form.cleaned_data["country"].upper()}
        try:
            actions.add_licence(hcp.id, **given, at=datetime.now(UTC))
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, "The licence is entered; the gate knows it from now on.")
            return redirect("directory:hcp", hcp.id)
    url = reverse("directory:hcp", args=[hcp.id])
    context = {"form": form, "hcp": hcp, "trail": [{"label": hcp.display_name, "url": url}]}
    return render(
        request, "directory/licence_form.html", context, status=422 if form.errors else 200
    )


@page("directory.import", methods=("POST",))
def change(request: HttpRequest, hcp_id: UUID, licence_id: UUID) -> HttpResponse:
    """Give a licence another status from a day, or renew it to another last day."""
    day, status = parse_day(request.POST.get("on")), request.POST.get("status") or ""
    try:
        if day is None:
            raise UserError("Give the day as YYYY-MM-DD.", field="on")
        if status == "renewed":
            actions.renew_licence(licence_id, expires_on=day, at=datetime.now(UTC))
        else:
            actions.change_licence_status(licence_id, status=status, on=day, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The licence is changed; what it was before stays.")
    return redirect("directory:hcp", hcp_id)
