"""Labels, their versions compared, and whether claims still stand on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from entente.content.domain.labels import SectionChange, compare, current_number
from entente.content.models import Claim, ClaimGround, Label, LabelSection, LabelVersion


@dataclass(frozen=True)
class Standing:
    """Whether a claim still stands on the section that carried it.

    ``state`` is ``holds``, ``changed`` or ``gone``; ``now`` is the section of the version in
    force, and ``quote_stands`` tells whether the quoted words are still in it.
    """

    ground: ClaimGround
    state: str
    current: LabelVersion | None
    now: LabelSection | None
    quote_stands: bool

    @property
    def is_stale(self) -> bool:
        """Whether a person has to look at the claim again."""
        return self.state != "holds"


def label_rows(*, text: str = "") -> QuerySet[Label]:
    """Select labels with their product and how many versions are loaded."""
    found: QuerySet[Label] = Label.objects.select_related("product", "org").annotate(
        n_versions=Count("versions")
    )
    return found.filter(product__name__icontains=text) if text else found


def label(label_id: UUID) -> Label:
    """Give one label with its product.

    Raises
    ------
    Label.DoesNotExist
    """
    return Label.objects.select_related("product", "org").get(id=label_id)


def versions_of_label(label_id: UUID) -> list[LabelVersion]:
    """Give the versions of a label, the newest first."""
    return list(LabelVersion.objects.filter(label_id=label_id).order_by("-number"))


def version_numbered(label_id: UUID, number: int) -> LabelVersion:
    """Give one version of a label.

    Raises
    ------
    LabelVersion.DoesNotExist
    """
    # A number beyond the column's range is a version that does not exist.
    return LabelVersion.objects.get(label_id=label_id, number=min(max(number, 0), 2_000_000_000))


def in_force(versions: Iterable[LabelVersion], *, on: date) -> LabelVersion | None:
    """Give the version in force on a day among versions of one label."""
    known = list(versions)
    number = current_number(((v.number, v.effective_on) for v in known), on=on)
    return next((v for v in known if v.number == number), None)


def sections_of(version: LabelVersion) -> list[LabelSection]:
    """Give the sections of a version in the order of the label."""
    return list(version.sections.order_by("position"))


def compare_versions(before: LabelVersion, after: LabelVersion) -> list[SectionChange]:
    """Compare two versions of a label section by section."""
    rows = LabelSection.objects.filter(version__in=[before, after]).order_by("position")
    told: dict[UUID, dict[str, tuple[str, str]]] = {before.id: {}, after.id: {}}
    for row in rows:
        words = "\n".join(part for part in (row.text, row.highlight) if part)
        told[row.version_id][row.key] = (row.title, words)
    return compare(told[before.id], told[after.id])


def label_version_for(
    product_id: UUID | None, *, org_ids: Sequence[UUID], markets: Collection[str], on: date
) -> LabelVersion | None:
    """Give the label version by which a product is judged on a day; None if none is loaded.

    Parameters
    ----------
    org_ids : sequence of UUID
        Whose labels count, the first one first: a label that anybody else loaded does not.
    """
    if product_id is None:
        return None
    rows = LabelVersion.objects.filter(
        label__product_id=product_id, label__market__in=markets, org_id__in=org_ids
    ).select_related("label")
    known = list(rows)
    for org_id in org_ids:
        # Of two labels of one product the one that took effect last.
        labels = {v.label_id for v in known if v.org_id == org_id}
        current = [
            found
            for label_id in labels
            if (found := in_force((v for v in known if v.label_id == label_id), on=on))
        ]
        if current:
            return max(current, key=lambda v: (v.effective_on, v.number, v.id))
    return None


def standings(claim_ids: Collection[UUID], *, on: date) -> dict[UUID, Standing]:
    """Give for each claim that stands on a section whether it still does, in three queries."""
    grounds = list(
        ClaimGround.objects.filter(claim_id__in=claim_ids)
        .select_related("section__version__label")
        .order_by("claim_id", "-grounded_at", "-id")
        .distinct("claim_id")
    )
    if not grounds:
        return {}
    labels = {g.section.version.label_id for g in grounds}
    by_label: dict[UUID, list[LabelVersion]] = {}
    for version in LabelVersion.objects.filter(label_id__in=labels):
        by_label.setdefault(version.label_id, []).append(version)
    current = {label_id: in_force(found, on=on) for label_id, found in by_label.items()}
    sections = {
        (row.version_id, row.key): row
        for row in LabelSection.objects.filter(
            version__in=[v for v in current.values() if v], key__in={g.section.key for g in grounds}
        )
    }
    return {
        g.claim_id: _standing(g, current[g.section.version.label_id], sections) for g in grounds
    }


def _standing(
    ground: ClaimGround,
    current: LabelVersion | None,
    sections: dict[tuple[UUID, str], LabelSection],
) -> Standing:
    was = ground.section
    if current is None or current.number <= was.version.number:
        return Standing(ground, "holds", current, was, True)
    now = sections.get((current.id, was.key))
    if now is None:
        return Standing(ground, "gone", current, None, False)
    plain = " ".join(f"{now.text} {now.highlight}".split()).casefold()
    stands = " ".join(ground.quote.split()).casefold() in plain
    return Standing(
        ground, "holds" if now.text_hash == was.text_hash else "changed", current, now, stands
    )


def standing_of(claim_id: UUID, *, on: date) -> Standing | None:
    """Give whether one claim still stands; None if it never stood on a section."""
    return standings([claim_id], on=on).get(claim_id)


def claims_to_recheck(*, on: date, org_id: UUID) -> list[tuple[Claim, Standing]]:
    """Give the organisation's claims that a newer label touched, not yet confirmed again."""
    claims = {
        claim.id: claim
        for claim in Claim.objects.filter(
            org_id=org_id, withdrawn_at__isnull=True, grounds__isnull=False
        )
        .select_related("product")
        .distinct()
    }
    found = standings(claims.keys(), on=on)
    stale = [(claims[claim_id], each) for claim_id, each in found.items() if each.is_stale]
    return sorted(stale, key=lambda pair: (pair[0].text, pair[0].id))
