"""Operations on territories: rules, people, exceptions, alignments, challenges, cover."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from entente.directory import actions
from entente.directory.api_shapes import HcpOut
from entente.directory.reads import hcp as hcp_of
from entente.directory.reads import territories as reads
from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])
Word = Annotated[str, StringConstraints(max_length=10)]
Words = Annotated[list[Word], Field(max_length=2000)]
Specialties = Annotated[
    list[Annotated[str, StringConstraints(max_length=250)]], Field(max_length=500)
]
Reason = Annotated[str, StringConstraints(max_length=300)]
TERRITORY_ORDER = ("force", "name", "id")


class GroundIn(In):
    """What belongs to a territory from a day on."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "US"
    states: Words = []
    zip_prefixes: Words = []
    specialties: Specialties = []
    from_on: date

    def ground(self) -> actions.Ground:
        """Give the ground without its day."""
        return actions.Ground(self.country, self.states, self.zip_prefixes, self.specialties)


class TerritoryIn(GroundIn):
    """A territory with its first rule."""

    name: Annotated[str, StringConstraints(max_length=120)]
    force: Annotated[str, StringConstraints(max_length=80)]
    kind: Annotated[str, StringConstraints(max_length=16)]
    takes_uncovered: bool = False


class DayAsked(Asked):
    """A part of a list as of a day, today unless one is named."""

    on: date | None = None


class GapsAsked(DayAsked):
    """How the list of people whom nobody or several cover is narrowed."""

    state: Text = ""
    specialty: Text = ""
    country: Text = ""
    force: Text = ""


class ChallengesAsked(Asked):
    """Which challenges."""

    status: Text = ""


class ExceptionIn(In):
    """A person or account that the rule does not place."""

    hcp_id: UUID | None = None
    hco_id: UUID | None = None
    is_added: bool = True
    reason: Reason
    from_on: date


class AssignmentIn(In):
    """Who looks after a territory."""

    user_id: UUID
    from_on: date


class AlignmentIn(In):
    """From which day it counts."""

    as_of: date


class ChallengeIn(In):
    """What a representative asks for."""

    hcp_id: UUID
    wanted: Annotated[str, StringConstraints(max_length=8)]
    reason: Annotated[str, StringConstraints(max_length=500)]


class AnswerIn(In):
    """What a manager answers."""

    accept: bool
    answer: Annotated[str, StringConstraints(max_length=500)] = ""


class TerritoryOut(Schema):
    """A territory."""

    id: UUID
    name: str
    force: str
    kind: str
    takes_uncovered: bool
    ended_on: date | None


class VersionOut(Schema):
    """The rule of a territory over a period."""

    number: int
    country: str
    states: list[str]
    zip_prefixes: list[str]
    specialties: list[str]
    from_on: date
    to_on: date | None


class ExceptionOut(Schema):
    """An exception."""

    id: UUID
    hcp_id: UUID | None
    hco_id: UUID | None
    is_added: bool
    reason: str
    from_on: date
    to_on: date | None


class AssignmentOut(Schema):
    """Who looks after a territory over a period."""

    id: UUID
    user_id: UUID
    from_on: date
    to_on: date | None


class AlignmentOut(Schema):
    """An alignment; the counts are there once it is done."""

    id: UUID
    as_of: date
    asked_at: datetime
    done_at: datetime | None
    n_begun: int
    n_ended: int
    n_members: int
    by_territory: dict[str, int]


class ChallengeOut(Schema):
    """A challenge and where it stands."""

    id: UUID
    territory_id: UUID
    hcp_id: UUID
    wanted: str
    reason: str
    status: str
    raised_at: datetime
    decided_at: datetime | None
    answer: str


class CellOut(Schema):
    """Counts of one state over two field forces; null where too few."""

    state: str
    both: int | None
    mine: int | None
    theirs: int | None
    neither: int | None


def _on(asked: DayAsked) -> date:
    return asked.on or datetime.now(UTC).date()


