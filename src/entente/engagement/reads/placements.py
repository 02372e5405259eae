"""Publications on digital channels: found, judged as they stand now, added up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from entente.content.domain.performance import in_steps
from entente.content.reads.fallen import fallen, replaced_in
from entente.directory.domain.cohorts import LEAST
from entente.engagement.domain.media_results import LEVELS, SPEND, Totals, joined
from entente.engagement.domain.placements import TO_PERSONS
from entente.engagement.models import (
    MessageList,
    Placement,
    PlacementAnswer,
    PlacementFigure,
    Send,
)
from entente.foundation.access.scope import current_scope

KIND = "engagement.placement"
ORDER = ("-planned_at", "-id")
REPLACED = "In {markets} its content was replaced by a newer version."


@dataclass(frozen=True)
class MediaLine:
    """A media line of a campaign with its placements and what came of them together."""

    name: str
    n_placements: int
    totals: list[Totals]


def placements(
    *,
    status: str = "",
    channel: str = "",
    campaign_id: UUID | None = None,
    text: str = "",
) -> QuerySet[Placement]:
    """Select the placements that one may see, narrowed as asked; order them by ``ORDER``."""
    found: QuerySet[Placement] = Placement.objects.select_related("version__item", "campaign")
    found = found.prefetch_related("sides")
    if status:
        found = found.filter(status=status)
    if channel:
        found = found.filter(channel=channel)
    if campaign_id:
        found = found.filter(campaign_id=campaign_id)
    if text:
        found = found.filter(
            Q(outlet__icontains=text)
            | Q(reference__iexact=text)
            | Q(media_line__icontains=text)
            | Q(version__item__title__icontains=text)
        )
    return found


def placement(placement_id: UUID) -> Placement:
    """Give one placement that one may see.

    Raises
    ------
    Placement.DoesNotExist
    """
    return (
        Placement.objects.select_related("version__item", "campaign", "controller", "budget_line")
        .prefetch_related("sides")
        .get(id=placement_id)
    )


def fallen_of(rows: Iterable[Placement], at: datetime) -> dict[UUID, str]:
    """Say of placements whose content may not be shown any more why not; few queries for many."""
    found = list(rows)
    versions = {row.version_id for row in found}
    if not versions:
        return {}
    why, replaced = fallen(versions, at), replaced_in(versions, at)
    told: dict[UUID, str] = {}
    for row in found:
        gone = sorted(set(row.markets) & replaced.get(row.version_id, set()))
        if row.version_id in why:
            told[row.id] = why[row.version_id]
        elif gone:
            told[row.id] = REPLACED.format(markets=", ".join(gone))
    return told


def why_fallen(row: Placement, at: datetime) -> str:
    """Say why a placement's content may not be shown any more; empty while it may."""
    return fallen_of([row], at).get(row.id, "")


def take_downs(at: datetime, *, own: bool = True) -> list[tuple[Placement, str]]:
    """Give the live placements whose content fell, each with why; one's own, or all one sees.

    They stand here until somebody confirms that they are gone.
    """
    live = Placement.objects.filter(status=Placement.Status.LIVE).select_related("version__item")
    if own:
        live = live.filter(org_id=current_scope().org_id)
    rows = list(live.order_by("live_at", "id"))
    why = fallen_of(rows, at)
    return [(row, why[row.id]) for row in rows if row.id in why]


def past_their_day(on: date) -> list[Placement]:
    """Give one's own live placements whose last day is over."""
    return list(
        Placement.objects.filter(
            org_id=current_scope().org_id, status=Placement.Status.LIVE, to_on__lt=on
        )
        .select_related("version__item")
        .order_by("to_on", "id")
    )


def count_live(versions: Sequence[UUID]) -> int:
    """Count the placements with these versions that are live as far as one sees them."""
    return Placement.objects.filter(
        version_id__in=list(versions), status=Placement.Status.LIVE
    ).count()


def answers_of(placement_id: UUID) -> list[PlacementAnswer]:
    """Give what the gate said of a placement, the latest first."""
    found = PlacementAnswer.objects.filter(placement_id=placement_id)
    return list(found.order_by("-asked_at", "market", "-id"))


