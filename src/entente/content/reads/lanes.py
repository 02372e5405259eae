"""What the lane of a version depends on, gathered in a few queries."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from entente.content.domain.lanes import WORKDAYS, Computed, Lane, LaneFacts, LaneRule, lane_of
from entente.content.domain.modules import ModuleKind, Part, unchanged, words_outside
from entente.content.domain.states import Status
from entente.content.models import Claim, ItemSide, LaneCell, Sample, Version
from entente.content.reads.modules import parts_of
from entente.content.reads.parts import tool_hashes
from entente.foundation.access.scope import current_scope


def last_released(version: Version) -> Version | None:
    """Give the version of the same item that was released last before this one."""
    return (
        Version.objects.filter(item_id=version.item_id, approved_at__isnull=False)
        .exclude(id=version.id)
        .order_by("-approved_at")
        .first()
    )


def lane_facts(version: Version) -> LaneFacts:
    """Gather what the lane of a version depends on."""
    item, parts = version.item, parts_of(version)
    modules = {part.version: part for part in parts}
    built_in = list(Version.objects.filter(id__in=list(modules)))
    before = last_released(version)
    claims = list(Claim.objects.filter(uses__version=version))
    return LaneFacts(
        kind=item.kind,
        audiences=version.audiences,
        channels=version.channels,
        markets=version.markets,
        claim_types=sorted({claim.kind for claim in claims}),
        words_outside_modules=not parts or bool(words_outside(version.html, version.text, parts)),
        modules_changed=not all(unchanged(version.html, parts)),
        modules_unapproved=any(m.status != "approved" for m in built_in),
        modules_out_of_date=any(_last_day(m) < version.expires_on for m in built_in),
        outside_their_scope=any(not _covers(m, version) for m in built_in),
        **_against(before, parts, item.kind),
        translated=item.translated_from_id is not None,
        new_claims=_new_claims(claims, version),
        new_indications=_new_indications(claims, version),
        comparative=any(claim.kind == Claim.Kind.COMPARATIVE for claim in claims)
        or "other_brands" in (version.holds or []),
        interactive_changed=_new_tools(version),
        cobrand_first_use=item.cobranded and not _carried_before(version),
    )


def _last_day(module: Version) -> date:
    return module.released_until or module.expires_on


def _covers(module: Version, version: Version) -> bool:
    return (
        set(version.markets) <= set(module.released_markets or module.markets)
        and set(version.audiences) <= set(module.released_audiences or module.audiences)
        and set(version.channels) <= set(module.released_channels or module.channels)
    )


def _against(before: Version | None, parts: list[Part], kind: str) -> dict[str, bool]:
    """Compare the arrangement with that of the last release."""
    safety = [part.version for part in parts if part.kind == ModuleKind.SAFETY]
    if before is None:
        return {"balance_changed": kind == "promo" and not safety}
    earlier = parts_of(before)
    now, then = [p.module for p in parts], [p.module for p in earlier]
    return {
        "resequenced": sorted(now) == sorted(then) and now != then,
        "resized": sorted(now) != sorted(then),
        "balance_changed": safety
        != [part.version for part in earlier if part.kind == ModuleKind.SAFETY],
    }


def _new_claims(claims: list[Claim], version: Version) -> list[str]:
    released = Claim.objects.filter(
        id__in=[c.id for c in claims],
        uses__version__approved_at__isnull=False,
        uses__org_id=version.org_id,
    ).values_list("id", flat=True)
    known = set(released)
    return [claim.text for claim in claims if claim.id not in known]


def _new_indications(claims: list[Claim], version: Version) -> list[str]:
    wanted = {claim.indication for claim in claims} - {""}
    product_id = version.item.product_id
    if not wanted or product_id is None:
        return sorted(wanted)
    released = Claim.objects.filter(
        indication__in=wanted,
        product_id=product_id,
        uses__version__approved_at__isnull=False,
        uses__org_id=version.org_id,
    ).values_list("indication", flat=True)
    return sorted(wanted - set(released))


def _new_tools(version: Version) -> bool:
    """Tell whether it holds a tool that no released version of the item held to the letter."""
    now = set(tool_hashes(version))
    if not now:
        return False
    before = last_released(version)
    return not (before and now <= set(tool_hashes(before)))


def _carried_before(version: Version) -> bool:
    partners = set(version.item.sides.values_list("org_id", flat=True))
    released = Version.objects.filter(
        org_id=version.org_id, approved_at__isnull=False, item__cobranded=True
    ).exclude(id=version.id)
    sides: dict[object, set[object]] = {}
    for item_id, org_id in ItemSide.objects.filter(item__versions__in=released).values_list(
        "item_id", "org_id"
    ):
        sides.setdefault(item_id, set()).add(org_id)
    return any(partners == each for each in sides.values())


def matrix_cells(org_id: UUID, *, at: datetime) -> list[LaneCell]:
    """Give the cells of a company's lane matrix at a moment, the strictest first."""
    cells = LaneCell.objects.filter(org_id=org_id, from_at__lte=at).exclude(to_at__lte=at)
    return sorted(cells, key=lambda c: (-list(Lane).index(Lane(c.lane)), c.audience, c.country))


def fast_lane_closed(org_id: UUID) -> str:
    """Say why a company's fast lane is closed, or nothing while it is open."""
    missed = (
        Sample.objects.filter(org_id=org_id, verdict="miss", reopened_at__isnull=True)
        .order_by("judged_at")
        .first()
    )
    if missed is None:
        return ""
    return f"The fast lane is closed since a sample of {missed.month:%B %Y} found: {missed.finding}"


def lane_for(version: Version, *, at: datetime) -> Computed:
    """Compute the lane of a version with its company's matrix."""
    rules = [
        LaneRule(Lane(c.lane), c.audience, c.channel, c.claim_type, c.country, c.reason)
        for c in matrix_cells(version.org_id, at=at)
    ]
    return lane_of(lane_facts(version), rules, green_suspended=fast_lane_closed(version.org_id))


def review_workdays(version: Version, *, at: datetime) -> int:
    """Give the working days that the review of a version takes; none once it is released.

    A draft is judged as it stands. What one does not write oneself is taken for the full panel
    until it is submitted, since its company's matrix is not read here.
    """
    if version.status == Status.APPROVED:
        return 0
    if version.lane:
        return WORKDAYS[Lane(version.lane)]
    if version.org_id != current_scope().org_id:
        return WORKDAYS[Lane.RED]
    return WORKDAYS[lane_for(version, at=at).lane]


def sample_rows() -> QuerySet[Sample]:
    """Select the samples of one's company."""
    return Sample.objects.filter(org_id=current_scope().org_id).select_related("version__item")


def samples(*, limit: int = 50) -> list[Sample]:
    """Give the samples of one's company, the latest month first."""
    return list(sample_rows().order_by("-month", "id")[:limit])
