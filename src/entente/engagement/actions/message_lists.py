"""Lists of people for messages that another service sends: drawn, handed out, held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from entente.consent import reads as consent
from entente.content import reads as content
from entente.content.actions import version_lock
from entente.content.actions.who import acting_name
from entente.content.domain.merge import has_field
from entente.directory import reads as directory
from entente.engagement.actions.caps import cap_keys
from entente.engagement.actions.request_send import OF_OUTCOME, SendRequest, act_of
from entente.engagement.domain.merge import merged
from entente.engagement.domain.placements import CHANNELS, TO_PERSONS
from entente.engagement.domain.sender import sender_role
from entente.engagement.domain.telephones import international
from entente.engagement.models import MessageList, Placement, Send
from entente.engagement.reads.placements import message_list, why_fallen
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.locks import lock, share
from entente.foundation.models import new_id
from entente.policy.actions import Asked, decide_many
from entente.policy.reads import Decision

KIND = "engagement.message_list"
MOST_AT_ONCE = 5_000
VALID = timedelta(hours=24)
# A service that sends reports within a week; after that nobody will know.
RESULTS_WITHIN = timedelta(days=7)
# What a piece says something for, in consent's words.
PURPOSES = {"promo": "promotion", "scientific_exchange": "medical", "response": "medical"}
HEAD = ("message_id", "address", "text", "language", "send_before", "reference")
_MAY_FILL = ("given_name", "family_name", "unsubscribe_url", "preferences_url")
_CANNOT_FILL = ("survey_url", "ask_url")


@dataclass(frozen=True)
class HandedOut:
    """A list as it is handed to the service that sends: one row per person who gets it."""

    row: MessageList
    rows: list[tuple[str, ...]]
    n_held_back: int


def draw_list(placement_id: UUID, hcp_ids: Sequence[UUID], *, at: datetime) -> MessageList:
    """Draw a list of people for a live app message or SMS; each passes the gate.

    Asked in one pass, under the lock of each person's cap on the channel. Whoever is on a list
    of this placement, or got this version in its campaign, is not asked about again. Writes the
    list, the messages permitted and refused, their decisions and the ledger entries.

    Raises
    ------
    UserError
        If it is no channel to people, is not live, its content fell, or there are too many.
    """
    scope = current_scope()
    scope.require("placement.write")
    scope.require("send.request")
    if len(hcp_ids) > MOST_AT_ONCE:
        raise UserError(f"choose at most {MOST_AT_ONCE:,} people for one list", field="hcps")
    lock(f"engagement.placement:{placement_id}")
    row = Placement.objects.select_related("version__item").get(
        id=placement_id, org_id=scope.org_id
    )
    _check_may_go(row, at)
    lock(*cap_keys(hcp_ids, at))
    fresh = _not_yet_on_a_list(row, hcp_ids)
    if not fresh:
        raise UserError("all of them are on a list of this already", field="hcps")
    made = MessageList(
        id=new_id(),
        org_id=scope.org_id,
        placement=row,
        made_at=at,
        made_by_name=acting_name(),
        expires_at=at + VALID,
    )
    made.save(force_insert=True)
    sends = _asked(row, made, fresh, at)
    Send.objects.bulk_create(sends, batch_size=2_000)
    _record_sends(sends, at)
    permitted = sum(send.status == Send.Status.QUEUED for send in sends)
    _record(made, "drawn", {"asked": len(sends), "permitted": permitted}, at)
    return made


def _check_may_go(row: Placement, at: datetime) -> None:
    if row.channel not in TO_PERSONS:
        raise UserError("this channel reaches nobody by name; take the sheet for the outlet")
    if row.status != Placement.Status.LIVE:
        raise UserError("lists are made while the publication is live")
    if reason := why_fallen(row, at):
        raise UserError(f"nothing goes out any more. {reason}")


def _not_yet_on_a_list(row: Placement, hcp_ids: Sequence[UUID]) -> list[UUID]:
    same = Q(message_list__placement_id=row.id)
    if row.campaign_id:
        same |= Q(campaign_id=row.campaign_id, version_id=row.version_id)
    known = set(
        Send.objects.filter(same, hcp_id__in=list(hcp_ids)).values_list("hcp_id", flat=True)
    )
    return [hcp_id for hcp_id in dict.fromkeys(hcp_ids) if hcp_id not in known]


def addresses_of(row: Placement, hcp_ids: Sequence[UUID], at: datetime) -> dict[UUID, str]:
    """Give what each person is reached by: an international number, or the id an app knows.

    An app's owner tells its users apart by the person's record id, so that no address leaves.
    """
    if row.channel == "app":
        return {hcp_id: str(hcp_id) for hcp_id in hcp_ids}
    people = directory.hcps(hcp_ids)
    written = directory.contact_points(list(hcp_ids), row.channel, at.date())
    found = {i: international(text, people[i].country) for i, text in written.items()}
    return {i: number for i, number in found.items() if number}


def _asked(row: Placement, made: MessageList, hcp_ids: Sequence[UUID], at: datetime) -> list[Send]:
    """Ask the gate about everybody in one pass; give the messages as they stand then."""
    scope = current_scope()
    role = sender_role(scope.roles, is_host=scope.is_host)
    addresses = addresses_of(row, hcp_ids, at)
    sends = [
        Send(
            id=new_id(),
            org_id=scope.org_id,
            message_list=made,
            campaign_id=row.campaign_id,
            hcp_id=hcp_id,
            version_id=row.version_id,
            controller_id=row.controller_id,
            channel=row.channel,
            purpose=PURPOSES.get(row.version.item.kind, "education"),
            address=addresses.get(hcp_id, ""),
            requested_by_id=scope.actor_id,
            sender_role=role,
            requested_at=at,
        )
        for hcp_id in hcp_ids
    ]
    decisions = decide_many([_question(send, at) for send in sends])
    for send, decision in zip(sends, decisions, strict=True):
        send.decision = decision
        send.status = OF_OUTCOME[Decision.Outcome(decision.outcome)]
    return sends


def _question(send: Send, at: datetime) -> Asked:
    """Write a message as the act that the gate knows for e-mail, with its own channel."""
    request = SendRequest(
        send.hcp_id, send.version_id, send.controller_id, send.purpose, send.campaign_id
    )
    act = act_of(
        request,
        send.id,
        role=send.sender_role,
        actor_id=send.requested_by_id,
        has_address=bool(send.address),
        at=at,
    )
    return Asked(
        Act(**{**vars(act), "channel": CHANNELS[send.channel].approved_as}),
        "engagement.send",
        send.id,
    )


def hand_out(list_id: UUID, *, at: datetime) -> HandedOut:
    """Hand a list to the service that sends, after asking the gate again about everybody on it.

    A withdrawal, a stop, a full cap or a recall since then takes people off. Writes what is held
    back, the decisions, the list and one ledger entry; the texts are filled in per person.

    Raises
    ------
    UserError
        If the list is over, or nobody is left on it.
    """
    scope = current_scope()
    scope.require("placement.write")
    scope.require("send.request")
    lock(f"{KIND}:{list_id}")
    row = message_list(list_id)
    if row.closed_at or at >= row.expires_at:
        raise UserError("this list is over: what was allowed may have changed; draw a new one")
    share(version_lock(row.placement.version_id))
    _check_may_go(row.placement, at)
    waiting = list(Send.objects.filter(message_list=row, status=Send.Status.QUEUED).order_by("id"))
    lock(*cap_keys({send.hcp_id for send in waiting}, at))
    leaving = _asked_again(waiting, at)
    if not leaving:
        raise UserError("the gate lets nobody on this list be written to now")
    rows = _filled(row, leaving, at)
    if row.handed_out_at is None:
        row.handed_out_at = at
        row.save(update_fields=["handed_out_at"])
    n_held_back = len(waiting) - len(leaving)
    _record(row, "handed_out", {"rows": len(rows), "held_back": n_held_back}, at)
    return HandedOut(row, rows, n_held_back)


def _asked_again(waiting: Sequence[Send], at: datetime) -> list[Send]:
    decisions = decide_many(
        [_question(send, at) for send in waiting], stage=Decision.Stage.DELIVERY
    )
    for send, decision in zip(waiting, decisions, strict=True):
        send.delivery_decision = decision
        if decision.outcome != Decision.Outcome.PERMIT:
            send.status, send.settled_at = Send.Status.WITHHELD, at
            send.outcome = ("held back by " + ", ".join(decision.rule_ids))[:300]
    fields = ["delivery_decision", "status", "settled_at", "outcome"]
    Send.objects.bulk_update(waiting, fields, batch_size=1_000)
    _record_sends([s for s in waiting if s.status == Send.Status.WITHHELD], at)
    return [send for send in waiting if send.status == Send.Status.QUEUED]


def _filled(row: MessageList, leaving: Sequence[Send], at: datetime) -> list[tuple[str, ...]]:
    """Fill the approved words in for each person; everything about people is read at once."""
    text = content.version_for_send(row.placement.version_id)
    if any(has_field(text.text, name) for name in _CANNOT_FILL):
        raise UserError("this text asks for a link that only an e-mail can carry")
    people = directory.hcps([send.hcp_id for send in leaving])
    links: dict[UUID, str] = {}
    if any(has_field(text.text, name) for name in ("unsubscribe_url", "preferences_url")):
        links = consent.preference_urls(list(people), row.placement.controller_id, at)
    before = row.expires_at.isoformat()
    found: list[tuple[str, ...]] = []
    for send in leaving:
        person = people[send.hcp_id]
        link = settings.SITE_URL + links.get(send.hcp_id, "")
        values = (person.given_name, person.family_name, link, link)
        words = merged(text.text, dict(zip(_MAY_FILL, values, strict=True)), html=False)
        found.append(
            (str(send.id), send.address, words, text.language, before, row.placement.reference)
        )
    return found


def hold_back(placement_id: UUID, reason: str, *, at: datetime) -> int:
    """Hold back the messages of a publication that are not known to have gone; give how many."""
    waiting = Send.objects.filter(
        message_list__placement_id=placement_id, status=Send.Status.QUEUED
    )
    n = waiting.update(status=Send.Status.WITHHELD, settled_at=at, outcome=reason[:300])
    open_lists = MessageList.objects.filter(placement_id=placement_id, closed_at__isnull=True)
    open_lists.update(closed_at=at)
    return n


def close_lists(*, at: datetime) -> int:
    """Close one's own lists that are over, so that nobody's cap waits for them; give how many.

    Of a list that was never handed out nothing went. Of one that was, and on which nobody
    reported within a week, the outcome is unknown and stays so until somebody knows.
    """
    scope = current_scope()
    mine = MessageList.objects.filter(org_id=scope.org_id, closed_at__isnull=True)
    unused = Q(handed_out_at__isnull=True, expires_at__lte=at)
    silent = Q(handed_out_at__lte=at - RESULTS_WITHIN)
    due = list(mine.filter(unused | silent).order_by("id")[:500])
    waiting = Send.objects.filter(status=Send.Status.QUEUED)
    never = [each.id for each in due if each.handed_out_at is None]
    waiting.filter(message_list_id__in=never).update(
        status=Send.Status.WITHHELD, settled_at=at, outcome="its list was never handed out"
    )
    told_nothing = [each.id for each in due if each.handed_out_at is not None]
    waiting.filter(message_list_id__in=told_nothing).update(
        status=Send.Status.PARKED, settled_at=at, outcome="nobody reported what became of it"
    )
    MessageList.objects.filter(id__in=[each.id for each in due]).update(closed_at=at)
    for each in due:
        _record(each, "closed", {"handed_out": each.handed_out_at is not None}, at)
    return len(due)


def _record_sends(sends: Sequence[Send], at: datetime) -> None:
    ledger.append_many(
        [
            ledger.Entry(
                f"engagement.send.{send.status}",
                "engagement.send",
                send.id,
                {
                    "hcp": send.hcp_id,
                    "version": send.version_id,
                    "campaign": send.campaign_id,
                    "channel": send.channel,
                },
                decision=send.delivery_decision_id or send.decision_id,
            )
            for send in sends
        ],
        at=at,
    )


def _record(row: MessageList, what: str, details: dict[str, object], at: datetime) -> None:
    told = {"placement": row.placement_id, **details}
    ledger.append(ledger.Entry(f"engagement.message_list.{what}", KIND, row.id, told), at=at)
