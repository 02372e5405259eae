"""Write down leads at a congress stand, each company's permission by itself; follow them up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from entente.directory import reads as directory
from entente.directory.actions import add_hcp
from entente.engagement.actions.lead_consents import check_ticks, record_permissions
from entente.engagement.actions.meetings import congress
from entente.engagement.domain.caution import without_patient
from entente.engagement.domain.hand_overs import check_drawing
from entente.engagement.domain.leads import FOLLOW_UP, LATEST, NewLead, check_lead
from entente.engagement.models import Event, Lead, LeadConsent, LeadFollowUp
from entente.foundation import ledger, outbox
from entente.foundation.access.roles import Wall
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage, User, new_id
from entente.foundation.organisations import scope_of

# Told when a lead was written down, for whoever hands it on.
EVENT = "engagement.lead.captured"
OLDEST, AHEAD = timedelta(days=14), timedelta(minutes=10)
LONGEST_REASON = 300


def lead_lock(lead_id: UUID) -> str:
    """Name the lock that guards who follows a lead up."""
    return f"engagement.lead:{lead_id}"


def capture_lead(lead: NewLead, *, at: datetime) -> Lead:
    """Write down somebody met at a stand, with what he permitted to each company.

    The other company sees the lead only if the person ticked something for it. One's own
    permissions are recorded at once where the person is in the directory; the other company
    records its own. A record with a ``client_id`` that is known is not made again. Writes the
    lead, a row per tick, the permissions, one ledger entry and one event.

    Raises
    ------
    UserError
        If a field does not fit, a tick has no words that show it, or the id of another record
        was used.
    """
    scope = current_scope()
    scope.require("lead.write")
    lock(f"engagement.lead_sent:{scope.org_id}:{lead.client_id}")
    known = Lead.objects.filter(org_id=scope.org_id, client_id=lead.client_id).first()
    if known is not None:
        return _same(known, lead)
    event = congress(lead.event_id)
    captured_at = _checked(lead, event, at)
    person = directory.hcp(lead.hcp_id) if lead.hcp_id else None
    parties = set(event.sides.values_list("org_id", flat=True))
    country = person.country if person else event.country
    ticked = check_ticks(lead, parties=parties, country=country)
    side = lead.side_id or scope.org_id
    if side != scope.org_id and side not in {each.party_id for each in ticked}:
        raise UserError(
            "the other company follows up only whoever permitted something to it", field="side"
        )
    made = Lead.objects.create(
        id=new_id(), org_id=scope.org_id, client_id=lead.client_id, event=event,
        origin=lead.origin, hcp=person, name=person.display_name if person else lead.name.strip(),
        place=lead.place.strip() or (person.place if person else "") or "",
        badge=lead.badge.strip(), email=lead.email.strip(), interest=lead.interest.strip(),
        note=lead.note.strip(), wall="medical" if scope.wall is Wall.MEDICAL else "commercial",
        signature=lead.signature, side_id=side,
        due_on=lead.due_on or captured_at.date() + FOLLOW_UP,
        captured_at=captured_at, captured_by_id=scope.actor_id,
    )  # fmt: skip
    for each in ticked:
        each.lead = made
    LeadConsent.objects.bulk_create(ticked)
    record_permissions(made, at=at)
    told: dict[str, object] = {
        "event": event.id,
        "hcp": made.hcp_id,
        "origin": made.origin,
        "side": side,
        "ticks": [f"{t.party_id} {t.purpose} {t.wording_version}" for t in ticked],
    }
    _record(made, "captured", at, told, shared={each.party_id for each in ticked})
    outbox.post(
        OutboxMessage.Kind.EVENT, EVENT, object_kind="engagement.lead", object_id=made.id, at=at
    )
    return made


def _same(known: Lead, lead: NewLead) -> Lead:
    if (known.event_id, known.note) != (lead.event_id, lead.note.strip()):
        raise UserError(
            "this client_id belongs to another record: make a new one", field="client_id"
        )
    return known


def _checked(lead: NewLead, event: Event, at: datetime) -> datetime:
    named = replace(lead, name=lead.name or "–") if lead.hcp_id else lead
    check_lead(named, today=at.date())
    check_drawing(lead.signature)
    if lead.email.strip():
        try:
            validate_email(lead.email.strip())
        except ValidationError:
            raise UserError("write an e-mail address", field="email") from None
    if lead.origin == Lead.Origin.JOINT and event.sides.count() < 2:
        raise UserError("this congress has no joint stand", field="origin")
    if event.status == Event.Status.DRAFT:
        raise UserError("open the congress before you write leads down")
    captured_at = lead.captured_at or at
    if not at - OLDEST <= captured_at <= at + AHEAD:
        raise UserError("a lead is sent in within two weeks", field="captured_at")
    return min(captured_at, at)


def take_lead(
    lead_id: UUID, *, owner_id: UUID | None = None, due_on: date | None = None, at: datetime
) -> LeadFollowUp:
    """Take a lead up for one's own company, or give it to a colleague; repeating changes nothing.

    Raises
    ------
    UserError
        If the other company follows it up, the colleague does not, or it is over.
    """
    scope = current_scope()
    scope.require("lead.write")
    lock(lead_lock(lead_id))
    lead = Lead.objects.get(id=lead_id)
    if lead.side_id != scope.org_id:
        raise UserError("the other company follows this lead up")
    owner = owner_id or scope.actor_id
    user = owner and User.objects.filter(id=owner, org_id=scope.org_id, is_active=True).first()
    if not user or "lead.write" not in scope_of(user).may:
        raise UserError("give it to a colleague who works with leads", field="owner")
    due = due_on or lead.due_on
    if due_on is not None and not at.date() <= due_on <= at.date() + LATEST:
        raise UserError("follow up within a year, from today on", field="due_on")
    there = LeadFollowUp.objects.filter(lead=lead).first()
    if there is not None and there.status != LeadFollowUp.Status.TAKEN:
        raise UserError("this lead is over")
    if there is not None and (there.owner_id, there.due_on) == (user.id, due):
        return there
    made = there or LeadFollowUp(
        id=new_id(), org_id=scope.org_id, lead=lead, status=LeadFollowUp.Status.TAKEN, taken_at=at
    )
    made.owner_id, made.due_on = user.id, due
    made.save()
    record_permissions(lead, at=at)
    _record(lead, "taken", at, {"owner": user.id, "due_on": due.isoformat()})
    return made


def settle_lead(lead_id: UUID, *, status: str, outcome: str, at: datetime) -> LeadFollowUp:
    """Say that a lead was followed up, or reject it; both with words.

    Raises
    ------
    UserError
        If nobody took it, it is over, or the words are missing or tell who a patient is.
    """
    scope = current_scope()
    scope.require("lead.write")
    lock(lead_lock(lead_id))
    lead, outcome = Lead.objects.get(id=lead_id), outcome.strip()
    if status not in {LeadFollowUp.Status.DONE, LeadFollowUp.Status.REJECTED}:
        raise UserError("status is one of done, rejected", field="status")
    if not outcome or len(outcome) > LONGEST_REASON:
        raise UserError(
            f"say in at most {LONGEST_REASON} characters what became of it", field="outcome"
        )
    wrong = without_patient(outcome, "outcome")
    if wrong:
        raise UserError(wrong, field="outcome")
    there = LeadFollowUp.objects.filter(lead=lead, org_id=scope.org_id).first()
    if there is None:
        raise UserError("take the lead first")
    if there.status != LeadFollowUp.Status.TAKEN:
        raise UserError("this lead is over")
    there.status, there.outcome, there.settled_at = status, outcome, at
    there.save(update_fields=["status", "outcome", "settled_at"])
    record_permissions(lead, at=at)
    _record(lead, status, at, {"outcome": outcome})
    return there


def link_lead(lead_id: UUID, hcp_id: UUID, *, at: datetime) -> Lead:
    """Say which record of the directory a lead is; the permissions are recorded then.

    Raises
    ------
    UserError
        If it is known already, or the other company wrote it down.
    """
    current_scope().require("lead.write")
    lead = _unknown(lead_id)
    lead.hcp = directory.hcp(hcp_id)
    return _linked(lead, at)


def enter_candidate(
    lead_id: UUID, *, family_name: str, given_name: str, profession: str, country: str,
    city: str = "", at: datetime,
) -> Lead:  # fmt: skip
    """Enter somebody whom the directory does not know as a candidate, as stewards may.

    Raises
    ------
    UserError
        If a value cannot be right, or the lead is somebody known.
    """
    lead = _unknown(lead_id)
    lead.hcp = add_hcp(
        family_name=family_name, given_name=given_name, profession=profession, country=country,
        city=city, identity_status="candidate", at=at,
    )  # fmt: skip
    return _linked(lead, at)


def _unknown(lead_id: UUID) -> Lead:
    lock(lead_lock(lead_id))
    lead = Lead.objects.get(id=lead_id)
    if lead.org_id != current_scope().org_id:
        raise UserError("the company that wrote it down says who it is")
    if lead.hcp_id is not None:
        raise UserError("this lead is somebody in the directory already")
    return lead


def _linked(lead: Lead, at: datetime) -> Lead:
    lead.save(update_fields=["hcp"])
    if "consent.capture" in current_scope().may:
        record_permissions(lead, at=at)
    _record(lead, "linked", at, {"hcp": lead.hcp_id})
    return lead


def end_lead_sharing(lead_id: UUID, party_id: UUID, *, at: datetime) -> int:
    """Take back what a person had ticked for the other company: it sees the lead no more.

    A withdrawal that is recorded among the person's permissions reaches that company by itself;
    this ends what it sees here. Gives how many ticks.

    Raises
    ------
    UserError
        If the other company wrote the lead down.
    """
    scope = current_scope()
    scope.require("lead.write")
    lead = Lead.objects.get(id=lead_id)
    if lead.org_id != scope.org_id or party_id == scope.org_id:
        raise UserError("only what was ticked for the other company at your stand ends here")
    ticks = LeadConsent.objects.filter(lead=lead, party_id=party_id, withdrawn_at=None)
    n: int = ticks.update(withdrawn_at=at)
    if n:
        _record(lead, "sharing_ended", at, {"party": party_id, "n": n}, shared={party_id})
    return n


def forget_leads(hcp_id: UUID, at: datetime) -> int:
    """Blank what was noted about a person at stands: note, address, badge, signature, name.

    That he was met, and what he permitted with which words, stays. Writes one ledger entry.
    """
    current_scope().require("person.erase")
    n: int = Lead.objects.filter(hcp_id=hcp_id, org_id=current_scope().org_id).update(
        note="", email="", badge="", signature="", name="erased"
    )
    if n:
        ledger.append(ledger.Entry("engagement.leads.erased", "hcp", hcp_id, {"n": n}), at=at)
    return n


def _record(
    lead: Lead, verb: str, at: datetime, details: dict[str, object],
    *, shared: set[UUID] | None = None,
) -> None:  # fmt: skip
    """Write the act once, and for each other company that the person named."""
    others: list[UUID | None] = [
        *sorted((shared or set()) - {current_scope().org_id}, key=str)
    ]  # fmt: skip
    ledger.append_many(
        [
            ledger.Entry(
                f"engagement.lead.{verb}", "engagement.lead", lead.id, details, counterparty=other
            )
            for other in others or [None]
        ],
        at=at,
    )
