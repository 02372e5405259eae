"""Decisions: what the gate answered, why, and whether it would answer the same again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.web.asked import day_of, id_of, one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of
from entente.policy import reads
from entente.policy.domain.facts import FACTS
from entente.policy.domain.roles import may_act_for
from entente.policy.domain.wording import show
from entente.policy.models import Decision, PackText
from entente.policy.reads.decisions import name_of_fact
from entente.policy.reads.reasons import reasons_of
from entente.policy.reads.rules import rules, titles_of_rules
from entente.policy.reads.waivers import overrides_of

ORDER = ("-decided_at", "-id")
ROOM_WORDS = {
    "action": "The act", "recipient": "Recipient", "consent": "Permission", "content": "Content",
    "product": "Product", "charter": "Charter", "campaign": "Campaign", "actor": "Who asks",
    "meal": "Meal", "event": "Event", "tally": "What went before", "suppression": "Stops",
}  # fmt: skip
ACTS = ("email", "call", "meal", "invitation", "item", "deal_registration", "payout")
HEAD = (
    "id",
    "decided_at",
    "act",
    "stage",
    "outcome",
    "rules",
    "missing_facts",
    "recipient",
    "campaign",
)


def _narrowed(request: HttpRequest) -> QuerySet[Decision]:
    found = reads.decisions(
        outcome=one_of(request, "outcome", Decision.Outcome.values),
        rule_id=text_of(request, "rule"),
        act_type=text_of(request, "act"),
        recipient_id=id_of(request, "recipient"),
        campaign_id=id_of(request, "campaign"),
    )
    since, until = day_of(request, "since"), day_of(request, "until")
    if since:
        found = found.filter(decided_at__gte=datetime.combine(since, time.min, UTC))
    if until:
        found = found.filter(decided_at__lte=datetime.combine(until, time.max, UTC))
    return found


def _exported(found: QuerySet[Decision]) -> HttpResponse:
    rows = (
        (
            row.id, row.decided_at, row.act_type, row.stage, row.outcome, ";".join(row.rule_ids),
            ";".join(row.missing_facts), row.recipient_id, row.campaign_id,
        )
        for row in found.iterator(2_000)
    )  # fmt: skip
    return csv_file("decisions", HEAD, rows, kind="policy.decision", at=datetime.now(UTC))


@page("decision.read")
def decisions(request: HttpRequest) -> HttpResponse:
    """List what the gate answered."""
    found = _narrowed(request)
    if request.GET.get("export") == "csv":
        return _exported(found)
    part = part_of(found.defer("facts"), ORDER, request.GET)
    titles = titles_of_rules()
    named = names_of(("hcp", row.recipient_id) for row in part.rows)
    recipient = id_of(request, "recipient")
    for row in part.rows:
        row.act = act_words(row.act_type)
        row.recipient = named.get(("hcp", row.recipient_id))
        row.rules = [(rule_id, titles.get(rule_id, "")) for rule_id in row.rule_ids]
    return render(
        request,
        "policy/decisions.html",
        {
            "part": part,
            "outcomes": Decision.Outcome.choices,
            "acts": [(act, act_words(act)) for act in ACTS],
            "rules": [(rule_id, f"{rule_id} · {title}") for rule_id, title in titles.items()],
            "recipient": names_of([("hcp", recipient)]).get(("hcp", recipient))
            if recipient
            else None,
        },
    )


def _facts(row: Decision) -> list[dict[str, Any]]:
    """Group the kept facts by what they are about, each with its meaning and unit."""
    groups: dict[str, list[dict[str, Any]]] = {}
    parties = row.facts.get("content.partner_approvals") or []
    named = names_of(("organisation", UUID(each)) for each in parties)
    known = {str(i): one.label for (_, i), one in named.items()}
    for name in sorted(row.facts):
        fact = FACTS.get(name)
        kept = {
            "name": name,
            "meaning": name_of_fact(name),
            "value": _shown(name, row.facts[name], row.facts, known),
            "is_hash": fact is not None and fact.unit == "SHA-256",
        }
        kept["unit"] = fact.unit if fact and fact.type == "integer" else ""
        groups.setdefault(ROOM_WORDS.get(name.split(".")[0], "Other"), []).append(kept)
    return [{"title": title, "facts": facts} for title, facts in groups.items()]


def act_words(act_type: str) -> str:
    """Write a kind of act as people do.

    Examples
    --------
    >>> act_words("email"), act_words("deal_registration")
    ('E-mail', 'Deal registration')
    """
    return "E-mail" if act_type == "email" else act_type.replace("_", " ").capitalize()


def _shown(name: str, value: Any, facts: Mapping[str, Any], known: Mapping[str, str]) -> str:
    """Write a kept value as a person reads it; ids of organisations by their names."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(known.get(str(each), str(each)) for each in value) or "none"
    fact = FACTS.get(name)
    if fact and fact.type == "date":
        return show("date", date.fromisoformat(value), facts)
    if fact and fact.type == "text" and fact.unit == "code":
        return show("text", value, facts)
    return show(fact.type, value, facts) if fact and isinstance(value, int) else str(value)


def _waivable(row: Decision, scope: Scope) -> str:
    """Give the rule that the reader could waive for this recipient, if there is one."""
    if row.outcome == Decision.Outcome.PERMIT or "waiver.write" not in scope.may:
        return ""
    for line in rules(on=row.decided_at.date()):
        by = line.rule.overridable_by
        if line.rule.id in row.rule_ids and by and may_act_for(by, scope.roles):
            return line.rule.id
    return ""


@page("decision.read")
def decision(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Show one answer: outcome, each rule that spoke, the facts, the packs."""
    row, scope = reads.decision(decision_id), current_scope()
    named = names_of([("hcp", row.recipient_id), (row.object_kind, row.object_id),
                      ("user", row.actor_id), ("alliances.campaign", row.campaign_id)])  # fmt: skip
    return render(
        request,
        "policy/decision.html",
        {
            "row": row,
            "act": act_words(row.act_type),
            "reasons": reasons_of(row),
            "facts": _facts(row),
            "aside": overrides_of(row),
            "waivable": _waivable(row, scope),
            "missing": [name_of_fact(name) for name in row.missing_facts],
            "packs": PackText.objects.filter(hash__in=row.pack_set.pack_hashes).order_by("pack"),
            "recipient": named.get(("hcp", row.recipient_id)) if row.recipient_id else None,
            "about": named.get((row.object_kind, row.object_id)) if row.object_id else None,
            "actor": named.get(("user", row.actor_id)) if row.actor_id else None,
            "campaign": named.get(("alliances.campaign", row.campaign_id))
            if row.campaign_id
            else None,
            "may_replay": "decision.replay" in current_scope().may,
            "trail": [{"label": "Decisions", "url": reverse("policy:decisions")}],
        },
    )


@page("decision.replay", methods=("POST",))
def replay(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Make a decision again from the facts and packs of then, and say whether it is the same."""
    row = reads.decision(decision_id)
    again = reads.replay(row)
    if again.same:
        messages.success(
            request, "Made again from the facts and rules of then: the answer is the same."
        )
    else:
        rules = ", ".join(again.rule_ids) or "no rule"
        messages.error(request, f"Made again, the answer differs: {again.outcome}, by {rules}.")
    return redirect("policy:decision", row.id)
