"""Find decisions, explain them, make them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import capfirst

from entente.policy.actions.packs_in_force import of_set
from entente.policy.domain.evaluate import judge_one
from entente.policy.domain.facts import FACTS
from entente.policy.domain.tree import facts_read
from entente.policy.domain.verdicts import Finding, Verdict
from entente.policy.domain.wording import show
from entente.policy.facts_text import from_kept
from entente.policy.models import Decision
from entente.policy.reads.trial import judged


def decision(decision_id: UUID) -> Decision:
    """Give a decision of the present organisation.

    Raises
    ------
    Decision.DoesNotExist
        Also when it belongs to another organisation.
    """
    return Decision.objects.select_related("pack_set").get(id=decision_id)


def decisions(
    *,
    outcome: str = "",
    rule_id: str = "",
    act_type: str = "",
    recipient_id: UUID | None = None,
    campaign_id: UUID | None = None,
) -> QuerySet[Decision]:
    """Give decisions, the latest first, narrowed as asked."""
    found = Decision.objects.order_by("-decided_at", "-id")
    if outcome:
        found = found.filter(outcome=outcome)
    if rule_id:
        found = found.filter(rule_ids__contains=[rule_id])
    if act_type:
        found = found.filter(act_type=act_type)
    if recipient_id:
        found = found.filter(recipient_id=recipient_id)
    if campaign_id:
        found = found.filter(campaign_id=campaign_id)
    return found


def verdict_again(row: Decision) -> Verdict:
    """Judge a decision's kept facts under the packs kept with it."""
    facts = from_kept(row.facts)
    return judge_one(of_set(row.pack_set_id), facts, facts["action.date"])


@dataclass(frozen=True)
class Explained:
    """One rule that did not pass, in the shape in which a page shows it."""

    rule_id: str
    title: str
    sentence: str
    outcome: str
    to: str
    citation: str
    basis: str
    state: str
    used: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    would_change: str


BASIS = {"law": "Law", "code": "Code of practice", "company": "Company rule"}


def _shown(name: str, value: Any, facts: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    fact = FACTS.get(name)
    return show(fact.type, value, facts) if fact else str(value)


def name_of_fact(name: str) -> str:
    """Give a fact's meaning in words, or its name where there is none."""
    fact = FACTS.get(name)
    # What null would mean is for those who write rules.
    return capfirst(fact.meaning.partition(";")[0]) if fact else name


def _explained(finding: Finding, row: Decision) -> Explained:
    rule = of_set(row.pack_set_id).rule(finding.rule_id)
    read = sorted(facts_read(rule.requires) | facts_read(rule.applies))
    known = from_kept(row.facts)
    used = tuple(
        (name_of_fact(name), _shown(name, known[name], known)) for name in read if name in known
    )
    return Explained(
        rule_id=finding.rule_id,
        title=finding.title,
        sentence=finding.message,
        outcome=finding.outcome,
        to=(finding.role or "").replace("_", " "),
        citation=finding.citation,
        basis=BASIS.get(finding.basis, finding.basis),
        state=finding.state,
        used=used,
        missing=tuple(name_of_fact(name) for name in finding.missing_facts),
        would_change="; ".join(finding.remedy),
    )


WORST_FIRST = {"FORBID": 0, "REFER": 1, "PERMIT": 2}


def explain(row: Decision) -> list[Explained]:
    """Give the reasons of a decision, the weightiest first."""
    found = [_explained(finding, row) for finding in verdict_again(row).findings]
    return sorted(found, key=lambda one: (WORST_FIRST[one.outcome], one.rule_id))


@dataclass(frozen=True)
class Replay:
    """A decision made again from what was kept."""

    outcome: str
    rule_ids: tuple[str, ...]
    same: bool


def replay(row: Decision) -> Replay:
    """Make a decision again, under the packs of then and with what people had set aside then."""
    ((outcome, rule_ids),) = judged([row], of_set(row.pack_set_id))
    same = outcome == row.outcome and list(rule_ids) == list(row.rule_ids)
    return Replay(outcome, rule_ids, same)
