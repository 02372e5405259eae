"""Lanes: raise one, keep the matrix, sample the fast lane."""

from __future__ import annotations

import random
from datetime import date, datetime
from uuid import UUID

from entente.content.actions.who import acting_name
from entente.content.domain.lanes import ORDER, Lane, due_on
from entente.content.domain.panels import functions_for
from entente.content.domain.states import Status
from entente.content.models import LaneCell, Raise, Sample, Version
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock

SAMPLE_SHARE = 10
"""One of so many versions of the fast lane is reviewed again each month."""


def raise_lane(version_id: UUID, *, lane: str, reason: str, at: datetime) -> Raise:
    """Put a version in review into a stricter lane; the panel grows, nobody leaves it.

    Any party's reviewer may. Writes the raise and one ledger entry.

    Raises
    ------
    UserError
        If the lane is not stricter, no reason is given, or the version is not in review.
    """
    scope = current_scope()
    scope.require("content.review")
    lock(f"content.version:{version_id}")
    version = Version.objects.select_related("item").get(id=version_id)
    if lane not in set(Lane):
        raise UserError("choose a lane", field="lane")
    if version.status != Status.IN_REVIEW:
        raise UserError("this version is not in review")
    if ORDER.index(Lane(lane)) <= ORDER.index(Lane(version.lane)):
        raise UserError("a lane is only ever raised", field="lane")
    if not reason.strip():
        raise UserError("say what makes it need more review", field="reason")
    panel = functions_for(Lane(lane), version.markets, version.item.kind)
    partners = [version.org_id, *version.item.sides.values_list("org_id", flat=True)]
    other = next((each for each in partners if each != scope.org_id), None)
    made = Raise.objects.create(
        org_id=scope.org_id,
        item=version.item,
        version=version,
        lane=lane,
        panel=[each.value for each in panel],
        due_on=due_on(Lane(lane), at.date(), is_urgent=bool(version.urgent_because)),
        reason=reason.strip(),
        by_name=acting_name(),
        raised_at=at,
    )
    details = {"from": version.lane, "to": lane}
    ledger.append(
        ledger.Entry(
            "content.lane.raised", "content.version", version.id, details, counterparty=other
        ),
        at=at,
    )
    return made


def set_lane_cell(
    *,
    lane: str,
    reason: str,
    at: datetime,
    audience: str = "",
    channel: str = "",
    claim_type: str = "",
    country: str = "",
) -> LaneCell:
    """Ask for at least a lane for some material of the company, in place of an earlier cell.

    Writes the cell, ends the earlier one, and one ledger entry.

    Raises
    ------
    UserError
        If the lane is green, which asks for nothing, or no reason is given.
    """
    scope = current_scope()
    scope.require("panel.write")
    if lane not in {Lane.AMBER, Lane.RED}:
        raise UserError("a cell asks for amber or red", field="lane")
    if not reason.strip():
        raise UserError("give the reason that authors will read", field="reason")
    place = {
        "audience": audience,
        "channel": channel,
        "claim_type": claim_type,
        "country": country,
    }
    LaneCell.objects.filter(org_id=scope.org_id, to_at__isnull=True, **place).update(to_at=at)
    cell = LaneCell.objects.create(
        org_id=scope.org_id, lane=lane, reason=reason.strip(), from_at=at, **place
    )
    ledger.append(
        ledger.Entry(
            "content.lane_cell.set", "content.lane_cell", cell.id, {**place, "lane": lane}
        ),
        at=at,
    )
    return cell


def end_lane_cell(cell_id: UUID, *, at: datetime) -> None:
    """Stop asking for a lane."""
    scope = current_scope()
    scope.require("panel.write")
    cell = LaneCell.objects.select_for_update().get(id=cell_id, org_id=scope.org_id)
    if cell.to_at:
        raise UserError("the cell has ended already")
    cell.to_at = at
    cell.save(update_fields=["to_at"])
    ledger.append(ledger.Entry("content.lane_cell.ended", "content.lane_cell", cell.id), at=at)


def draw_samples(month: date, *, at: datetime, seed: int | None = None) -> list[Sample]:
    """Draw a tenth of what the fast lane released in a month, at least one, once per month.

    Parameters
    ----------
    month : date
        Any day of it.
    seed : int, optional
        For tests; otherwise nobody can tell beforehand what is drawn.
    """
    scope = current_scope()
    first = month.replace(day=1)
    lock(f"content.sample:{scope.org_id}:{first}")
    if Sample.objects.filter(org_id=scope.org_id, month=first).exists():
        return []
    released = list(
        Version.objects.filter(
            org_id=scope.org_id,
            lane=Lane.GREEN,
            approved_at__year=first.year,
            approved_at__month=first.month,
        ).order_by("id")
    )
    if not released:
        return []
    # Unlike a seed, the system's own chance cannot be foretold by whoever writes the versions.
    chance = random.Random(seed) if seed is not None else random.SystemRandom()  # noqa: S311
    drawn = chance.sample(released, -(-len(released) // SAMPLE_SHARE))
    made = Sample.objects.bulk_create(
        Sample(org_id=scope.org_id, version=version, month=first, drawn_at=at)
        for version in sorted(drawn, key=lambda each: each.id)
    )
    ledger.append(
        ledger.Entry(
            "content.samples.drawn",
            "content.sample",
            made[0].id,
            {"month": first, "of": len(released), "drawn": len(made)},
        ),
        at=at,
    )
    return made


def judge_sample(sample_id: UUID, *, verdict: str, finding: str, at: datetime) -> Sample:
    """Say whether the fast lane was right about a version; a miss closes the lane.

    Raises
    ------
    UserError
        If it was judged already, a miss has no finding, or one judges one's own work.
    """
    scope = current_scope()
    scope.require("content.review")
    sample = Sample.objects.select_for_update().get(id=sample_id, org_id=scope.org_id)
    if sample.verdict:
        raise UserError("this sample is judged already")
    if verdict not in {"ok", "miss"}:
        raise UserError("choose what you found", field="verdict")
    if verdict == "miss" and not finding.strip():
        raise UserError("say what the fast lane missed", field="finding")
    version = sample.version
    signed = version.approvals.filter(person_key=scope.person_key).exists()
    if scope.person_key and (signed or scope.person_key in version.author_keys):
        raise UserError("you wrote or approved it, so somebody else judges it")
    sample.verdict, sample.finding = verdict, finding.strip()
    sample.by_name, sample.judged_at = acting_name(), at
    sample.save(update_fields=["verdict", "finding", "by_name", "judged_at"])
    ledger.append(
        ledger.Entry("content.sample.judged", "content.version", version.id, {"verdict": verdict}),
        at=at,
    )
    return sample


def reopen_fast_lane(sample_id: UUID, *, mended: str, at: datetime) -> Sample:
    """Open the fast lane again after a miss, saying what was mended."""
    scope = current_scope()
    scope.require("panel.write")
    sample = Sample.objects.select_for_update().get(id=sample_id, org_id=scope.org_id)
    if sample.verdict != "miss" or sample.reopened_at:
        raise UserError("this sample closes nothing")
    if not mended.strip():
        raise UserError("say what was mended", field="mended")
    sample.reopened_at, sample.mended = at, mended.strip()
    sample.save(update_fields=["reopened_at", "mended"])
    ledger.append(ledger.Entry("content.fast_lane.reopened", "content.sample", sample.id), at=at)
    return sample
