"""A decision's reasons in the shape in which pages of all rooms show them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.urls import reverse

from entente.policy.models import Decision
from entente.policy.reads.decisions import explain
from entente.policy.reads.rules import rules


def reasons_of(row: Decision) -> list[dict[str, Any]]:
    """Give a decision's reasons for ``c-why``, the weightiest first.

    Each carries the address of its rule's page where the rule still stands.
    """
    # The rule as it was that day: it may have changed since.
    day = row.decided_at.date()
    known = {line.rule.id for line in rules(on=day)}
    return [
        {
            **asdict(reason),
            "clause_url": f"{reverse('policy:rule', args=[reason.rule_id])}?on={day}"
            if reason.rule_id in known
            else "",
        }
        for reason in explain(row)
    ]
