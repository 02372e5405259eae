"""Set up an event with its parties, record its need, agree, open, hold and cancel it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from entente.directory import reads as directory
from entente.engagement.domain.caution import without_patient
from entente.engagement.domain.gathering import CREDIT_TYPES, EventPlan, check_plan, terms_of
from entente.engagement.models import Event, EventCost, EventCredit, EventSide
from entente.foundation import ledger, signatures
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import MoneyError, exponent
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

LONGEST_NEED = 4_000
MEANING = "I agree to this event and our part of its costs for my organisation"


def event_lock(event_id: UUID) -> str:
    """Name the lock that guards an event's places and state."""
    return f"engagement.event:{event_id}"


def set_up_event(
    plan: EventPlan, *, partner_shares: Mapping[UUID, Decimal] | None = None, at: datetime
) -> Event:
    """Set up an event of the present organisation, with partners where there are some.

    Writes the event, a side per party and a ledger entry per party.

    Parameters
    ----------
    partner_shares : mapping of UUID to Decimal, optional
        Each partner's part of the costs, from 0 to 1; the rest is one's own.

    Raises
    ------
    UserError
        If a field does not fit or the shares exceed the whole.
    """
    scope = current_scope()
    scope.require("event.write")
    check_plan(plan)
    if plan.starts_at <= at:
        raise UserError("an event is planned before it starts", field="starts_at")
    directory.legal_entity(plan.controller_id)
    shares = dict(partner_shares or {})
    if scope.org_id in shares or any(not 0 <= share <= 1 for share in shares.values()):
        raise UserError("a partner’s share is from 0 to 1", field="shares")
    own = 1 - sum(shares.values(), Decimal())
    if own < 0:
        raise UserError("the partners’ shares exceed the whole", field="shares")
    event = Event.objects.create(id=new_id(), org_id=scope.org_id, **asdict(plan))
    names = {each.id: each.name for each in directory.organisations_visible()}
    if unknown := set(shares) - set(names):
        raise UserError(f"no organisation {min(map(str, unknown))} is known", field="shares")
    EventSide.objects.bulk_create(
        [
            EventSide(id=new_id(), event=event, org_id=org, share=share, name=names[org])
            for org, share in {scope.org_id: own, **shares}.items()
        ]
    )
    _record(event, "set_up", at, {"kind": event.kind, "places": event.places})
    return event


def change_event(event_id: UUID, plan: EventPlan, *, at: datetime) -> Event:
    """Change a planned event; whoever had agreed has to agree again.

    Raises
    ------
    UserError
        If it is open already, a field does not fit, or its parties changed.
    """
    event = _own(event_id)
    if event.status != Event.Status.DRAFT:
        raise UserError("take the event back to planning before you change it")
    check_plan(plan)
    for name, value in asdict(plan).items():
        setattr(event, name, value)
    event.save()
    event.sides.filter(org_id=event.org_id).update(agreed_at=None, agreed_hash="")
    _record(event, "changed", at, {"terms": terms(event)})
    return event


def record_need(event_id: UUID, need: str, criteria: str, *, at: datetime) -> Event:
    """Write down why the event is needed and by what its people are chosen, before any is.

    Raises
    ------
    UserError
        If a text is missing, names a patient, or somebody was chosen already.
    """
    event = _own(event_id)
    need, criteria = need.strip(), criteria.strip()
    for field, text in (("need", need), ("criteria", criteria)):
        if not text or len(text) > LONGEST_NEED:
            raise UserError(
                f"write the {field} in at most {LONGEST_NEED:,} characters", field=field
            )
        wrong = without_patient(text, field)
        if wrong:
            raise UserError(wrong, field=field)
    if event.speakers.exists():
        raise UserError("people were chosen already: need and criteria stay as they were")
    event.need, event.criteria = need, criteria
    event.need_recorded_at, event.need_recorded_by_id = at, current_scope().actor_id
    event.save(update_fields=["need", "criteria", "need_recorded_at", "need_recorded_by_id"])
    _record(event, "need_recorded", at, {})
    return event


def agree_event(event_id: UUID, *, password: str, at: datetime) -> EventSide:
    """Agree to an event for the present organisation, with a signature over its terms.

    Raises
    ------
    NotSigned
        If the password is wrong.
    UserError
        If it is agreed already or no longer planned.
    """
    scope = current_scope()
    if not scope.may & {"event.agree", "event.write"}:
        scope.require("event.agree")
    lock(event_lock(event_id))
    event = Event.objects.get(id=event_id)
    if event.status != Event.Status.DRAFT:
        raise UserError("only a planned event is agreed to")
    side = event.sides.select_for_update().get(org_id=scope.org_id)
    stated = terms(event)
    if side.agreed_at and side.agreed_hash == stated:
        raise UserError("your organisation has agreed to this already")
    other = event.sides.exclude(org_id=scope.org_id).values_list("org_id", flat=True).first()
    signature = signatures.sign(
        password=password,
        meaning=MEANING,
        object_kind="engagement.event",
        object_id=event.id,
        content_hash=stated,
        at=at,
        counterparty=event.org_id if event.org_id != scope.org_id else other,
    )
    side.agreed_at, side.agreed_hash, side.signature = at, stated, signature
    side.signer_name, side.signer_title = signature.signer_name, signature.signer_title
    side.save(
        update_fields=["agreed_at", "agreed_hash", "signature", "signer_name", "signer_title"]
    )
    _record(event, "agreed", at, {"terms": stated})
    return side


