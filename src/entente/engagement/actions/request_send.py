"""Request sends: ask the gate under the caps' locks, keep every answer, post what may leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entente.directory import reads as directory
from entente.engagement.actions.caps import cap_keys
from entente.engagement.domain.sender import sender_role
from entente.engagement.models import Send
from entente.engagement.reads.stopped import stopped
from entente.foundation import ledger, outbox
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage, new_id
from entente.policy.actions import Asked, decide_many
from entente.policy.reads import Decision

TOPIC = "engagement.send"
CHANNEL = "email"
MOST_AT_ONCE = 1_000

OF_OUTCOME = {
    Decision.Outcome.PERMIT: Send.Status.QUEUED,
    Decision.Outcome.REFER: Send.Status.REFERRED,
    Decision.Outcome.FORBID: Send.Status.FORBIDDEN,
}


@dataclass(frozen=True)
class SendRequest:
    """One item to one HCP."""

    hcp_id: UUID
    version_id: UUID
    controller_id: UUID
    purpose: str
    campaign_id: UUID | None = None


def act_of(
    request: SendRequest,
    send_id: UUID,
    *,
    role: str,
    actor_id: UUID | None,
    has_address: bool,
    at: datetime,
) -> Act:
    """Write a request as the act about which the gate is asked."""
    return Act(
        type="email",
        at=at,
        recipient_id=request.hcp_id,
        channel=CHANNEL,
        purpose=request.purpose,
        controller_id=request.controller_id,
        version_id=request.version_id,
        campaign_id=request.campaign_id,
        object_id=send_id,
        actor_id=actor_id,
        given={
            "action.sender_role": role,
            "action.promotional": request.purpose == "promotion",
            "recipient.has_address": has_address,
        },
    )


def request_send(request: SendRequest, *, at: datetime) -> Send:
    """Request one send; the batch of one."""
    return request_sends([request], at=at)[0]


def request_sends(requests: Sequence[SendRequest], *, at: datetime) -> list[Send]:
    """Request sends, in one transaction with their decisions, messages and ledger entries.

    Guarded by the gate, asked under the lock of each recipient's cap. A send that is
    already there for the same campaign, HCP and version is not made again.

    Parameters
    ----------
    requests : sequence of SendRequest
        At most 1,000; a campaign goes in parts, each of which can be repeated.
    at : datetime

    Returns
    -------
    list of Send
        Those made now, in the order requested.

    Raises
    ------
    UserError
        If there are too many.
    """
    if len(requests) > MOST_AT_ONCE:
        raise UserError(
            f"request at most {MOST_AT_ONCE} sends at once, in several parts if need be"
        )
    scope = current_scope()
    scope.require("send.request")
    lock(*cap_keys({request.hcp_id for request in requests}, at))
    fresh = _not_yet_requested(requests)
    made: dict[int, Send] = {}
    for places in _in_rounds(fresh):
        sends = _asked_and_written([fresh[n] for n in places], at=at)
        made.update(zip(places, sends, strict=True))
    return [made[n] for n in range(len(fresh))]


def _in_rounds(requests: Sequence[SendRequest]) -> list[list[int]]:
    """Part requests so that each round names a person once: the next one counts what went before.

    Almost always that is one round. Gives the places of each round's requests.
    """
    rounds: list[list[int]] = []
    before: Counter[UUID] = Counter()
    for n, request in enumerate(requests):
        if before[request.hcp_id] == len(rounds):
            rounds.append([])
        rounds[before[request.hcp_id]].append(n)
        before[request.hcp_id] += 1
    return rounds


def _asked_and_written(fresh: Sequence[SendRequest], *, at: datetime) -> list[Send]:
    scope = current_scope()
    role = sender_role(scope.roles, is_host=scope.is_host)
    addresses = directory.contact_points([r.hcp_id for r in fresh], CHANNEL, at.date())
    dead = stopped(set(addresses.values()))
    ids = [new_id() for _ in fresh]
    decisions = decide_many(
        [
            Asked(
                act_of(
                    request,
                    send_id,
                    role=role,
                    actor_id=scope.actor_id,
                    has_address=addresses.get(request.hcp_id, "") not in {"", *dead},
                    at=at,
                ),
                "engagement.send",
                send_id,
            )
            for request, send_id in zip(fresh, ids, strict=True)
        ]
    )
    sends = [
        Send(
            id=send_id,
            org_id=scope.org_id,
            campaign_id=request.campaign_id,
            hcp_id=request.hcp_id,
            version_id=request.version_id,
            controller_id=request.controller_id,
            channel=CHANNEL,
            purpose=request.purpose,
            address=addresses.get(request.hcp_id, ""),
            status=OF_OUTCOME[Decision.Outcome(decision.outcome)],
            decision=decision,
            requested_by_id=scope.actor_id,
            sender_role=role,
            requested_at=at,
        )
        for request, send_id, decision in zip(fresh, ids, decisions, strict=True)
    ]
    Send.objects.bulk_create(sends, batch_size=2_000)
    _post_and_record(sends, at=at)
    return sends


def _not_yet_requested(requests: Sequence[SendRequest]) -> list[SendRequest]:
    campaigns = {r.campaign_id for r in requests if r.campaign_id}
    known = set(
        Send.objects.filter(
            campaign_id__in=campaigns, hcp_id__in=[r.hcp_id for r in requests]
        ).values_list("campaign_id", "hcp_id", "version_id")
    )
    return [r for r in requests if (r.campaign_id, r.hcp_id, r.version_id) not in known]


def _post_and_record(sends: Sequence[Send], *, at: datetime) -> None:
    leaving = [send.id for send in sends if send.status == Send.Status.QUEUED]
    outbox.post_many(
        OutboxMessage.Kind.EMAIL, TOPIC, object_kind="engagement.send", object_ids=leaving, at=at
    )
    ledger.append_many(
        [
            ledger.Entry(
                verb=f"engagement.send.{send.status}",
                kind="engagement.send",
                object_id=send.id,
                details={
                    "hcp": send.hcp_id,
                    "version": send.version_id,
                    "campaign": send.campaign_id,
                    "outcome": send.decision.outcome,
                    "rules": send.decision.rule_ids,
                },
                decision=send.decision_id,
            )
            for send in sends
        ],
        at=at,
    )
