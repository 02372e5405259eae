"""Review panels: seats, deputies, one lead signatory for all parties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from entente.content.domain.panels import BOUND, Function
from entente.content.models import Deputy, Item, Lead, LeadAcceptance, Seat
from entente.content.reads.panels import is_qualified, reviewers
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import User


def _reviewer(user_id: UUID) -> User:
    found = next((each for each in reviewers() if each.id == user_id), None)
    if found is None:
        raise UserError("choose somebody of your company who may review", field="holder")
    return found


def add_seat(
    *,
    function: str,
    holder: UUID,
    from_on: date,
    at: datetime,
    countries: Sequence[str] = (),
    to_on: date | None = None,
) -> Seat:
    """Give somebody a seat on the company's review panel.

    From the first seat on, each version needs the functions of its lane instead of one reviewer.
    Writes the seat and one ledger entry.

    Raises
    ------
    UserError
        If the function or a country is unknown, the person may not review, or the person's
        profession does not allow the function.
    """
    scope = current_scope()
    scope.require("panel.write")
    if function not in set(Function) - {Function.REVIEWER}:
        raise UserError("choose a function of the panel", field="function")
    if not all(is_country(each) for each in countries):
        raise UserError("give countries as codes such as US", field="countries")
    if to_on and to_on < from_on:
        raise UserError("the last day is not before the first", field="to_on")
    user = _reviewer(holder)
    if not is_qualified(user, function):
        names = ", ".join(sorted(BOUND[Function(function)][1]))
        raise UserError(f"this function needs one of: {names}", field="holder")
    seat = Seat.objects.create(
        org_id=scope.org_id,
        function=function,
        countries=sorted(set(countries)),
        holder=user,
        from_on=from_on,
        to_on=to_on,
    )
    details = {"function": function, "holder": user.id, "countries": seat.countries}
    ledger.append(ledger.Entry("content.seat.given", "content.seat", seat.id, details), at=at)
    return seat


def end_seat(seat_id: UUID, *, last_day: date, at: datetime) -> Seat:
    """End a seat, for instance since its holder leaves; what was signed stays signed."""
    scope = current_scope()
    scope.require("panel.write")
    seat = Seat.objects.select_for_update().get(id=seat_id, org_id=scope.org_id)
    if seat.to_on and seat.to_on < last_day:
        raise UserError("the seat ended earlier already", field="last_day")
    if last_day < seat.from_on:
        raise UserError("the last day is not before the first", field="last_day")
    seat.to_on = last_day
    seat.save(update_fields=["to_on"])
    ledger.append(
        ledger.Entry("content.seat.ended", "content.seat", seat.id, {"last_day": last_day}), at=at
    )
    return seat


def add_deputy(
    seat_id: UUID, *, holder: UUID, from_on: date, to_on: date, reason: str, at: datetime
) -> Deputy:
    """Let somebody stand in for the holder of a seat between two days.

    The holder of the seat may name a deputy, and so may whoever keeps the panel.

    Raises
    ------
    UserError
    """
    scope = current_scope()
    seat = Seat.objects.select_related("holder").get(id=seat_id, org_id=scope.org_id)
    if scope.actor_id != seat.holder_id:
        scope.require("panel.write")
    if to_on < from_on:
        raise UserError("the last day is not before the first", field="to_on")
    if not reason.strip():
        raise UserError("say why, for example: on leave", field="reason")
    user = _reviewer(holder)
    if user.person_key == seat.holder.person_key:
        raise UserError("a deputy is somebody else", field="holder")
    if not is_qualified(user, seat.function):
        raise UserError("the deputy's profession does not allow this function", field="holder")
    made = Deputy.objects.create(
        org_id=scope.org_id,
        seat=seat,
        holder=user,
        from_on=from_on,
        to_on=to_on,
        reason=reason.strip(),
    )
    details = {"seat": seat.id, "deputy": user.id, "from": from_on, "to": to_on}
    ledger.append(ledger.Entry("content.deputy.named", "content.seat", seat.id, details), at=at)
    return made


def propose_lead(
    item_id: UUID, *, agreement: str, notified_on: date, notice: str, at: datetime
) -> Lead:
    """Offer to sign for all parties of an item, under an agreement and after notice.

    It counts for versions submitted once every other party has accepted. All stay liable.

    Raises
    ------
    UserError
        If agreement or notice is missing, the notice lies ahead, or there is an offer already.
    """
    scope = current_scope()
    scope.require("content.write")
    lock(f"content.item:{item_id}")
    item = Item.objects.get(id=item_id, org_id=scope.org_id)
    if not item.sides.exists():
        raise UserError("an item of one company has no other signatory")
    if not agreement.strip():
        raise UserError("name the agreement that says who signs", field="agreement")
    if not notice.strip() or notified_on > at.date():
        raise UserError("the authorities are told before the first use", field="notified_on")
    if Lead.objects.filter(item=item).exists():
        raise UserError("there is an offer for this item already")
    lead = Lead.objects.create(
        org_id=scope.org_id,
        item=item,
        agreement=agreement.strip(),
        notified_on=notified_on,
        notice=notice.strip(),
        proposed_at=at,
    )
    for partner in item.sides.values_list("org_id", flat=True):
        ledger.append(
            ledger.Entry(
                "content.lead.proposed",
                "content.item",
                item.id,
                {"agreement": lead.agreement, "notified_on": notified_on},
                counterparty=partner,
            ),
            at=at,
        )
    return lead


def accept_lead(item_id: UUID, *, at: datetime) -> LeadAcceptance:
    """Accept that another party signs for one's own company too.

    Raises
    ------
    UserError
        If it is one's own offer or accepted already.
    """
    scope = current_scope()
    scope.require("content.review")
    lead = Lead.objects.get(item_id=item_id)
    if lead.org_id == scope.org_id:
        raise UserError("the other parties accept, not the one that offers")
    if LeadAcceptance.objects.filter(lead=lead, org_id=scope.org_id).exists():
        raise UserError("your company has accepted already")
    by = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    made = LeadAcceptance.objects.create(
        org_id=scope.org_id,
        item_id=item_id,
        lead=lead,
        by_name=by.name if by else scope.actor_name,
        accepted_at=at,
    )
    ledger.append(
        ledger.Entry(
            "content.lead.accepted",
            "content.item",
            item_id,
            {"agreement": lead.agreement},
            counterparty=lead.org_id,
        ),
        at=at,
    )
    return made
