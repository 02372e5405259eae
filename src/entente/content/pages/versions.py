"""A version: what it says, its checks, its approvals, and the verdict one may give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.content import actions, reads
from entente.content.actions.review import NotReady
from entente.content.domain.differences import differences, listed
from entente.content.domain.holds import words_of
from entente.content.domain.lanes import WORDS as LANE_WORDS
from entente.content.domain.lanes import Lane
from entente.content.domain.markup import visible_words
from entente.content.domain.merge import fill
from entente.content.domain.panels import WORDS as FUNCTION_WORDS
from entente.content.domain.panels import Function
from entente.content.domain.pictures import with_data
from entente.content.domain.states import WORDS, Verdict, meaning_of
from entente.content.models import Approval, Version
from entente.content.pages.forms import (
    AUDIENCE_WORDS,
    CHANNEL_WORDS,
    FilingForm,
    LaneForm,
    RemarkForm,
    VerdictForm,
    blame,
)
from entente.content.reads.panels import Asked
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from entente.foundation.web import shelf
from entente.foundation.web.doors import page

SAMPLE = {
    "given_name": "Given name",
    "family_name": "Family name",
    "unsubscribe_url": "https://example.test/stop",
    "survey_url": "https://example.test/survey",
    "preferences_url": "https://example.test/preferences",
    "ask_url": "https://example.test/ask",
}
FRAME = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="color-scheme" content="light"><title>Preview</title>'
    "<style>body{{font:16px/1.5 sans-serif;margin:1rem;background:Canvas;color:CanvasText}}</style>"
    "</head><body>{}</body></html>"
)
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
)


@page("content.read")
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show one version with all that its release depends on."""
    return _shown(request, reads.version(version_id))


