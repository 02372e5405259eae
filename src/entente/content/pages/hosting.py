"""Hosted pages for those who publish: the list, one page with its counts, links and end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format

from entente.content import actions
from entente.content import reads as content
from entente.content.domain.hosting import GONE, WORDS
from entente.content.models import HostedCount, Version
from entente.content.pages.forms import blame
from entente.content.pages.hosting_forms import LinkForm, PublishForm
from entente.content.reads import hosted as reads
from entente.directory.domain.cohorts import LEAST
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.links import token_of
from entente.foundation.web import charts
from entente.foundation.web.doors import page
from entente.policy.reads.reasons import reasons_of

N_DAYS = 14
CHARTED = ("view", "download", "tool_use")
FIRST = ("view", "download", "tool_use", "registered")
BESIDES = ("declared", "declined", "robot")


def _row(judged: reads.Judged) -> dict[str, Any]:
    return {
        "page": judged.page,
        "words": WORDS[judged.state],
        "why": GONE.get(judged.reason, ""),
        "judged": judged,
    }


@page("content.read")
def hosted_pages(request: HttpRequest) -> HttpResponse:
    """List the pages of one's own items and of joint ones, with their counts."""
    found = reads.hosted_pages(datetime.now(UTC))
    counts = reads.totals([each.page.id for each in found])
    rows = [_row(each) | {"counts": counts.get(each.page.id, {})} for each in found]
    return render(request, "content/hosting.html", {"rows": rows})


@page("content.read")
def hosted_page(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """Show one page: how it stands, why, how often it was read, and its personal links."""
    return _one(request, page_id, LinkForm())


def _one(
    request: HttpRequest, page_id: UUID, link_form: LinkForm, *, status: int = 200
) -> HttpResponse:
    at, scope = datetime.now(UTC), current_scope()
    judged = reads.hosted_page(page_id, at)
    found = judged.page
    is_mine = found.org_id == scope.org_id
    totals = reads.totals([found.id]).get(found.id, {})
    context = _row(judged) | {
        "version": found.version,
        "is_mine": is_mine,
        "least": LEAST,
        "may_publish": is_mine and "content.publish" in scope.may,
        "counts": [(HostedCount.What(code).label, totals.get(code, 0)) for code in FIRST],
        "besides": [(HostedCount.What(code).label, totals.get(code, 0)) for code in BESIDES],
        "mean_seconds": round(totals["seconds"] / totals["timed"]) if totals.get("timed") else None,
        "chart": _chart(found.id, at.date()),
        "reasons": reasons_of(found.decision) if is_mine else [],
        "links": [
            (link, name, f"/hl/{token_of(reads.PURPOSE, link.id)}/",
             link.revoked_at is None and link.expires_at > at)
            for link, name in (reads.links_of(found.id) if is_mine else [])
        ],
        "link_form": link_form,
    }  # fmt: skip
    return render(request, "content/hosting_one.html", context, status=status)


def _chart(page_id: UUID, last: date) -> charts.Markup | None:
    counted = reads.by_day(page_id, last=last, n_days=N_DAYS)
    if not counted:
        return None
    days = [last - timedelta(days=n) for n in reversed(range(N_DAYS))]
    return charts.columns(
        "By day",
        [date_format(each, "j M") for each in days],
        {
            HostedCount.What(what).label: [counted.get(each, {}).get(what, 0) for each in days]
            for what in CHARTED
        },
    )


@page("content.publish", methods=("GET", "POST"))
def publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Publish a version on the web."""
    version = content.version(version_id)
    if version.org_id != current_scope().org_id:
        raise Version.DoesNotExist
    form = PublishForm(request.POST or None, version=version)
    if form.is_valid():
        try:
            made = actions.publish_version(form.publication(), at=datetime.now(UTC))
        except UserError as wrong:
            blame(form, wrong)
        else:
            _say(request, made.outcome)
            return redirect("content:hosted_page", made.id)
    status = 422 if form.errors else 200
    return render(
        request, "content/publish.html", {"form": form, "version": version}, status=status
    )


def _say(request: HttpRequest, outcome: str) -> None:
    if outcome == "PERMIT":
        messages.success(request, "The gate permits it: the page is published.")
    elif outcome == "REFER":
        messages.warning(request, "A person has to answer first; the reasons stand below.")
    else:
        messages.error(request, "The gate refuses it, and nobody can read it. See why below.")


@page("content.publish", methods=("POST",))
def ask_again(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """Ask the gate anew about a page that waits or was refused."""
    try:
        _say(request, actions.ask_again(page_id, at=datetime.now(UTC)).outcome)
    except UserError as wrong:
        messages.error(request, str(wrong))
    return redirect("content:hosted_page", page_id)


@page("content.publish", methods=("POST",))
def end(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """End a publication."""
    try:
        actions.end_page(page_id, reason=request.POST.get("reason", ""), at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The publication is ended; its address says so from now on.")
    return redirect("content:hosted_page", page_id)


@page("content.publish", methods=("POST",))
def make_link(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """Make a personal link for one health professional."""
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            actions.make_personal_link(
                page_id,
                hcp_id=form.cleaned_data["npi"],
                valid_days=form.cleaned_data["valid_days"],
                at=datetime.now(UTC),
            )
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "The link is made; it stands first in the list.")
            return redirect("content:hosted_page", page_id)
    return _one(request, page_id, form, status=422)


@page("content.publish", methods=("POST",))
def revoke_link(request: HttpRequest, page_id: UUID, link_id: UUID) -> HttpResponse:
    """Take a personal link back."""
    try:
        actions.revoke_link(page_id, link_id, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The link is taken back; whoever opens it is told so.")
    return redirect("content:hosted_page", page_id)


@page("content.publish")
def registrations(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """Show who asked to be told more; that it was read is recorded."""
    at = datetime.now(UTC)
    actions.visits.read_registrations(page_id, at=at)
    context = _row(reads.hosted_page(page_id, at)) | {"found": reads.registrations_of(page_id)}
    return render(request, "content/registrations.html", context)


@page("content.publish", methods=("POST",))
def delete_registration(request: HttpRequest, page_id: UUID, registration_id: UUID) -> HttpResponse:
    """Delete what somebody left."""
    actions.visits.delete_registration(page_id, registration_id, at=datetime.now(UTC))
    messages.success(request, "The registration is deleted.")
    return redirect("content:registrations", page_id)