def totals_of(rows: Collection[Placement]) -> dict[UUID, Totals]:
    """Add up the figures of placements, with one query however many.

    Of a level the last day counts. Small numbers of people on another's list are told in steps.
    """
    standing = PlacementFigure.objects.filter(
        placement_id__in=[row.id for row in rows], replaced_at__isnull=True
    )
    counts: dict[UUID, dict[str, int]] = {}
    summed = (
        standing.exclude(what__in=LEVELS)
        .values_list("placement_id", "what")
        .annotate(total=Sum("amount"))
        .order_by()
    )
    for placement_id, what, total in summed:
        counts.setdefault(placement_id, {})[what] = int(total)
    levels = (
        standing.filter(what__in=LEVELS)
        .order_by("placement_id", "what", "-on")
        .distinct("placement_id", "what")
        .values_list("placement_id", "what", "amount")
    )
    for placement_id, what, amount in levels:
        counts.setdefault(placement_id, {})[what] = amount
    return {row.id: _totals(row, counts.get(row.id, {})) for row in rows}


def _totals(row: Placement, found: dict[str, int]) -> Totals:
    spend = found.pop(SPEND, None)
    shows_money = row.org_id == current_scope().org_id or row.shows_spend
    planned = row.planned_minor if shows_money else 0
    return Totals(row.currency, planned, _as_told(row, found), spend if shows_money else None)


def _as_told(row: Placement, counts: dict[str, int]) -> dict[str, int]:
    """Tell small numbers of people only to those whose list it is."""
    if row.org_id == current_scope().org_id or row.channel not in TO_PERSONS:
        return counts
    return in_steps(counts, LEAST)


def days_of(row: Placement, *, most: int = 400) -> list[tuple[date, dict[str, int]]]:
    """Give a placement's figures by day, the latest first; of another's list of people none."""
    if row.org_id != current_scope().org_id and row.channel in TO_PERSONS:
        return []
    found: dict[date, dict[str, int]] = {}
    figures = PlacementFigure.objects.filter(placement_id=row.id, replaced_at__isnull=True)
    for on, what, amount in figures.order_by("-on").values_list("on", "what", "amount"):
        if on not in found and len(found) == most:
            break
        found.setdefault(on, {})[what] = amount
    return list(found.items())


def corrections_of(row: Placement, *, most: int = 100) -> list[PlacementFigure]:
    """Give the figures that were told otherwise later, the last replaced first."""
    if row.org_id != current_scope().org_id and row.channel in TO_PERSONS:
        return []
    found = PlacementFigure.objects.filter(placement_id=row.id, replaced_at__isnull=False)
    return list(found.order_by("-replaced_at", "-on", "what")[:most])


def media_lines(rows: Sequence[Placement], totals: dict[UUID, Totals]) -> list[MediaLine]:
    """Add up placements by their media line, in the order of the lines' names."""
    groups: dict[str, list[Placement]] = {}
    for row in rows:
        groups.setdefault(row.media_line, []).append(row)
    return [
        MediaLine(name, len(groups[name]), joined(totals[row.id] for row in groups[name]))
        for name in sorted(groups, key=lambda each: (not each, each.casefold()))
    ]


def lists_of(placement_id: UUID) -> list[MessageList]:
    """Give the lists of a placement with how their messages stand, the latest first."""
    by_status = {
        f"n_{status}": Count("sends", filter=Q(sends__status=status))
        for status in Send.Status.values
    }
    found = MessageList.objects.filter(placement_id=placement_id)
    return list(found.annotate(n=Count("sends"), **by_status).order_by("-made_at", "-id"))


def message_list(list_id: UUID) -> MessageList:
    """Give one list of messages of the present organisation.

    Raises
    ------
    MessageList.DoesNotExist
    """
    return MessageList.objects.select_related("placement__version__item").get(id=list_id)


def left_out(list_id: UUID, *, most: int = 500) -> list[Send]:
    """Give those of a list who get nothing, with the gate's last answer."""
    found = Send.objects.filter(
        message_list_id=list_id,
        status__in=[Send.Status.FORBIDDEN, Send.Status.REFERRED, Send.Status.WITHHELD],
    )
    return list(found.select_related("hcp", "decision", "delivery_decision").order_by("id")[:most])
