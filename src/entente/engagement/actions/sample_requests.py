"""Take a prescriber's written request for samples, and the receipt for what was handed over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.directory import reads as directory
from entente.engagement.domain.hand_overs import Signed, check_signed, check_units
from entente.engagement.models import HandOver, Receipt, SampleRequest, Stock
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import canonical, sha256_hex
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id


def request_samples(
    hcp_id: UUID, stock_id: UUID, n_packs: int, signed: Signed, *, at: datetime
) -> SampleRequest:
    """Keep what an HCP asked for with his signature. Writes it and one ledger entry.

    Raises
    ------
    UserError
        If it is no sample, the number cannot be meant, or the signature cannot be read.
    """
    scope = current_scope()
    scope.require("sample.hand")
    check_units(n_packs)
    check_signed(signed, today=at.date())
    directory.hcp(hcp_id)
    stock = Stock.objects.get(id=stock_id)
    if stock.kind != Stock.Kind.SAMPLE or stock.product_id is None:
        raise UserError("only samples are asked for in writing", field="stock")
    made = SampleRequest.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        hcp_id=hcp_id,
        stock=stock,
        product_id=stock.product_id,
        n_packs=n_packs,
        signed_on=signed.on,
        signer_name=signed.name.strip(),
        signature_kind=signed.kind,
        signature=signed.drawing,
        taken_by_id=scope.actor_id,
    )
    details = {"hcp": hcp_id, "product": stock.product_id, "packs": n_packs,
               "signed_on": signed.on, "signature_hash": hash_of(signed)}  # fmt: skip
    ledger.append(
        ledger.Entry(
            "engagement.sample_request.signed", "engagement.sample_request", made.id, details
        ),
        at=at,
    )
    return made


def sign_receipt(hand_over_id: UUID, signed: Signed, *, at: datetime) -> Receipt:
    """Keep the recipient's signature for what he was handed, then or later.

    Raises
    ------
    UserError
        If nothing was handed over, or it is signed for already.
    """
    current_scope().require("sample.hand")
    lock(f"hand_over:{hand_over_id}")
    row = HandOver.objects.get(id=hand_over_id)
    if row.status != HandOver.Status.DONE:
        raise UserError("only what was handed over is signed for")
    if Receipt.objects.filter(hand_over=row).exists():
        raise UserError("this is signed for already")
    if row.handed_on and signed.on < row.handed_on:
        raise UserError("a receipt is signed after the hand-over", field="signed_on")
    return keep_receipt(row, signed, at=at)


def keep_receipt(row: HandOver, signed: Signed, *, at: datetime) -> Receipt:
    """Write a receipt and its ledger entry; for the actions of this room."""
    check_signed(signed, today=at.date())
    scope = current_scope()
    made = Receipt.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        hand_over=row,
        signed_on=signed.on,
        signer_name=signed.name.strip(),
        signature_kind=signed.kind,
        signature=signed.drawing,
        taken_by_id=scope.actor_id,
    )
    details = {"hand_over": row.id, "signed_on": signed.on, "signature_hash": hash_of(signed)}
    ledger.append(
        ledger.Entry("engagement.receipt.signed", "engagement.hand_over", row.id, details), at=at
    )
    return made


def hash_of(signed: Signed) -> str:
    """Give the hash by which the ledger knows a signature."""
    return sha256_hex(canonical({"name": signed.name.strip(), "on": signed.on,
                                 "drawing": signed.drawing}))  # fmt: skip
