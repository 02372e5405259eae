"""Hand-overs: ask in writing, hand over, sign for it; the list and one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory import reads as directory
from entente.engagement.actions import (
    Signed,
    cancel_hand_over,
    complete_hand_over,
    hand_over,
    request_samples,
    sign_receipt,
)
from entente.engagement.forms_stock import HandForm, LaterForm, RequestForm, SignedForm
from entente.engagement.models import HandOver, Stock
from entente.engagement.reads import hand_overs as reads
from entente.engagement.reads import touches
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import to_text
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of
from entente.policy.reads.reasons import reasons_of

TONES = {"referred": "warn", "approved": "info", "forbidden": "bad", "done": "ok",
         "cancelled": "neutral"}  # fmt: skip
HEAD = ("id", "asked_at", "handed_on", "kind", "hcp_id", "what", "lot", "number", "worth",
        "currency", "country", "status", "request_id", "receipt_signed_on")  # fmt: skip
SAID = {
    "done": "Handed over.",
    "referred": "Not handed over: a person decides first, the reasons stand below.",
    "forbidden": "Refused, nothing left your stock: the reasons stand below.",
}
LAST = 6


def dressed(rows: list[HandOver]) -> list[HandOver]:
    """Put beside each hand-over its tone."""
    for row in rows:
        row.tone = TONES[row.status]  # type: ignore[attr-defined]
    return rows


@page("stock.read")
def hand_overs(request: HttpRequest) -> HttpResponse:
    """List hand-overs, the newest first."""
    scope, hcp_id = current_scope(), id_of(request, "hcp")
    found = reads.hand_overs(
        status=one_of(request, "status", HandOver.Status.values),
        kind=one_of(request, "kind", Stock.Kind.values),
        hcp_id=hcp_id,
        giver_id=scope.actor_id if request.GET.get("mine") else None,
        unsigned=bool(request.GET.get("unsigned")),
    )
    if request.GET.get("export") == "csv":
        rows = (
            (h.id, h.asked_at, h.handed_on or "", h.kind, h.hcp_id, h.stock.name, h.lot.number,
             h.n_units, to_text(h.value_minor, h.currency), h.currency, h.country, h.status,
             h.request_id, h.receipt.signed_on if hasattr(h, "receipt") else "")
            for h in found.order_by(*reads.ORDER).iterator(2_000)
        )  # fmt: skip
        return csv_file("hand-overs", HEAD, rows, kind="engagement.hand_over", at=datetime.now(UTC))
    part = part_of(found, reads.ORDER, request.GET)
    dressed(part.rows)
    context = {
        "part": part,
        "statuses": HandOver.Status.choices,
        "kinds": Stock.Kind.choices,
        "about": next(iter(names_of([("hcp", hcp_id)]).values()), None),
        "may_hand": "sample.hand" in scope.may,
    }
    return render(request, "engagement/hand_overs.html", context)


def _one(
    request: HttpRequest, row: HandOver, form: SignedForm | LaterForm | None = None
) -> HttpResponse:
    scope, at = current_scope(), datetime.now(UTC)
    may = "sample.hand" in scope.may
    mine = may and row.giver_id == scope.actor_id
    lacks = row.status == "done" and not hasattr(row, "receipt")
    given = form if form is not None else SignedForm(on=at.date(), signer=row.hcp.display_name)
    context = {
        "row": dressed([row])[0],
        "reasons": reasons_of(row.decision),
        "form": given,
        "lacks_receipt": lacks and row.kind == Stock.Kind.SAMPLE,
        "may_sign": may and lacks,
        "may_complete": mine and row.status == "approved",
        "may_cancel": mine and row.status in {"referred", "approved"},
        "trail": [{"label": "Hand-overs", "url": reverse("engagement:hand_overs")}],
    }
    status = 422 if given.errors else 200
    return render(request, "engagement/hand_over.html", context, status=status)


@page("stock.read")
def one(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    """Show one hand-over with the gate's answer, the request and the receipt."""
    return _one(request, reads.hand_over(hand_over_id))


