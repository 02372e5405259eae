"""Co-authors of an item: their panel, and what the item's owner does with them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from entente.content import actions
from entente.content.models import CoAuthor, Version
from entente.content.pages.study_forms import CoAuthorForm, RenewForm, first_error
from entente.content.reads import co_authors as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page


def co_authors_panel(request: HttpRequest, version: Version) -> dict[str, Any] | None:
    """Give what the panel of co-authors shows; nothing where nobody is and nobody may be added."""
    scope, today = current_scope(), datetime.now(UTC).date()
    found = reads.co_authors_of(version)
    may_write = version.org_id == scope.org_id and "content.write" in scope.may
    if not (found or may_write):
        return None
    return {
        "version": version,
        "rows": [(each, *_state(each, today)) for each in found],
        "may_write": may_write,
        "own_item": version.item_id,
        "form": CoAuthorForm() if may_write and version.status != "in_review" else None,
    }


def _state(found: CoAuthor, today: date) -> tuple[str, str]:
    if found.ended_at:
        return "Rights ended", "bad"
    return ("Rights are over", "warn") if found.used_until < today else ("", "")


@page("content.write", methods=("POST",))
def add(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Put a co-author on an item."""
    form = CoAuthorForm(request.POST)
    if form.is_valid():
        try:
            actions.add_co_author(item_id, form.authorship(), at=datetime.now(UTC))
        except UserError as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, "The co-author is on the item.")
    else:
        messages.error(request, first_error(form))
    return redirect("content:item", item_id)


@page("content.write", methods=("POST",))
def renew(request: HttpRequest, co_author_id: UUID) -> HttpResponse:
    """Record that the part may be used longer."""
    found, form = reads.co_author(co_author_id), RenewForm(request.POST)
    if form.is_valid():
        try:
            actions.renew_rights(found.id, at=datetime.now(UTC), **form.cleaned_data)
        except UserError as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, "The rights are renewed; new versions may last longer.")
    else:
        messages.error(request, first_error(form))
    return redirect("content:item", found.item_id)


@page("content.write", methods=("POST",))
def end(request: HttpRequest, co_author_id: UUID) -> HttpResponse:
    """End rights before their day."""
    found = reads.co_author(co_author_id)
    try:
        begun = actions.end_rights(
            found.id, reason=request.POST.get("reason", ""), at=datetime.now(UTC)
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The rights have ended: nothing that holds the part leaves.")
        if len(begun) == 1:
            return redirect("content:recall", begun[0].id)
    return redirect("content:item", found.item_id)
