"""Hear what mail services tell: keep it once, and do at once what it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from entente.consent import reads as consent
from entente.consent.actions.withdraw import person_lock, withdraw_consent
from entente.consent.domain.masks import mask
from entente.engagement.actions.judge_clicks import judge_clicks
from entente.engagement.actions.record_response import record_response
from entente.engagement.domain.machine_clicks import PROVIDER_SAYS
from entente.engagement.domain.mail_events import (
    CLOCKS_DIFFER,
    EPOCH,
    FAILURES,
    OPT_OUTS,
    Told,
    shown_url,
)
from entente.engagement.models import MailEvent, Response
from entente.engagement.reads.attribution import Found, attribute
from entente.engagement.reads.stopped import marks_of
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.locks import lock
from entente.foundation.models import new_id

TO_COME = "This moment has not come yet; give the moment it happened."
_ANSWERS = {
    "unsubscribe": Response.Kind.OPT_OUT,
    "group_unsubscribe": Response.Kind.OPT_OUT,
    "complaint": Response.Kind.COMPLAINT,
}


@dataclass
class Heard:
    """What became of what was told: counts, and what was refused."""

    new: int = 0
    unchanged: int = 0
    refused: list[Told] = field(default_factory=list)
    n_withdrawn: int = 0
    n_stopped: int = 0


def address_lock(mark: str) -> str:
    """Name the lock under which an address is stopped by an opt-out, and written to."""
    return f"engagement.mail_address:{mark}"


def hear_mail(
    told: Sequence[Told], *, at: datetime, hook_id: UUID | None = None, dry_run: bool = False
) -> Heard:
    """Keep what a mail service told, once, and act on it.

    Writes the events, the refused ones too, and one ledger entry with counts. An opt-out or a
    complaint withdraws consent in the same transaction, through consent's own action and under
    the person's lock, so that a send which waits asks the gate after it; where nobody can tell
    whose it is, its address is stopped, under the address's lock likewise. A bounce that lasts
    stops its address. An open is kept without the person. A resubscription to a group is only
    recorded: no group is modelled, and a permission comes from a person's own words to us.

    Parameters
    ----------
    told : sequence of Told
    hook_id : UUID, optional
        The hook by which it came; none for a file.

    Returns
    -------
    Heard
        The same again is ``unchanged`` and has no effect; what was refused is refused again and
        is still kept once.
    """
    scope = current_scope()
    scope.require("response.record")
    lock(f"engagement.mail_events:{scope.org_id}")
    heard, fresh = _sorted_out(told, at)
    if dry_run:
        return heard
    _lock_opt_outs(fresh, heard.refused)
    rows = [_row(each, found, at=at, hook_id=hook_id) for each, found in fresh]
    MailEvent.objects.bulk_create(rows, batch_size=2_000)
    kept = _keep_refused(heard.refused, at=at, hook_id=hook_id)
    heard.n_stopped = sum(row.stops_address for row in [*rows, *kept])
    judge_clicks({row.send_id for row in rows if row.kind == MailEvent.Kind.CLICK and row.send_id})
    _act(fresh, heard, at=at)
    if heard.new or kept:
        _note(heard, hook_id, at=at)
    return heard


def _lock_opt_outs(fresh: Sequence[tuple[Told, Found]], refused: Sequence[Told]) -> None:
    """Take the locks of people and addresses that opt out, all together, in one order."""
    people = {found.send.hcp_id for told, found in fresh if told.kind in OPT_OUTS and found.send}
    marks = marks_of({each.address for each in refused if each.kind in OPT_OUTS})
    lock(*(person_lock(each) for each in people), *(address_lock(mark) for mark in marks.values()))


def _sorted_out(told: Sequence[Told], at: datetime) -> tuple[Heard, list[tuple[Told, Found]]]:
    """Tell what is new from what was heard before and from what cannot be taken."""
    heard, first = Heard(), {}
    known = set(
        MailEvent.objects.filter(
            content_key__in={UUID(each.key) for each in told}, refused_because=""
        ).values_list("content_key", flat=True)
    )
    for each in told:
        if each.remedy:
            heard.refused.append(each)
        elif UUID(each.key) in known or each.key in first:
            heard.unchanged += 1
        else:
            first[each.key] = each
    found = attribute(list(first.values()))
    fresh = []
    for key, each in first.items():
        if each.at > at + CLOCKS_DIFFER:
            heard.refused.append(_refused(each, "timestamp", each.at.isoformat(), TO_COME))
        elif found[key].send is None:
            heard.refused.append(_refused(each, found[key].field, each.address, found[key].remedy))
        else:
            fresh.append((each, found[key]))
    heard.new = len(fresh)
    return heard, fresh


def _refused(told: Told, where: str, value: str, remedy: str) -> Told:
    return Told(**{**vars(told), "field": where, "value": value, "remedy": remedy})


def _row(told: Told, found: Found, *, at: datetime, hook_id: UUID | None) -> MailEvent:
    send, moment = found.send, min(told.at, at)
    assert send is not None
    made = MailEvent(
        id=new_id(),
        org_id=current_scope().org_id,
        provider=told.provider,
        kind=told.kind,
        happened_at=moment,
        heard_at=at,
        hook_id=hook_id,
        version_id=send.version_id,
        campaign_id=send.campaign_id,
        machine_rule=PROVIDER_SAYS if told.by_program else "",
        content_key=UUID(told.key),
    )
    if told.kind == MailEvent.Kind.OPEN:
        # Watching who reads needs a consent for that, and no purpose of consent stands for it:
        # as on hosted pages a day and a letter are counted, and nobody.
        made.happened_at = datetime.combine(moment.date(), datetime.min.time(), UTC)
        return made
    made.send_id, made.found_by = send.id, found.found_by
    made.address_mark = marks_of([told.address])[told.address]
    made.message_ref, made.group, made.said = told.message_id, told.group, told.said
    made.url, made.agent = shown_url(told.url), told.agent
    made.stops_address = told.stops
    return made


def _keep_refused(
    refused: Sequence[Told], *, at: datetime, hook_id: UUID | None
) -> list[MailEvent]:
    """Keep what could not be taken, once; an opt-out of nobody known stops its address.

    Gives those that were not kept before.
    """
    org_id = current_scope().org_id
    marks = marks_of({each.address for each in refused})
    rows = {}
    for each in refused:
        is_open = each.kind == MailEvent.Kind.OPEN
        rows[each.key] = MailEvent(
            id=new_id(),
            org_id=org_id,
            provider=each.provider,
            kind=each.kind,
            happened_at=each.at if each.at > EPOCH else at,
            heard_at=at,
            hook_id=hook_id,
            address_mark="" if is_open else marks.get(each.address, ""),
            address_shown="" if is_open or not each.address else mask(each.address),
            message_ref="" if is_open else each.message_id,
            group=each.group,
            said=each.said,
            stops_address=each.kind in OPT_OUTS and each.address in marks,
            refused_field=each.field,
            refused_because=each.remedy[:300],
            content_key=UUID(each.key),
        )
    known = set(
        MailEvent.objects.filter(content_key__in={row.content_key for row in rows.values()})
        .exclude(refused_because="")
        .values_list("content_key", flat=True)
    )
    kept = [row for row in rows.values() if row.content_key not in known]
    return MailEvent.objects.bulk_create(kept, batch_size=2_000)


def _act(fresh: Sequence[tuple[Told, Found]], heard: Heard, *, at: datetime) -> None:
    """Do what the new events ask for, under the locks of the people who opt out."""
    opting_out = [(told, found) for told, found in fresh if told.kind in OPT_OUTS]
    said = {
        (found.send.hcp_id, controller_id, min(told.at, at)): f"{told.provider}:{told.kind}"
        for told, found in opting_out
        if found.send
        for controller_id in found.controllers
    }
    for (hcp_id, controller_id, moment), source in sorted(said.items(), key=str):
        if consent.is_unsubscribed(hcp_id, controller_id, "email", moment):
            continue
        withdraw_consent(
            hcp_id=hcp_id,
            controller_id=controller_id,
            channel="email",
            source=source,
            withdrawn_at=moment,
            at=at,
        )
        heard.n_withdrawn += 1
    for told, found in fresh:
        kind = _ANSWERS.get(told.kind)
        if told.kind in FAILURES and told.stops:
            kind = Response.Kind.BOUNCE
        if kind is not None and found.send is not None:
            record_response(
                found.send.id,
                kind,
                source=f"{told.provider}:{told.kind}",
                at=at,
                responded_at=min(told.at, at),
            )


def _note(heard: Heard, hook_id: UUID | None, *, at: datetime) -> None:
    ledger.append(
        ledger.Entry(
            "engagement.mail_events.heard",
            "engagement.mail_hook",
            hook_id or current_scope().org_id,
            {
                "new": heard.new,
                "unchanged": heard.unchanged,
                "refused": len(heard.refused),
                "withdrawn": heard.n_withdrawn,
                "stopped": heard.n_stopped,
            },
        ),
        at=at,
    )
