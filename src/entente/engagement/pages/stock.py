"""Stock: the catalogue, what one carries, and the account per colleague and lot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.engagement.actions import (
    add_stock,
    change_stock,
    move_stock,
    receive_lot,
    state_domestic_sales,
)
from entente.engagement.domain.hand_overs import ITEM_FLAGS, SAMPLE_FLAGS
from entente.engagement.forms_stock import LotForm, MoveForm, SalesForm, StockForm
from entente.engagement.models import Stock
from entente.engagement.reads import hand_overs
from entente.engagement.reads import stock as reads
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.domain.money import to_text
from entente.foundation.errors import UserError
from entente.foundation.web import people
from entente.foundation.web.asked import id_of, one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

HEAD = ("id", "kind", "item_kind", "name", "product", "unit_value", "currency", "tax_basis",
        "patients_per_pack", *SAMPLE_FLAGS, *ITEM_FLAGS)  # fmt: skip
ACCOUNT_HEAD = ("colleague", "what", "lot", "expires_on", "received", "handed_over", "returned",
                "lost", "difference", "by_the_books", "not_signed_for")  # fmt: skip
AT_A_TIME = 500
LAST = 20


def _said(row: Stock) -> list[dict[str, Any]]:
    own = SAMPLE_FLAGS if row.kind == Stock.Kind.SAMPLE else ITEM_FLAGS
    return [{"words": words, "value": getattr(row, flag)} for flag, words in own.items()]


def _n_unknown(row: Stock) -> int:
    unknown = sum(said["value"] is None for said in _said(row))
    return unknown + (row.kind == Stock.Kind.SAMPLE and row.patients_per_pack is None)


@page("stock.read")
def stock(request: HttpRequest) -> HttpResponse:
    """List what may be handed over."""
    found = reads.catalogue(kind=one_of(request, "kind", Stock.Kind.values))
    if request.GET.get("export") == "csv":
        rows = (
            (s.id, s.kind, s.item_kind, s.name, s.product.name if s.product else "",
             to_text(s.unit_value_minor, s.currency), s.currency, s.tax_basis, s.patients_per_pack,
             *(getattr(s, flag) for flag in (*SAMPLE_FLAGS, *ITEM_FLAGS)))
            for s in found.order_by(*reads.ORDER).iterator(2_000)
        )  # fmt: skip
        return csv_file("stock", HEAD, rows, kind="engagement.stock", at=datetime.now(UTC))
    part = part_of(found, reads.ORDER, request.GET)
    for row in part.rows:
        row.n_unknown = _n_unknown(row)
    context = {"part": part, "kinds": Stock.Kind.choices}
    return render(request, "engagement/stock.html", context)


@page("stock.read", methods=("GET", "POST"))
def one(request: HttpRequest, stock_id: UUID) -> HttpResponse:
    """Show a line of the catalogue; a POST gives a colleague packs of a lot."""
    at, may = datetime.now(UTC), current_scope().may
    row = reads.stock(stock_id)
    form = LotForm(posted(request), on=at.date(), row=row) if "stock.write" in may else None
    if request.method == "POST" and form is None:
        raise OutOfScope("your role does not include stock.write")
    if form is not None and request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            receive_lot(row.id, number=given["number"], expires_on=given["expires_on"],
                        holder_id=given["holder"], n_units=given["n_units"], at=at)  # fmt: skip
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Given out.")
            return redirect("engagement:stock", row.id)
    context = {
        "row": row,
        "lots": reads.lots_of(row.id),
        "flags": _said(row),
        "unknown": "not known",
        "form": form,
        "today": at.date(),
        "trail": [{"label": "Samples and items", "url": reverse("engagement:stock_list")}],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "engagement/stock_one.html", context, status=status)


@page("stock.write", methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Put a sample or an item into the catalogue."""
    scope = current_scope()
    form = StockForm(posted(request), org_id=scope.org_id, judges="stock.judge" in scope.may)
    if request.method == "POST" and form.is_valid():
        kind, item_kind = form.split_kind
        try:
            made = add_stock(
                kind,
                form.terms(),
                item_kind=item_kind,
                product_id=form.cleaned_data["product"],
                at=datetime.now(UTC),
            )
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Added. Give packs to a colleague below.")
            return redirect("engagement:stock", made.id)
    return _form(request, form, "Add a sample or an item", reverse("engagement:stock_list"))


@page("stock.write", methods=("GET", "POST"))
def change(request: HttpRequest, stock_id: UUID) -> HttpResponse:
    """Say other things of a line of the catalogue."""
    scope, row = current_scope(), reads.stock(stock_id)
    judges = "stock.judge" in scope.may
    form = StockForm(posted(request), org_id=scope.org_id, known=row, judges=judges)
    if request.method == "POST" and form.is_valid():
        try:
            change_stock(row.id, form.terms(), at=datetime.now(UTC))
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Changed. What was handed over keeps what held then.")
            return redirect("engagement:stock", row.id)
    return _form(request, form, row.name, reverse("engagement:stock", args=[row.id]))


