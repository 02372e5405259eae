"""Choose who speaks at an event, by criteria written down before, at a fair and contracted fee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from entente.directory import reads as directory
from entente.engagement.actions.caps import cap_keys
from entente.engagement.actions.events import event_lock
from entente.engagement.domain.sender import sender_role
from entente.engagement.models import Event, EventSpeaker
from entente.engagement.reads.event_facts import facts_of, purpose_of, told_of_people
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import MoneyError, exponent
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.locks import lock
from entente.foundation.models import new_id
from entente.policy.actions import decide
from entente.policy.reads import Decision

STANDING = {
    Decision.Outcome.PERMIT: EventSpeaker.Standing.CLEARED,
    Decision.Outcome.REFER: EventSpeaker.Standing.REFERRED,
    Decision.Outcome.FORBID: EventSpeaker.Standing.BREACH,
}


@dataclass(frozen=True)
class Engagement:
    """Who is engaged for what, why this person, and for how much."""

    hcp_id: UUID
    part: str
    chosen_because: str
    currency: str
    fee_minor: int = 0
    fair_value_minor: int = 0
    contract_ref: str = ""
    contract_signed_on: date | None = None
    contract_days: int | None = None
    fair_value_ref: str = ""
    providers_needed: int = 1
    # What nobody said is not known, and what is not known permits nothing.
    pay_set_in_advance: bool | None = None
    varies_with_referrals: bool | None = None
    keeps_records: bool | None = None
    has_disclosure_clause: bool | None = None


def choose_speaker(event_id: UUID, who: Engagement, *, at: datetime) -> EventSpeaker:
    """Choose somebody for an event; the fee passes the gate for the day of the event.

    A fee that a rule forbids is not agreed: the choice is refused with the rule's sentence.

    Raises
    ------
    UserError
        If need and criteria are not recorded, the event is over, a field does not fit, or the
        gate forbids it.
    """
    scope = current_scope()
    scope.require("event.write")
    lock(event_lock(event_id), *cap_keys([who.hcp_id], at))
    event = Event.objects.get(id=event_id)
    if event.need_recorded_at is None:
        raise UserError("record the need and the criteria before anybody is chosen")
    if event.status not in {Event.Status.DRAFT, Event.Status.OPEN}:
        raise UserError("this event is over")
    _check(who)
    if event.speakers.filter(hcp_id=who.hcp_id, removed_at__isnull=True).exists():
        raise UserError("this person has a part in it already", field="hcp")
    speaker_id = new_id()
    decision = decide(
        _act(event, who, speaker_id, at), object_kind="engagement.speaker", object_id=speaker_id
    )
    speaker = EventSpeaker.objects.create(
        id=speaker_id,
        org_id=scope.org_id,
        event=event,
        hcp=directory.hcp(who.hcp_id),
        part=who.part,
        chosen_because=who.chosen_because.strip(),
        fee_minor=who.fee_minor,
        fair_value_minor=who.fair_value_minor,
        currency=who.currency,
        contract_ref=who.contract_ref.strip(),
        contract_signed_on=who.contract_signed_on,
        standing=STANDING[Decision.Outcome(decision.outcome)],
        decision=decision,
        removed_at=at if decision.outcome == Decision.Outcome.FORBID else None,
    )
    _record(speaker, "chosen" if speaker.removed_at is None else "refused", at)
    return speaker


def remove_speaker(speaker_id: UUID, *, at: datetime) -> EventSpeaker:
    """Take somebody off an event; that he was chosen stays on record."""
    current_scope().require("event.write")
    speaker = EventSpeaker.objects.select_for_update().get(id=speaker_id)
    if speaker.removed_at is None:
        speaker.removed_at = at
        speaker.save(update_fields=["removed_at"])
        _record(speaker, "removed", at)
    return speaker


def declare_conflicts(speaker_id: UUID, words: str, *, at: datetime) -> EventSpeaker:
    """Write what a speaker declares of ties to companies; “none” is a declaration too.

    Raises
    ------
    UserError
        If nothing is written.
    """
    current_scope().require("event.write")
    words = words.strip()
    if not words or len(words) > 1_000:
        raise UserError("write the ties, or “none”, in at most 1,000 characters", field="conflicts")
    speaker = EventSpeaker.objects.select_for_update().get(id=speaker_id)
    speaker.conflicts, speaker.conflicts_declared_on = words, at.date()
    speaker.save(update_fields=["conflicts", "conflicts_declared_on"])
    _record(speaker, "declared", at)
    return speaker


def settle_fee(speaker_id: UUID, *, approved: bool, at: datetime) -> None:
    """Let a fee stand that a person approved, or take the speaker off."""
    speaker = EventSpeaker.objects.select_for_update().filter(id=speaker_id).first()
    if speaker is None or speaker.standing != EventSpeaker.Standing.REFERRED:
        return
    standing = EventSpeaker.Standing.CLEARED if approved else EventSpeaker.Standing.BREACH
    speaker.standing = standing
    speaker.removed_at = speaker.removed_at if approved else at
    speaker.save(update_fields=["standing", "removed_at"])
    _record(speaker, "settled", at)


def _check(who: Engagement) -> None:
    if who.part not in EventSpeaker.Part.values:
        raise UserError(f"part is one of {', '.join(EventSpeaker.Part.values)}", field="part")
    if not who.chosen_because.strip() or len(who.chosen_because) > 1_000:
        raise UserError(
            "say by which of the criteria this person is chosen", field="chosen_because"
        )
    try:
        exponent(who.currency)
    except MoneyError as trouble:
        raise UserError(str(trouble), field="currency") from None
    if who.fee_minor < 0 or who.fair_value_minor < 0:
        raise UserError("amounts are not negative", field="fee")


def _act(event: Event, who: Engagement, speaker_id: UUID, at: datetime) -> Act:
    scope = current_scope()
    own, everybody = _fees_so_far(event, who, speaker_id)
    engaged = event.speakers.filter(removed_at__isnull=True).count() + 1
    given = {
        **facts_of(event),
        **told_of_people(event, [who.hcp_id])[who.hcp_id],
        "recipient.faculty": True,
        "action.sender_role": sender_role(scope.roles, is_host=scope.is_host),
        "action.amount_minor": who.fee_minor,
        "action.currency": who.currency,
        "action.tax_basis": "with_tax",
        "action.indirect": False,
        "action.third_party_payee": False,
        "action.recipient_known": True,
        "contract.ref": who.contract_ref.strip() or None,
        "contract.signed_at": who.contract_signed_on,
        "contract.starts_on": event.starts_at.date(),
        "contract.term_days": who.contract_days,
        "contract.need_ref": str(event.id),
        "contract.selection_criteria_ref": str(event.id),
        "contract.providers_needed": max(who.providers_needed, 1),
        "contract.providers_engaged": engaged,
        "contract.fmv_ref": who.fair_value_ref.strip() or None,
        "contract.fmv_max": who.fair_value_minor if who.fair_value_ref.strip() else None,
        # A fee for speaking is one sum for one event, and no research.
        "contract.comp_basis": "fixed",
        "contract.for_research": False,
        "contract.pay_set_in_advance": who.pay_set_in_advance,
        "contract.varies_with_referrals": who.varies_with_referrals,
        "contract.records_kept": who.keeps_records,
        "contract.disclosure_clause": who.has_disclosure_clause,
        "tally.fees_year_company": own,
        "tally.fees_year_all_known": everybody,
    }
    return Act(
        type="fee",
        at=at,
        recipient_id=who.hcp_id,
        channel="in_person",
        purpose=purpose_of(event),
        controller_id=event.controller_id,
        campaign_id=event.campaign_id,
        object_id=speaker_id,
        actor_id=scope.actor_id,
        country=event.country,
        given=given,
    )


def _fees_so_far(event: Event, who: Engagement, speaker_id: UUID) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app.engagement_fees_in_year(%(p)s, %(o)s, %(c)s, %(t)s, %(i)s),"
            " app.engagement_fees_in_year(%(p)s, NULL, %(c)s, %(t)s, %(i)s)",
            {"p": who.hcp_id, "o": current_scope().org_id, "c": who.currency,
             "t": event.starts_at, "i": speaker_id},
        )  # fmt: skip
        own, everybody = cursor.fetchone()
    return int(own), int(everybody)


def _record(speaker: EventSpeaker, verb: str, at: datetime) -> None:
    ledger.append(
        ledger.Entry(
            f"engagement.speaker.{verb}",
            "engagement.speaker",
            speaker.id,
            {
                "event": speaker.event_id,
                "hcp": speaker.hcp_id,
                "fee_minor": speaker.fee_minor,
                "currency": speaker.currency,
                "standing": speaker.standing,
            },
            decision=speaker.decision_id,
        ),
        at=at,
    )
