"""The catalogue: price book and owner on a product's page, category on a partner's page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from entente.directory import actions
from entente.directory.models import PartnerCategory, Product
from entente.directory.pages.hierarchy import parse_day
from entente.directory.pages.territories import parse_id, today
from entente.directory.reads import catalogue as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import MoneyError, to_minor
from entente.foundation.errors import UserError
from entente.foundation.models import Organisation
from entente.foundation.web.doors import page


def product_panel(request: HttpRequest, product: Product) -> dict[str, Any]:
    """Give the price book of a product, its nature and its owner."""
    scope, on = current_scope(), today()
    may_write = "product.write" in scope.may
    return {
        "product": product,
        "prices": [
            (p, p.from_on <= on and (p.to_on is None or p.to_on > on))
            for p in reads.prices_of(product.id)
        ],
        "may_price": may_write,
        "may_describe": may_write and product.org_id == scope.org_id,
        "natures": Product.Nature.choices,
        "owners": [(e.id, f"{e.name} ({e.country})") for e in reads.owners()] if may_write else [],
    }


@page("product.write", methods=("POST",))
def price(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """Enter a price from a day on."""
    given = {name: (request.POST.get(name) or "").strip() for name in request.POST}
    currency = given.get("currency", "").upper()
    day = parse_day(given.get("from_on"))
    try:
        if day is None:
            raise UserError("Give the day as YYYY-MM-DD.", field="from_on")
        actions.set_price(
            product_id,
            country=given.get("country", "").upper(),
            currency=currency,
            unit=given.get("unit", "")[:60],
            amount_minor=to_minor(given.get("amount", ""), currency),
            from_on=day,
            at=datetime.now(UTC),
        )
    except (UserError, MoneyError) as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, f"The price holds from {day:%Y-%m-%d}.")
    return redirect("directory:product", product_id)


@page("product.write", methods=("POST",))
def describe(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """Say whether a product is a brand or a solution, and who owns it."""
    try:
        actions.describe_product(
            product_id,
            nature=request.POST.get("nature") or "",
            owner_entity_id=parse_id(request.POST.get("owner")),
            at=datetime.now(UTC),
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The product is described.")
    return redirect("directory:product", product_id)


def category_panel(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    """Give what an organisation is in law and what category of partner it is."""
    held = reads.category_of(organisation.id, today())
    return {
        "organisation": organisation,
        "held": held,
        "value": held.category if held else "",
        "categories": PartnerCategory.Category.choices,
        "may_write": "organisation.write" in current_scope().may,
    }


@page("organisation.write", methods=("POST",))
def categorise(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Say what category of partner an organisation is from today."""
    at = datetime.now(UTC)
    try:
        actions.categorise_partner(
            organisation_id, request.POST.get("category") or "", on=at.date(), at=at
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The category holds from today.")
    return redirect("directory:organisation", organisation_id)