def _shown(
    request: HttpRequest,
    found: Version,
    *,
    form: VerdictForm | None = None,
    filing_form: FilingForm | None = None,
    remark_form: RemarkForm | None = None,
    lane_form: LaneForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = datetime.now(UTC)
    scope = current_scope()
    state = reads.status_on(found.status, found.expires_on, on=at.date())
    checks = reads.checks_of(found, today=at.date())
    parties = reads.parties_of(found)
    asked = reads.panels.needs_of(found)
    may_decide = _may_decide(found)
    duties = reads.panels.duties(found, on=at.date()) if may_decide else []
    state = reads.panels.stage_of(found, asked) if state == "in_review" else state
    void = {approval.id for approval in reads.void_signatures(found)}
    context: dict[str, Any] = {
        "version": found,
        "item": found.item,
        "state": WORDS[state],
        "is_mine": found.org_id == scope.org_id,
        "checks": checks,
        "n_failed": sum(not each.passed and each.blocks for each in checks),
        "parties": [
            (p, [(a, _said(a), a.id in void) for a in p.approvals], _waiting(p, asked))
            for p in parties
        ],
        "n_approved": sum(party.approved for party in parties),
        "claims": reads.claims_of(found),
        "versions": [(v, WORDS[v.status]) for v in found.item.versions.order_by("-number")],
        "words": WORDS,
        "audiences": [AUDIENCE_WORDS.get(each, each) for each in found.audiences],
        "channels": [CHANNEL_WORDS.get(each, each) for each in found.channels],
        "withdrawal": reads.withdrawal_of(found),
        "holds": words_of(found.holds or []),
        "filings": found.filings.order_by("filed_on", "id"),
        "filing_form": filing_form or FilingForm(),
        "may_file": found.org_id == scope.org_id
        and found.status == "approved"
        and "content.review" in scope.may,
        "form": (form or VerdictForm(duties)) if duties else None,
        "no_seat": may_decide and not duties,
        "lane": LANE_WORDS[Lane(found.lane)] if found.lane else None,
        "raises": reads.panels.raises_of(found),
        "lane_form": lane_form or _lane_form(found),
        "remarks": reads.panels.annotations_of(found),
        "remark_form": (remark_form or RemarkForm())
        if found.status == "in_review" and "content.review" in scope.may
        else None,
        "recalls": reads.recalls_of(found),
        "prints": reads.prints_of(found),
        "certificate": reads.panels.certificate_of(found.id),
        "parts": reads.modules.parts_of(found),
        "compare_to": reads.earlier(found),
        "may_print": found.org_id == scope.org_id
        and found.status == "approved"
        and "content.write" in scope.may,
        "may_cancel": found.org_id == scope.org_id
        and "content.write" in scope.may
        and found.status in ("draft", "in_review")
        and reads.lanes.last_released(found) is None,
        "lead": reads.panels.lead_of(found.item_id),
        "is_author": bool(scope.person_key) and scope.person_key in found.author_keys,
        "panels": shelf.render_panels("content.version", request, found),
    }
    return render(request, "content/version.html", context, status=status)


def _may_decide(found: Version) -> bool:
    scope = current_scope()
    signed = any(approval.person_key == scope.person_key for approval in found.approvals.all())
    return (
        found.status == "in_review"
        and "content.review" in scope.may
        and scope.person_key not in found.author_keys
        and not signed
    )


def _said(approval: Approval) -> str:
    """Say in words what somebody signed, and as what."""
    words = FUNCTION_WORDS[Function(approval.function)]
    if approval.deputy_for:
        words += f" for {approval.deputy_for}"
    return f"{words}. {meaning_of(Verdict(approval.verdict), approval.function)}"


def _waiting(party: reads.Party, asked: list[Asked]) -> list[str]:
    """Name what a party has still to answer, with the countries where it is divided."""
    return [
        FUNCTION_WORDS[Function(each.function)]
        + ("" if each.open_in == each.countries else f" ({', '.join(each.open_in)})")
        for each in asked
        if each.org_id == party.org_id and each.open_in
    ]


def _lane_form(found: Version) -> LaneForm | None:
    may = "content.review" in current_scope().may
    return (
        LaneForm(found.lane)
        if may and found.status == "in_review" and found.lane != "red"
        else None
    )


@page("content.read")
def preview(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Give the HTML alone, for a frame in which nothing runs, loads or leads anywhere."""
    found = reads.version(version_id)
    words = with_data(fill(found.html, SAMPLE, html=True), reads.parts.pictures_in(found))
    response = HttpResponse(FRAME.format(words))
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@page("content.write", methods=("POST",))
def submit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Hand a draft to its reviewers."""
    try:
        sent = actions.submit_for_review(version_id, at=datetime.now(UTC))
    except NotReady as wrong:
        n = len(wrong.findings)
        messages.error(request, f"Not submitted: {n} check{'' if n == 1 else 's'} failed.")
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, f"Version {sent.number} is in review. Its words are now fixed.")
    return redirect("content:version", version_id)


@page("content.review", methods=("POST",))
def decide(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Sign a verdict."""
    found, at = reads.version(version_id), datetime.now(UTC)
    form = VerdictForm(reads.panels.duties(found, on=at.date()), request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.decide(
                version_id,
                verdict=given["verdict"],
                comment=given["comment"],
                password=given["password"],
                function=given["function"],
                limits=actions.Limits(markets=given["markets"] or None),
                at=at,
            )
        except NotSigned as wrong:
            form.add_error("password", str(wrong))
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "Your verdict is signed and recorded.")
            return redirect("content:version", version_id)
    return _shown(request, reads.version(version_id), form=form, status=422)


@page("content.review", methods=("POST",))
def raise_lane(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Put the version into a stricter lane."""
    found = reads.version(version_id)
    form = LaneForm(found.lane, request.POST)
    if form.is_valid():
        try:
            actions.raise_lane(version_id, at=datetime.now(UTC), **form.cleaned_data)
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "The lane is raised, and the panel with it.")
            return redirect("content:version", version_id)
    return _shown(request, found, lane_form=form, status=422)


@page("content.review", methods=("POST",))
def remark(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Pin a remark to words of the version."""
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            actions.annotate(version_id, at=datetime.now(UTC), **form.cleaned_data)
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "Every party of the item reads your remark.")
            return redirect("content:version", version_id)
    return _shown(request, reads.version(version_id), remark_form=form, status=422)


@page("content.write", methods=("POST",))
def cancel(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Drop a version that was never released."""
    try:
        actions.cancel_version(
            version_id, reason=request.POST.get("reason", ""), at=datetime.now(UTC)
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The version is cancelled.")
    return redirect("content:version", version_id)


@page("content.read")
def compare(request: HttpRequest, version_id: UUID, other_id: UUID) -> HttpResponse:
    """Show two versions of an item side by side, with what changed in words and conditions."""
    after, before = reads.version(version_id), reads.version(other_id)
    if after.item_id != before.item_id:
        raise Http404
    rows = [
        (label, differences(getattr(before, name), getattr(after, name)))
        for label, name in (
            ("Subject", "subject"),
            ("Text", "text"),
            ("Support", "support_statement"),
        )
    ]
    rows.insert(
        1, ("HTML, as read", differences(visible_words(before.html), visible_words(after.html)))
    )
    named: dict[str, dict[str, str]] = {"audiences": AUDIENCE_WORDS, "channels": CHANNEL_WORDS}
    lists = [
        (
            label,
            listed(
                *[
                    [named.get(name, {}).get(each, each) for each in getattr(v, name) or []]
                    for v in (before, after)
                ]
            ),
        )
        for label, name in (
            ("Markets", "markets"), ("Audiences", "audiences"), ("Channels", "channels"),
            ("Holds", "holds"),
        )
    ]  # fmt: skip
    lists.append(
        ("Claims", listed(*[[c.text for c in reads.claims_of(v)] for v in (before, after)]))
    )
    lists.append(
        ("Modules", listed(*[[p.name for p in reads.modules.parts_of(v)] for v in (before, after)]))
    )
    lists.append(("Files", listed(*[_files(v) for v in (before, after)])))
    context = {"before": before, "after": after, "item": after.item, "rows": rows, "lists": lists}
    return render(request, "content/compare.html", context)


@page("content.review", methods=("POST",))
def record_filing(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Record that a version was filed with an authority."""
    form = FilingForm(request.POST)
    if form.is_valid():
        try:
            actions.record_filing(version_id, **form.cleaned_data, at=datetime.now(UTC))
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "The filing is recorded; the gate knows of it from now on.")
            return redirect("content:version", version_id)
    found = reads.version(version_id)
    return _shown(request, found, filing_form=form, status=422)


@page("content.read", methods=("POST",))
def withdraw(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Take a version back."""
    try:
        actions.withdraw_version(
            version_id, reason=request.POST.get("reason", ""), at=datetime.now(UTC)
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The version is withdrawn. Nothing of it leaves from now on.")
    return redirect("content:version", version_id)


def _files(version: Version) -> list[str]:
    """Give the files of a version with the beginning of their hashes: a swapped one differs."""
    files = reads.parts.attachments_of(version.id)
    return [f"{each.name} ({each.sha256[:8]})" for each in files]
