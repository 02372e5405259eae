"""How publications and what came of them are said: tones, amounts, rates, one line per day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from entente.engagement.domain.media_results import MEASURES, SPEND, Totals
from entente.engagement.domain.placements import CHANNELS
from entente.engagement.models import Placement, Send
from entente.engagement.reads import placements as reads
from entente.policy.reads.rules import titles_of_rules

TONES = {"planned": "neutral", "cleared": "info", "live": "ok", "ended": "neutral",
         "withdrawn": "bad"}  # fmt: skip
ICONS = {code: channel.icon for code, channel in CHANNELS.items()}


def dressed(
    rows: Sequence[Placement], at: datetime, totals: Mapping[UUID, Totals] | None = None
) -> Sequence[Placement]:
    """Put beside each placement its tone, why its content fell, and what came of it."""
    why = reads.fallen_of([row for row in rows if row.status != "withdrawn"], at)
    totals = totals if totals is not None else reads.totals_of(rows)
    for row in rows:
        row.fallen = why.get(row.id, "")  # type: ignore[attr-defined]
        row.must_go = bool(row.fallen) and row.status == "live"  # type: ignore[attr-defined]
        row.is_over = row.status == "live" and bool(row.to_on) and row.to_on < at.date()  # type: ignore[attr-defined, operator]
        row.tone = "bad" if row.must_go else TONES[row.status]  # type: ignore[attr-defined]
        row.icon = ICONS[row.channel]  # type: ignore[attr-defined]
        row.totals = totals[row.id]  # type: ignore[attr-defined]
    return rows


def share_of(bp: int | None) -> Decimal | None:
    """Give hundredths of a percent as a share, as the page writes percent."""
    return None if bp is None else Decimal(bp) / 10_000


def figures_of(row: Placement) -> dict[str, Any]:
    """Give what came of a placement as the page shows it."""
    totals: Totals = row.totals  # type: ignore[attr-defined]
    return {
        "counts": [
            (words, totals.counts[code])
            for code, (words, _) in MEASURES.items()
            if code in totals.counts
        ],
        "click_rate": share_of(totals.click_rate_bp),
        "completion_rate": share_of(totals.completion_rate_bp),
        "spent": share_of(totals.spent_bp),
        "over_minor": -totals.left_minor
        if totals.left_minor is not None and totals.left_minor < 0
        else None,
    }


def day_rows(row: Placement) -> dict[str, Any]:
    """Give the figures by day as a table with only the columns that anybody told."""
    days = reads.days_of(row)
    codes = [code for code in MEASURES if any(code in counts for _, counts in days)]
    return {
        "columns": [MEASURES[code][0] for code in codes],
        "has_spend": any(SPEND in counts for _, counts in days),
        "days": [
            (on, [(MEASURES[code][0], counts.get(code)) for code in codes], counts.get(SPEND))
            for on, counts in days
        ],
    }


def dressed_sends(sends: Sequence[Send]) -> Sequence[Send]:
    """Put beside each message that does not go the rule that kept it back."""
    titles = titles_of_rules()
    for each in sends:
        last = each.delivery_decision or each.decision
        each.rules = [titles.get(rule_id, rule_id) for rule_id in last.rule_ids]  # type: ignore[attr-defined]
    return sends
