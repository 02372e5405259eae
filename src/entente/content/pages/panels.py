"""The review panel of one's company: seats, deputies, the lane matrix, samples of the fast lane."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.content import actions, reads
from entente.content.domain.lanes import WORDS as LANE_WORDS
from entente.content.domain.lanes import Lane
from entente.content.domain.panels import WORDS as FUNCTION_WORDS
from entente.content.domain.panels import Function
from entente.content.models import Claim
from entente.content.pages.forms import AUDIENCE_WORDS, CHANNEL_WORDS, DAY, blame
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page

FUNCTIONS = [(f.value, w) for f, w in FUNCTION_WORDS.items() if f != Function.REVIEWER]


def _people() -> list[tuple[str, str]]:
    return [(str(user.id), f"{user.name}, {user.title}") for user in reads.panels.reviewers()]


class SeatForm(forms.Form):
    """A seat on the panel."""

    function = forms.ChoiceField(choices=FUNCTIONS)
    holder = forms.ChoiceField(label="Who")
    countries = forms.CharField(required=False, help_text="Codes such as US GB; empty means all.")
    from_on = forms.DateField(label="From", widget=DAY)
    to_on = forms.DateField(label="Last day", widget=DAY, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].choices = _people()  # type: ignore[attr-defined]

    def clean_countries(self) -> list[str]:
        """Read country codes with blanks or commas between them."""
        return str(self.cleaned_data["countries"]).upper().replace(",", " ").split()


class DeputyForm(forms.Form):
    """Somebody who stands in."""

    seat = forms.ChoiceField(label="For")
    holder = forms.ChoiceField(label="Who stands in")
    from_on = forms.DateField(label="From", widget=DAY)
    to_on = forms.DateField(label="Last day", widget=DAY)
    reason = forms.CharField(max_length=300, help_text="For example: on leave.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = [
            (str(s.id), f"{FUNCTION_WORDS[Function(s.function)]}: {s.holder.name}")
            for s in reads.panels.seats(on=datetime.now(UTC).date())
        ]
        self.fields["seat"].choices = seats  # type: ignore[attr-defined]
        self.fields["holder"].choices = _people()  # type: ignore[attr-defined]


class CellForm(forms.Form):
    """A cell of the lane matrix."""

    lane = forms.ChoiceField(
        choices=[(lane.value, LANE_WORDS[lane][0]) for lane in (Lane.AMBER, Lane.RED)]
    )
    audience = forms.ChoiceField(required=False, choices=[("", "Any"), *AUDIENCE_WORDS.items()])
    channel = forms.ChoiceField(required=False, choices=[("", "Any"), *CHANNEL_WORDS.items()])
    claim_type = forms.ChoiceField(required=False, choices=[("", "Any"), *Claim.Kind.choices])
    country = forms.CharField(required=False, max_length=2, help_text="Empty means any.")
    reason = forms.CharField(max_length=300, help_text="Authors read it beside the lane.")

    def clean_country(self) -> str:
        """Read a country code."""
        return str(self.cleaned_data["country"]).upper()


@page("content.read")
def panel(request: HttpRequest) -> HttpResponse:
    """Show the panel of one's company, its lane matrix and its samples."""
    return _shown(request)


def _shown(request: HttpRequest, status: int = 200, **changed: forms.Form) -> HttpResponse:
    at, scope = datetime.now(UTC), current_scope()
    may_write = "panel.write" in scope.may
    context: dict[str, Any] = {
        "today": at.date(),
        "seats": [(s, FUNCTION_WORDS[Function(s.function)]) for s in reads.panels.seats()],
        "cells": [
            (c, LANE_WORDS[Lane(c.lane)], _place(c))
            for c in reads.lanes.matrix_cells(scope.org_id, at=at)
        ],
        "samples": reads.lanes.samples(),
        "closed": reads.lanes.fast_lane_closed(scope.org_id),
        "may_write": may_write,
        "may_judge": "content.review" in scope.may,
        "seat_form": SeatForm(initial={"from_on": at.date()}) if may_write else None,
        "deputy_form": DeputyForm(initial={"from_on": at.date()}),
        "cell_form": CellForm() if may_write else None,
        **changed,
    }
    return render(request, "content/panel.html", context, status=status)


def _place(cell: Any) -> str:
    words = [
        AUDIENCE_WORDS.get(cell.audience, ""),
        CHANNEL_WORDS.get(cell.channel, ""),
        dict(Claim.Kind.choices).get(cell.claim_type, ""),
        cell.country,
    ]
    return " · ".join(word for word in words if word) or "Everything"


@page("panel.write", methods=("POST",))
def seat(request: HttpRequest) -> HttpResponse:
    """Give somebody a seat."""
    form = SeatForm(request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.add_seat(holder=UUID(given.pop("holder")), at=datetime.now(UTC), **given)
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "The seat is given.")
            return redirect("content:panel")
    return _shown(request, status=422, seat_form=form)


@page("panel.write", methods=("POST",))
def end_seat(request: HttpRequest, seat_id: UUID) -> HttpResponse:
    """End a seat today."""
    at = datetime.now(UTC)
    try:
        actions.end_seat(seat_id, last_day=at.date(), at=at)
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The seat ends today. What was signed stays signed.")
    return redirect("content:panel")


@page("content.read", methods=("POST",))
def deputy(request: HttpRequest) -> HttpResponse:
    """Name a deputy."""
    form = DeputyForm(request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.add_deputy(
                UUID(given.pop("seat")),
                holder=UUID(given.pop("holder")),
                at=datetime.now(UTC),
                **given,
            )
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "The deputy may sign between these days.")
            return redirect("content:panel")
    return _shown(request, status=422, deputy_form=form)


@page("panel.write", methods=("POST",))
def cell(request: HttpRequest) -> HttpResponse:
    """Set a cell of the lane matrix."""
    form = CellForm(request.POST)
    if form.is_valid():
        try:
            actions.set_lane_cell(at=datetime.now(UTC), **form.cleaned_data)
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "Versions submitted from now on follow the cell.")
            return redirect("content:panel")
    return _shown(request, status=422, cell_form=form)


@page("panel.write", methods=("POST",))
def end_cell(request: HttpRequest, cell_id: UUID) -> HttpResponse:
    """End a cell."""
    try:
        actions.end_lane_cell(cell_id, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    return redirect("content:panel")


@page("content.review", methods=("POST",))
def judge(request: HttpRequest, sample_id: UUID) -> HttpResponse:
    """Judge a sample of the fast lane."""
    try:
        actions.judge_sample(
            sample_id,
            verdict=request.POST.get("verdict", ""),
            finding=request.POST.get("finding", ""),
            at=datetime.now(UTC),
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "What you found is recorded.")
    return redirect("content:panel")


@page("panel.write", methods=("POST",))
def reopen(request: HttpRequest, sample_id: UUID) -> HttpResponse:
    """Open the fast lane again."""
    try:
        actions.reopen_fast_lane(
            sample_id, mended=request.POST.get("mended", ""), at=datetime.now(UTC)
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The fast lane is open again.")
    return redirect("content:panel")
