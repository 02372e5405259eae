"""Capture transfers of value from a meal that was recorded, or an item that was handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from entente.directory import reads as directory
from entente.directory.domain.professions import covered_recipient_type
from entente.disclosures.domain.coverage import outside
from entente.disclosures.models import TransferOfValue
from entente.engagement.reads.expenses import expense as expense_of
from entente.engagement.reads.expenses import shares_of
from entente.engagement.reads.hand_overs import hand_over as hand_over_of
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.locks import lock
from entente.foundation.models import Organisation, new_id

if TYPE_CHECKING:
    from entente.directory.models import Hcp
    from entente.engagement.models import Expense, ExpenseShare

SOURCE = "engagement.expense"
ITEM_SOURCE = "engagement.hand_over"
TEACHING = ("educational", "patient_education")
IN_THE_UNITED_STATES = frozenset({"US", "PR", "GU", "VI", "AS", "MP"})


def capture_transfers(expense_id: UUID, *, at: datetime) -> list[TransferOfValue]:
    """Make one transfer of value per HCP who partook of a meal; safe to repeat.

    The reporter of record is the legal entity that paid. Writes the transfers that are
    not there yet and one ledger entry for each.

    Returns
    -------
    list of TransferOfValue
        Those captured now.
    """
    current_scope().require("disclosure.capture")
    lock(f"transfers:{SOURCE}:{expense_id}")
    known = set(
        TransferOfValue.objects.filter(source_kind=SOURCE, source_id=expense_id).values_list(
            "hcp_id", flat=True
        )
    )
    fresh = [share for share in shares_of(expense_id) if share.hcp_id not in known]
    if not fresh:
        return []
    expense = expense_of(expense_id)
    is_manufacturer = _is_manufacturer(expense.payer.org_id)
    made = [_transfer(expense, share, is_manufacturer=is_manufacturer, at=at) for share in fresh]
    TransferOfValue.objects.bulk_create(made)
    _record(made, at=at)
    return made


def capture_item(hand_over_id: UUID, *, at: datetime) -> TransferOfValue | None:
    """Make the transfer of value of an item that was handed over; safe to repeat.

    Samples for patients are none (42 CFR 403.904(i)(3)), nor in the United States what teaches
    patients (403.904(i)(4)), nor what is worth nothing. Writes the transfer and one ledger entry.

    Returns
    -------
    TransferOfValue or None
        Captured now.
    """
    current_scope().require("disclosure.capture")
    lock(f"transfers:{ITEM_SOURCE}:{hand_over_id}")
    if TransferOfValue.objects.filter(source_kind=ITEM_SOURCE, source_id=hand_over_id).exists():
        return None
    row = hand_over_of(hand_over_id)
    is_there = _is_there(row.hcp)
    if row.kind != "item" or row.handed_on is None or row.value_minor <= 0:
        return None
    if is_there and row.item_kind == "patient_education":
        return None
    recipient_type = (
        covered_recipient_type(row.hcp.profession, row.handed_on) if is_there else "none"
    )
    nature = TransferOfValue.Nature
    made = TransferOfValue(
        id=new_id(),
        org_id=row.org_id,
        source_kind=ITEM_SOURCE,
        source_id=row.id,
        hcp_id=row.hcp_id,
        recipient_type=recipient_type,
        reporter_id=row.controller_id,
        product_id=row.product_id,
        campaign_id=row.campaign_id,
        country=row.country,
        made_on=row.handed_on,
        program_year=row.handed_on.year,
        amount_minor=row.value_minor,
        currency=row.currency,
        nature=nature.EDUCATION if row.item_kind in TEACHING else nature.GIFT,
        form=TransferOfValue.Form.IN_KIND,
        outside=outside(
            recipient_type=recipient_type,
            is_employee=row.hcp.bona_fide_employee,
            is_manufacturer=_is_manufacturer(row.controller.org_id),
            currency=row.currency,
        ),
        captured_at=at,
    )
    made.save(force_insert=True)
    _record([made], at=at)
    return made


def _is_there(hcp: Hcp) -> bool:
    """Tell who is covered there: registered or at work in the United States."""
    return bool(hcp.npi) or hcp.country in IN_THE_UNITED_STATES


def _is_manufacturer(org_id: UUID) -> bool:
    payer = {one.id: one for one in directory.organisations_visible()}.get(org_id)
    return payer is not None and payer.kind == Organisation.Kind.INDUSTRY


def _transfer(
    expense: Expense, share: ExpenseShare, *, is_manufacturer: bool, at: datetime
) -> TransferOfValue:
    hcp = share.hcp
    recipient_type = (
        covered_recipient_type(hcp.profession, expense.spent_on) if _is_there(hcp) else "none"
    )
    return TransferOfValue(
        id=new_id(),
        org_id=share.org_id,
        source_kind=SOURCE,
        source_id=expense.id,
        hcp_id=hcp.id,
        recipient_type=recipient_type,
        reporter_id=expense.payer_id,
        product_id=expense.product_id,
        campaign_id=expense.campaign_id,
        country=expense.country,
        made_on=expense.spent_on,
        program_year=expense.spent_on.year,
        amount_minor=share.amount_minor,
        currency=expense.currency,
        nature=TransferOfValue.Nature.FOOD,
        form=TransferOfValue.Form.IN_KIND,
        outside=outside(
            recipient_type=recipient_type,
            is_employee=hcp.bona_fide_employee,
            is_manufacturer=is_manufacturer,
            currency=expense.currency,
        ),
        captured_at=at,
    )


def _record(made: Sequence[TransferOfValue], *, at: datetime) -> None:
    ledger.append_many(
        [
            ledger.Entry(
                verb="disclosures.transfer.captured",
                kind="disclosures.transfer",
                object_id=one.id,
                details={
                    "hcp": one.hcp_id,
                    "source": one.source_id,
                    "reporter": one.reporter_id,
                    "amount_minor": one.amount_minor,
                    "currency": one.currency,
                    "outside": one.outside,
                },
            )
            for one in made
        ],
        at=at,
    )
