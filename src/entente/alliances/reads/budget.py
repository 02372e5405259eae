"""What a campaign costs and who bears it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from entente.alliances.domain.funding import split_line
from entente.alliances.models import BudgetLine, Campaign
from entente.foundation.domain.money import MoneyError


@dataclass(frozen=True)
class LineSplit:
    """A budget line with what each side bears of its estimate and its actual."""

    line: BudgetLine
    payer_name: str
    estimate: dict[str, int]
    actual: dict[str, int]
    problem: str = ""


@dataclass(frozen=True)
class SideTotal:
    """What one side bears in all, what it has paid, and what it owes (or is owed) at the end."""

    org_id: UUID
    name: str
    estimate_minor: int
    actual_minor: int
    paid_minor: int

    @property
    def owes_minor(self) -> int:
        """Positive: it has to pay this to the others; negative: it gets this back."""
        return self.actual_minor - self.paid_minor

    @property
    def gets_minor(self) -> int:
        """What it gets back, the other way of saying it."""
        return -self.owes_minor


@dataclass(frozen=True)
class Budget:
    """All lines of a campaign, split by side; amounts in minor units of its currency."""

    currency: str
    ceiling_minor: int
    lines: list[LineSplit] = field(default_factory=list)
    sides: list[SideTotal] = field(default_factory=list)

    @property
    def estimate_minor(self) -> int:
        """Sum of all estimates."""
        return sum(split.line.estimate_minor for split in self.lines)

    @property
    def committed_minor(self) -> int:
        """Sum of all commitments."""
        return sum(split.line.committed_minor for split in self.lines)

    @property
    def actual_minor(self) -> int:
        """Sum of all actuals."""
        return sum(split.line.actual_minor for split in self.lines)


def line(line_id: UUID) -> BudgetLine:
    """Give one budget line.

    Raises
    ------
    BudgetLine.DoesNotExist
    """
    return BudgetLine.objects.get(id=line_id)


def media_lines_of(campaign_ids: Collection[UUID]) -> list[BudgetLine]:
    """Give the media lines of some campaigns, in the order in which they were written."""
    found = BudgetLine.objects.filter(
        campaign_id__in=list(campaign_ids), category=BudgetLine.Category.MEDIA
    )
    return list(found.order_by("campaign_id", "id"))


def budget(campaign: Campaign) -> Budget:
    """Split every line of a campaign among its sides, exactly; two queries."""
    names = {str(side.org_id): side.name for side in campaign.sides.all()}
    parties = sorted(names)
    splits = []
    for line in campaign.budget_lines.order_by("category", "id"):
        estimate, problem = _split(line, line.estimate_minor, parties)
        actual, _ = _split(line, line.actual_minor, parties)
        splits.append(LineSplit(line, names.get(str(line.payer_id), ""), estimate, actual, problem))
    sides = [
        SideTotal(
            org_id=UUID(party),
            name=names[party],
            estimate_minor=sum(split.estimate[party] for split in splits),
            actual_minor=sum(split.actual[party] for split in splits),
            paid_minor=sum(
                split.line.actual_minor for split in splits if str(split.line.payer_id) == party
            ),
        )
        for party in sorted(parties, key=lambda p: names[p])
    ]
    return Budget(campaign.currency, campaign.ceiling_minor, splits, sides)


def _split(line: BudgetLine, amount_minor: int, parties: list[str]) -> tuple[dict[str, int], str]:
    try:
        return split_line(amount_minor, line.rule, line.shares, parties), ""
    except MoneyError as problem:
        # Only an actual above all caps gets here: the payer bears it until the sides agree.
        parts = dict.fromkeys(parties, 0)
        parts[str(line.payer_id)] = amount_minor
        return parts, str(problem)
