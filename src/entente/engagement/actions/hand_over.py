"""Hand samples and items to HCPs: the gate first, then the stock, then the receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Sum

from entente.directory import reads as directory
from entente.engagement.actions.caps import cap_keys
from entente.engagement.actions.sample_requests import keep_receipt
from entente.engagement.actions.stock import LONGEST_REASON, carried_key, move
from entente.engagement.domain.hand_overs import Handing, Signed, check_signed, check_units
from entente.engagement.domain.sender import sender_role
from entente.engagement.models import Carried, HandOver, Lot, SampleRequest, Stock, StockMove, Touch
from entente.foundation import ledger, outbox
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage, new_id
from entente.policy.actions import decide
from entente.policy.reads import Decision

EVENT = "engagement.items.handed"
STANDING = {
    Decision.Outcome.PERMIT: HandOver.Status.DONE,
    Decision.Outcome.REFER: HandOver.Status.REFERRED,
    Decision.Outcome.FORBID: HandOver.Status.FORBIDDEN,
}


def hand_over(handing: Handing, *, at: datetime) -> HandOver:
    """Hand something to an HCP if the gate permits it; nothing leaves the stock otherwise.

    Asked under the locks of the HCP's cap and of what the colleague carries. What a rule leaves
    to a role waits for it; what is forbidden is kept with the reasons. Writes the hand-over, its
    decision and one ledger entry; if it takes place the movement of stock, the receipt where it
    was signed at once, and for items the event that the disclosures hear.

    Raises
    ------
    UserError
        If fewer are carried, the lot has expired, or the request does not cover it.
    """
    scope = current_scope()
    scope.require("sample.hand")
    lock(f"hand_over:{scope.org_id}:{handing.client_id}")
    known = HandOver.objects.filter(org_id=scope.org_id, client_id=handing.client_id).first()
    if known is not None:
        if (known.hcp_id, known.lot_id, known.n_units) != (
            handing.hcp_id, handing.lot_id, handing.n_units,
        ):  # fmt: skip
            raise UserError("this client_id belongs to another record: make a new one")
        return known
    row = _written(handing, at)
    _ask(row, handing.receipt, at=at)
    row.save(force_insert=True)
    _settle(row, handing.receipt, at=at)
    return row


def complete_hand_over(
    hand_over_id: UUID, *, receipt: Signed | None = None, at: datetime
) -> HandOver:
    """Hand over what was approved; the gate is asked again, for it may stand otherwise now.

    Raises
    ------
    UserError
        If it is not approved, or somebody else's.
    """
    current_scope().require("sample.hand")
    found = HandOver.objects.select_for_update(of=("self",))
    row = found.select_related("stock", "lot", "request").get(id=hand_over_id)
    _must_be_own(row)
    if row.status != HandOver.Status.APPROVED:
        raise UserError("only what was approved is handed over")
    if receipt is not None:
        check_signed(receipt, today=at.date())
    _check_request(row)
    _ask(row, receipt, at=at)
    row.save(update_fields=["status", "handed_on", "decision"])
    _settle(row, receipt, at=at)
    return row


def cancel_hand_over(hand_over_id: UUID, reason: str, *, at: datetime) -> HandOver:
    """Give up what waits for a person or was approved and not handed over.

    Raises
    ------
    UserError
        If it took place or ended already, or no reason is given.
    """
    current_scope().require("sample.hand")
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise UserError(f"say in at most {LONGEST_REASON} characters why", field="reason")
    row = HandOver.objects.select_for_update().get(id=hand_over_id)
    _must_be_own(row)
    if row.status not in {HandOver.Status.REFERRED, HandOver.Status.APPROVED}:
        raise UserError("only what is still open is cancelled")
    row.status, row.reason = HandOver.Status.CANCELLED, reason
    row.save(update_fields=["status", "reason"])
    _record(row, at=at)
    return row


def _me() -> UUID:
    actor = current_scope().actor_id
    if actor is None:
        raise UserError("a person hands things over, no job")
    return actor


def _must_be_own(row: HandOver) -> None:
    if row.giver_id != current_scope().actor_id:
        raise UserError("only the person who asked for it goes on with it")


def _written(handing: Handing, at: datetime) -> HandOver:
    """Check what was given and write it as a row, not yet decided."""
    scope = current_scope()
    check_units(handing.n_units)
    if handing.place not in HandOver.Place.values:
        raise UserError(f"place is one of {', '.join(HandOver.Place.values)}", field="place")
    if handing.receipt is not None:
        check_signed(handing.receipt, today=at.date())
    person = directory.hcp(handing.hcp_id)
    lot = Lot.objects.select_related("stock").get(id=handing.lot_id)
    touch = _touch(handing)
    row = HandOver(
        id=new_id(),
        org_id=scope.org_id,
        client_id=handing.client_id,
        hcp_id=person.id,
        controller_id=directory.legal_entity(handing.controller_id).id,
        campaign_id=handing.campaign_id or (touch.campaign_id if touch else None),
        touch=touch,
        request=_request(handing, lot.stock),
        stock=lot.stock,
        lot=lot,
        product_id=lot.stock.product_id,
        kind=lot.stock.kind,
        item_kind=lot.stock.item_kind,
        n_units=handing.n_units,
        unit_value_minor=lot.stock.unit_value_minor,
        currency=lot.stock.currency,
        country=person.country,
        place=handing.place,
        asked_at=at,
        sender_role=sender_role(scope.roles, is_host=scope.is_host),
        giver_id=_me(),
    )
    _check_request(row)
    return row


def _touch(handing: Handing) -> Touch | None:
    if handing.touch_id is None:
        return None
    touch = Touch.objects.get(id=handing.touch_id)
    if touch.hcp_id != handing.hcp_id:
        raise UserError("the call was with another HCP", field="touch")
    return touch


def _request(handing: Handing, stock: Stock) -> SampleRequest | None:
    if handing.request_id is None:
        return None
    request = SampleRequest.objects.get(id=handing.request_id)
    if request.hcp_id != handing.hcp_id:
        raise UserError("the request is another HCP’s", field="request")
    if request.product_id != stock.product_id or stock.kind != Stock.Kind.SAMPLE:
        raise UserError("the request is for another product", field="request")
    return request


def _check_request(row: HandOver) -> None:
    """Refuse more than was asked for in writing; what was handed over before counts."""
    if row.request is None:
        return
    lock(f"sample_request:{row.request_id}")
    before = HandOver.objects.filter(request_id=row.request_id, status="done").aggregate(
        n=Sum("n_units")
    )["n"]
    left = row.request.n_packs - (before or 0)
    if row.n_units > left:
        raise UserError(f"the request covers {max(left, 0)} more packs", field="n_units")


def _ask(row: HandOver, receipt: Signed | None, *, at: datetime) -> None:
    """Ask the gate under the locks of the cap and of what is carried, and take its answer over."""
    lock(*cap_keys([row.hcp_id], at), carried_key(row.lot_id, row.giver_id))
    there = Carried.objects.filter(lot_id=row.lot_id, holder_id=row.giver_id).first()
    if there is None or there.n_units < row.n_units:
        n_there = there.n_units if there else 0
        raise UserError(
            f"you carry {n_there} of lot {row.lot.number}: choose fewer or another lot",
            field="n_units",
        )
    if row.lot.expires_on is not None and row.lot.expires_on < at.date():
        raise UserError(
            f"lot {row.lot.number} expired on {row.lot.expires_on}: return it", field="lot"
        )
    decision = decide(_act(row, receipt, at), object_kind="engagement.hand_over", object_id=row.id)
    row.decision = decision
    row.status = STANDING[Decision.Outcome(decision.outcome)]
    row.handed_on = at.date() if row.status == HandOver.Status.DONE else None


def _act(row: HandOver, receipt: Signed | None, at: datetime) -> Act:
    """Write a hand-over as the act about which the gate is asked."""
    at_stand = row.place == HandOver.Place.STAND
    request = row.request
    return Act(
        type=row.kind,
        at=at,
        recipient_id=row.hcp_id,
        channel="in_person",
        purpose="promotion",
        controller_id=row.controller_id,
        campaign_id=row.campaign_id,
        stock_id=row.stock_id,
        object_id=row.id,
        actor_id=row.giver_id,
        country=row.country,
        given={
            "action.sender_role": row.sender_role,
            "action.promotional": True,
            "action.amount_minor": row.value_minor,
            "action.currency": row.currency,
            "action.tax_basis": row.stock.tax_basis or None,
            # There is no price on these pages, and things go from the colleague's own hand
            # to the HCP who is named.
            "action.billed": False,
            "action.indirect": False,
            "action.third_party_payee": False,
            "action.recipient_known": True,
            "item.from_stand": at_stand,
            "event.organiser": "third_party" if at_stand else None,
            "event.venue_setting": "conference" if at_stand else None,
            "event.at_display": True if at_stand else None,
            **_of_sample(row, request, receipt),
        },
    )


def _of_sample(
    row: HandOver, request: SampleRequest | None, receipt: Signed | None
) -> dict[str, Any]:
    if row.kind != Stock.Kind.SAMPLE:
        return {}
    return {
        "sample.qty": row.n_units,
        "sample.written_request_ref": str(request.id) if request else None,
        "sample.request_signed_at": request.signed_on if request else None,
        "sample.receipt_ref": str(row.id) if receipt else None,
    }


def _settle(row: HandOver, receipt: Signed | None, *, at: datetime) -> None:
    """Write what follows from the answer: the movement, the receipt, the event, the ledger."""
    if row.status == HandOver.Status.DONE:
        move(row.lot, row.giver_id, StockMove.Kind.HANDED, -row.n_units, at=at, hand_over=row)
        if receipt is not None:
            keep_receipt(row, receipt, at=at)
        if row.kind == Stock.Kind.ITEM:
            outbox.post(
                OutboxMessage.Kind.EVENT,
                EVENT,
                object_kind="engagement.hand_over",
                object_id=row.id,
                at=at,
            )
    _record(row, at=at)


def _record(row: HandOver, *, at: datetime) -> None:
    ledger.append(
        ledger.Entry(
            f"engagement.hand_over.{row.status}",
            "engagement.hand_over",
            row.id,
            {
                "hcp": row.hcp_id,
                "stock": row.stock_id,
                "lot": row.lot_id,
                "units": row.n_units,
                "request": row.request_id,
            },
            decision=row.decision_id,
        ),
        at=at,
    )
