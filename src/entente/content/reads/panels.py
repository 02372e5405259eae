"""Panels: seats and deputies, what a version still needs, and for what one may answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from entente.content.domain.panels import BOUND, SIGNATORIES, Function, countries_of
from entente.content.models import (
    Annotation,
    Approval,
    Certificate,
    Deputy,
    Lead,
    Need,
    Raise,
    Seat,
    Version,
)
from entente.foundation.access.roles import capabilities
from entente.foundation.access.scope import current_scope
from entente.foundation.models import User


def seats(*, on: date | None = None) -> QuerySet[Seat]:
    """Select the present organisation's seats, of one day or ever, with their deputies."""
    found = Seat.objects.filter(org_id=current_scope().org_id)
    if on:
        found = found.filter(Q(to_on__isnull=True) | Q(to_on__gte=on), from_on__lte=on)
    deputies = Deputy.objects.select_related("holder").order_by("from_on", "id")
    return (
        found.select_related("holder")
        .prefetch_related(Prefetch("deputies", queryset=deputies))
        .order_by("function", "from_on", "id")
    )


@dataclass(frozen=True)
class Duty:
    """Something one may answer for: a function, and for which countries of a version."""

    function: str
    countries: list[str]
    deputy_for: str = ""


def duties(version: Version, *, on: date) -> list[Duty]:
    """Give what the present person may sign of a version in review, in the order of signing.

    Whoever has named no panel has one reviewer. What somebody has answered already is left out.
    """
    scope = current_scope()
    asked = list(
        Need.objects.filter(version=version, org_id=scope.org_id).values_list("function", "country")
    )
    given = [a for a in version.approvals.all() if a.org_id == scope.org_id]
    held = list(seats(on=on))
    if not held:
        return _undivided(asked, given, version)
    user = scope.actor_id
    found = []
    for seat in held:
        deputy = next(
            (d for d in seat.deputies.all() if d.holder_id == user and d.from_on <= on <= d.to_on),
            None,
        )
        if seat.holder_id != user and deputy is None:
            continue
        mine = [
            c
            for f, c in asked
            if f == seat.function and (not seat.countries or c in seat.countries)
        ]
        left = _left(seat.function, mine, given, version)
        if left:
            stands_in = seat.holder.name if deputy else ""
            found.append(Duty(seat.function, left, stands_in))
    return sorted(found, key=lambda each: list(Function).index(Function(each.function)))


def _undivided(asked: list[tuple[str, str]], given: list[Approval], version: Version) -> list[Duty]:
    countries = [c for f, c in asked if f == Function.REVIEWER]
    left = _left(Function.REVIEWER, countries, given, version)
    return [Duty(Function.REVIEWER.value, left)] if left else []


def _left(
    function: str, countries: Iterable[str], given: Sequence[Approval], version: Version
) -> list[str]:
    answered = {
        country
        for approval in given
        if approval.function == function
        for country in (approval.answers or version.markets)
    }
    return sorted(set(countries) - answered)


@dataclass(frozen=True)
class Asked:
    """One function that a party has to answer for, and who has."""

    org_id: UUID
    function: str
    countries: list[str]
    open_in: list[str]
    approvals: list[Approval]

    @property
    def is_answered(self) -> bool:
        """Whether nothing of it is open."""
        return not self.open_in


def needs_of(version: Version) -> list[Asked]:
    """Give what each party has to answer for, the order in which they sign."""
    approvals = [a for a in version.approvals.all() if a.verdict == "approve"]
    grouped: dict[tuple[UUID, str], list[str]] = {}
    rows = Need.objects.filter(version=version).values_list("org_id", "function", "country")
    for org_id, function, country in rows:
        grouped.setdefault((org_id, function), []).append(country)
    order = list(Function)
    return [
        Asked(
            org_id,
            function,
            sorted(countries),
            _left(function, countries, [a for a in approvals if a.org_id == org_id], version),
            [a for a in approvals if a.org_id == org_id and a.function == function],
        )
        for (org_id, function), countries in sorted(
            grouped.items(), key=lambda each: (str(each[0][0]), order.index(Function(each[0][1])))
        )
    ]


def stage_of(version: Version, asked: Sequence[Asked]) -> str:
    """Say where a version in review stands: with its reviewers, or with its signatories.

    Returns
    -------
    str
        ``"in_review"``, ``"in_approval"`` or the version's own state.
    """
    if version.status != "in_review":
        return version.status
    waiting = [each for each in asked if not each.is_answered]
    only = waiting and all(Function(each.function) in SIGNATORIES for each in waiting)
    return "in_approval" if only else "in_review"


def unstaffed(version: Version, *, on: date) -> list[str]:
    """Give the functions of one's own panel that nobody holds for a market of a version."""
    held = list(seats(on=on))
    if not held:
        return []
    return [
        function
        for function in version.panel
        if any(
            not any(
                s.function == function and (not s.countries or country in s.countries) for s in held
            )
            for country in countries_of(function, version.markets)
        )
    ]


def reviewers() -> list[User]:
    """Give the people of one's organisation who may hold a seat."""
    return [
        user
        for user in User.objects.filter(org_id=current_scope().org_id, is_active=True)
        .prefetch_related("grants")
        .order_by("name", "id")
        if _reviews(user)
    ]


def _reviews(user: User) -> bool:
    held = frozenset(grant.as_role for grant in user.grants.all() if grant.revoked_at is None)
    return "content.review" in capabilities(held)


def is_qualified(user: User, function: str) -> bool:
    """Tell whether somebody's profession allows a function."""
    bound = BOUND.get(Function(function))
    return bound is None or user.qualification in bound[1]


def raises_of(version: Version) -> list[Raise]:
    """Give who put a version into a stricter lane, oldest first."""
    return list(Raise.objects.filter(version=version).order_by("raised_at"))


def annotations_of(version: Version) -> list[Annotation]:
    """Give the remarks on a version, oldest first."""
    return list(version.annotations.order_by("made_at", "id"))


def lead_of(item_id: UUID) -> Lead | None:
    """Give the agreement that one party signs for all, if there is one."""
    return Lead.objects.filter(item_id=item_id).prefetch_related("acceptances").first()


def certificate_of(version_id: UUID) -> Certificate | None:
    """Give the certificate of a version, if it was released."""
    return Certificate.objects.filter(version_id=version_id).first()


def certificates(*, text: str = "") -> QuerySet[Certificate]:
    """Select certificates of all items of which one was ever a party, by words of their title."""
    found = Certificate.objects.select_related("item", "version")
    return found.filter(item__title__icontains=text) if text else found
