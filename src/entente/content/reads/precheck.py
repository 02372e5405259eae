"""The pre-check of a version: against which label, with what found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from entente.content.check_packs import load_check_pack
from entente.content.domain.checks import Finding, Material
from entente.content.domain.precheck.label_text import LabelText, read_text
from entente.content.domain.precheck.pack import CheckPack
from entente.content.domain.precheck.run import as_findings, precheck
from entente.content.domain.precheck.subject import Found, Subject, UsedClaim
from entente.content.models import Claim, LabelSection, LabelVersion, PrecheckRun, Version
from entente.content.reads.labels import label_version_for, standings
from entente.content.reads.studies import resting


@dataclass(frozen=True)
class Precheck:
    """What was found, by which pack, against which label."""

    found: Sequence[Found]
    pack: CheckPack
    label_version: LabelVersion | None

    def answers(self) -> list[Finding]:
        """Give one answer per check that found something."""
        return as_findings(self.found, self.pack)

    def told(self) -> list[dict[str, Any]]:
        """Give the findings as JSON keeps them."""
        return [each.told() for each in self.found]

    def count(self, severity: str) -> int:
        """Count findings of one severity."""
        return sum(each.severity == severity for each in self.found)


def run_over(
    version: Version, material: Material, claims: Sequence[Claim], *, today: date
) -> Precheck:
    """Run the pack over a version as of a day.

    The label is the one that the item's owner loaded, else that of the product's owner.
    """
    item = version.item
    owners = [version.org_id, *([item.product.org_id] if item.product else [])]
    label_version = label_version_for(
        item.product_id,
        org_ids=list(dict.fromkeys(owners)),
        markets=version.markets,
        on=today,
    )
    ids = [claim.id for claim in claims]
    states, studies = (standings(ids, on=today), resting(ids)) if ids else ({}, {})
    used = [
        UsedClaim(
            c.text,
            c.in_label,
            states[c.id].state if c.id in states else "",
            fallen=studies[c.id].said if c.id in studies else "",
            has_support=c.id not in studies or studies[c.id].has_support,
        )
        for c in claims
    ]
    pack = load_check_pack()
    label = label_text(label_version, pack) if label_version else None
    return Precheck(precheck(Subject(material, label, used), pack), pack, label_version)


def label_text(version: LabelVersion, pack: CheckPack) -> LabelText:
    """Give a label version as the checks read it.

    Versions and their sections never change, so that one in the process is kept.
    """
    return _text_of(version.id, pack.hash)


@lru_cache(maxsize=32)
def _text_of(version_id: UUID, pack_hash: str) -> LabelText:
    pack = load_check_pack()
    version = LabelVersion.objects.select_related("label__product").get(id=version_id)
    label = version.label
    rows = LabelSection.objects.filter(version=version).order_by("position")
    return read_text(
        [(r.code, r.parent, r.title, f"{r.text}\n{r.highlight}", r.key) for r in rows],
        product_names=[label.product.name, *label.product_names, *label.substances],
        number=version.number,
        lexicon=pack.lists.lexicon,
        forbids=pack.lists["forbids"],
    )


def kept_run(version: Version) -> PrecheckRun | None:
    """Give the run that was kept when the version was submitted, over the bytes it has."""
    return (
        PrecheckRun.objects.filter(version=version, content_hash=version.content_hash)
        .select_related("label_version__label")
        .order_by("-ran_at", "-id")
        .first()
    )
