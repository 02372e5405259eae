"""Operations on colleagues: accounts, roles, training, and partners brought in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.foundation import organisations
from entente.foundation.access.roles import Role
from entente.foundation.errors import UserError
from entente.foundation.models import Organisation, User
from entente.foundation.models.user import Qualification
from entente.foundation.web import people as reads
from entente.foundation.web.api_shapes import Asked, In, Listing, Text
from entente.foundation.web.doors import operation
from entente.foundation.web.lists import part_of

router = Router(tags=["foundation"])


class PersonOut(Schema):
    """An account."""

    id: UUID
    name: str
    email: str
    title: str
    is_active: bool
    is_trained: bool
    trained_until: date | None


class TrainingOut(Schema):
    """A completed course."""

    id: UUID
    course: str
    completed_on: date
    valid_until: date


class PersonFull(Schema):
    """An account with its roles and training."""

    id: UUID
    name: str
    email: str
    title: str
    is_trained: bool
    roles: list[str]
    trainings: list[TrainingOut]


class PeopleAsked(Asked):
    """Which people."""

    role: Text = ""
    training: Text = ""


class PersonIn(In):
    """Who gets an account."""

    name: Text
    email: str = Field(max_length=254)
    title: Text = ""
    role: Role
    time_zone: Text = "UTC"
    qualification: Qualification | Literal[""] = ""


class RoleIn(In):
    """A role."""

    role: Role


class TrainingIn(In):
    """A completed course."""

    course: Text
    completed_on: date
    valid_until: date


class PartnerIn(In):
    """Which organisation joins."""

    name: Text
    kind: Organisation.Kind
    country: str = Field(pattern="^[A-Z]{2}$")
    time_zone: Text = "UTC"


class PartnerOut(Schema):
    """An organisation."""

    id: UUID
    name: str
    kind: str
    country: str
    time_zone: str


def _full(user_id: UUID) -> dict[str, Any]:
    found = reads.person(user_id, on=datetime.now(UTC).date())
    user = found.user
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "title": user.title,
        "is_trained": found.is_trained,
        "roles": sorted(found.roles),
        "trainings": list(found.trainings),
    }


@router.get("/people", response=Listing[PersonOut], summary="Colleagues")
@operation("user.read")
def people(request: HttpRequest, asked: Query[PeopleAsked]) -> Any:
    """Give the people of my organisation."""
    if asked.training not in {"", "valid", "missing"}:
        raise UserError("training is valid or missing", field="training")
    rows = reads.people(role=asked.role, training=asked.training, on=datetime.now(UTC).date())
    part = part_of(rows, reads.ORDER, {"after": asked.after}, limit=asked.limit)
    return {"items": part.rows, "next": part.after or None}


@router.get("/people/{uuid:user_id}", response=PersonFull, summary="One colleague")
@operation("user.read")
def person(request: HttpRequest, user_id: UUID) -> Any:
    """Give one account with its roles and training."""
    return _full(user_id)


@router.post("/people", response={201: PersonFull}, summary="Make an account")
@operation("user.write")
def person_made(request: HttpRequest, given: PersonIn) -> Any:
    """Make an account in my organisation; its password is set by the person."""
    fields = given.model_dump(exclude={"role"})
    made = organisations.add_user(**fields, roles=frozenset({given.role}), at=datetime.now(UTC))
    return 201, _full(made.id)


@router.post("/people/{uuid:user_id}/roles", response={201: PersonFull}, summary="Give a role")
@operation("user.write")
def role_given(request: HttpRequest, user_id: UUID, given: RoleIn) -> Any:
    """Give a role; it counts from the next request."""
    organisations.grant_role(User.objects.get(id=user_id), given.role, at=datetime.now(UTC))
    return 201, _full(user_id)


@router.delete(
    "/people/{uuid:user_id}/roles/{role}", response={200: PersonFull}, summary="Take a role away"
)
@operation("user.write")
def role_taken(request: HttpRequest, user_id: UUID, role: Role) -> Any:
    """Take a role away; it ends with the next request."""
    organisations.revoke_role(User.objects.get(id=user_id), role, at=datetime.now(UTC))
    return _full(user_id)


@router.post(
    "/people/{uuid:user_id}/trainings", response={201: PersonFull}, summary="Record a course"
)
@operation("user.write")
def training_recorded(request: HttpRequest, user_id: UUID, given: TrainingIn) -> Any:
    """Record a completed course; the gate asks for one before anybody approaches an HCP."""
    user = User.objects.get(id=user_id)
    organisations.record_training(user, **given.model_dump(), at=datetime.now(UTC))
    return 201, _full(user_id)


@router.post("/partners", response={201: PartnerOut}, summary="Bring a partner in")
@operation("organisation.write")
def partner_added(request: HttpRequest, given: PartnerIn) -> Any:
    """Bring a partner into the installation; the host does it."""
    return 201, organisations.add_partner(**given.model_dump(), at=datetime.now(UTC))


@router.post(
    "/partners/{uuid:organisation_id}/people", response={201: PersonOut}, summary="Invite a partner"
)
@operation("organisation.write")
def partner_invited(request: HttpRequest, organisation_id: UUID, given: PersonIn) -> Any:
    """Make an account at a partner; it is the partner's from then on."""
    fields = given.model_dump(exclude={"time_zone", "qualification"})
    made = organisations.invite_partner(organisation_id, **fields, at=datetime.now(UTC))
    return 201, {
        **{name: getattr(made, name) for name in ("id", "name", "email", "title", "is_active")},
        "is_trained": False,
        "trained_until": None,
    }
