"""Items: the list, a new one, and the words of a version."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.content import actions, reads
from entente.content.domain.states import WORDS
from entente.content.models import Item, Version
from entente.content.pages.forms import ItemForm, VersionForm, blame
from entente.directory import reads as directory
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import MOST_ROWS, csv_file
from entente.foundation.web.lists import part_of

HEAD = ("title", "kind", "product", "version", "status", "last_day", "markets", "partners")


@page("content.read")
def items(request: HttpRequest) -> HttpResponse:
    """List items by state, product and market, newest first."""
    at = datetime.now(UTC)
    asked: dict[str, Any] = {
        "q": text_of(request, "q"),
        "status": one_of(request, "status", WORDS),
        "product": id_of(request, "product"),
        "market": text_of(request, "market").upper()[:2],
    }
    rows = reads.item_rows(
        text=asked["q"], status=asked["status"], product=asked["product"],
        market=asked["market"], today=at.date(),
    )  # fmt: skip
    if request.GET.get("export") == "csv":
        found = rows.order_by("-id")[: MOST_ROWS + 1]
        return csv_file("content", HEAD, map(_as_row, found), kind="content.item", at=at)
    part = part_of(rows, ["-id"], request.GET)
    context = {
        "asked": asked,
        "part": part,
        "rows": [(row, *_state(row, at)) for row in part.rows],
        "statuses": [(code, words) for code, (words, _) in WORDS.items()],
        "products": [(p.id, p.name) for p in directory.products()],
    }
    return render(request, "content/items.html", context)


def _as_row(item: Item) -> tuple[object, ...]:
    markets = " ".join(item.latest_markets or [])  # type: ignore[attr-defined]
    return (
        item.title, item.kind, item.product.name if item.product else "",
        item.latest_number, item.latest_status,  # type: ignore[attr-defined]
        item.latest_expires_on, markets, item.n_partners,  # type: ignore[attr-defined]
    )  # fmt: skip


def _state(item: Item, at: datetime) -> tuple[str, str]:
    if item.latest_status is None:  # type: ignore[attr-defined]
        return ("Not written yet", "")
    status = reads.status_on(
        item.latest_status,  # type: ignore[attr-defined]
        item.latest_expires_on,  # type: ignore[attr-defined]
        on=at.date(),
    )
    return WORDS[status]


@page("content.read")
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Lead to the latest version of an item, or to writing its first one."""
    found = reads.item(item_id)
    latest = found.versions.order_by("-number").first()
    if latest is None:
        return render(request, "content/item_empty.html", {"item": found})
    return redirect("content:version", latest.id)


@page("content.write", methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Begin an item."""
    form = ItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.draft_item(
                title=given["title"],
                kind=given["kind"],
                product_id=UUID(given["product"]) if given["product"] else None,
                partner_ids=[UUID(partner) for partner in given["partners"]],
                module_kind=given["module_kind"],
                language=given["language"].lower() or "en",
                at=datetime.now(UTC),
            )
        except UserError as wrong:
            blame(form, wrong)
        else:
            return redirect("content:write", made.id)
    status = 422 if form.errors else 200
    return render(request, "content/item_add.html", {"form": form}, status=status)


@page("content.write", methods=("GET", "POST"))
def write(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Write a version: the draft that is there, or a new one from the latest."""
    found = reads.item(item_id)
    if found.org_id != current_scope().org_id:
        raise OutOfScope("the organisation that began the item writes it")
    latest = found.versions.prefetch_related("claim_uses").order_by("-number").first()
    form = VersionForm(
        request.POST or None,
        initial=VersionForm.from_version(latest) if latest else None,
        module=found.form == Item.Form.MODULE,
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_version(found.id, form.words(), at=datetime.now(UTC))
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, f"Version {saved.number} is saved as a draft.")
            return redirect("content:version", saved.id)
    context = {"form": form, "item": found, "latest": latest, "number": _number(latest)}
    return render(request, "content/write.html", context, status=422 if form.errors else 200)


def _number(latest: Version | None) -> int:
    if latest is None:
        return 1
    return latest.number if latest.status == "draft" else latest.number + 1


@page("content.write", methods=("POST",))
def pair(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Pair what patients read with what HCPs read."""
    try:
        chosen = UUID(request.POST.get("hcp_item", ""))
        actions.pair_items(item_id, chosen, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    except (ValueError, Item.DoesNotExist):
        messages.error(request, "Choose the item for HCPs.")
    else:
        messages.success(request, "The items are paired; an alarm shows where they differ.")
    return redirect("content:item", item_id)
