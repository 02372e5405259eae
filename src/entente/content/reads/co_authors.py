"""Co-authors of a version: of its own item, and of the modules that it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from entente.content.domain.states import Status
from entente.content.models import CoAuthor, Version, VersionPart


def co_authors_of(version: Version) -> list[CoAuthor]:
    """Give the co-authors whose part a version holds, by name."""
    modules = VersionPart.objects.filter(version=version).values("module_version__item_id")
    return list(
        CoAuthor.objects.filter(Q(item_id=version.item_id) | Q(item_id__in=modules))
        .select_related("item")
        .order_by("name", "id")
    )


def co_author(co_author_id: UUID) -> CoAuthor:
    """Give one co-author with the item.

    Raises
    ------
    CoAuthor.DoesNotExist
    """
    return CoAuthor.objects.select_related("item").get(id=co_author_id)


def versions_holding(item_id: UUID) -> QuerySet[Version]:
    """Select the versions that hold an item's words: its own, and those it is a module of."""
    holders = VersionPart.objects.filter(module_version__item_id=item_id).values("version_id")
    return Version.objects.filter(Q(item_id=item_id) | Q(id__in=holders)).select_related("item")


def released_longest(item_id: UUID) -> tuple[Version, date] | None:
    """Give the released version that holds an item's words longest, with its last day."""
    found = (
        versions_holding(item_id)
        .filter(status=Status.APPROVED)
        .annotate(last_day=Coalesce("released_until", "expires_on"))
        .order_by("-last_day", "-id")
        .first()
    )
    return (found, found.last_day) if found else None


def co_authored_by(person_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give what a person is on record as co-author of, for an export."""
    return [
        {
            "item": row.item.title,
            "part": row.part,
            "rights": row.rights,
            "agreement": row.agreement,
            "used_until": row.used_until,
            "interests": row.interests,
            "ended_at": row.ended_at,
        }
        for row in CoAuthor.objects.filter(hcp_id=person_id)
        .select_related("item")
        .order_by("used_until", "id")
    ]
