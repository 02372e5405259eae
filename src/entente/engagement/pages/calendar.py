"""Calendars that were loaded: their entries by month, and loading one more."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from entente.engagement.actions.take_calendar import take_calendar
from entente.engagement.forms_meals import CalendarForm
from entente.engagement.models import CalendarEntry
from entente.engagement.reads import calendar as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

HEAD = ("uid", "starts_local", "ends_local", "zone", "title", "place", "room", "track", "people",
        "url")  # fmt: skip
MOST = 200


def _month(request: HttpRequest) -> date:
    """Give the month that the address names, else this one."""
    try:
        return date.fromisoformat(f"{text_of(request, 'month')[:7]}-01")
    except ValueError:
        return datetime.now(UTC).date().replace(day=1)


@page("event.read", methods=("GET", "POST"))
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a month of what stands in the calendars that were loaded; take one more."""
    at, scope = datetime.now(UTC), current_scope()
    form = CalendarForm()
    refused: list[Any] = []
    if request.method == "POST":
        scope.require("event.write")
        form, refused = _taken(request, at)
    month, tracks = _month(request), reads.tracks()
    found = reads.entries(
        month=month, text=text_of(request, "q"), track=one_of(request, "track", tracks)
    )
    if request.GET.get("export") == "csv":
        rows = found.order_by(*reads.ORDER).values_list(*HEAD)[:10_000]
        return csv_file("calendar", HEAD, rows, kind="engagement.calendar_entry", at=at)
    part = part_of(found, reads.ORDER, request.GET, limit=MOST)
    before, later = reads.near(month)
    context = {
        "part": part,
        "days": _days(part.rows),
        "month": month,
        "earlier": reads.month_before(month),
        "next": reads.month_after(month),
        "last_before": before[:7],
        "first_after": later[:7],
        "tracks": [(name, name) for name in tracks],
        "form": form,
        "refused": refused,
        "may_write": "event.write" in scope.may,
    }
    return render(request, "engagement/calendar.html", context, status=422 if form.errors else 200)


def _taken(request: HttpRequest, at: datetime) -> tuple[CalendarForm, list[Any]]:
    form = CalendarForm(request.POST, request.FILES)
    if not form.is_valid():
        return form, []
    file = form.cleaned_data["file"]
    try:
        counts, refused = take_calendar(file.name, file.read(), at=at)
    except UserError as trouble:
        form.blame(trouble)
        return form, []
    said = (
        f"{counts.new} new, {counts.changed} changed, {counts.unchanged} as they were, "
        f"{counts.refused} refused."
    )
    (messages.warning if counts.refused else messages.success)(request, said)
    if counts.not_used:
        messages.warning(request, counts.not_used)
    return CalendarForm(), refused


def _days(rows: list[CalendarEntry]) -> list[dict[str, Any]]:
    """Put entries under the day on which they begin, on their own clock."""
    found = []
    for day, entries in groupby(rows, key=lambda row: row.starts_local[:10]):
        shown = []
        for row in entries:
            same = row.ends_local[:10] == day
            until = (
                row.ends_local[11:16] if same else f"{row.ends_local[:10]} {row.ends_local[11:16]}"
            )
            clock = "" if row.is_all_day else f"{row.starts_local[11:16]}–{until}"
            shown.append({"row": row, "clock": clock, "url": _web(row.url)})
        found.append({"day": date.fromisoformat(day), "entries": shown})
    return found


def _web(url: str) -> str:
    """Give an address that a browser may open; a file's other addresses stay text."""
    return url if url.startswith(("https://", "http://")) else ""
