"""Data-share contracts: the list, one with both sides, writing, signing, ending."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.consent import actions, reads
from entente.consent.domain.shares import FIELDS, STATES
from entente.consent.pages.share_forms import OfferForm, ShareForm, SignForm, refuse
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from entente.foundation.web.asked import one_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

HEAD = ("name", "partner", "from", "to", "fields", "min_cell", "state")


@page("share.read")
def shares(request: HttpRequest) -> HttpResponse:
    """List the contracts in which one has a side."""
    at = datetime.now(UTC)
    state = one_of(request, "state", list(STATES))
    rows = reads.share_rows(at)
    if state:
        rows = rows.filter(state=state)
    if request.GET.get("export") == "csv":
        cells = (
            (c.name, "; ".join(s.name for s in c.sides.all()), c.from_on, c.to_on,
             "; ".join(c.fields), c.min_cell, STATES[c.state][0])
            for c in rows.order_by("-id")[:10_000]
        )  # fmt: skip
        return csv_file("share-contracts", HEAD, cells, kind="consent.share_contract", at=at)
    part = part_of(rows, ("-id",), request.GET)
    context = {
        "part": part,
        "rows": [(each, *STATES[each.state]) for each in part.rows],
        "states": [(value, words) for value, (words, _) in STATES.items()],
        "state": state,
    }
    return render(request, "consent/shares.html", context)


@page("share.write", methods=("GET", "POST"))
def share_add(request: HttpRequest) -> HttpResponse:
    """Write a contract, or the next version of one (``?replaces=``)."""
    old = _replaced(request)
    initial = ShareForm.values_of(old) if old else None
    form = ShareForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_share(
                form.terms(),
                partner_id=form.partner_id(),
                replaces_id=old.id if old else None,
                at=datetime.now(UTC),
            )
        except UserError as wrong:
            field = {"fields": "fields_open"}.get(wrong.field or "", wrong.field)
            refuse(form, UserError(str(wrong), field=field))
        else:
            messages.success(request, "The contract is written. Propose it when it is right.")
            return redirect("consent:share", made.id)
    status = 422 if form.errors else 200
    return render(request, "consent/share_add.html", {"form": form, "old": old}, status=status)


def _replaced(request: HttpRequest) -> Any:
    text = request.GET.get("replaces", "")
    try:
        return reads.share_contract(UUID(text)) if text else None
    except ValueError:
        return None


@page("share.read")
def share(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Show one contract with both sides, and what was compared under it."""
    return _shown(request, contract_id)


def _shown(
    request: HttpRequest,
    contract_id: UUID,
    *,
    sign: SignForm | None = None,
    offer: OfferForm | None = None,
) -> HttpResponse:
    at, scope = datetime.now(UTC), current_scope()
    found = reads.share_rows(at).get(id=contract_id)
    mine = reads.my_side(found)
    is_open, is_over = found.state == "in_force", found.state in {"ended", "expired"}
    waits = mine is not None and mine.signed_at is None and not is_over
    may_sign = waits and found.proposed_at is not None and "share.sign" in scope.may
    sides = sorted(found.sides.all(), key=lambda side: side.org_id != found.org_id)
    context = {
        "contract": found,
        "state": STATES[found.state],
        "sides": sides,
        "mine": mine,
        "is_author": found.org_id == scope.org_id,
        "is_open": is_open,
        "fields": [FIELDS[name] for name in FIELDS if name in found.fields],
        "sign_form": (sign or SignForm()) if may_sign else None,
        "offer_form": (offer or OfferForm()) if is_open and "share.compare" in scope.may else None,
        "both_offer": all(side.offered_at for side in sides),
        "may_end": found.proposed_at is not None and not is_over and "share.sign" in scope.may,
        "comparisons": reads.comparisons(contract_id)[:10],
        "readings": reads.share_reads(contract_id)[:10],
        "names": {side.org_id: side.name for side in sides},
    }
    refused = bool((sign and sign.errors) or (offer and offer.errors))
    return render(request, "consent/share.html", context, status=422 if refused else 200)


@page("share.write", methods=("POST",))
def propose(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Show the contract to the partner for signature."""
    try:
        actions.propose_share(contract_id, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The contract is proposed; its terms are fixed from now on.")
    return redirect("consent:share", contract_id)


@page("share.sign", methods=("POST",))
def sign(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Sign for one's own side."""
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            actions.sign_share(
                contract_id,
                password=form.cleaned_data["password"],
                controller_id=UUID(form.cleaned_data["controller_id"]),
                at=datetime.now(UTC),
            )
        except NotSigned as wrong:
            form.add_error("password", str(wrong))
        except UserError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, "Your organisation has signed.")
            return redirect("consent:share", contract_id)
    return _shown(request, contract_id, sign=form)


@page("share.sign", methods=("POST",))
def end(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """End the contract at once."""
    try:
        actions.end_share(contract_id, reason=request.POST.get("reason", ""), at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The contract has ended; neither side sees a number any more.")
    return redirect("consent:share", contract_id)


@page("share.compare", methods=("POST",))
def offer(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Offer one's own list for one comparison."""
    form = OfferForm(request.POST)
    if form.is_valid():
        try:
            actions.offer_list(
                contract_id, UUID(form.cleaned_data["list_id"]), at=datetime.now(UTC)
            )
        except UserError as wrong:
            refuse(form, wrong)
        else:
            messages.success(request, "Your list is on offer for one comparison.")
            return redirect("consent:share", contract_id)
    return _shown(request, contract_id, offer=form)


@page("share.compare", methods=("POST",))
def take_back(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Take one's own list back before it is compared."""
    try:
        actions.take_back_offer(contract_id, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "Your list is not on offer any more.")
    return redirect("consent:share", contract_id)


@page("share.compare", methods=("POST",))
def compare(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Compare the two lists on offer."""
    try:
        made = actions.compare_lists(contract_id, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
        return redirect("consent:share", contract_id)
    return redirect("consent:overlap", made.id)
