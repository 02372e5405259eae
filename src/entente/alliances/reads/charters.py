"""Charters: lists, one, who agreed, whether one is in force."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from entente.alliances.models import Charter
from entente.alliances.reads.terms import Agreement, agreements, charter_terms
from entente.foundation.access.scope import current_scope


def charter(charter_id: UUID) -> Charter:
    """Give one charter with its sides.

    Raises
    ------
    Charter.DoesNotExist
    """
    return Charter.objects.prefetch_related("sides").get(id=charter_id)


def charter_rows() -> QuerySet[Charter]:
    """Select the charters in which the present organisation has a side."""
    return Charter.objects.prefetch_related("sides")


def charters(*, limit: int = 200) -> list[Charter]:
    """Give the charters in which the present organisation has a side, newest first."""
    return list(charter_rows().order_by("-from_on", "-id")[:limit])


def charter_agreements(given: Charter) -> list[Agreement]:
    """Give where each side of a charter stands, the host first."""
    sides = sorted(given.sides.all(), key=lambda s: (s.org_id != given.org_id, s.name))
    return agreements(sides, charter_terms(given))


def why_not_in_force(given: Charter, *, on: date) -> str:
    """Say in one sentence why a charter is not in force on a day; empty if it is."""
    if on < given.from_on:
        return f"the charter begins on {given.from_on}"
    if on > given.to_on:
        return f"the charter ended on {given.to_on}"
    if given.ended_on and on >= given.ended_on:
        return f"the charter was ended on {given.ended_on}"
    open_sides = [a.name for a in charter_agreements(given) if not a.agreed]
    return f"{', '.join(open_sides)} has not agreed to the charter" if open_sides else ""


def charters_in_force(parties: Collection[UUID], *, at: datetime) -> list[Charter]:
    """Give the charters in force on a day that bind all these organisations."""
    wanted = set(parties)
    return [
        each
        for each in charters()
        if wanted <= {side.org_id for side in each.sides.all()}
        and not why_not_in_force(each, on=at.date())
    ]


def charters_to_agree() -> list[Charter]:
    """Give the charters that wait for the present organisation's agreement."""
    org_id = current_scope().org_id
    return [
        each
        for each in charters()
        if any(
            side.org_id == org_id and side.agreed_hash != each.terms_hash
            for side in each.sides.all()
        )
        and each.ended_on is None
    ]