@page("sample.hand", methods=("GET", "POST"))
def new(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Hand something to an HCP, in five fields; the gate is asked first."""
    at, scope = datetime.now(UTC), current_scope()
    person, call_id = directory.hcp(hcp_id), id_of(request, "call")
    if call_id is not None:
        touches.touch(call_id)
    assert scope.actor_id is not None
    form = HandForm(
        posted(request), org_id=scope.org_id, holder_id=scope.actor_id, hcp_id=hcp_id,
        on=at.date(), initial={"call": call_id},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = hand_over(form.handing(at), at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            tell = messages.success if made.status == "done" else messages.warning
            tell(request, SAID[made.status])
            return redirect("engagement:hand_over", made.id)
    trail = [{"label": person.display_name, "url": reverse("directory:hcp", args=[hcp_id])}]
    context = {"form": form, "person": person, "trail": trail}
    return render(request, "engagement/hand_new.html", context, status=422 if form.errors else 200)


@page("sample.hand", methods=("GET", "POST"))
def sample_request(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Take an HCP's written request for samples."""
    at, person = datetime.now(UTC), directory.hcp(hcp_id)
    form = RequestForm(posted(request), on=at.date(), signer=person.display_name)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            request_samples(hcp_id, given["stock"], given["n_packs"], form.signed(), at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Kept. Hand over what was asked for.")
            return redirect("engagement:hand_new", hcp_id)
    trail = [{"label": person.display_name, "url": reverse("directory:hcp", args=[hcp_id])}]
    context = {"form": form, "person": person, "trail": trail}
    status = 422 if form.errors else 200
    return render(request, "engagement/sample_request.html", context, status=status)


@page("sample.hand", methods=("POST",))
def receipt(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    """Have a hand-over signed for, after it."""
    at, row = datetime.now(UTC), reads.hand_over(hand_over_id)
    form = SignedForm(request.POST, on=at.date())
    if form.is_valid():
        try:
            sign_receipt(row.id, form.signed(), at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Signed for.")
            return redirect("engagement:hand_over", row.id)
    return _one(request, row, form)


@page("sample.hand", methods=("POST",))
def complete(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    """Hand over what was approved; the gate is asked again."""
    at, row = datetime.now(UTC), reads.hand_over(hand_over_id)
    form = LaterForm(request.POST)
    if form.is_valid():
        name, drawing = form.cleaned_data["signer_name"].strip(), form.cleaned_data["drawing"]
        signed = Signed(name, at.date(), drawing) if name else None
        try:
            made = complete_hand_over(row.id, receipt=signed, at=at)
        except UserError as trouble:
            form.blame(trouble)
        else:
            tell = messages.success if made.status == "done" else messages.warning
            tell(request, SAID[made.status])
            return redirect("engagement:hand_over", row.id)
    return _one(request, row, form)


@page("sample.hand", methods=("POST",))
def cancel(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    """Give up what waits or was approved."""
    try:
        cancel_hand_over(hand_over_id, request.POST.get("reason", ""), at=datetime.now(UTC))
    except UserError as trouble:
        messages.warning(request, f"{str(trouble).capitalize()}.")
    else:
        messages.success(request, "Cancelled.")
    return redirect("engagement:hand_over", hand_over_id)


def hcp_hand_overs(request: HttpRequest, hcp: Any) -> dict[str, Any]:
    """Show what a person was handed lately and what is asked for in writing."""
    rows = list(reads.hand_overs(hcp_id=hcp.id).order_by(*reads.ORDER)[:LAST])
    return {
        "hcp": hcp,
        "hand_overs": dressed(rows),
        "requests": reads.open_requests(hcp.id)[:3],
        "may_hand": "sample.hand" in current_scope().may,
    }
