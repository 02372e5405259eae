"""Load labels, say on which section a claim stands, and flag what a newer version touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from entente.content.adapters.spl import read_label
from entente.content.domain.labels import LabelFile
from entente.content.models import (
    Claim,
    ClaimGround,
    ClaimRecheck,
    Label,
    LabelSection,
    LabelVersion,
)
from entente.content.reads.labels import claims_to_recheck, in_force, standing_of
from entente.directory import reads as directory
from entente.foundation import ledger, outbox
from entente.foundation.access.scope import Scope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage, User

SUPERSEDED = "content.label.superseded"


@dataclass(frozen=True)
class LabelLoad:
    """What came of a file: whether it is new and in force, and how many claims it touches."""

    version: LabelVersion
    is_new: bool
    is_current: bool
    n_sections: int
    n_flagged: int


def load_label(
    source: Path | bytes, *, product_id: UUID, at: datetime, other_name: bool = False
) -> LabelLoad:
    """Load one version of a product's label, and flag the claims that it touches.

    The same file again changes nothing. An older version may come later; it does not become
    the current one. Writes label, version, sections and one ledger entry.

    Parameters
    ----------
    source : Path or bytes
        SPL XML, plain or packed with gzip.
    other_name : bool
        Load it although the label names no product like this one.

    Raises
    ------
    UserError
        If the file is no label, is another product's, or has other bytes than the version
        of the same number that is already here.
    Product.DoesNotExist
    """
    scope = current_scope()
    scope.require("content.write")
    product = directory.product(product_id)
    file = read_label(source)
    lock(f"content.label:{scope.org_id}:{file.set_id}")
    label = _label_of(file, product.id, product.name, other_name=other_name)
    known = label.versions.filter(number=file.number).first()
    if known is not None:
        if known.file_hash != file.file_hash:
            raise UserError(
                f"version {file.number} of this label was loaded on {known.loaded_at:%Y-%m-%d} from"
                " a file with other words; a publisher gives a changed label a new number:"
                " find out which file is right",
                field="file",
            )
        return _told(known, at, is_new=False, n_flagged=0)
    version = _write(label, file, at)
    ledger.append(
        ledger.Entry(
            "content.label.loaded",
            "content.label",
            label.id,
            {"set_id": file.set_id, "version": file.number, "file_hash": file.file_hash,
             "effective_on": file.effective_on, "sections": len(file.sections)},
        ),
        at=at,
    )  # fmt: skip
    return _told(version, at, is_new=True, n_flagged=flag_touched_claims(at=at))


def _told(version: LabelVersion, at: datetime, *, is_new: bool, n_flagged: int) -> LabelLoad:
    current = in_force(version.label.versions.all(), on=at.date())
    return LabelLoad(version, is_new, current == version, version.sections.count(), n_flagged)


def _label_of(file: LabelFile, product_id: UUID, name: str, *, other_name: bool) -> Label:
    label = Label.objects.filter(org_id=current_scope().org_id, set_id=file.set_id).first()
    if label is not None:
        if label.product_id != product_id:
            raise UserError(
                f"this label belongs to {label.product.name}: choose that product", field="product"
            )
        return label
    if not other_name and not _names(name, file):
        raise UserError(
            f"the label is of {', '.join(file.product_names[:3]) or 'no named product'}, not of"
            f" {name}; the same substance under another name has another label. If it"
            " is right, say that the name differs",
            field="product",
        )
    return Label(org_id=current_scope().org_id, product_id=product_id, set_id=file.set_id)


def _names(name: str, file: LabelFile) -> bool:
    own = name.casefold()
    return any(own in other.casefold() or other.casefold() in own for other in file.product_names)


def _write(label: Label, file: LabelFile, at: datetime) -> LabelVersion:
    newest = label.versions.order_by("-number").values_list("number", flat=True).first()
    if newest is None or newest < file.number:
        label.title, label.owner_name = file.title, file.owner_name
        label.product_names, label.substances = list(file.product_names), list(file.substances)
        label.codes, label.applications = list(file.codes), list(file.applications)
        label.save()
    version = LabelVersion.objects.create(
        org_id=label.org_id,
        label=label,
        number=file.number,
        effective_on=file.effective_on,
        document_id=file.document_id,
        file_hash=file.file_hash,
        loaded_at=at,
    )
    LabelSection.objects.bulk_create(
        LabelSection(
            org_id=label.org_id,
            version=version,
            **{name: getattr(each, name) for name in (
                "position", "parent", "level", "code", "anchor", "key", "title", "text",
                "highlight", "text_hash")},
        )
        for each in file.sections
    )  # fmt: skip
    return version


def flag_touched_claims(*, at: datetime) -> int:
    """Flag the organisation's claims whose section a version in force changed or dropped.

    Done with every load, and daily for versions that take effect later. What was flagged for
    a version is not flagged again. Writes a recheck per claim, an event per label, and one
    ledger entry if there is any.
    """
    scope = current_scope()
    scope.require("content.write")
    found = claims_to_recheck(on=at.date(), org_id=scope.org_id)
    done = set(
        ClaimRecheck.objects.filter(org_id=scope.org_id, ground__in=[s.ground for _, s in found])
        .values_list("ground_id", "version_id")
    )  # fmt: skip
    made = [
        ClaimRecheck(
            org_id=scope.org_id,
            claim=claim,
            ground=each.ground,
            version=each.current,
            reason=each.state,
            flagged_at=at,
        )
        for claim, each in found
        if each.current and (each.ground.id, each.current.id) not in done
    ]
    if not made:
        return 0
    ClaimRecheck.objects.bulk_create(made)
    labels = sorted({each.version.label_id for each in made if each.version})
    outbox.post_many(
        OutboxMessage.Kind.EVENT,
        SUPERSEDED,
        object_kind="content.label",
        object_ids=labels,
        at=at,
    )
    told = {"claims": sorted(str(each.claim_id) for each in made)}
    ledger.append(ledger.Entry(SUPERSEDED, "content.label", labels[0], told), at=at)
    return len(made)


def ground_claim(claim_id: UUID, section_id: UUID, *, at: datetime, quote: str = "") -> ClaimGround:
    """Say on which section of a label a claim stands.

    The first time whoever writes content says so. A claim that stood on a section before is
    confirmed or moved by a reviewer only. Writes the ground and one ledger entry.

    Raises
    ------
    UserError
        If the section is not of the version in force, is of another product or market, or
        does not hold the quoted words.
    Claim.DoesNotExist, LabelSection.DoesNotExist
    """
    scope = current_scope()
    lock(f"content.claim:{claim_id}")
    claim = Claim.objects.get(id=claim_id, org_id=scope.org_id)
    before = standing_of(claim.id, on=at.date())
    scope.require("content.write" if before is None else "content.review")
    section = LabelSection.objects.select_related("version__label").get(id=section_id)
    _refuse_ground(claim, section, " ".join(quote.split()), at)
    made = ClaimGround.objects.create(
        org_id=scope.org_id,
        claim=claim,
        section=section,
        quote=" ".join(quote.split()),
        by_name=_name_of(scope),
        grounded_at=at,
    )
    ledger.append(
        ledger.Entry(
            "content.claim.grounded" if before is None else "content.claim.confirmed",
            "content.claim",
            claim.id,
            {"label": section.version.label_id, "version": section.version.number,
             "section": section.key},
        ),
        at=at,
    )  # fmt: skip
    return made


def _name_of(scope: Scope) -> str:
    who = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    return who.name if who else scope.actor_name


def _refuse_ground(claim: Claim, section: LabelSection, quote: str, at: datetime) -> None:
    label = section.version.label
    if claim.withdrawn_at:
        raise UserError("the claim is withdrawn")
    if (label.product_id, label.market) != (claim.product_id, claim.market):
        raise UserError("choose a label of the claim's own product and market", field="section")
    if in_force(label.versions.all(), on=at.date()) != section.version:
        raise UserError("choose a section of the version in force today", field="section")
    words = " ".join(f"{section.text} {section.highlight}".split()).casefold()
    if quote and quote.casefold() not in words:
        raise UserError("the section does not hold these words: quote it as it is", field="quote")
