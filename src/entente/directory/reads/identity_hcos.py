"""Which records are one organisation: at a moment, in pairs that wait, in merges."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.forms.models import model_to_dict

from entente.directory.domain.sources import known_as
from entente.directory.domain.survivorship import HCO_FIELDS as FIELDS
from entente.directory.domain.survivorship import FieldChoice, choices
from entente.directory.followers import hco_followers
from entente.directory.models import Hco, HcoMerge, HcoSuspect
from entente.directory.reads.sources import trust_by_source


def same_hco(hco_id: UUID, at: datetime) -> list[UUID]:
    """Give the ids of all records that are one organisation at a moment, the given one too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(app.same_hco(%s, %s))", [hco_id, at])
        return [row[0] for row in cursor.fetchall()]


def same_hcos(hco_ids: Collection[UUID], at: datetime) -> list[UUID]:
    """Give all records that are one organisation with any of some at a moment, one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(app.same_hco(given, %s)) FROM unnest(%s::uuid[]) given",
            [at, list(hco_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def hco_survivor_of(hco_id: UUID, at: datetime) -> UUID:
    """Give the record that stands for an organisation at a moment; mostly the given one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.hco_survivor_of(%s, %s)", [hco_id, at])
        found: UUID = cursor.fetchall()[0][0]
    return found


def hco_suspects(status: str = "") -> QuerySet[HcoSuspect]:
    """Give pairs that may be one organisation, with both records."""
    rows = HcoSuspect.objects.select_related("one", "other")
    return rows.filter(status=status) if status else rows


def hco_merges() -> QuerySet[HcoMerge]:
    """Give merges of organisations with both records."""
    return HcoMerge.objects.select_related("link__survivor", "link__loser")


def merges_of_hco(hco_id: UUID) -> Sequence[HcoMerge]:
    """Give the merges in which a record took part, newest first."""
    part = Q(link__survivor_id=hco_id) | Q(link__loser_id=hco_id)
    return list(hco_merges().filter(part).order_by("-merged_at", "-id"))


def hcos_in_order(one: Hco, other: Hco) -> tuple[Hco, Hco]:
    """Give two records with the one that should stay first: numbered, trusted, older."""
    trust = trust_by_source()

    def rank(record: Hco) -> tuple[bool, int, str]:
        told = trust.get(record.source)
        believed = known_as(record.source).trust if told is None else told
        return not record.is_numbered, -believed, str(record.id)

    return (one, other) if rank(one) <= rank(other) else (other, one)


def hco_plan(survivor: Hco, loser: Hco) -> list[FieldChoice]:
    """Give, field by field, both values and which one the joined organisation would get."""
    ours, theirs = (model_to_dict(record, fields=FIELDS) for record in (survivor, loser))
    return choices(ours, theirs, names=FIELDS)


def held_about_hcos(ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Count what every room holds about organisations, by kind."""
    found: dict[UUID, dict[str, int]] = {hco_id: {} for hco_id in ids}
    for follower in hco_followers():
        for hco_id, counted in follower.counts(ids).items():
            found[hco_id] |= {kind: n for kind, n in counted.items() if n}
    return found
