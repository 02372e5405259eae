"""The rule matrix: what goes, needs a person or is closed, by audience, channel, claim, country."""

from __future__ import annotations

from datetime import UTC, datetime

import pycountry
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, posted
from entente.foundation.web.doors import page
from entente.policy.actions import set_lane
from entente.policy.domain import matrix as cells
from entente.policy.domain.matrix import ANY, Cell
from entente.policy.reads.matrix import standing_matrix

AUDIENCES = {
    "hcp": "Healthcare professionals",
    "hco": "Healthcare organisations",
    "patient_org": "Patient organisations",
    "patient": "Patients",
    "payer": "Payers",
    "student": "Students",
    "public": "The public",
    "guest": "Guests",
    "partner": "Partners",
}
CHANNELS = {
    "email": "E-mail",
    "sms": "Text message",
    "phone": "Telephone",
    "fax": "Fax",
    "post": "Post",
    "in_person": "In person",
    "web": "Web",
    "social": "Social media",
    "app": "App",
}
CLAIMS = {
    "promo": "Promotion",
    "disease_awareness": "Disease awareness",
    "scientific_exchange": "Scientific exchange",
    "response": "Answer to a question",
    "educational": "Education",
    "service": "Service message",
    "outside_label": "A claim outside the label",
    "other_brand": "Names another firm's brand",
    "new": "Says new",
    "safe": "Says safe without qualification",
    "endorsement": "An HCP recommends the brand",
    "reprint": "A reprint",
}
LANES = {
    "open": "Open",
    "refer-medical": "Medical decides",
    "refer-regulatory": "Regulatory decides",
    "refer-legal": "Legal decides",
    "refer-compliance": "Compliance decides",
    "closed": "Closed",
}
TONES = {"PERMIT": "", "REFER": "warn", "FORBID": "bad"}
COUNTRIES = sorted((each.name, each.alpha_2) for each in pycountry.countries)


def _choices(words: dict[str, str], whole: str) -> list[tuple[str, str]]:
    return [(ANY, whole), *words.items()]


AUDIENCE_CHOICES = _choices(AUDIENCES, "Every audience")
COUNTRY_CHOICES = [(ANY, "Every country"), *((code, name) for name, code in COUNTRIES)]


class CellForm(forms.Form):
    """One cell and its lane."""

    audience = forms.ChoiceField(choices=AUDIENCE_CHOICES)
    country = forms.ChoiceField(choices=COUNTRY_CHOICES)
    channel = forms.ChoiceField(choices=_choices(CHANNELS, "Every channel"))
    claim = forms.ChoiceField(label="What it is or says", choices=_choices(CLAIMS, "Any material"))
    lane = forms.ChoiceField(label="Lane", choices=list(LANES.items()))


@page("policy.read")
def matrix(request: HttpRequest) -> HttpResponse:
    """Show the matrix for an audience and a country, and where a cell is changed."""
    initial = {
        "audience": one_of(request, "audience", AUDIENCES) or ANY,
        "country": one_of(request, "country", [code for _, code in COUNTRIES]) or ANY,
        "channel": one_of(request, "channel", CHANNELS) or ANY,
        "claim": one_of(request, "claim", CLAIMS) or ANY,
    }
    lane = standing_matrix(datetime.now(UTC).date()).matrix.get(Cell(**initial), "open")
    return _shown(request, CellForm(initial=initial | {"lane": lane}), initial)


def _shown(
    request: HttpRequest, form: CellForm, seen: dict[str, str], *, status: int = 200
) -> HttpResponse:
    found = standing_matrix(datetime.now(UTC).date())
    here = {"audience": seen["audience"], "country": seen["country"]}
    context = {
        "form": form if "pack.write" in current_scope().may else None,
        "audiences": AUDIENCE_CHOICES[1:],
        "countries": COUNTRY_CHOICES[1:],
        "seen": here,
        "channels": CHANNELS.values(),
        "grid": [
            (words, [_square(found.matrix, here, channel, claim) for channel in CHANNELS])
            for claim, words in CLAIMS.items()
        ],
        "rows": [_row(cell, lane) for cell, lane in sorted(found.matrix.items())],
        "others": found.others,
        "draft": found.draft,
        "trail": [{"label": "Packs", "url": reverse("policy:packs")}],
    }
    return render(request, "policy/matrix.html", context, status=status)


def _square(matrix: cells.Matrix, here: dict[str, str], channel: str, claim: str) -> dict[str, str]:
    lane = cells.lane_at(matrix, Cell(channel=channel, claim=claim, **here))
    asked = urlencode(here | {"channel": channel, "claim": claim})
    return {
        "channel": CHANNELS[channel],
        "lane": lane,
        "words": LANES[lane],
        "tone": TONES[cells.outcome_of(lane)],
        "href": f"?{asked}#cell",
    }


def _row(cell: Cell, lane: str) -> dict[str, str]:
    return {
        "audience": dict(AUDIENCE_CHOICES)[cell.audience],
        "country": dict(COUNTRY_CHOICES)[cell.country],
        "channel": CHANNELS.get(cell.channel, "Every channel"),
        "claim": CLAIMS.get(cell.claim, "Any material"),
        "words": LANES[lane],
        "outcome": cells.outcome_of(lane),
        "rule_id": cells.rule_id(cell),
        "href": "?" + urlencode(dict(zip(Cell.__slots__, cell.values(), strict=True))) + "#cell",
    }


@page("pack.write", methods=("POST",))
def change(request: HttpRequest) -> HttpResponse:
    """Put a cell into a lane, in the draft of the matrix."""
    form = CellForm(posted(request))
    if form.is_valid():
        given = dict(form.cleaned_data)
        lane = given.pop("lane")
        try:
            with transaction.atomic():
                set_lane(Cell(**given), lane, at=datetime.now(UTC))
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, "Saved in the draft. Nothing is decided by it yet.")
            asked = urlencode({"audience": given["audience"], "country": given["country"]})
            return redirect(f"{reverse('policy:matrix')}?{asked}")
    seen = {name: form.data.get(name, ANY) for name in ("audience", "country")}
    return _shown(request, form, seen, status=422)
