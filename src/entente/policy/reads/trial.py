"""Try a pack on what was decided: every decision of a period, made again with the pack in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from entente.foundation.domain.canonical import sha256_hex
from entente.policy.actions.decide import judge_facts
from entente.policy.actions.packs_in_force import compiled_of, texts_of_set
from entente.policy.domain.compile import Compiled
from entente.policy.domain.masks import set_aside
from entente.policy.domain.packs import Pack
from entente.policy.domain.verdicts import OUTCOMES
from entente.policy.facts_text import from_kept
from entente.policy.models import Decision, Waiver

PART = 5_000
MOST_EXAMPLES = 200


@dataclass(frozen=True)
class Change:
    """A decision that would have come out differently.

    Parameters
    ----------
    rules_before, rules_after : tuple of str
        The rules of the tried pack that did not pass, then and with the pack.
    """

    decision_id: UUID
    decided_at: datetime
    act_type: str
    recipient_id: UUID | None
    campaign_id: UUID | None
    before: str
    after: str
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]


@dataclass
class Trial:
    """What a pack would have changed in a period.

    Parameters
    ----------
    n_decisions, n_changed : int
        Decisions looked at, and those with another outcome.
    by_rule, by_month, by_campaign : Counter
        Changed outcomes by rule that speaks differently, by month (``"2026-11"``), and by
        campaign (None where there is none); each with ``(before, after)``.
    """

    pack_id: str
    since: date
    until: date
    n_decisions: int = 0
    n_changed: int = 0
    by_rule: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    by_month: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    by_campaign: Counter[tuple[UUID | None, str, str]] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)

    def note(self, change: Change) -> None:
        """Count a change; the first of them are kept as examples."""
        self.n_changed += 1
        way = (change.before, change.after)
        for rule_id in set(change.rules_before) ^ set(change.rules_after):
            self.by_rule[(rule_id, *way)] += 1
        self.by_month[(f"{change.decided_at:%Y-%m}", *way)] += 1
        self.by_campaign[(change.campaign_id, *way)] += 1
        if len(self.changes) < MOST_EXAMPLES:
            self.changes.append(change)


def try_pack(pack: Pack, text: str, *, since: date, until: date, keep_all: bool = False) -> Trial:
    """Make every decision of a period again with a pack in place of the one of its id.

    The facts are those kept with each decision: an act that the pack would have stopped still
    counts in the tallies of later ones, as it did then.

    Parameters
    ----------
    pack, text : Pack, str
        The pack as read, and its text.
    since, until : date
        Both days are in it, by the moment of the decision in UTC.
    keep_all : bool
        Keep every change instead of the first 200.

    Returns
    -------
    Trial
    """
    trial = Trial(pack.id, since, until)
    for part, compiled in _parts(pack, text, since, until):
        for change in _changes(part, compiled, pack.id):
            trial.note(change)
            if keep_all and len(trial.changes) < trial.n_changed:
                trial.changes.append(change)
        trial.n_decisions += len(part)
    return trial


def replay_all(*, since: date, until: date) -> tuple[int, list[UUID]]:
    """Make every decision of a period again under its own packs.

    Returns
    -------
    (int, list of UUID)
        How many there were, and those that come out differently: there should be none.
    """
    n_decisions, differing = 0, []
    rows = _decisions(since, until)
    for set_hash, group in groupby(rows, lambda row: row.pack_set_id):
        compiled = compiled_of(tuple(sorted(texts_of_set(set_hash).values())))
        for part in in_parts(group):
            outcomes = judged(part, compiled)
            n_decisions += len(part)
            differing += [
                row.id
                for row, (outcome, rule_ids) in zip(part, outcomes, strict=True)
                if (outcome, list(rule_ids)) != (row.outcome, row.rule_ids)
            ]
    return n_decisions, differing


def in_parts(rows: Iterable[Decision]) -> Iterator[list[Decision]]:
    """Cut rows into lists of at most 5,000."""
    part: list[Decision] = []
    for row in rows:
        part.append(row)
        if len(part) == PART:
            yield part
            part = []
    if part:
        yield part


def _decisions(since: date, until: date) -> Iterator[Decision]:
    first = datetime.combine(since, time.min, UTC)
    behind = datetime.combine(until + timedelta(days=1), time.min, UTC)
    rows = Decision.objects.filter(decided_at__gte=first, decided_at__lt=behind)
    rows = rows.order_by("pack_set_id", "decided_at", "id")
    return rows.iterator(chunk_size=PART)


def _parts(
    pack: Pack, text: str, since: date, until: date
) -> Iterator[tuple[list[Decision], Compiled]]:
    for set_hash, group in groupby(_decisions(since, until), lambda row: row.pack_set_id):
        chosen = texts_of_set(set_hash)
        chosen[pack.id] = (f"{pack.id}/tried-{sha256_hex(text)[:12]}.toml", text)
        compiled = compiled_of(tuple(sorted(chosen.values())))
        yield from ((part, compiled) for part in in_parts(group))


def judged(part: list[Decision], compiled: Compiled) -> list[tuple[str, tuple[str, ...]]]:
    """Judge kept facts on columns, with what people had set aside then set aside again."""
    verdicts = judge_facts(compiled, [from_kept(row.facts) for row in part])
    wanted = {waiver_id for row in part for waiver_id in row.overrides}
    rows = Waiver.objects.filter(id__in=wanted).values_list("id", "rule_id", "only_undecided")
    rule_of = {waiver_id: (rule_id, is_open) for waiver_id, rule_id, is_open in rows}
    set_aside(
        verdicts,
        {
            n: {rule_of[i] for i in row.overrides if i in rule_of}
            for n, row in enumerate(part)
            if row.overrides
        },
    )
    return [(OUTCOMES[int(verdicts.outcome[n])], verdicts.rule_ids(n)) for n in range(len(part))]


def _changes(part: list[Decision], compiled: Compiled, pack_id: str) -> Iterator[Change]:
    own = {rule.id for rule in compiled.rules if rule.pack_id == pack_id}
    # A rule that the pack dropped is in none of the compiled ones, yet it spoke then.
    known = {rule.id for rule in compiled.rules}
    for row, (after, rule_ids) in zip(part, judged(part, compiled), strict=True):
        if after == row.outcome:
            continue
        yield Change(
            decision_id=row.id,
            decided_at=row.decided_at,
            act_type=row.act_type,
            recipient_id=row.recipient_id,
            campaign_id=row.campaign_id,
            before=row.outcome,
            after=after,
            rules_before=tuple(r for r in row.rule_ids if r in own or r not in known),
            rules_after=tuple(r for r in rule_ids if r in own),
        )


def as_dict(trial: Trial) -> dict[str, Any]:
    """Give a trial as plain values, for the API and the command."""

    def counted(counter: Counter[Any], name: str) -> list[dict[str, Any]]:
        rows = [
            {name: str(key) if key is not None else None, "before": before, "after": after, "n": n}
            for (key, before, after), n in counter.items()
        ]
        return sorted(rows, key=lambda row: (str(row[name]), row["before"], row["after"]))

    return {
        "pack": trial.pack_id,
        "since": trial.since.isoformat(),
        "until": trial.until.isoformat(),
        "decisions": trial.n_decisions,
        "changed": trial.n_changed,
        "by_rule": counted(trial.by_rule, "rule"),
        "by_month": counted(trial.by_month, "month"),
        "by_campaign": counted(trial.by_campaign, "campaign"),
        "examples": [
            {
                "decision": str(change.decision_id),
                "decided_at": change.decided_at.isoformat(),
                "act": change.act_type,
                "before": change.before,
                "after": change.after,
                "rules": sorted(set(change.rules_before) | set(change.rules_after)),
            }
            for change in trial.changes
        ],
    }