@router.get("/territories", response=Listing[TerritoryOut])
@operation("territory.read")
def list_territories(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List the territories of the caller's organisation."""
    return listing(reads.territories(), TERRITORY_ORDER, asked)


@router.post("/territories", response={201: TerritoryOut})
@operation("territory.write")
def add_territory(request: HttpRequest, given: TerritoryIn) -> Any:
    """Make a territory with its first rule."""
    made = actions.add_territory(
        given.name, given.force, given.kind, given.ground(), from_on=given.from_on,
        takes_uncovered=given.takes_uncovered, at=datetime.now(UTC),
    )  # fmt: skip
    return 201, made


@router.get("/territories/{uuid:territory_id}", response=TerritoryOut)
@operation("territory.read")
def get_territory(request: HttpRequest, territory_id: UUID) -> Any:
    """Give one territory."""
    return reads.territory(territory_id)


@router.get("/territories/{uuid:territory_id}/versions", response=list[VersionOut])
@operation("territory.read")
def list_versions(request: HttpRequest, territory_id: UUID) -> Any:
    """List the rules of a territory, the latest first."""
    return reads.versions_of(reads.territory(territory_id).id)


@router.post("/territories/{uuid:territory_id}/versions", response={201: VersionOut})
@operation("territory.write")
def change_territory(request: HttpRequest, territory_id: UUID, given: GroundIn) -> Any:
    """Give a territory another rule from a day on."""
    made = actions.change_territory(
        territory_id, given.ground(), from_on=given.from_on, at=datetime.now(UTC)
    )
    return 201, made


@router.get("/territories/{uuid:territory_id}/people", response=Listing[HcpOut])
@operation("territory.read")
def list_people(request: HttpRequest, territory_id: UUID, asked: Query[DayAsked]) -> Any:
    """List who is in a territory on a day."""
    found = reads.people_in(reads.territory(territory_id).id, _on(asked))
    return listing(found, reads.PEOPLE_ORDER, asked)


@router.get("/territories/{uuid:territory_id}/exceptions", response=list[ExceptionOut])
@operation("territory.read")
def list_exceptions(request: HttpRequest, territory_id: UUID) -> Any:
    """List the exceptions that are in force today."""
    return reads.exceptions_of(reads.territory(territory_id).id, datetime.now(UTC).date())


@router.post("/territories/{uuid:territory_id}/exceptions", response={201: ExceptionOut})
@operation("territory.write")
def add_exception(request: HttpRequest, territory_id: UUID, given: ExceptionIn) -> Any:
    """Put a person or account into a territory, or take a person out."""
    return 201, actions.add_exception(territory_id, **given.dict(), at=datetime.now(UTC))


@router.delete("/territory-exceptions/{uuid:exception_id}", response={204: None})
@operation("territory.write")
def end_exception(request: HttpRequest, exception_id: UUID) -> Any:
    """End an exception as of today; it stays in the history."""
    at = datetime.now(UTC)
    actions.end_exception(exception_id, on=at.date(), at=at)
    return 204, None


@router.post("/territories/{uuid:territory_id}/assignments", response={201: AssignmentOut})
@operation("territory.write")
def assign(request: HttpRequest, territory_id: UUID, given: AssignmentIn) -> Any:
    """Let a colleague look after a territory from a day on."""
    return 201, actions.assign_representative(
        territory_id, given.user_id, from_on=given.from_on, at=datetime.now(UTC)
    )


@router.delete("/territory-assignments/{uuid:assignment_id}", response={204: None})
@operation("territory.write")
def end_assignment(request: HttpRequest, assignment_id: UUID) -> Any:
    """End an assignment as of today."""
    at = datetime.now(UTC)
    actions.end_assignment(assignment_id, on=at.date(), at=at)
    return 204, None


@router.post("/territories/{uuid:territory_id}/end", response={204: None})
@operation("territory.write")
def end_territory(request: HttpRequest, territory_id: UUID) -> Any:
    """Close a territory as of today; the next alignment takes its people out."""
    at = datetime.now(UTC)
    actions.end_territory(territory_id, on=at.date(), at=at)
    return 204, None


@router.post("/alignments", response={202: AlignmentOut})
@operation("territory.write")
def ask_alignment(request: HttpRequest, given: AlignmentIn) -> Any:
    """Ask for an alignment as of a day; a worker computes it."""
    return 202, actions.ask_alignment(as_of=given.as_of, at=datetime.now(UTC))


@router.get("/alignments", response=Listing[AlignmentOut])
@operation("territory.read")
def list_alignments(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List alignments, the latest first, with their counts."""
    return listing(reads.alignments(), ("-asked_at", "-id"), asked)


@router.get("/white-space", response=Listing[HcpOut])
@operation("territory.read")
def list_white_space(request: HttpRequest, asked: Query[GapsAsked]) -> Any:
    """List people whom no territory of the caller's organisation covers on a day."""
    return listing(reads.white_space(_on(asked), asked.dict()), reads.PEOPLE_ORDER, asked)


@router.get("/double-cover", response=Listing[HcpOut])
@operation("territory.read")
def list_double_cover(request: HttpRequest, asked: Query[GapsAsked]) -> Any:
    """List people whom several field forces of the caller's organisation cover on a day."""
    return listing(reads.double_cover(_on(asked), asked.dict()), reads.PEOPLE_ORDER, asked)


@router.get("/joint-cover/{uuid:organisation_id}", response=list[CellOut])
@operation("territory.read")
def get_joint_cover(request: HttpRequest, organisation_id: UUID) -> Any:
    """Give counts by state of two field forces; empty unless both sides agreed to compare."""
    return reads.joint_cover(organisation_id, datetime.now(UTC).date())


@router.put("/joint-cover/{uuid:organisation_id}", response={204: None})
@operation("territory.write")
def agree_to_compare(request: HttpRequest, organisation_id: UUID) -> Any:
    """Agree to compare field forces with another organisation by counts."""
    actions.agree_to_compare(organisation_id, at=datetime.now(UTC))
    return 204, None


@router.delete("/joint-cover/{uuid:organisation_id}", response={204: None})
@operation("territory.write")
def stop_comparing(request: HttpRequest, organisation_id: UUID) -> Any:
    """End one's side of the agreement as of today."""
    actions.stop_comparing(organisation_id, at=datetime.now(UTC))
    return 204, None


@router.get("/challenges", response=Listing[ChallengeOut])
@operation("territory.read")
def list_challenges(request: HttpRequest, asked: Query[ChallengesAsked]) -> Any:
    """List challenges, of one state if one is named."""
    return listing(reads.challenges(asked.status), reads.CHALLENGE_ORDER, asked)


@router.post("/territories/{uuid:territory_id}/challenges", response={201: ChallengeOut})
@operation("territory.challenge")
def raise_challenge(request: HttpRequest, territory_id: UUID, given: ChallengeIn) -> Any:
    """Ask that a person be put into a territory or taken out of it."""
    hcp_of(given.hcp_id)
    return 201, actions.raise_challenge(territory_id, **given.dict(), at=datetime.now(UTC))


@router.post("/challenges/{uuid:challenge_id}/decision", response=ChallengeOut)
@operation("territory.write")
def decide_challenge(request: HttpRequest, challenge_id: UUID, given: AnswerIn) -> Any:
    """Accept or reject a challenge."""
    return actions.decide_challenge(challenge_id, **given.dict(), at=datetime.now(UTC))
