"""Invite HCPs to an event through the gate; deliver what may leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import formataddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from entente.consent import reads as consent
from entente.consent.actions.withdraw import person_lock
from entente.content.domain.email_frame import framed
from entente.directory import reads as directory
from entente.engagement.actions.caps import cap_key, cap_keys
from entente.engagement.actions.hear_mail import address_lock
from entente.engagement.domain.invitation import as_html, as_text
from entente.engagement.domain.sender import sender_role
from entente.engagement.models import Event, Invitation
from entente.engagement.reads.event_facts import facts_of, purpose_of, told_of_people
from entente.engagement.reads.stopped import marks_of, stopped
from entente.foundation import ledger, outbox
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.links import make_link
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage, new_id
from entente.policy.actions import Asked, decide, decide_many
from entente.policy.reads import Decision

TOPIC = "engagement.invitation"
PURPOSE = "event-registration"
MOST_AT_ONCE = 500
OPEN_AFTER_DAYS = 30
OF_OUTCOME = {
    Decision.Outcome.PERMIT: Invitation.Status.QUEUED,
    Decision.Outcome.REFER: Invitation.Status.REFERRED,
    Decision.Outcome.FORBID: Invitation.Status.FORBIDDEN,
}
OF_STATE = {
    OutboxMessage.State.DONE: Invitation.Status.SENT,
    OutboxMessage.State.WITHHELD: Invitation.Status.WITHHELD,
    OutboxMessage.State.REFUSED: Invitation.Status.REFUSED,
    OutboxMessage.State.PARKED: Invitation.Status.PARKED,
}


def invite(
    event_id: UUID, hcp_ids: Sequence[UUID], *, controller_id: UUID, at: datetime
) -> list[Invitation]:
    """Invite people in the name of the present organisation; each passes the gate.

    Whoever was invited by it already is not invited again. Writes invitations, decisions,
    messages and ledger entries, in one transaction, under the lock of each person's cap.

    Raises
    ------
    UserError
        If the event is not open, has begun, or there are too many.
    """
    scope = current_scope()
    scope.require("event.invite")
    if len(hcp_ids) > MOST_AT_ONCE:
        raise UserError(f"invite at most {MOST_AT_ONCE} people at once", field="hcps")
    event = Event.objects.get(id=event_id)
    if event.status != Event.Status.OPEN:
        raise UserError("people are invited to an event that is open")
    if event.starts_at <= at:
        raise UserError("this event has begun")
    lock(*cap_keys(hcp_ids, at))
    known = set(
        Invitation.objects.filter(event=event, org_id=scope.org_id, hcp_id__in=hcp_ids)
        .values_list("hcp_id", flat=True)
    )  # fmt: skip
    fresh = [hcp_id for hcp_id in dict.fromkeys(hcp_ids) if hcp_id not in known]
    if not fresh:
        return []
    role = sender_role(scope.roles, is_host=scope.is_host)
    addresses = directory.contact_points(fresh, "email", at.date())
    made = [
        Invitation(
            id=new_id(), org_id=scope.org_id, event=event, hcp_id=hcp_id,
            controller_id=controller_id, address=addresses.get(hcp_id, ""), sender_role=role,
            requested_by_id=scope.actor_id, requested_at=at,
        )
        for hcp_id in fresh
    ]  # fmt: skip
    decisions = decide_many(
        [Asked(act, "engagement.invitation", act.object_id) for act in _acts(event, made, at=at)]
    )
    for each, decision in zip(made, decisions, strict=True):
        each.decision, each.status = decision, OF_OUTCOME[Decision.Outcome(decision.outcome)]
    Invitation.objects.bulk_create(made)
    _post(made, at=at)
    return made


def _acts(event: Event, invitations: Sequence[Invitation], *, at: datetime) -> list[Act]:
    """Write invitations as acts; facts of the event once, of the people with one query each."""
    of_event = facts_of(event, [each.hcp_id for each in invitations])
    of_people = told_of_people(event, [each.hcp_id for each in invitations])
    halted = stopped([each.address for each in invitations if each.address])
    return [
        Act(
            type="invitation",
            at=at,
            recipient_id=each.hcp_id,
            channel="email",
            purpose=purpose_of(event),
            controller_id=each.controller_id,
            campaign_id=event.campaign_id,
            object_id=each.id,
            actor_id=each.requested_by_id,
            country=event.country,
            given={
                **of_event,
                **of_people[each.hcp_id],
                "action.sender_role": each.sender_role,
                "recipient.has_address": bool(each.address) and each.address not in halted,
            },
        )
        for each in invitations
    ]


def _post(made: Sequence[Invitation], *, at: datetime) -> None:
    leaving = [each.id for each in made if each.status == Invitation.Status.QUEUED]
    outbox.post_many(
        OutboxMessage.Kind.EMAIL, TOPIC, object_kind="engagement.invitation", object_ids=leaving,
        at=at,
    )  # fmt: skip
    ledger.append_many(
        [
            ledger.Entry(
                f"engagement.invitation.{each.status}", "engagement.invitation", each.id,
                {"event": each.event_id, "hcp": each.hcp_id}, decision=each.decision_id,
            )
            for each in made
        ],
        at=at,
    )  # fmt: skip


def requeue(invitation_id: UUID, *, approved: bool, said: str, at: datetime) -> None:
    """Let a referred invitation leave, or not, after a person answered."""
    each = Invitation.objects.select_for_update().filter(id=invitation_id).first()
    if each is None or each.status != Invitation.Status.REFERRED:
        return
    if approved:
        each.status = Invitation.Status.QUEUED
    else:
        each.status, each.outcome = Invitation.Status.FORBIDDEN, f"declined by {said}"[:300]
    each.save(update_fields=["status", "outcome"])
    _post([each], at=at)


def guards(message: OutboxMessage, at: datetime) -> outbox.Guards:
    """Name the locks of an invitation, those of every record that is the person among them."""
    each = Invitation.objects.get(id=message.object_id)
    records = directory.same_person(each.hcp_id, at)
    return outbox.Guards(
        holds=(
            *(cap_key(record) for record in records),
            *(person_lock(record) for record in records),
            *(address_lock(mark) for mark in marks_of([each.address]).values()),
        )
    )


def prepare(message: OutboxMessage, at: datetime) -> outbox.Prepared | outbox.Withheld:
    """Ask the gate again, now; compose the invitation only if it still may go."""
    each = Invitation.objects.select_related("event").get(id=message.object_id)
    event = each.event
    if event.status != Event.Status.OPEN or event.starts_at <= at:
        return outbox.Withheld("the event is not open any more")
    act = _acts(event, [each], at=at)[0]
    decision = decide(
        act, stage=Decision.Stage.DELIVERY, object_kind="engagement.invitation", object_id=each.id
    )
    if decision.outcome != Decision.Outcome.PERMIT:
        return outbox.Withheld("held back by " + ", ".join(decision.rule_ids))
    return outbox.Prepared(_compose(each, at))


def _compose(each: Invitation, at: datetime) -> EmailMultiAlternatives:
    event = each.event
    hcp, entity = directory.hcp(each.hcp_id), directory.legal_entity(each.controller_id)
    days = max((event.ends_at - at).days, 0) + OPEN_AFTER_DAYS
    token = make_link(
        PURPOSE, person_id=each.hcp_id, object_kind="engagement.event", object_id=event.id,
        at=at, valid_days=days,
    )  # fmt: skip
    stop = settings.SITE_URL + consent.unsubscribe_url(each.hcp_id, each.controller_id, at)
    told = {
        "name": hcp.display_name,
        "event": event,
        "parties": list(event.sides.order_by("name").values_list("name", flat=True)),
        "address": f"{settings.SITE_URL}/events/register/{token}/",
        "stop": stop,
        "postal": entity.postal_address,
    }
    mail = EmailMultiAlternatives(
        subject=f"Invitation: {event.title}",
        body=as_text(told),
        from_email=formataddr((entity.name, settings.DEFAULT_FROM_EMAIL)),
        to=[each.address],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(framed(as_html(told), title=event.title, language="en"), "text/html")
    return mail


def settled(message: OutboxMessage, at: datetime) -> None:
    """Write the outcome of a message onto its invitation."""
    each = Invitation.objects.select_for_update().get(id=message.object_id)
    each.status = OF_STATE[OutboxMessage.State(message.state)]
    each.settled_at, each.outcome = at, message.outcome
    each.save(update_fields=["status", "settled_at", "outcome"])
