"""Enter products and their approvals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from entente.directory.models import Product, ProductApproval
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.models import new_id


class ApprovedIn(NamedTuple):
    """Where a product is approved, since when, for what, and what its label warns of.

    Parameters
    ----------
    country : str
        ISO 3166-1 alpha-2.
    accelerated : bool
        Whether the approval rests on a surrogate endpoint and is still to be confirmed.
    """

    country: str
    approved_on: date
    indication: str = ""
    boxed_warning: bool = False
    accelerated: bool = False


def add_product(
    name: str,
    kind: str,
    approvals: Sequence[ApprovedIn] = (),
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
    approvals : sequence of ApprovedIn
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
    for approval in approvals:
        if not is_country(approval.country):
            raise UserError(
                f"{approval.country!r} is no country: write two capitals, for example GB.",
                field="approvals",
            )
    if len({(each.country, each.approved_on) for each in approvals}) < len(approvals):
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
            **approval._asdict(),
        )
        for approval in approvals
    )
    ledger.append(
        ledger.Entry(
            "directory.product.added",
            "product",
            product.id,
            {"kind": kind, "countries": sorted({each.country for each in approvals})},
        ),
        at=at,
    )
    return product
