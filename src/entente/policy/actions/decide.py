"""Ask the gate about acts: one click or a million, the same rules by the same code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from entente.foundation.access.scope import current_scope
from entente.foundation.facts import Act, gather
from entente.foundation.models import new_id
from entente.policy.actions.overrides import covers, waivers_for
from entente.policy.actions.packs_in_force import in_force, keep_set
from entente.policy.actions.referrals import open_referrals
from entente.policy.domain.columns import Coder, FactTables, Table, column_of
from entente.policy.domain.evaluate import absent, judge
from entente.policy.domain.facts import FACTS
from entente.policy.domain.masks import referred_to, set_aside
from entente.policy.domain.verdicts import OUTCOMES, Verdicts, bits_of
from entente.policy.facts_text import to_kept
from entente.policy.models import Decision, Waiver


@dataclass(frozen=True)
class Asked:
    """An act, and the object on whose behalf the gate is asked."""

    act: Act
    object_kind: str = ""
    object_id: UUID | None = None
    # When it was asked, where that is later than the act: a meal is reported afterwards.
    asked_at: datetime | None = None


def judge_facts(compiled: Any, rows: Sequence[dict[str, Any]]) -> Verdicts:
    """Judge gathered facts, one row per act, through columns."""
    names = sorted({name for row in rows for name, value in row.items() if value is not None})
    coder = Coder(compiled.vocabulary)
    columns = {
        name: column_of(name, [row.get(name) for row in rows], coder)
        for name in names
        if name in FACTS
    }
    on = rows[0]["action.date"] if rows else date.min
    return judge(compiled, FactTables(Table(columns, n_rows=len(rows)), coder), on)


def decide(
    act: Act,
    *,
    stage: Decision.Stage = Decision.Stage.REQUEST,
    object_kind: str = "",
    object_id: UUID | None = None,
) -> Decision:
    """Ask the gate about one act and keep the decision; a batch of one."""
    return decide_many([Asked(act, object_kind, object_id)], stage=stage)[0]


def decide_many(
    asked: Sequence[Asked], *, stage: Decision.Stage = Decision.Stage.REQUEST
) -> list[Decision]:
    """Ask the gate about many acts and keep every decision.

    Facts are gathered with one query, judged on columns, and the decisions written with
    one statement. What is scarce must be locked before this is called.

    Returns
    -------
    list of Decision
        In the order asked.
    """
    days = [one.act.at.date() for one in asked]
    made: list[Decision | None] = [None] * len(asked)
    for day in sorted(set(days)):
        places = [n for n, each in enumerate(days) if each == day]
        for n, decision in zip(
            places, _decide_day([asked[n] for n in places], day, stage), strict=True
        ):
            made[n] = decision
    return [decision for decision in made if decision is not None]


def _decide_day(asked: Sequence[Asked], day: date, stage: Decision.Stage) -> list[Decision]:
    scope = current_scope()
    packs = in_force(day)
    rows = gather([one.act for one in asked])
    verdicts = judge_facts(packs.compiled, rows)
    overrides = _overridden(asked, verdicts)
    missing = absent(verdicts)
    set_hash = keep_set(packs)
    decisions = [
        Decision(
            id=new_id(),
            org_id=scope.org_id,
            act_type=one.act.type,
            stage=stage,
            outcome=OUTCOMES[int(verdicts.outcome[n])],
            rule_ids=list(verdicts.rule_ids(n)),
            missing_facts=sorted(packs.compiled.facts[bit] for bit in bits_of(missing[n])),
            facts=to_kept(rows[n]),
            pack_set_id=set_hash,
            object_kind=one.object_kind,
            object_id=one.object_id,
            recipient_id=one.act.recipient_id,
            campaign_id=one.act.campaign_id,
            actor_id=scope.actor_id,
            decided_at=one.act.at,
            overrides=[waiver.id for waiver in overrides.get(n, ())],
        )
        for n, one in enumerate(asked)
    ]
    Decision.objects.bulk_create(decisions, batch_size=2_000)
    open_referrals(
        {
            (decision, asked[n].asked_at or decision.decided_at): referred_to(
                verdicts, n, _aside(overrides.get(n, ()))
            )
            for n, decision in enumerate(decisions)
            # At delivery nobody can wait for an answer any more: the act is held back.
            if decision.outcome == Decision.Outcome.REFER and stage == Decision.Stage.REQUEST
        }
    )
    return decisions


def _overridden(asked: Sequence[Asked], verdicts: Verdicts) -> dict[int, list[Waiver]]:
    """Set aside what somebody waived or approved, and tell which waivers mattered where."""
    stopped = [n for n in range(len(asked)) if verdicts.outcome[n]]
    if not stopped:
        return {}
    failed = {n: set(verdicts.rule_ids(n)) for n in stopped}
    objects = {i for i in (asked[n].object_id for n in stopped) if i is not None}
    known = waivers_for(set().union(*failed.values()), objects, at=max(one.act.at for one in asked))
    found: dict[int, list[Waiver]] = {}
    for n in stopped:
        one = asked[n]
        mine = [
            waiver
            for waiver in known
            if waiver.rule_id in failed[n]
            and covers(
                waiver,
                act_type=one.act.type,
                recipient_id=one.act.recipient_id,
                campaign_id=one.act.campaign_id,
                object_id=one.object_id,
            )
        ]
        if mine:
            found[n] = mine
    set_aside(verdicts, {n: _aside(mine) for n, mine in found.items()})
    return found


def _aside(waivers: Sequence[Waiver]) -> set[tuple[str, bool]]:
    return {(waiver.rule_id, waiver.only_undecided) for waiver in waivers}
