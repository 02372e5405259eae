"""Enter products and their approvals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from entente.directory.models import Product, ProductApproval
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.models import new_id


def add_product(
    name: str,
    kind: str,
    approvals: Sequence[tuple[str, date, str]] = (),
    *,
    at: datetime,
    owner_name: str = "",
) -> Product:
    """Enter a product with its approvals.

    Writes the product, its approvals and one ledger entry.

    Parameters
    ----------
    name : str
    kind : str
        One of ``Product.Kind``.
    approvals : sequence of (country, approved_on, indication)
        Country as ISO 3166-1 alpha-2.
    at : datetime
    owner_name : str
        Who holds the approval, where it is another company.

    Raises
    ------
    UserError
        If the name is taken, or a kind or country unknown.
    """
    scope = current_scope()
    scope.require("product.write")
    name = name.strip()
    if not name:
        raise UserError("Give the product's name.", field="name")
    if kind not in Product.Kind.values:
        raise UserError(f"Choose one of {', '.join(Product.Kind.values)}.", field="kind")
    for country, _, _ in approvals:
        if not is_country(country):
            raise UserError(
                f"{country!r} is no country: write two capitals, for example GB.", field="approvals"
            )
    if len({(country, on) for country, on, _ in approvals}) < len(approvals):
        raise UserError("A country stands twice with the same day.", field="approvals")
    if Product.objects.filter(org_id=scope.org_id, name__iexact=name).exists():
        raise UserError(f"{name} is there already.", field="name")
    product = Product.objects.create(
        id=new_id(), org_id=scope.org_id, name=name, kind=kind, owner_name=owner_name.strip()
    )
    ProductApproval.objects.bulk_create(
        ProductApproval(
            id=new_id(),
            org_id=scope.org_id,
            product=product,
            country=country,
            approved_on=approved_on,
            indication=indication,
        )
        for country, approved_on, indication in approvals
    )
    ledger.append(
        ledger.Entry(
            "directory.product.added",
            "product",
            product.id,
            {"kind": kind, "countries": sorted({country for country, _, _ in approvals})},
        ),
        at=at,
    )
    return product
