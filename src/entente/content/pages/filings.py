"""What has to be filed with the FDA, the package for it, and what was filed."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.content import actions
from entente.content.domain.filing import CLASSES, day_of
from entente.content.models import Version
from entente.content.pages.forms import CHANNEL_WORDS, DAY
from entente.content.reads import filings as reads
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of


class FiledForm(forms.Form):
    """That pieces were filed together."""

    filed_on = forms.DateField(label="Filed on", widget=DAY)
    reference = forms.CharField(max_length=200, help_text="As the authority confirmed it.")


@page("content.read")
def filings(request: HttpRequest) -> HttpResponse:
    """Show what is to be filed, put together as it may be filed, and what was filed."""
    at = datetime.now(UTC)
    pieces = reads.to_file(at=at)
    today = day_of(at)
    context = {
        "groups": [
            (group, [(p, _channels(p.version), p.due.is_late(today)) for p in group.pieces])
            for group in reads.groups(pieces)
        ],
        "n_late": sum(each.due.is_late(today) for each in pieces),
        "part": part_of(reads.filings(), ["-filed_on", "-id"], request.GET),
        "form": FiledForm(initial={"filed_on": today}),
    }  # fmt: skip
    return render(request, "content/filings.html", context)


def _channels(version: Version) -> str:
    used = version.released_channels or version.channels
    return ", ".join(CHANNEL_WORDS.get(each, each) for each in used)


def _chosen(request: HttpRequest) -> list[UUID]:
    """Give the pieces that were ticked; what is no id is none of ours."""
    try:
        return [UUID(each) for each in request.POST.getlist("version")]
    except ValueError:
        raise Version.DoesNotExist("no such version") from None


@page("content.review", methods=("POST",))
def package(request: HttpRequest) -> HttpResponse:
    """Give the pieces that were chosen as one ZIP."""
    audience = request.POST.get("audience", "")
    try:
        made = actions.make_filing_package(
            _chosen(request), audience=audience if audience in CLASSES else "",
            at=datetime.now(UTC),
        )  # fmt: skip
    except UserError as wrong:
        messages.error(request, f"No package was made: {wrong}.")
        return redirect("content:filings")
    response = HttpResponse(made.data, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


@page("content.review", methods=("POST",))
def record(request: HttpRequest) -> HttpResponse:
    """Record that the pieces that were chosen were filed, under one reference."""
    form = FiledForm(request.POST)
    if not form.is_valid():
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, f"Nothing was recorded: day and reference are needed. {said}")
        return redirect("content:filings")
    try:
        made = actions.record_filings(_chosen(request), at=datetime.now(UTC), **form.cleaned_data)
    except UserError as wrong:
        messages.error(request, f"Nothing was recorded: {wrong}.")
    else:
        n = len(made)
        messages.success(
            request,
            f"{n} {'piece is' if n == 1 else 'pieces are'} recorded as filed; the gate knows of"
            f" {'it' if n == 1 else 'them'} from now on.",
        )
    return redirect("content:filings")
