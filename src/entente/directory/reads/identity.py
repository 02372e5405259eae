"""Who is one person: records joined at a moment, pairs that wait, and how merges came about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.forms.models import model_to_dict

from entente.directory.domain.survivorship import FIELDS, FieldChoice, choices, survivor_first
from entente.directory.followers import followers
from entente.directory.models import Hcp, IdentityLink, Merge, Suspect, SuspectSearch
from entente.directory.reads.sources import trust_by_source
from entente.foundation.once import once_per_page

SUSPECT_ORDERS = {"score": ("-score_bp", "id"), "-score": ("score_bp", "-id")}


@once_per_page
def same_person(hcp_id: UUID, at: datetime) -> list[UUID]:
    """Give the ids of all records that are one person at a moment, the given one among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(app.same_person(%s, %s))", [hcp_id, at])
        return [row[0] for row in cursor.fetchall()]


def same_persons(hcp_ids: Collection[UUID], at: datetime) -> list[UUID]:
    """Give the ids of all records that are one of these people at a moment; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(app.same_person(given, %s)) FROM unnest(%s::uuid[]) given",
            [at, list(hcp_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def survivor_of(hcp_id: UUID, at: datetime) -> UUID:
    """Give the record that stands for a person at a moment; mostly the given one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.survivor_of(%s, %s)", [hcp_id, at])
        found: UUID = cursor.fetchall()[0][0]
    return found


def suspects(status: str = "") -> QuerySet[Suspect]:
    """Give pairs that may be one person, with both records."""
    rows = Suspect.objects.select_related("one", "other")
    return rows.filter(status=status) if status else rows


def searches() -> QuerySet[SuspectSearch]:
    """Give the searches for pairs that were asked for."""
    return SuspectSearch.objects.all()


def merges() -> QuerySet[Merge]:
    """Give merges with both records."""
    return Merge.objects.select_related("link__survivor", "link__loser")


def merges_of(hcp_id: UUID) -> Sequence[Merge]:
    """Give the merges in which a record took part, newest first."""
    part = Q(link__survivor_id=hcp_id) | Q(link__loser_id=hcp_id)
    return list(merges().filter(part).order_by("-merged_at", "-id"))


def joined_to(hcp_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Give, for each survivor of today, the records joined to it directly; one query."""
    found: dict[UUID, list[UUID]] = {}
    links = IdentityLink.objects.filter(survivor_id__in=list(hcp_ids), to_at__isnull=True)
    for survivor_id, loser_id in links.order_by("from_at").values_list("survivor_id", "loser_id"):
        found.setdefault(survivor_id, []).append(loser_id)
    return found


def in_order(one: Hcp, other: Hcp) -> tuple[Hcp, Hcp]:
    """Give two records with the one that should survive first."""
    first, second = ({"npi": r.npi, "source": r.source, "id": r.id} for r in (one, other))
    return (one, other) if survivor_first(first, second, trust_by_source()) else (other, one)


def plan(survivor: Hcp, loser: Hcp) -> list[FieldChoice]:
    """Give, field by field, both values and which one the joined person would get."""
    ours, theirs = (model_to_dict(record, fields=FIELDS) for record in (survivor, loser))
    return choices(ours, theirs)


def held_about(ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Count what every room holds about records, by kind."""
    found: dict[UUID, dict[str, int]] = {hcp_id: {} for hcp_id in ids}
    for follower in followers():
        for hcp_id, counted in follower.counts(ids).items():
            found[hcp_id] |= {kind: n for kind, n in counted.items() if n}
    return found
