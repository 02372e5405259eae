"""Territories, who is in them on a day, whom nobody covers, and what colleagues ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from entente.directory.models import (
    Alignment,
    CoverAgreement,
    Hcp,
    Territory,
    TerritoryAssignment,
    TerritoryChallenge,
    TerritoryException,
    TerritoryMember,
    TerritoryVersion,
)
from entente.directory.reads.periods import in_force
from entente.foundation.models import Organisation, User

LIVE = ("candidate", "unverified", "verified")
PEOPLE_ORDER = ("name_key", "id")
CHALLENGE_ORDER = ("-raised_at", "-id")


@dataclass(frozen=True)
class StateCover:
    """How well one state is covered: people there, covered ones, and those covered twice."""

    state: str
    n_all: int
    n_covered: int
    n_double: int

    @property
    def n_white(self) -> int:
        """Whom nobody covers."""
        return self.n_all - self.n_covered


@dataclass(frozen=True)
class JointCell:
    """Counts of one state over two field forces; None where a number would be too small."""

    state: str
    both: int | None
    mine: int | None
    theirs: int | None
    neither: int | None

    @property
    def is_hidden(self) -> bool:
        """Whether nothing of it may be told."""
        return self.both is None and self.theirs is None


def territory(territory_id: UUID) -> Territory:
    """Give one territory of the present organisation.

    Raises
    ------
    Territory.DoesNotExist
    """
    return Territory.objects.get(id=territory_id)


def territories(*, force: str = "", open_on: date | None = None) -> QuerySet[Territory]:
    """Give the territories of the present organisation, by force and name."""
    rows = Territory.objects.order_by("force", "name", "id")
    if force:
        rows = rows.filter(force=force)
    if open_on is not None:
        rows = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=open_on))
    return rows


def forces() -> list[str]:
    """Give the field forces of the present organisation."""
    return list(Territory.objects.order_by("force").values_list("force", flat=True).distinct())


def versions_of(territory_id: UUID) -> list[TerritoryVersion]:
    """Give the rules of a territory, the latest first."""
    return list(TerritoryVersion.objects.filter(territory_id=territory_id).order_by("-number"))


def exceptions_of(territory_id: UUID, on: date) -> list[TerritoryException]:
    """Give the exceptions of a territory that are in force on a day."""
    rows = TerritoryException.objects.filter(in_force(on), territory_id=territory_id)
    return list(rows.select_related("hcp", "hco").order_by("-from_on", "-id")[:200])


def assignments(
    on: date, territory_ids: Sequence[UUID] | None = None
) -> dict[UUID, list[TerritoryAssignment]]:
    """Give who looks after each territory on a day, with one query."""
    rows = TerritoryAssignment.objects.filter(in_force(on)).select_related("user")
    if territory_ids is not None:
        rows = rows.filter(territory_id__in=list(territory_ids))
    found: dict[UUID, list[TerritoryAssignment]] = {}
    for row in rows.order_by("user__name", "id"):
        found.setdefault(row.territory_id, []).append(row)
    return found


def colleagues() -> list[User]:
    """Give the people of the present organisation who can look after a territory."""
    return list(User.objects.filter(is_active=True).order_by("name", "id")[:500])


def people_in(territory_id: UUID, on: date) -> QuerySet[Hcp]:
    """Give who is in a territory on a day, for a list in parts."""
    return people_in_any([territory_id], on)


def people_in_any(territory_ids: Sequence[UUID], on: date) -> QuerySet[Hcp]:
    """Give who is in any of some territories on a day."""
    members = TerritoryMember.objects.filter(in_force(on), territory_id__in=territory_ids)
    return Hcp.objects.filter(id__in=members.values("hcp_id"))


def bases_of(territory_id: UUID, hcp_ids: Sequence[UUID], on: date) -> dict[UUID, str]:
    """Give why each of some people is in a territory, with one query."""
    rows = TerritoryMember.objects.filter(
        in_force(on), territory_id=territory_id, hcp_id__in=list(hcp_ids)
    )
    return {row.hcp_id: str(row.get_basis_display()) for row in rows}


def territories_of(hcp_id: UUID, on: date) -> list[TerritoryMember]:
    """Give the territories of the present organisation in which a person is on a day."""
    rows = TerritoryMember.objects.filter(in_force(on), hcp_id=hcp_id)
    return list(rows.select_related("territory").order_by("territory__force", "id"))


def is_looked_after_by(user_id: UUID, territory_id: UUID, on: date) -> bool:
    """Tell whether a colleague looks after a territory on a day."""
    rows = TerritoryAssignment.objects.filter(in_force(on), territory_id=territory_id)
    return rows.filter(user_id=user_id).exists()


def looked_after(user_id: UUID, on: date) -> list[Territory]:
    """Give the territories a colleague looks after on a day."""
    mine = TerritoryAssignment.objects.filter(in_force(on), user_id=user_id)
    return list(territories(open_on=on).filter(id__in=mine.values("territory_id")))


def _narrowed(asked: Mapping[str, str]) -> QuerySet[Hcp]:
    rows = Hcp.objects.filter(identity_status__in=LIVE)
    for field, name in (("us_state", "state"), ("specialty", "specialty"), ("country", "country")):
        if asked.get(name):
            rows = rows.filter(**{field: asked[name]})
    return rows


def _cover(on: date, force: str) -> QuerySet[TerritoryMember]:
    rows = TerritoryMember.objects.filter(in_force(on), hcp_id=OuterRef("id"))
    return rows.filter(territory__force=force) if force else rows


def white_space(on: date, asked: Mapping[str, str]) -> QuerySet[Hcp]:
    """Give people whom nobody covers on a day, by ``state``, ``specialty``, ``force``."""
    return _narrowed(asked).filter(~Exists(_cover(on, asked.get("force", ""))))


def double_cover(on: date, asked: Mapping[str, str]) -> QuerySet[Hcp]:
    """Give people whom several field forces of the present organisation cover on a day."""
    # One force holds a person once, so two rows are two forces; looked up person by person,
    # which finds the first part of the list without counting everybody.
    another = TerritoryMember.objects.filter(
        in_force(on), hcp_id=OuterRef("hcp_id"), id__lt=OuterRef("id")
    )
    several = TerritoryMember.objects.filter(Exists(another), in_force(on), hcp_id=OuterRef("id"))
    return _narrowed(asked).filter(Exists(several))


def last_alignment() -> Alignment | None:
    """Give the last alignment that was done."""
    return Alignment.objects.filter(done_at__isnull=False).order_by("-as_of", "-asked_at").first()


def waiting_alignment() -> Alignment | None:
    """Give an alignment that was asked for after the last one that was done, and is not done."""
    last = last_alignment()
    rows = Alignment.objects.filter(done_at__isnull=True)
    if last is not None:
        rows = rows.filter(asked_at__gt=last.asked_at)
    return rows.order_by("-asked_at").first()


def alignments() -> QuerySet[Alignment]:
    """Give the alignments of the present organisation, for a list in parts."""
    return Alignment.objects.all()


def cover_by_state(alignment: Alignment) -> list[StateCover]:
    """Give the counts of an alignment by state, those without one left out."""
    return [
        StateCover(state, *(int(n) for n in counts))
        for state, counts in sorted(alignment.by_state.items())
        if state
    ]


def challenges(status: str = "", *, raised_by: UUID | None = None) -> QuerySet[TerritoryChallenge]:
    """Give challenges of the present organisation, of one status, raised by one colleague."""
    rows = TerritoryChallenge.objects.select_related("territory", "hcp", "raised_by", "decided_by")
    if status:
        rows = rows.filter(status=status)
    return rows.filter(raised_by_id=raised_by) if raised_by else rows


def n_open_challenges() -> int:
    """Count the challenges that wait for an answer."""
    return TerritoryChallenge.objects.filter(status="open").count()


def agreements(on: date) -> list[tuple[Organisation, bool, bool]]:
    """Give the other organisations, each with whether we and whether they agreed to compare."""
    mine = set(CoverAgreement.objects.filter(in_force(on)).values_list("partner_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation_id FROM app.directory_cover_agreed(%s)", [on])
        theirs = {row[0] for row in cursor.fetchall()}
    known = Organisation.objects.order_by("name", "id")
    return [(each, each.id in mine, each.id in theirs) for each in known]


def joint_cover(partner_id: UUID, on: date) -> list[JointCell]:
    """Give counts by state of two field forces, if both sides agreed; else nothing.

    They are those of the first day of the month, whatever was aligned since; see the function
    ``app.directory_joint_cover`` for why.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.directory_joint_cover(%s, %s)", [partner_id, on])
        return [JointCell(*row) for row in cursor.fetchall()]
