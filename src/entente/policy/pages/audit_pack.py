"""The audit pack: one file for an auditor, made here and checked anywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.naming import names_of
from entente.policy.reads.audit_pack import MOST, audit_pack, public_key


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class PeriodForm(forms.Form):
    """Which days."""

    since = _day("From")
    until = _day("To")


@page("evidence.read", methods=("GET", "POST"))
def make(request: HttpRequest) -> HttpResponse:
    """Ask for a period, and give the pack as a file."""
    at = datetime.now(UTC)
    first = {"since": (at.date() - timedelta(days=30)).isoformat(), "until": at.date().isoformat()}
    form = PeriodForm(posted(request), initial=first)
    recipient, campaign = id_of(request, "recipient"), id_of(request, "campaign")
    if request.method == "POST" and form.is_valid():
        try:
            made = audit_pack(
                **form.cleaned_data, recipient_id=recipient, campaign_id=campaign, at=at
            )
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            response = HttpResponse(made, content_type="application/zip")
            name = f"audit-pack-{form.cleaned_data['since']}-{form.cleaned_data['until']}.zip"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
    named = names_of([("hcp", recipient), ("alliances.campaign", campaign)])
    context = {
        "form": form,
        "key": public_key(),
        "most": MOST,
        "about": list(named.values()),
    }
    return render(request, "policy/audit_pack.html", context, status=422 if form.errors else 200)
