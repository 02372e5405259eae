"""What has to be filed with an authority, by when, and what was filed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from entente.content.domain.filing import (
    CLASSES,
    MARKET,
    Due,
    Terms,
    classes_of,
    day_of,
    due_of,
)
from entente.content.domain.states import Status
from entente.content.models import Filing, Item, Version
from entente.content.reads.labels import label_version_for
from entente.content.reads.material import fingerprint_of
from entente.content.reads.release import void_signatures, why_not_released
from entente.content.uses import FirstUse, first_uses
from entente.directory import reads as directory
from entente.directory.reads import Approved
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.policy.reads.parameters import figure

PACK = "us/fda"
MOST = 500
"""Pieces on the list; more than that nobody files by hand."""
MOST_PIECES = 50
_WAS_RELEASED = (Status.APPROVED, Status.SUPERSEDED, Status.WITHDRAWN)


@dataclass(frozen=True)
class ToFile:
    """A piece that no filing is recorded for, with all that its filing depends on."""

    version: Version
    approval: Approved
    classes: Sequence[str]
    first_use: FirstUse
    due: Due

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.version.item.title}, version {self.version.number}"


@dataclass(frozen=True)
class Group:
    """The pieces that may be filed together: of one product, for one class of audience."""

    product: str
    application: str
    accelerated: bool
    audience: str
    pieces: Sequence[ToFile]

    @property
    def audience_words(self) -> str:
        """For whom they are."""
        return CLASSES[self.audience]


def _terms(approvals: Collection[Approved], on: date) -> dict[UUID, Terms]:
    # The figures are asked for only where they count.
    first_days, ahead_days = (
        [figure(PACK, name, on)[0] for name in ("first_days", "ahead_days")]
        if any(each.accelerated for each in approvals)
        else (0, 0)
    )
    return {
        each.product_id: Terms(each.approved_on, each.accelerated, first_days, ahead_days)
        for each in approvals
    }


def pieces_of(versions: Collection[Version], *, at: datetime) -> list[ToFile]:
    """Give what the filing of some versions depends on; without an approval none is given."""
    on = day_of(at)
    products = {v.item.product_id for v in versions if v.item.product_id}
    approvals = directory.approved_in(MARKET, products, on=on)
    terms = _terms(approvals.values(), on)
    used = first_uses([v.id for v in versions], MARKET, at)
    found = []
    for version in versions:
        product_id = version.item.product_id
        if product_id is None or product_id not in approvals:
            continue
        use = used.get(version.id, FirstUse())
        found.append(
            ToFile(
                version,
                approvals[product_id],
                classes_of(version.released_audiences or version.audiences),
                use,
                due_of(use.on, terms[product_id]),
            )
        )
    return found


def to_file(*, at: datetime) -> list[ToFile]:
    """Give one's own pieces that are to be filed, the most urgent first.

    Released promotion for the United States of a product that is approved there, without a
    filing. A piece that is no longer in force is to be filed only if it was used.
    """
    filed = Filing.objects.filter(version=OuterRef("pk"), authority=Filing.Authority.FDA)
    candidates = (
        Version.objects.filter(
            ~Exists(filed),
            org_id=current_scope().org_id,
            item__kind=Item.Kind.PROMO,
            item__form=Item.Form.ITEM,
            item__product__isnull=False,
            approved_at__isnull=False,
            released_markets__contains=[MARKET],
            status__in=_WAS_RELEASED,
        )
        .select_related("item", "item__product")
        .defer("html", "text")
        .order_by("-approved_at", "id")
    )
    pieces = [each for each in pieces_of(list(candidates), at=at) if is_open(each, on=day_of(at))]
    pieces.sort(key=lambda each: (each.due.on is None, each.due.on or date.max, each.name))
    return pieces[:MOST]


def is_open(piece: ToFile, *, on: date) -> bool:
    """Tell whether a piece may still be used or was, so that it is to be filed."""
    version = piece.version
    last_day = version.released_until or version.expires_on
    in_force = version.status == Status.APPROVED and last_day >= on
    return in_force or piece.first_use.used_on is not None


def groups(pieces: Sequence[ToFile]) -> list[Group]:
    """Put pieces together as they may be filed; a piece for both audiences stands in two."""
    found: dict[tuple[str, UUID, str], list[ToFile]] = {}
    for piece in pieces:
        product = piece.approval.product_id
        for audience in piece.classes:
            key = (piece.version.item.product.name, product, audience)  # type: ignore[union-attr]
            found.setdefault(key, []).append(piece)
    order = list(CLASSES)
    return [
        Group(name, each[0].approval.authority_ref, each[0].approval.accelerated, audience, each)
        for (name, _, audience), each in sorted(
            found.items(), key=lambda pair: (pair[0][0], pair[0][1], order.index(pair[0][2]))
        )
    ]


def own_versions(version_ids: Collection[UUID]) -> list[Version]:
    """Give versions of the present organisation in one order, however they were named.

    Raises
    ------
    UserError
        If none is named, or more than a package takes.
    Version.DoesNotExist
    """
    wanted = set(version_ids)
    if not wanted:
        raise UserError("choose at least one piece", field="version_ids")
    if len(wanted) > MOST_PIECES:
        raise UserError(
            f"a package takes at most {MOST_PIECES} pieces; these are {len(wanted)}",
            field="version_ids",
        )
    found = list(
        Version.objects.filter(id__in=wanted, org_id=current_scope().org_id)
        .select_related("item", "item__product")
        .order_by("item__title", "number", "id")
    )
    if len(found) != len(wanted):
        raise Version.DoesNotExist("no such version")
    return found


def why_not_fileable(piece: ToFile, *, at: datetime) -> str:
    """Say in words behind its name why a piece cannot be filed; empty if it can.

    What was used and is in force no longer is still filed: late is better than never.
    """
    version = piece.version
    if version.item.kind != Item.Kind.PROMO or version.item.form != Item.Form.ITEM:
        return "is no promotion of a product, and nothing else is filed"
    if piece.first_use.used_on is not None and version.status in _WAS_RELEASED:
        is_whole = fingerprint_of(version) == version.content_hash
        why = "" if is_whole and not void_signatures(version) else "is not what was signed"
    else:
        why = why_not_released(version, at=at).removeprefix(f"version {version.number} ")
    if why:
        return why
    if MARKET not in (version.released_markets or ()):
        return "is not released for the United States"
    return ""


def filings() -> QuerySet[Filing]:
    """Select what was filed of the items that one is a party of."""
    return Filing.objects.select_related("version", "item", "item__product").defer(
        "version__html", "version__text"
    )


def label_of(product_id: UUID, *, on: date) -> dict[str, str] | None:
    """Give set id, version and effective day of the label in force, if one is loaded."""
    found = label_version_for(product_id, org_ids=[current_scope().org_id], markets=[MARKET], on=on)
    if found is None:
        return None
    return {
        "set_id": found.label.set_id,
        "version": str(found.number),
        "effective_on": found.effective_on.isoformat(),
    }


def applicant() -> str:
    """Give the name under which one's organisation files."""
    return directory.main_legal_entity(current_scope().org_id).name
