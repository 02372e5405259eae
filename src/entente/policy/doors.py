"""What the room puts into the shell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import Scope
from entente.foundation.web import shelf
from entente.foundation.web.charts import Bar, bar_list
from entente.foundation.web.naming import Named, add_naming, names_of
from entente.policy.models import Decision, Referral, Waiver
from entente.policy.reads import own_audit_kinds

WEEK = timedelta(days=7)


def _compliance(scope: Scope) -> dict[str, Any]:
    from entente.policy.pages.decisions import act_words
    from entente.policy.reads.rules import titles_of_rules
    from entente.policy.reads.week import outcomes_since, refusals_by_rule

    since = datetime.now(UTC) - WEEK
    day, address = since.date(), reverse("policy:decisions")
    titles = titles_of_rules()
    bars = [
        Bar(
            titles.get(one.rule_id, one.rule_id),
            one.forbidden + one.referred,
            note=f"of which {one.referred} need a person" if one.referred else "",
            href=f"{address}?rule={one.rule_id}&since={day}",
            tone="bad" if one.forbidden else "warn",
        )
        for one in refusals_by_rule(since)
    ]
    latest = (
        Decision.objects.exclude(outcome="PERMIT").defer("facts").order_by("-decided_at", "-id")
    )
    shown = list(latest[:6])
    named = names_of(("hcp", row.recipient_id) for row in shown)
    for row in shown:
        row.act = act_words(row.act_type)  # type: ignore[attr-defined]
        row.to = named.get(("hcp", row.recipient_id)) if row.recipient_id else None  # type: ignore[attr-defined]
        row.first_rule = titles.get(row.rule_ids[0], row.rule_ids[0]) if row.rule_ids else ""  # type: ignore[attr-defined]
    return {
        "outcomes": outcomes_since(since),
        "since": day,
        "drawing": bar_list("Refused or referred in seven days", bars) if bars else "",
        "latest": shown,
        "titles": titles,
    }


def _referrals(scope: Scope) -> dict[str, Any]:
    from entente.policy.pages.referrals import my_referrals

    return my_referrals(scope)


def _find_rules(text: str, limit: int) -> Sequence[shelf.Hit]:
    from entente.policy.reads.rules import rules

    return [
        shelf.Hit(
            line.rule.title, line.rule.id, reverse("policy:rule", args=[line.rule.id]), "book-open"
        )
        for line in rules(text=text)[:limit]
    ]


def _decisions(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = Decision.objects.filter(id__in=ids).values_list("id", "act_type", "outcome")
    words = dict(Decision.Outcome.choices)
    return {
        i: Named(
            f"{act.replace('_', ' ')}: {words[outcome].lower()}",
            reverse("policy:decision", args=[i]),
        )
        for i, act, outcome in rows
    }


def _referred(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = Referral.objects.filter(id__in=ids).values_list("id", "decision__act_type", "role")
    return {
        i: Named(f"{act.replace('_', ' ')}, for {role}", reverse("policy:referral", args=[i]))
        for i, act, role in rows
    }


def _waived(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = Waiver.objects.filter(id__in=ids).values_list("id", "rule_id", "granted_by_name")
    return {
        i: Named(f"{rule_id}, by {name}", reverse("policy:waivers")) for i, rule_id, name in rows
    }


def _training(scope: Scope) -> dict[str, Any]:
    from entente.policy.reads.courses import my_training

    on = datetime.now(UTC).date()
    return {"needed": [one for one in my_training(scope, on) if one.needs_doing]}


def _audit_actions(scope: Scope) -> dict[str, Any]:
    from entente.policy.reads.audits import my_actions

    return {"actions": list(my_actions(scope)[:6]), "today": datetime.now(UTC).date()}


def _audits(scope: Scope) -> dict[str, Any]:
    from entente.policy.reads import audits

    on = datetime.now(UTC).date()
    return {
        "undrawn": audits.to_draw(on)[:6],
        "n_items": audits.items(answer="").count(),
        "n_late": audits.actions(standing="late", on=on).count(),
        "n_to_verify": audits.actions(standing="done", on=on).count(),
    }


shelf.add_menu(
    shelf.MenuEntry(90, "Decisions", "policy:decisions", "shield-check", "decision.read")
)
shelf.add_menu(shelf.MenuEntry(88, "Referrals", "policy:referrals", "gavel", "referral.answer"))
shelf.add_menu(shelf.MenuEntry(92, "Rules", "policy:rules", "book-open", "policy.read"))
shelf.add_home(
    shelf.HomePanel(10, frozenset({Role.COMPLIANCE}), "policy/home_compliance.html", _compliance)
)
shelf.add_home(
    shelf.HomePanel(
        15,
        frozenset(
            {
                Role.COMPLIANCE,
                Role.REVIEWER,
                Role.PRIVACY,
                Role.FINANCE,
                Role.ALLIANCE_MANAGER,
                Role.PARTNER_MARKETER,
                Role.PARTNER_ADMINISTRATOR,
            }
        ),
        "policy/home_referrals.html",
        _referrals,
    )
)
shelf.add_search(shelf.Search(80, "Rules", "policy.read", _find_rules))
add_naming("policy.decision", _decisions)
add_naming("policy.referral", _referred)
add_naming("policy.waiver", _waived)
own_audit_kinds.register()
EVERYBODY = frozenset(Role)
shelf.add_menu(
    shelf.MenuEntry(93, "Training", "policy:training", "graduation-cap", "training.take")
)
shelf.add_menu(shelf.MenuEntry(94, "Audits", "policy:audits", "clipboard-check", "audit.read"))
shelf.add_home(shelf.HomePanel(1, EVERYBODY, "policy/home_training.html", _training))
shelf.add_home(shelf.HomePanel(2, EVERYBODY, "policy/home_audit_actions.html", _audit_actions))
shelf.add_home(
    shelf.HomePanel(16, frozenset({Role.COMPLIANCE}), "policy/home_audits.html", _audits)
)
