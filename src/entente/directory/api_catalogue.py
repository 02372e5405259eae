"""Operations on the price book, products' owners and partners' categories."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from entente.directory import actions, reads
from entente.directory.api_shapes import ProductOut
from entente.directory.reads import catalogue
from entente.foundation.web.api_shapes import Asked, In, Listing, listing
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])
Word = Annotated[str, StringConstraints(max_length=24)]


class PriceIn(In):
    """What one unit costs in a country from a day on, in minor units."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    unit: Annotated[str, StringConstraints(max_length=60)]
    amount_minor: Annotated[int, Field(ge=0, le=10**15)]
    from_on: date


class DescriptionIn(In):
    """Whether a product is a brand or a solution, and who owns it."""

    nature: Word
    owner_entity_id: UUID | None = None


class CategoryIn(In):
    """What category of partner an organisation is from a day on."""

    category: Word
    on: date


class PriceOut(Schema):
    """A price of the caller's own book."""

    id: UUID
    product_id: UUID
    country: str
    currency: str
    unit: str
    amount_minor: int
    from_on: date
    to_on: date | None


class CategoryOut(Schema):
    """A category of a partner."""

    category: str
    from_on: date
    to_on: date | None


@router.get("/prices", response=Listing[PriceOut])
@operation("directory.read")
def list_prices(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List the price book of the caller's organisation."""
    return listing(catalogue.prices(), ("-from_on", "-id"), asked)


@router.get("/products/{uuid:product_id}/prices", response=list[PriceOut])
@operation("directory.read")
def list_prices_of_product(request: HttpRequest, product_id: UUID) -> Any:
    """List every price of a product in the caller's own book."""
    return catalogue.prices_of(reads.product(product_id).id)


@router.post("/products/{uuid:product_id}/prices", response={201: PriceOut})
@operation("product.write")
def set_price(request: HttpRequest, product_id: UUID, given: PriceIn) -> Any:
    """Enter a price; the one before it ends on that day."""
    return 201, actions.set_price(product_id, **given.dict(), at=datetime.now(UTC))


@router.put("/products/{uuid:product_id}/description", response=ProductOut)
@operation("product.write")
def describe_product(request: HttpRequest, product_id: UUID, given: DescriptionIn) -> Any:
    """Say whether a product is a brand or a solution, and who owns it."""
    return actions.describe_product(product_id, **given.dict(), at=datetime.now(UTC))


@router.put("/organisations/{uuid:organisation_id}/category", response=CategoryOut)
@operation("organisation.write")
def categorise_partner(request: HttpRequest, organisation_id: UUID, given: CategoryIn) -> Any:
    """Say what category of partner an organisation is from a day on."""
    return actions.categorise_partner(
        organisation_id, given.category, on=given.on, at=datetime.now(UTC)
    )
