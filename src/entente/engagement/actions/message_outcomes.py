"""Take in what became of messages that another service sent, and do what people asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Count, DateField, Q
from django.db.models.functions import Cast

from entente.consent import reads as consent
from entente.consent.actions.withdraw import person_lock, withdraw_consent
from entente.directory.actions.loading import FileKind, ImportCounts, Load, Progress, run_load
from entente.directory.adapters.chunks import Refusal
from entente.engagement.actions.import_results import OF_MESSAGES, Taken, keep_counts
from entente.engagement.actions.record_response import record_response
from entente.engagement.adapters.results import OUTCOMES, read_outcomes
from entente.engagement.domain.media_results import Wrong
from entente.engagement.models import PlacementFigure, Response, Send
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope, switched
from entente.foundation.locks import lock
from entente.foundation.organisations import system_scope

UNKNOWN = "No message of yours has this id; write message_id as it stood in the list."
NOT_HANDED = "This message was never handed out, so nobody can have sent it."
TO_COME = "This moment has not come yet; give the moment it happened."
_WORDS = {Send.Status.SENT: "reported as delivered", Send.Status.REFUSED: "reported as failed"}
_STATUS = {"delivered": Send.Status.SENT, "failed": Send.Status.REFUSED,
           "opted_out": Send.Status.SENT, "complained": Send.Status.SENT}  # fmt: skip
_ANSWERS = {"opted_out": Response.Kind.OPT_OUT, "complained": Response.Kind.COMPLAINT}
# From where a message may still come to where; the database holds to the same.
_OPEN = {
    Send.Status.SENT: {Send.Status.QUEUED, Send.Status.PARKED, Send.Status.REFUSED},
    Send.Status.REFUSED: {Send.Status.QUEUED, Send.Status.PARKED},
}


@dataclass(frozen=True)
class Reported:
    """What is reported of one message."""

    line: int
    message_id: str
    outcome: str
    at: datetime | None = None


def record_outcomes(reported: Sequence[Reported], *, at: datetime, dry_run: bool = False) -> Taken:
    """Keep what became of messages, once, and withdraw consent where somebody opted out.

    An opt-out withdraws the permission for the message's channel from the controller in whose
    name it went, through consent's own action and under the person's lock; it counts even if the
    message failed or its list is over. Writes sends, responses, withdrawals, the placement's
    counts and the ledger entries.
    """
    scope = current_scope()
    scope.require("placement.results")
    lock(f"engagement.message_outcomes:{scope.org_id}")
    taken, pairs = Taken(), _matched(reported, at)
    taken.wrong += [each for each in pairs if isinstance(each, Wrong)]
    good = [each for each in pairs if not isinstance(each, Wrong)]
    opting_out = {send.hcp_id for told, send in good if told.outcome in _ANSWERS}
    if not dry_run:
        lock(*(person_lock(each) for each in opting_out))
    answered = _answered([send.id for _, send in good])
    moved: list[Send] = []
    for told, send in good:
        is_new = _settle(told, send, at)
        if is_new:
            moved.append(send)
        kind = _ANSWERS.get(told.outcome)
        if kind is not None and (send.id, kind) not in answered:
            is_new = True
            answered.add((send.id, kind))
            if not dry_run:
                _answer(told, send, kind, at)
        taken.new += is_new
        taken.unchanged += not is_new
    if not dry_run:
        Send.objects.bulk_update(moved, ["status", "settled_at", "outcome"], batch_size=1_000)
        _count_again({send.message_list.placement_id for _, send in good}, at)  # type: ignore[union-attr]
        _record(taken, at)
    return taken


def _matched(reported: Sequence[Reported], at: datetime) -> list[Wrong | tuple[Reported, Send]]:
    ids = {each.line: _id_of(each.message_id) for each in reported}
    sends = {
        send.id: send
        for send in Send.objects.filter(
            id__in=[i for i in ids.values() if i], message_list__isnull=False
        ).select_related("message_list")
    }
    found: list[Wrong | tuple[Reported, Send]] = []
    for each in reported:
        send = sends.get(ids[each.line] or UUID(int=0))
        if send is None:
            found.append(Wrong(each.line, "message_id", each.message_id, UNKNOWN))
        elif send.message_list is None or send.message_list.handed_out_at is None:
            found.append(Wrong(each.line, "message_id", each.message_id, NOT_HANDED))
        elif each.at is not None and each.at > at:
            found.append(Wrong(each.line, "at", each.at.isoformat(), TO_COME))
        else:
            found.append((each, send))
    return found


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def _answered(send_ids: Sequence[UUID]) -> set[tuple[UUID, str]]:
    rows = Response.objects.filter(send_id__in=list(send_ids))
    return set(rows.values_list("send_id", "kind"))


def _settle(told: Reported, send: Send, at: datetime) -> bool:
    """Bring a message to where the report says it is; give whether that is new."""
    status = _STATUS[told.outcome]
    if send.status not in _OPEN[status]:
        return False
    send.status, send.settled_at = status, told.at or at
    send.outcome = _WORDS[status]
    return True


def _answer(told: Reported, send: Send, kind: Response.Kind, at: datetime) -> None:
    moment = told.at or at
    source = f"{send.channel}:{told.outcome}"
    if not consent.is_unsubscribed(send.hcp_id, send.controller_id, send.channel, moment):
        # Whatever the role of whoever loads the report: what a person said counts.
        scope = current_scope()
        with switched(system_scope(scope.org_id, is_host=scope.is_host, name="report:opt-out")):
            withdraw_consent(
                hcp_id=send.hcp_id,
                controller_id=send.controller_id,
                channel=send.channel,
                source=source,
                withdrawn_at=moment,
                at=at,
            )
    record_response(send.id, kind, source=source, at=at, responded_at=moment)


def _count_again(placement_ids: set[UUID], at: datetime) -> None:
    """Count what became of a placement's messages anew, by the day it was reported for."""
    messages = Send.objects.filter(message_list__placement_id__in=placement_ids)
    rows = (
        messages.filter(settled_at__isnull=False)
        .annotate(on=Cast("settled_at", DateField()))
        .values_list("message_list__placement_id", "on")
        .annotate(
            delivered=Count("id", filter=Q(status=Send.Status.SENT)),
            failed=Count("id", filter=Q(status=Send.Status.REFUSED)),
        )
        .order_by()
    )
    found: dict[UUID, dict[date, dict[str, int]]] = {}
    for placement_id, on, delivered, failed in rows:
        day = found.setdefault(placement_id, {}).setdefault(on, {})
        day |= {"delivered": delivered, "failed": failed}
    answers = (
        Response.objects.filter(
            send__message_list__placement_id__in=placement_ids, kind=Response.Kind.OPT_OUT
        )
        .annotate(on=Cast("responded_at", DateField()))
        .values_list("send__message_list__placement_id", "on")
        .annotate(n=Count("id"))
        .order_by()
    )
    for placement_id, on, n in answers:
        found.setdefault(placement_id, {}).setdefault(on, {})["opted_out"] = n
    # A day on which nothing is left to count, since a later report moved it, tells zero.
    told = PlacementFigure.objects.filter(
        placement_id__in=placement_ids, what__in=OF_MESSAGES, replaced_at__isnull=True
    )
    for placement_id, on, what in told.values_list("placement_id", "on", "what"):
        found.setdefault(placement_id, {}).setdefault(on, {}).setdefault(what, 0)
    for placement_id, counted in found.items():
        keep_counts(placement_id, counted, at=at)


