"""Rules: what both organisations stand under, with clause, figures and tried cases."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from entente.foundation.access.scope import current_scope
from entente.foundation.web.asked import day_of, one_of, text_of
from entente.foundation.web.doors import page
from entente.policy.domain.packs import DatedValue, Parameter
from entente.policy.domain.wording import PLACEHOLDER, show
from entente.policy.reads import rules as reads
from entente.policy.reads.decisions import name_of_fact
from entente.policy.reads.week import fired_since

FIRED_WITHIN = timedelta(days=90)
PLACES = {
    "any": "Everywhere", "US": "United States", "EU": "European Union", "GB": "United Kingdom",
    "UK": "United Kingdom", "IN": "India", "FR": "France", "AU": "Australia", "CA": "Canada",
    "JP": "Japan",
}  # fmt: skip
CURRENCIES = ("USD", "EUR", "INR", "GBP", "JPY")


@page("policy.read")
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules of the packs in force."""
    today = datetime.now(UTC).date()
    packs = reads.packs(today)
    jurisdictions = sorted({pack.jurisdiction for pack in packs})
    fired = fired_since(datetime.now(UTC) - FIRED_WITHIN)
    found = reads.rules(
        on=today,
        jurisdiction=one_of(request, "jurisdiction", jurisdictions),
        text=text_of(request, "q"),
        pack_id=one_of(request, "pack", [pack.id for pack in packs]),
        severity=one_of(request, "severity", reads.SEVERITY_WORDS),
        basis=one_of(request, "basis", reads.BASIS_WORDS),
    )
    return render(
        request,
        "policy/rules.html",
        {
            "lines": [(line, line.holds_on(today), fired.get(line.rule.id, 0)) for line in found],
            "jurisdictions": [(each, PLACES.get(each, each)) for each in jurisdictions],
            "packs": packs,
            "pack_options": [(pack.id, pack.title) for pack in packs],
            "severities": list(reads.SEVERITY_WORDS.items()),
            "bases": list(reads.BASIS_WORDS.items()),
            "n": len(found),
        },
    )


def _figure(parameter: Parameter, dated: DatedValue) -> list[tuple[str, str]]:
    # The unit names the currency of an amount: "USD cents per head".
    currency = parameter.unit.split()[0] if parameter.unit.split()[0] in CURRENCIES else None
    facts = {"action.currency": currency}
    if dated.keyed:
        return [(key, show(parameter.type, value, facts)) for key, value in dated.keyed]
    return [("", show(parameter.type, dated.value, facts))]


def _message(line: reads.RuleLine) -> str:
    """Write a rule's message without an act: what it would fill in stands in brackets."""

    def named(found: re.Match[str]) -> str:
        name = found.group(1)
        if name.startswith(":"):
            return f"[{line.pack.parameters[name[1:]].meaning.lower()}]"
        return f"[{name_of_fact(name).lower()}]"

    return PLACEHOLDER.sub(named, line.rule.messages["en"])


@page("policy.read")
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """Show one rule: what it asks, its figures by date, and its cases, run now."""
    now = datetime.now(UTC)
    day = day_of(request, "on") or now.date()
    try:
        line = reads.rule(rule_id, day)
    except reads.NoRule:
        raise Http404 from None
    figures = [
        (parameter, [(dated, _figure(parameter, dated)) for dated in parameter.values])
        for parameter in reads.parameters_of(line)
    ]
    tried = reads.tried(line)
    decisions = f"{reverse('policy:decisions')}?rule={rule_id}"
    return render(
        request,
        "policy/rule.html",
        {
            "line": line,
            "rule": line.rule,
            "pack": line.pack,
            "figures": figures,
            "facts": reads.facts_of(line),
            "tried": tried,
            "all_ok": all(one.ok for one in tried),
            "message": _message(line),
            "day": None if day == now.date() else day,
            "n_fired": fired_since(now - FIRED_WITHIN).get(rule_id, 0),
            "questions": [item for item in line.pack.checklist if item.id.startswith(rule_id)],
            "decisions_url": decisions if "decision.read" in current_scope().may else "",
            "trail": [{"label": "Rules", "url": reverse("policy:rules")}],
        },
    )
