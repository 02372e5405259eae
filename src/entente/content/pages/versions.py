"""A version: what it says, its checks, its approvals, and the verdict one may give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.content import actions, reads
from entente.content.actions.review import NotReady
from entente.content.domain.holds import words_of
from entente.content.domain.merge import fill
from entente.content.domain.states import MEANINGS, WORDS, Verdict
from entente.content.models import Version
from entente.content.pages.forms import (
    AUDIENCE_WORDS,
    CHANNEL_WORDS,
    FilingForm,
    VerdictForm,
    blame,
)
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from entente.foundation.web import shelf
from entente.foundation.web.doors import page

SAMPLE = {
    "given_name": "Given name",
    "family_name": "Family name",
    "unsubscribe_url": "https://example.test/stop",
    "preferences_url": "https://example.test/preferences",
}
FRAME = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="color-scheme" content="light"><title>Preview</title>'
    "<style>body{{font:16px/1.5 sans-serif;margin:1rem;background:Canvas;color:CanvasText}}</style>"
    "</head><body>{}</body></html>"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@page("content.read")
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show one version with all that its release depends on."""
    return _shown(request, reads.version(version_id), VerdictForm())


def _shown(
    request: HttpRequest,
    found: Version,
    form: VerdictForm,
    *,
    filing_form: FilingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = datetime.now(UTC)
    scope = current_scope()
    state = reads.status_on(found.status, found.expires_on, on=at.date())
    checks = reads.checks_of(found, today=at.date())
    parties = reads.parties_of(found)
    void = {approval.id for approval in reads.void_signatures(found)}
    context: dict[str, Any] = {
        "version": found,
        "item": found.item,
        "state": WORDS[state],
        "is_mine": found.org_id == scope.org_id,
        "checks": checks,
        "n_failed": sum(not each.passed and each.blocks for each in checks),
        "parties": [
            (p, [(a, MEANINGS[Verdict(a.verdict)], a.id in void) for a in p.approvals])
            for p in parties
        ],
        "n_approved": sum(party.approved for party in parties),
        "claims": reads.claims_of(found),
        "versions": found.item.versions.order_by("-number"),
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
        "form": form if _may_decide(found, parties) else None,
        "is_author": bool(scope.person_key) and scope.person_key in found.author_keys,
        "panels": shelf.render_panels("content.version", request, found),
    }
    return render(request, "content/version.html", context, status=status)


def _may_decide(found: Version, parties: list[reads.Party]) -> bool:
    scope = current_scope()
    mine = next((party for party in parties if party.org_id == scope.org_id), None)
    return (
        found.status == "in_review"
        and "content.review" in scope.may
        and mine is not None
        and scope.person_key not in found.author_keys
        and all(approval.person_key != scope.person_key for approval in mine.approvals)
    )


@page("content.read")
def preview(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Give the HTML alone, for a frame in which nothing runs, loads or leads anywhere."""
    found = reads.version(version_id)
    response = HttpResponse(FRAME.format(fill(found.html, SAMPLE, html=True)))
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
    form = VerdictForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.decide(
                version_id,
                verdict=given["verdict"],
                comment=given["comment"],
                password=given["password"],
                at=datetime.now(UTC),
            )
        except NotSigned as wrong:
            form.add_error("password", str(wrong))
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "Your verdict is signed and recorded.")
            return redirect("content:version", version_id)
    return _shown(request, reads.version(version_id), form, status=422)


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
    return _shown(request, found, VerdictForm(), filing_form=form, status=422)


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
