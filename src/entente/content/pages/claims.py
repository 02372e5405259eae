"""Claims: the library, one claim with its references and uses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.content import actions, reads
from entente.content.domain.states import WORDS
from entente.content.models import Claim, Recall
from entente.content.pages.forms import ClaimForm, blame
from entente.content.pages.study_forms import study_choices
from entente.content.reads import studies
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web import shelf
from entente.foundation.web.asked import text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file

HEAD = ("claim", "market", "in_label", "label_section", "holds_until", "references", "uses")


class ReferenceForm(forms.Form):
    """One more reference."""

    title = forms.CharField(max_length=300, label="Reference")
    source = forms.CharField(max_length=300)
    anchor = forms.CharField(max_length=100, label="Place", help_text="Page, table or figure.")
    url = forms.URLField(required=False, label="Address", assume_scheme="https")
    study_id = forms.ChoiceField(
        required=False, label="Study", help_text="If it reports the result of one on record."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["study_id"].choices = study_choices(empty="None")  # type: ignore[attr-defined]

    def clean_study_id(self) -> UUID | None:
        """Read the chosen study."""
        chosen = self.cleaned_data["study_id"]
        return UUID(chosen) if chosen else None


@page("content.read")
def claims(request: HttpRequest) -> HttpResponse:
    """List claims with how well they are supported and how often they are used."""
    asked = {"q": text_of(request, "q"), "market": text_of(request, "market").upper()[:2]}
    found = reads.claims(text=asked["q"], market=asked["market"])
    if request.GET.get("export") == "csv":
        rows = (
            (c.text, c.market, c.in_label, c.label_section, c.expires_on,
             c.n_references, c.n_uses)  # type: ignore[attr-defined]
            for c in found
        )  # fmt: skip
        return csv_file("claims", HEAD, rows, kind="content.claim", at=datetime.now(UTC))
    return render(request, "content/claims.html", {"claims": found, "asked": asked})


@page("content.write", methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Add a claim with its first reference."""
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _add(form, at=datetime.now(UTC))
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "The claim is in the library.")
            return redirect("content:claim", made.id)
    return render(
        request, "content/claim_add.html", {"form": form}, status=422 if form.errors else 200
    )


def _add(form: ClaimForm, *, at: datetime) -> Claim:
    given = form.cleaned_data
    made = actions.add_claim(
        text=given["text"],
        market=given["market"],
        product_id=UUID(given["product"]) if given["product"] else None,
        in_label=given["in_label"],
        label_section=given["label_section"],
        expires_on=given["expires_on"],
        at=at,
    )
    actions.add_reference(
        made.id,
        title=given["title"],
        source=given["source"],
        anchor=given["anchor"],
        url=given["url"],
        study_id=UUID(given["study_id"]) if given["study_id"] else None,
        at=at,
    )
    return made


@page("content.read", methods=("GET", "POST"))
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Show a claim, what supports it and where it is used; add a reference."""
    found = reads.claim(claim_id)
    form = ReferenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_reference(found.id, at=datetime.now(UTC), **form.cleaned_data)
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "The reference is added.")
            return redirect("content:claim", found.id)
    scope = current_scope()
    uses = reads.uses_of(found.id)
    context = {
        "claim": found,
        "references": studies.held_of(found.id),
        "uses": [(use, WORDS[use.version.status]) for use in uses],
        "causes": Recall.Cause.choices,
        "panels": shelf.render_panels("content.claim", request, found),
        "form": form if found.org_id == scope.org_id and "content.write" in scope.may else None,
    }
    return render(request, "content/claim.html", context, status=422 if form.errors else 200)


@page("content.write", methods=("POST",))
def withdraw(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Take a claim back."""
    try:
        begun = actions.withdraw_claim(
            claim_id,
            reason=request.POST.get("reason", ""),
            cause=request.POST.get("cause", "withdrawn"),
            at=datetime.now(UTC),
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The claim is withdrawn: the gate refuses what uses it.")
        return redirect("content:recall", begun.id)
    return redirect("content:claim", claim_id)
