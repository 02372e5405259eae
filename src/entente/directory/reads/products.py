"""Products and their approvals."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from entente.directory.models import Product


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