def _record(taken: Taken, at: datetime) -> None:
    told = {"new": taken.new, "unchanged": taken.unchanged, "refused": len(taken.wrong)}
    ledger.append(
        ledger.Entry("engagement.message_list.reported", "engagement.message_list", None, told),
        at=at,
    )


def import_message_results(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load what became of app messages and SMS from a CSV file, one message a row.

    Does what ``record_outcomes`` does, and writes one ``SourceLoad``; see
    ``directory.actions.loading.run_load`` for the arguments.
    """
    kind = FileKind(
        "message-results", "placement.results", {"outcomes": OUTCOMES}, read_outcomes, _merge
    )
    return run_load(
        kind, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )


def _merge(load: Load) -> None:
    names = ["line", "message_id", "outcome", "at"]
    columns = ", ".join(f'"{name}"' for name in names)
    load.cursor.execute(f"SELECT {columns} FROM stage_outcomes ORDER BY line")  # noqa: S608
    rows: list[tuple[Any, ...]] = load.cursor.fetchall()
    taken = record_outcomes([Reported(*row) for row in rows], at=load.at, dry_run=load.dry_run)
    load.counts.new += taken.new
    load.counts.unchanged += taken.unchanged
    load.refused.refuse(
        Refusal(each.line, each.field, each.value, each.remedy) for each in taken.wrong
    )