def _form(request: HttpRequest, form: StockForm, title: str, back: str) -> HttpResponse:
    trail = [{"label": "Samples and items", "url": reverse("engagement:stock_list")}]
    context = {"form": form, "title": title, "back": back, "trail": trail}
    status = 422 if form.errors else 200
    return render(request, "engagement/stock_form.html", context, status=status)


@page("sample.hand")
def mine(request: HttpRequest) -> HttpResponse:
    """Show what one carries and how it moved."""
    on, me = datetime.now(UTC).date(), current_scope().actor_id
    assert me is not None
    context = {
        "lines": reads.carried_by(me),
        "moves": reads.moves(holder_id=me).order_by(*reads.MOVES_ORDER)[:LAST],
        "n_unsigned": hand_overs.n_unsigned(me, on),
        "today": on,
    }
    return render(request, "engagement/stock_mine.html", context)


@page("stock.read", methods=("GET", "POST"))
def move(request: HttpRequest, lot_id: UUID, holder_id: UUID) -> HttpResponse:
    """Write a return, a loss or a count of what somebody carries."""
    scope = current_scope()
    own = holder_id == scope.actor_id and "sample.hand" in scope.may
    if not own and "stock.write" not in scope.may:
        raise OutOfScope("your role does not include stock.write")
    line = reads.carried(lot_id, holder_id)
    form = MoveForm(posted(request), initial={"kind": "returned"})
    back = reverse("engagement:stock_mine" if own else "engagement:stock_account")
    if request.method == "POST" and form.is_valid():
        try:
            move_stock(lot_id, holder_id, at=datetime.now(UTC), **form.cleaned_data)
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Written down.")
            return redirect(back)
    trail = [{"label": "My stock" if own else "Account", "url": back}]
    context = {"line": line, "form": form, "back": back, "trail": trail}
    status = 422 if form.errors else 200
    return render(request, "engagement/stock_move.html", context, status=status)


def _account_rows(found: Any) -> Any:
    rows = list(found.order_by(*reads.ACCOUNT_ORDER)[:100_001])
    for start in range(0, len(rows), AT_A_TIME):
        for r in reads.with_sums(rows[start : start + AT_A_TIME]):
            yield (r.holder.name, r.lot.stock.name, r.lot.number, r.lot.expires_on or "",
                   r.n_received, r.n_handed, r.n_returned, r.n_lost,  # type: ignore[attr-defined]
                   r.n_difference, r.n_units, r.n_unsigned)  # type: ignore[attr-defined]  # fmt: skip


@page("stock.read", methods=("GET", "POST"))
def account(request: HttpRequest) -> HttpResponse:
    """Account for samples and items per colleague and lot; a POST states domestic sales."""
    at, scope = datetime.now(UTC), current_scope()
    oversees = "stock.write" in scope.may
    kind = one_of(request, "kind", Stock.Kind.values)
    holder = id_of(request, "holder") if oversees else scope.actor_id
    found = reads.accounts(holder_id=holder, kind=kind)
    if request.GET.get("export") == "csv":
        return csv_file("sample-account", ACCOUNT_HEAD, _account_rows(found),
                        kind="engagement.stock_account", at=at)  # fmt: skip
    form = _sales(request, at) if "stock.judge" in scope.may else None
    if request.method == "POST":
        if form is None:
            raise OutOfScope("your role does not include stock.judge")
        if not form.errors:
            return redirect("engagement:stock_account")
    part = part_of(found, reads.ACCOUNT_ORDER, request.GET)
    for row in reads.with_sums(part.rows):
        row.may_move = oversees or row.holder_id == scope.actor_id  # type: ignore[attr-defined]
    holders = people.people(role="representative", on=at.date()) if oversees else []
    context = {
        "part": part,
        "kinds": Stock.Kind.choices,
        "holders": [(str(p.id), p.name) for p in holders],
        "form": form,
        "sales": reads.sales_stated() if form is not None else [],
        "trail": [{"label": "Samples and items", "url": reverse("engagement:stock_list")}],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "engagement/stock_account.html", context, status=status)


def _sales(request: HttpRequest, at: datetime) -> SalesForm:
    form = SalesForm(posted(request), initial={"country": "IN", "currency": "INR",
                                               "year": at.year})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            state_domestic_sales(given["country"].upper(), given["year"], given["amount_minor"],
                                 given["currency"].upper(), at=at)  # fmt: skip
        except UserError as trouble:
            form.blame(trouble)
        else:
            messages.success(request, "Stated.")
    return form