def open_event(event_id: UUID, *, at: datetime) -> Event:
    """Open an event for invitations and registration.

    Raises
    ------
    UserError
        If the need is not recorded, a party has not agreed to the terms as they are, or it
        is not planned.
    """
    event = _own(event_id)
    if event.status != Event.Status.DRAFT:
        raise UserError("only a planned event is opened")
    if event.need_recorded_at is None:
        raise UserError("record the need and the criteria first")
    stated = terms(event)
    missing = [side.name for side in event.sides.all() if side.agreed_hash != stated]
    if missing:
        raise UserError(f"not agreed to as it is: {', '.join(sorted(missing))}")
    return _move(event, Event.Status.OPEN, at)


def hold_event(event_id: UUID, *, at: datetime) -> Event:
    """Say that an event took place; its list of attendees is closed.

    Raises
    ------
    UserError
        If it has not begun or is not open.
    """
    event = _own(event_id)
    if event.status != Event.Status.OPEN or at < event.starts_at:
        raise UserError("an open event is held once it has begun")
    return _move(event, Event.Status.HELD, at)


def cancel_event(event_id: UUID, reason: str, *, at: datetime) -> Event:
    """Cancel an event; invitations that wait no longer leave and its links say so.

    Raises
    ------
    UserError
        If no reason is given or it was held.
    """
    event = _own(event_id)
    reason = reason.strip()
    if not reason or len(reason) > 300:
        raise UserError("say in at most 300 characters why it is cancelled", field="reason")
    if event.status not in {Event.Status.DRAFT, Event.Status.OPEN}:
        raise UserError("this event is over")
    event.decided_because = reason
    return _move(event, Event.Status.CANCELLED, at)


def set_credit(event_id: UUID, credit_type: str, hundredths: int, *, at: datetime) -> EventCredit:
    """Say how many credits of a type an accreditor grants for attending.

    Raises
    ------
    UserError
        If the type is not known or the number is out of range.
    """
    event = _own(event_id)
    if credit_type not in CREDIT_TYPES:
        raise UserError(f"credit type is one of {', '.join(CREDIT_TYPES)}", field="credit_type")
    if not 0 < hundredths <= 10_000:
        raise UserError("credits are from 0.01 to 100", field="credits")
    if not event.accreditor:
        raise UserError("name who accredits the event first", field="accreditor")
    made, _ = EventCredit.objects.update_or_create(
        event=event,
        credit_type=credit_type,
        defaults={"org_id": event.org_id, "hundredths": hundredths},
        create_defaults={"id": new_id(), "org_id": event.org_id, "hundredths": hundredths},
    )
    _record(event, "credit_set", at, {"type": credit_type, "hundredths": hundredths})
    return made


def set_cost(
    event_id: UUID, category: str, currency: str, *, estimate: int, committed: int, actual: int,
    at: datetime,
) -> EventCost:  # fmt: skip
    """Write what a category costs the present organisation: estimate, commitment, actual.

    Raises
    ------
    UserError
        If the category or currency is not known, or an amount is negative.
    """
    scope = current_scope()
    if not scope.may & {"event.write", "event.agree"}:
        scope.require("event.write")
    event = Event.objects.get(id=event_id)
    if category not in EventCost.Category.values:
        raise UserError(
            f"category is one of {', '.join(EventCost.Category.values)}", field="category"
        )
    try:
        exponent(currency)
    except MoneyError as trouble:
        raise UserError(str(trouble), field="currency") from None
    if min(estimate, committed, actual) < 0:
        raise UserError("amounts are not negative", field="estimate")
    amounts = {
        "estimate_minor": estimate, "committed_minor": committed, "actual_minor": actual
    }  # fmt: skip
    made, _ = EventCost.objects.update_or_create(
        event=event, org_id=scope.org_id, category=category, currency=currency,
        defaults=amounts, create_defaults={"id": new_id(), **amounts},
    )  # fmt: skip
    _record(event, "cost_set", at, {"category": category, "currency": currency, **amounts})
    return made


def terms(event: Event) -> str:
    """Hash an event's terms from its rows."""
    plan = {name: getattr(event, name) for name in EventPlan.__dataclass_fields__}
    return terms_of(plan, {side.org_id: side.share for side in event.sides.all()})


def _own(event_id: UUID) -> Event:
    scope = current_scope()
    scope.require("event.write")
    lock(event_lock(event_id))
    event = Event.objects.select_for_update().get(id=event_id)
    if event.org_id != scope.org_id:
        raise UserError("only the company that set the event up changes it")
    return event


def _move(event: Event, status: str, at: datetime) -> Event:
    event.status = status
    event.save(update_fields=["status", "decided_because"])
    _record(event, str(status), at, {"reason": event.decided_because})
    return event


def _record(event: Event, verb: str, at: datetime, details: dict[str, object]) -> None:
    """Write the act once for each other party, so that all of them find it in the ledger."""
    parties = event.sides.values_list("org_id", flat=True)
    others: list[UUID | None] = [*sorted(set(parties) - {current_scope().org_id}, key=str)]
    ledger.append_many(
        [
            ledger.Entry(
                f"engagement.event.{verb}", "engagement.event", event.id, details,
                counterparty=other,
            )
            for other in others or [None]
        ],
        at=at,
    )  # fmt: skip
