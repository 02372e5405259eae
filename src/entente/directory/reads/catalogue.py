"""The price book, who owns products, and categories of partners, as of a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from entente.directory.models import LegalEntity, PartnerCategory, ProductPrice
from entente.directory.reads.periods import in_force


def prices() -> QuerySet[ProductPrice]:
    """Give the present organisation's price book, for a list in parts."""
    return ProductPrice.objects.select_related("product")


def prices_of(product_id: UUID) -> list[ProductPrice]:
    """Give every price of a product in one's own book, the latest first in each country."""
    rows = ProductPrice.objects.filter(product_id=product_id)
    return list(rows.order_by("country", "currency", "unit", "-from_on"))


def price_as_of(
    product_id: UUID, *, country: str, currency: str, unit: str, on: date
) -> ProductPrice | None:
    """Give the price in force on a day, in one's own book."""
    rows = ProductPrice.objects.filter(in_force(on), product_id=product_id)
    return rows.filter(country=country, currency=currency, unit=unit).first()


def owners() -> list[LegalEntity]:
    """Give the legal entities that may own a product, by name."""
    return list(LegalEntity.objects.order_by("name", "id")[:500])


def category_of(organisation_id: UUID, on: date) -> PartnerCategory | None:
    """Give the category of a partner on a day, as the present organisation sees it."""
    rows = PartnerCategory.objects.filter(in_force(on), organisation_id=organisation_id)
    return rows.order_by("-from_on", "-id").first()
