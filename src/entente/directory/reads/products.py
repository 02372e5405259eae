"""Products and their approvals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from entente.directory.models import Product, ProductApproval


@dataclass(frozen=True)
class Approved:
    """By what a product is judged in a country on a day; ``authority_ref`` may be unknown."""

    product_id: UUID
    approved_on: date
    accelerated: bool
    authority_ref: str


def product(product_id: UUID) -> Product:
    """Give one product.

    Raises
    ------
    Product.DoesNotExist
    """
    return Product.objects.get(id=product_id)


def products() -> Sequence[Product]:
    """Give all products with their approvals, by name."""
    return list(Product.objects.prefetch_related("approvals").order_by("name", "id"))


def approved_in(country: str, product_ids: Collection[UUID], *, on: date) -> dict[UUID, Approved]:
    """Give for each product that is approved in a country on a day its first approval there.

    That is the one by which the gate judges; if it names no number, a later one's is taken.
    """
    rows = ProductApproval.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=on),
        product_id__in=list(product_ids),
        country=country,
        approved_on__lte=on,
    ).order_by("product_id", "approved_on", "id")
    found: dict[UUID, Approved] = {}
    for row in rows:
        first = found.get(row.product_id)
        found[row.product_id] = Approved(
            row.product_id,
            first.approved_on if first else row.approved_on,
            first.accelerated if first else row.accelerated,
            (first.authority_ref if first else "") or row.authority_ref,
        )
    return found
