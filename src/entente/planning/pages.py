"""Choose an audience, send to it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.alliances import reads as alliances
from entente.directory.reads.selection import choices_of
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page
from entente.planning.actions import choose_audience, launch_audience
from entente.planning.models import Audience


class AudienceForm(forms.Form):
    """The rule, as fields with the directory's own values."""

    professions = forms.MultipleChoiceField(label="Profession", required=False)
    specialties = forms.MultipleChoiceField(label="Specialty", required=False)
    states = forms.MultipleChoiceField(label="State", required=False)
    countries = forms.MultipleChoiceField(label="Country", required=False)

    FIELDS = {
        "professions": "profession",
        "specialties": "specialty",
        "states": "us_state",
        "countries": "country",
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, column in self.FIELDS.items():
            choices = [
                (value, f"{value.replace('_', ' ')} ({n:,})") for value, n in choices_of(column)
            ]
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["size"] = min(8, max(3, len(choices)))


@page("audience.choose", methods=("GET", "POST"))
def audience(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Choose whom a campaign is for."""
    try:
        campaign = alliances.campaign(campaign_id)
    except Exception as missing:
        raise Http404 from missing
    form = AudienceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            chosen = choose_audience(campaign_id, form.cleaned_data, at=datetime.now(UTC))
        except UserError as trouble:
            form.add_error(None, str(trouble))
        else:
            messages.success(request, f"{chosen.n_members:,} HCPs chosen: {chosen.sentence}.")
            return redirect("alliances:campaign", campaign_id)
    return render(request, "planning/audience.html", {"campaign": campaign, "form": form})


@page("send.request", methods=("POST",))
def launch(request: HttpRequest, audience_id: UUID) -> HttpResponse:
    """Send a campaign to its audience."""
    try:
        launched = launch_audience(audience_id, at=datetime.now(UTC))
    except Audience.DoesNotExist as missing:
        raise Http404 from missing
    except UserError as trouble:
        messages.error(request, str(trouble))
        campaign_id = Audience.objects.values_list("campaign_id", flat=True).get(id=audience_id)
        return redirect("alliances:campaign", campaign_id)
    messages.success(request, f"Being sent to {launched.n_members:,} HCPs, each through the gate.")
    return redirect("alliances:campaign", launched.campaign_id)
