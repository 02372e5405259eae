"""Ask the gate about acts: one click or a million, the same rules by the same code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from entente.foundation.access.scope import current_scope
from entente.foundation.facts import Act, gather
from entente.foundation.models import new_id
from entente.policy.actions.packs_in_force import in_force, keep_set
from entente.policy.domain.columns import Coder, FactTables, Table, column_of
from entente.policy.domain.evaluate import absent, judge
from entente.policy.domain.facts import FACTS
from entente.policy.domain.verdicts import OUTCOMES, Verdicts, bits_of
from entente.policy.facts_text import to_kept
from entente.policy.models import Decision


@dataclass(frozen=True)
class Asked:
    """An act, and the object on whose behalf the gate is asked."""

    act: Act
    object_kind: str = ""
    object_id: UUID | None = None


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
    if not asked:
        return []
    scope = current_scope()
    compiled, _, _ = in_force()
    rows = gather([one.act for one in asked])
    verdicts = judge_facts(compiled, rows)
    missing = absent(verdicts)
    set_hash = keep_set()
    decisions = [
        Decision(
            id=new_id(),
            org_id=scope.org_id,
            act_type=one.act.type,
            stage=stage,
            outcome=OUTCOMES[int(verdicts.outcome[n])],
            rule_ids=list(verdicts.rule_ids(n)),
            missing_facts=sorted(compiled.facts[bit] for bit in bits_of(missing[n])),
            facts=to_kept(rows[n]),
            pack_set_id=set_hash,
            object_kind=one.object_kind,
            object_id=one.object_id,
            recipient_id=one.act.recipient_id,
            campaign_id=one.act.campaign_id,
            actor_id=scope.actor_id,
            decided_at=one.act.at,
        )
        for n, one in enumerate(asked)
    ]
    Decision.objects.bulk_create(decisions, batch_size=2_000)
    return decisions
