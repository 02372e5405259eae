"""Lists and single objects: items, versions, parties, claims, the reviewer's queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from entente.content.domain.states import Status
from entente.content.models import Approval, Claim, ClaimUse, Item, Version, Withdrawal
from entente.content.reads.panels import Asked, needs_of
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope


@dataclass(frozen=True)
class Party:
    """A party of an item with what it has said about one version."""

    org_id: UUID
    name: str
    is_owner: bool
    approvals: Sequence[Approval]
    n_open: int = 1

    @property
    def approved(self) -> bool:
        """Whether all that was asked of it is approved."""
        return self.n_open == 0


def item_rows(
    *,
    status: str = "",
    product: UUID | None = None,
    market: str = "",
    text: str = "",
    today: date | None = None,
) -> QuerySet[Item]:
    """Select items with what their latest visible version says.

    Parameters
    ----------
    status : str
        Of the latest version; ``"expired"`` needs ``today``.

    Returns
    -------
    QuerySet of Item
        With ``latest_id``, ``latest_number``, ``latest_status``, ``latest_expires_on``,
        ``latest_markets`` and ``n_partners``.
    """
    latest = Version.objects.filter(item=OuterRef("pk")).order_by("-number")
    # Any: the checker does not follow annotations through a conditional chain of filters.
    found: QuerySet[Any] = Item.objects.annotate(
        latest_id=Subquery(latest.values("id")[:1]),
        latest_number=Subquery(latest.values("number")[:1]),
        latest_status=Subquery(latest.values("status")[:1]),
        latest_expires_on=Subquery(latest.values("expires_on")[:1]),
        latest_markets=Subquery(latest.values("markets")[:1]),
        n_partners=Count("sides", distinct=True),
    ).select_related("product")
    if status == "expired":
        found = found.filter(latest_status=Status.APPROVED, latest_expires_on__lt=today)
    elif status:
        found = found.filter(latest_status=status)
        if status == Status.APPROVED and today:
            found = found.filter(latest_expires_on__gte=today)
    if product:
        found = found.filter(product_id=product)
    if market:
        found = found.filter(latest_markets__contains=[market])
    if text:
        found = found.filter(title__icontains=text)
    return found


def status_on(status: str, expires_on: date, *, on: date) -> str:
    """Give the state of a version on a day; a released one expires after its last day.

    Examples
    --------
    >>> status_on("approved", date(2026, 1, 1), on=date(2026, 1, 2))
    'expired'
    """
    return "expired" if status == "approved" and expires_on < on else status


def item(item_id: UUID) -> Item:
    """Give one item.

    Raises
    ------
    Item.DoesNotExist
    """
    return Item.objects.select_related("product").get(id=item_id)


def version(version_id: UUID) -> Version:
    """Give one version with its item.

    Raises
    ------
    Version.DoesNotExist
    """
    return Version.objects.select_related("item", "item__product").get(id=version_id)


def parties_of(version: Version) -> list[Party]:
    """Give the parties of a version's item, the owner first, with their verdicts."""
    said: dict[UUID, list[Approval]] = {}
    for approval in version.approvals.order_by("signed_at"):
        said.setdefault(approval.org_id, []).append(approval)
    owner = next((o.name for o in directory.organisations_visible() if o.id == version.org_id), "")
    sides = version.item.sides.order_by("name").values_list("org_id", "name")
    asked = needs_of(version)
    return [
        Party(org_id, name, org_id == version.org_id, said.get(org_id, []), _n_open(asked, org_id))
        for org_id, name in [(version.org_id, owner), *sides]
    ]


def _n_open(asked: Sequence[Asked], org_id: UUID) -> int:
    """Count what a party has not answered; before the submission all of it."""
    if not asked:
        return 1
    return sum(not each.is_answered for each in asked if each.org_id == org_id)


def queue(*, limit: int = 20) -> list[Version]:
    """Give the versions that wait for the present organisation's verdict, soonest due first.

    Versions that the present person wrote are left out, since somebody else reviews them.
    """
    scope = current_scope()
    mine = Approval.objects.filter(version=OuterRef("pk"), org_id=scope.org_id)
    if scope.person_key:
        mine = mine.filter(person_key=scope.person_key)
    waiting = Version.objects.filter(
        Q(org_id=scope.org_id) | Q(item__sides__org_id=scope.org_id), status=Status.IN_REVIEW
    ).exclude(Exists(mine))
    if scope.person_key:
        waiting = waiting.exclude(author_keys__contains=[scope.person_key])
    return list(
        waiting.select_related("item")
        .distinct()
        .order_by("review_due_on", "submitted_at", "id")[:limit]
    )


def written(*, limit: int = 10) -> list[Version]:
    """Give the present organisation's versions that are not settled: drafts, in review, sent back.

    A version that was sent back is left out once a later one exists.
    """
    later = Version.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
    return list(
        Version.objects.filter(
            org_id=current_scope().org_id,
            status__in=[Status.DRAFT, Status.IN_REVIEW, Status.REJECTED],
        )
        .exclude(Exists(later))
        .select_related("item")
        .order_by("-id")[:limit]
    )


def released_versions(*, on: date, limit: int = 200) -> list[Version]:
    """Give the versions that are released on a day, for a campaign to choose from."""
    return list(
        Version.objects.filter(status=Status.APPROVED, expires_on__gte=on)
        .select_related("item")
        .order_by("item__title", "-number")[:limit]
    )


def versions_of(item_id: UUID) -> QuerySet[Version]:
    """Select the versions of an item that one may see.

    Raises
    ------
    Item.DoesNotExist
    """
    return Item.objects.get(id=item_id).versions.all()


def earlier(version: Version) -> Version | None:
    """Give the version before this one that one may see, to compare with."""
    return (
        Version.objects.filter(item_id=version.item_id, number__lt=version.number)
        .order_by("-number")
        .first()
    )


def withdrawal_of(version: Version) -> Withdrawal | None:
    """Give who took a version back and why, if anybody did."""
    return Withdrawal.objects.filter(version=version).first()


def claim(claim_id: UUID) -> Claim:
    """Give one claim with its product.

    Raises
    ------
    Claim.DoesNotExist
    """
    return Claim.objects.select_related("product").get(id=claim_id)


def claim_rows(*, text: str = "", market: str = "") -> QuerySet[Claim]:
    """Select the claims one may read."""
    found: QuerySet[Claim] = Claim.objects.select_related("product")
    if text:
        found = found.filter(text__icontains=text)
    if market:
        found = found.filter(market=market)
    return found


def claims(*, text: str = "", market: str = "", limit: int = 200) -> list[Claim]:
    """Give the claims one may use, with ``n_references`` and ``n_uses``."""
    found = claim_rows(text=text, market=market).annotate(
        n_references=Count("references", distinct=True), n_uses=Count("uses", distinct=True)
    )
    return list(found.order_by(F("withdrawn_at").asc(nulls_first=True), "text", "id")[:limit])


def uses_of(claim_id: UUID) -> list[ClaimUse]:
    """Give where a claim is used: versions with their items, newest first."""
    return list(
        ClaimUse.objects.filter(claim_id=claim_id)
        .select_related("version", "item")
        .order_by("-version_id")
    )
