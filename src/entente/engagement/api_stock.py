"""Operations on samples and items: the catalogue, what colleagues carry, the account."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.engagement.actions import (
    StockTerms,
    add_stock,
    change_stock,
    move_stock,
    receive_lot,
    state_domestic_sales,
)
from entente.engagement.domain.hand_overs import ITEM_FLAGS, MOST_UNITS, SAMPLE_FLAGS
from entente.engagement.reads import stock as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.web.api_shapes import Asked, In, Listing, Minor, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])


class Flags(Schema):
    """What is known of it; null is not known and permits nothing."""

    is_smallest_pack: bool | None = None
    is_marked_free: bool | None = None
    has_characteristics: bool | None = None
    is_controlled: bool | None = None
    is_starter_pack: bool | None = None
    is_branded: bool | None = None
    is_inexpensive: bool | None = None
    is_for_practice: bool | None = None
    benefits_patients: bool | None = None
    is_certified: bool | None = None
    offsets_practice_cost: bool | None = None
    has_independent_value: bool | None = None


class StockOut(Flags):
    """A line of the catalogue."""

    id: UUID
    kind: str
    item_kind: str
    name: str
    product_id: UUID | None
    unit_value_minor: int
    currency: str
    tax_basis: str
    patients_per_pack: int | None
    n_carried: int


class StockAsked(Asked):
    """Which lines."""

    kind: Text = ""


class TermsIn(In, Flags):
    """What is said of a line; the value of one in minor units."""

    name: str = Field(max_length=120)
    unit_value_minor: Minor
    currency: str = Field(pattern="^[A-Z]{3}$")
    tax_basis: Text = ""
    patients_per_pack: int | None = None

    def terms(self) -> StockTerms:
        """Give it as the actions take it."""
        given = self.model_dump(exclude_unset=True)
        flags = {name: given[name] for name in (*SAMPLE_FLAGS, *ITEM_FLAGS) if name in given}
        return StockTerms(
            self.name, self.unit_value_minor, self.currency, self.tax_basis,
            self.patients_per_pack, flags,
        )  # fmt: skip


class StockIn(TermsIn):
    """A new line."""

    kind: Text
    item_kind: Text = ""
    product_id: UUID | None = None


class LotIn(In):
    """Packs of a lot for a colleague."""

    number: str = Field(max_length=40)
    expires_on: date | None = None
    holder_id: UUID
    n_units: int = Field(ge=1, le=MOST_UNITS)


class MoveIn(In):
    """A return, a loss, or a count of what is carried."""

    lot_id: UUID
    holder_id: UUID | None = None
    kind: Text
    n_units: int = Field(ge=0, le=100_000)
    reason: str = Field(default="", max_length=300)


class MoveOut(Schema):
    """A movement."""

    id: UUID
    lot_id: UUID
    holder_id: UUID
    kind: str
    n_units: int
    moved_at: datetime
    reason: str
    hand_over_id: UUID | None


class AccountOut(Schema):
    """What became of a lot with a colleague."""

    lot_id: UUID
    lot: str
    stock_id: UUID
    holder_id: UUID
    n_units: int
    n_received: int
    n_handed: int
    n_returned: int
    n_lost: int
    n_difference: int
    n_unsigned: int


class AccountAsked(Asked):
    """Whose account; without the right to keep stock only one's own is given."""

    holder_id: UUID | None = None
    kind: Text = ""


class SalesIn(In):
    """What was sold in a country in a year, in minor units."""

    country: str = Field(pattern="^[A-Z]{2}$")
    year: int
    amount_minor: Minor
    currency: str = Field(pattern="^[A-Z]{3}$")


class SalesOut(Schema):
    """A figure of sales."""

    id: UUID
    country: str
    year: int
    amount_minor: int
    currency: str


@router.get("/stock", response=Listing[StockOut], summary="Samples and items")
@operation("stock.read")
def stock(request: HttpRequest, asked: Query[StockAsked]) -> Any:
    """Give what may be handed over, by name."""
    return listing(reads.catalogue(kind=asked.kind), reads.ORDER, asked)


@router.get("/stock/account", response=Listing[AccountOut], summary="Account of samples")
@operation("stock.read")
def account(request: HttpRequest, asked: Query[AccountAsked]) -> Any:
    """Give per colleague and lot what came, what went and what is missing."""
    scope = current_scope()
    holder = asked.holder_id if "stock.write" in scope.may else scope.actor_id
    found = listing(reads.accounts(holder_id=holder, kind=asked.kind), reads.ACCOUNT_ORDER, asked)
    own = [name for name in AccountOut.model_fields if name not in {"lot", "stock_id"}]
    found["items"] = [
        {
            **{name: getattr(row, name) for name in own},
            "lot": row.lot.number,
            "stock_id": row.lot.stock_id,
        }
        for row in reads.with_sums(found["items"])
    ]
    return found


@router.get("/stock/{uuid:stock_id}", response=StockOut, summary="One sample or item")
@operation("stock.read")
def one(request: HttpRequest, stock_id: UUID) -> Any:
    """Give one line of the catalogue."""
    return reads.stock(stock_id)


@router.post("/stock", response={201: StockOut}, summary="Add a sample or an item")
@operation("stock.write")
def added(request: HttpRequest, given: StockIn) -> Any:
    """Put a sample or an item into the catalogue."""
    made = add_stock(given.kind, given.terms(), item_kind=given.item_kind,
                     product_id=given.product_id, at=datetime.now(UTC))  # fmt: skip
    return 201, reads.stock(made.id)


@router.put("/stock/{uuid:stock_id}", response=StockOut, summary="Change a sample or an item")
@operation("stock.write")
def changed(request: HttpRequest, stock_id: UUID, given: TermsIn) -> Any:
    """Say other things of it; a flag that is left out is not known."""
    reads.stock(stock_id)
    change_stock(stock_id, given.terms(), at=datetime.now(UTC))
    return reads.stock(stock_id)


@router.post("/stock/{uuid:stock_id}/lots", response={201: MoveOut}, summary="Give out packs")
@operation("stock.write")
def received(request: HttpRequest, stock_id: UUID, given: LotIn) -> Any:
    """Give a colleague packs of a lot; the lot is made if it is new."""
    reads.stock(stock_id)
    return 201, receive_lot(stock_id, **given.model_dump(), at=datetime.now(UTC))


@router.post("/stock/moves", response={201: MoveOut}, summary="Return, loss or count")
@operation("stock.read")
def moved(request: HttpRequest, given: MoveIn) -> Any:
    """Write a return, a loss or a count of what one carries, or for compliance anybody does."""
    holder = given.holder_id or current_scope().actor_id
    assert holder is not None
    return 201, move_stock(
        given.lot_id, holder, given.kind, given.n_units, reason=given.reason, at=datetime.now(UTC)
    )


@router.put("/stock/sales", response=SalesOut, summary="State domestic sales")
@operation("stock.judge")
def sales_stated(request: HttpRequest, given: SalesIn) -> Any:
    """State what was sold in a country in a year, against which samples are measured."""
    return state_domestic_sales(**given.model_dump(), at=datetime.now(UTC))
