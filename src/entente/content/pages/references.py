"""A reference whose study fell: confirm it, or put a newer result in its place."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.content import actions
from entente.content.pages.forms import blame
from entente.content.pages.study_forms import ConfirmForm, NewerForm
from entente.content.reads import studies as reads
from entente.content.reads.studies import Held
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page


@page("content.review", methods=("GET", "POST"))
def look(request: HttpRequest, reference_id: UUID) -> HttpResponse:
    """Look at a reference again: it stands, or a newer one takes its place."""
    held = reads.held_reference(reference_id)
    if held.reference.org_id != current_scope().org_id:
        raise Http404
    replaces = request.POST.get("act") == "replace"
    confirm = ConfirmForm(request.POST if request.method == "POST" and not replaces else None)
    newer = NewerForm(request.POST if replaces else None, initial=_as_before(held))
    if request.method == "POST":
        form: forms.Form = newer if replaces else confirm
        if form.is_valid() and _did(form, held, newer if replaces else None):
            messages.success(request, "The claim may go on with what you said.")
            return redirect("content:claim", held.reference.claim_id)
    context = {"held": held, "claim": held.reference.claim, "confirm": confirm, "newer": newer}
    status = 422 if confirm.errors or newer.errors else 200
    return render(request, "content/reference_look.html", context, status=status)


def _as_before(held: Held) -> dict[str, object]:
    study = held.reference.study
    newer = study.superseded_by_id if study else None
    return {"study_id": str(newer) if newer else "", "title": held.reference.title}


def _did(form: forms.Form, held: Held, newer: NewerForm | None) -> bool:
    at, reason = datetime.now(UTC), form.cleaned_data["reason"]
    try:
        if newer is None:
            actions.confirm_reference(held.reference.id, reason=reason, at=at)
        else:
            actions.replace_reference(held.reference.id, newer.source_given(), reason=reason, at=at)
    except UserError as wrong:
        blame(form, wrong)
        return False
    return True
