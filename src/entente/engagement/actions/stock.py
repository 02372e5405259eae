"""Keep what may be handed over: the catalogue, lots and who carries how many of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from entente.directory import reads as directory
from entente.engagement.domain.hand_overs import ITEM_FLAGS, JUDGED, SAMPLE_FLAGS, check_units
from entente.engagement.models import Carried, DomesticSales, HandOver, Lot, Stock, StockMove
from entente.foundation import ledger
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.domain.money import MoneyError, exponent
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import User, new_id

LONGEST_REASON = 300
OWN_MOVES = {
    StockMove.Kind.RETURNED: "give how many go back",
    StockMove.Kind.LOST: "give how many are missing",
    StockMove.Kind.COUNTED: "give how many were counted",
}


@dataclass(frozen=True)
class StockTerms:
    """What is said of a sample or an item; a flag that is not given is unknown."""

    name: str
    unit_value_minor: int
    currency: str
    tax_basis: str = ""
    patients_per_pack: int | None = None
    flags: Mapping[str, bool | None] = field(default_factory=dict)


def add_stock(
    kind: str, terms: StockTerms, *, at: datetime, item_kind: str = "", product_id: UUID | None
) -> Stock:
    """Put a sample or an item into the catalogue. Writes it and one ledger entry.

    Raises
    ------
    UserError
        If the name is taken, the kind unknown, or a sample names no product.
    OutOfScope
        If somebody other than compliance judges it inexpensive or certified.
    """
    scope = current_scope()
    scope.require("stock.write")
    if kind not in Stock.Kind.values:
        raise UserError(f"kind is one of {', '.join(Stock.Kind.values)}", field="kind")
    if kind == Stock.Kind.ITEM and item_kind not in Stock.ItemKind.values:
        raise UserError(f"an item is one of {', '.join(Stock.ItemKind.values)}", field="item_kind")
    if kind == Stock.Kind.SAMPLE and product_id is None:
        raise UserError("say of which product it is a sample", field="product")
    if product_id is not None:
        directory.product(product_id)
    values = _values(kind, terms, known=None)
    made = Stock(
        id=new_id(),
        org_id=scope.org_id,
        kind=kind,
        item_kind=item_kind if kind == Stock.Kind.ITEM else "",
        product_id=product_id,
        **values,
    )
    _save(made)
    _record("engagement.stock.added", "engagement.stock", made.id, {"kind": kind, **values}, at)
    return made


def change_stock(stock_id: UUID, terms: StockTerms, *, at: datetime) -> Stock:
    """Say other things of a sample or an item; what was handed over keeps what held then.

    Writes it and one ledger entry with the values before and after.

    Raises
    ------
    UserError
        If the name is taken or a value does not fit.
    """
    current_scope().require("stock.write")
    row = Stock.objects.select_for_update().get(id=stock_id)
    values = _values(row.kind, terms, known=row)
    changed = {
        name: {"before": getattr(row, name), "after": value}
        for name, value in values.items()
        if getattr(row, name) != value
    }
    if not changed:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    _save(row)
    _record("engagement.stock.changed", "engagement.stock", row.id, changed, at)
    return row


def receive_lot(
    stock_id: UUID,
    *,
    number: str,
    expires_on: date | None,
    holder_id: UUID,
    n_units: int,
    at: datetime,
) -> StockMove:
    """Give a colleague packs of a lot; the lot is made if it is new.

    Raises
    ------
    UserError
        If a sample has no number or day of expiry, or the day differs from the lot's.
    """
    scope = current_scope()
    scope.require("stock.write")
    check_units(n_units)
    number = number.strip()
    stock = Stock.objects.get(id=stock_id)
    if not number or len(number) > 40:
        raise UserError("write the number on the pack or the delivery", field="number")
    if stock.kind == Stock.Kind.SAMPLE and expires_on is None:
        raise UserError("write until when the lot may be used", field="expires_on")
    if not User.objects.filter(id=holder_id, org_id=scope.org_id, is_active=True).exists():
        raise UserError("choose one of your colleagues", field="holder")
    lock(f"lot:{stock_id}:{number}")
    lot, _ = Lot.objects.get_or_create(
        stock=stock,
        number=number,
        defaults={"id": new_id(), "org_id": scope.org_id, "expires_on": expires_on},
    )
    if lot.expires_on != expires_on:
        raise UserError(
            f"lot {number} expires on {lot.expires_on}: look at the pack again", field="expires_on"
        )
    return move(lot, holder_id, StockMove.Kind.RECEIVED, n_units, at=at)


def move_stock(
    lot_id: UUID, holder_id: UUID, kind: str, n_units: int, *, reason: str, at: datetime
) -> StockMove:
    """Write a return, a loss or a count of what somebody carries; his own or, for compliance, any.

    A count writes the difference to the books, so that they stand at what was counted.

    Raises
    ------
    UserError
        If more would go than is there, a loss or a difference has no reason, or it is no such kind.
    """
    scope = current_scope()
    scope.require("sample.hand" if holder_id == scope.actor_id else "stock.write")
    if kind not in OWN_MOVES:
        raise UserError(f"kind is one of {', '.join(OWN_MOVES)}", field="kind")
    found = StockMove.Kind(kind)
    if n_units < (0 if found == StockMove.Kind.COUNTED else 1):
        raise UserError(OWN_MOVES[found], field="n_units")
    lot = Lot.objects.get(id=lot_id)
    lock(carried_key(lot_id, holder_id))
    known = Carried.objects.filter(lot=lot, holder_id=holder_id).first()
    if known is None:
        raise UserError("nothing of this lot was given out to this person", field="lot")
    signed = n_units - known.n_units if found == StockMove.Kind.COUNTED else -n_units
    reason = reason.strip()
    if len(reason) > LONGEST_REASON or (not reason and signed and found != StockMove.Kind.RETURNED):
        raise UserError(f"say in at most {LONGEST_REASON} characters what happened", field="reason")
    return move(lot, holder_id, found, signed, at=at, reason=reason)


def carried_key(lot_id: UUID, holder_id: UUID) -> str:
    """Name the lock that guards what somebody carries of a lot."""
    return f"carried:{lot_id}:{holder_id}"


def move(
    lot: Lot,
    holder_id: UUID,
    kind: StockMove.Kind,
    n_units: int,
    *,
    at: datetime,
    reason: str = "",
    hand_over: HandOver | None = None,
) -> StockMove:
    """Move packs of a lot and the number carried with them; for the actions of this room.

    Raises
    ------
    UserError
        If fewer are carried than would go.
    """
    scope = current_scope()
    lock(carried_key(lot.id, holder_id))
    line, _ = Carried.objects.get_or_create(
        lot=lot, holder_id=holder_id, defaults={"id": new_id(), "org_id": scope.org_id}
    )
    if line.n_units + n_units < 0:
        raise UserError(f"only {line.n_units} of lot {lot.number} are there", field="n_units")
    line.n_units += n_units
    line.save(update_fields=["n_units"])
    made = StockMove.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        lot=lot,
        holder_id=holder_id,
        kind=kind,
        n_units=n_units,
        moved_at=at,
        reason=reason,
        hand_over=hand_over,
        recorded_by_id=scope.actor_id,
    )
    details = {"lot": lot.id, "holder": holder_id, "units": n_units, "left": line.n_units,
               "reason": reason}  # fmt: skip
    _record(f"engagement.stock.{kind}", "engagement.stock_move", made.id, details, at)
    return made


def state_domestic_sales(
    country: str, year: int, amount_minor: int, currency: str, *, at: datetime
) -> DomesticSales:
    """State what was sold in a country in a year; India measures samples against it.

    Writes the figure, over an earlier one, and one ledger entry.

    Raises
    ------
    UserError
        If the amount is not positive or the currency unknown.
    """
    scope = current_scope()
    scope.require("stock.judge")
    _check_money(amount_minor, currency)
    if amount_minor <= 0:
        raise UserError("give the sales of the year, more than zero", field="amount")
    if not 2000 <= year <= at.year + 1:
        raise UserError(f"give a year from 2000 to {at.year + 1}", field="year")
    lock(f"sales:{scope.org_id}:{country}:{year}")
    row, _ = DomesticSales.objects.update_or_create(
        org_id=scope.org_id,
        country=country,
        year=year,
        defaults={"amount_minor": amount_minor, "currency": currency},
        create_defaults={"id": new_id(), "amount_minor": amount_minor, "currency": currency},
    )
    details = {"country": country, "year": year, "amount_minor": amount_minor,
               "currency": currency}  # fmt: skip
    _record("engagement.sales.stated", "engagement.sales", row.id, details, at)
    return row


def _check_money(amount_minor: int, currency: str) -> None:
    try:
        exponent(currency)
    except MoneyError as trouble:
        raise UserError(str(trouble), field="currency") from None
    if amount_minor < 0:
        raise UserError("a value is not negative", field="unit_value")


def _values(kind: str, terms: StockTerms, *, known: Stock | None) -> dict[str, Any]:
    """Give the columns that the terms say, each flag of this kind, the others empty."""
    _check_money(terms.unit_value_minor, terms.currency)
    name = terms.name.strip()
    if not name or len(name) > 120:
        raise UserError("give it a name of at most 120 characters", field="name")
    if terms.tax_basis not in {"", *Stock.TaxBasis.values}:
        raise UserError(f"tax is one of {', '.join(Stock.TaxBasis.values)}", field="tax_basis")
    own = SAMPLE_FLAGS if kind == Stock.Kind.SAMPLE else ITEM_FLAGS
    if strange := {name for name, value in terms.flags.items() if value is not None} - set(own):
        raise UserError(f"{', '.join(sorted(strange))} is not said of this kind")
    scope = current_scope()
    for flag in set(JUDGED) & set(own):
        held = getattr(known, flag, None)
        if terms.flags.get(flag, held) != held and (
            scope.actor_id is not None and "stock.judge" not in scope.may
        ):
            raise OutOfScope("whether an item is inexpensive or certified is compliance’s to say")
    patients = terms.patients_per_pack
    if patients is not None and not 1 <= patients <= 1_000:
        raise UserError("patients per pack are from 1 to 1,000", field="patients_per_pack")
    return {
        "name": name,
        "unit_value_minor": terms.unit_value_minor,
        "currency": terms.currency,
        "tax_basis": terms.tax_basis,
        "patients_per_pack": patients if kind == Stock.Kind.SAMPLE else None,
        **{
            flag: terms.flags.get(flag, getattr(known, flag, None) if flag in JUDGED else None)
            for flag in own
        },
    }


def _save(row: Stock) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise UserError(
            "something of this name is in the catalogue already", field="name"
        ) from None


def _record(verb: str, kind: str, object_id: UUID, details: dict[str, Any], at: datetime) -> None:
    ledger.append(ledger.Entry(verb, kind, object_id, details), at=at)
