"""Operations on licences, which are public as the registries are that issue them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import StringConstraints

from entente.directory import actions, reads
from entente.directory.reads import licences
from entente.foundation.web.api_shapes import In
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])
Word = Annotated[str, StringConstraints(max_length=16)]


class LicenceIn(In):
    """A state of a licence, from a day to its last day."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    number: Annotated[str, StringConstraints(max_length=100)]
    region: Annotated[str, StringConstraints(max_length=10)] = ""
    kind: Word = "practise"
    status: Word = "active"
    from_on: date | None = None
    expires_on: date | None = None
    source: Annotated[str, StringConstraints(max_length=64)] = "api"
    verified_on: date | None = None


class StatusIn(In):
    """Another status from a day."""

    status: Word
    on: date


class RenewalIn(In):
    """Another last day."""

    expires_on: date


class LicenceOut(Schema):
    """A state of a licence."""

    id: UUID
    country: str
    region: str
    number: str
    kind: str
    status: str
    from_on: date | None
    expires_on: date | None
    source: str
    verified_on: date | None


@router.get("/hcps/{uuid:hcp_id}/licences", response=list[LicenceOut])
@operation("directory.read")
def list_licences(request: HttpRequest, hcp_id: UUID) -> Any:
    """List every state of a person's licences."""
    return licences.licences_of(*reads.same_person(reads.hcp(hcp_id).id, datetime.now(UTC)))


@router.post("/hcps/{uuid:hcp_id}/licences", response={201: LicenceOut})
@operation("directory.import")
def add_licence(request: HttpRequest, hcp_id: UUID, given: LicenceIn) -> Any:
    """Enter a state of a licence."""
    return 201, actions.add_licence(hcp_id, **given.dict(), at=datetime.now(UTC))


@router.post("/licences/{uuid:licence_id}/status", response={201: LicenceOut})
@operation("directory.import")
def change_licence_status(request: HttpRequest, licence_id: UUID, given: StatusIn) -> Any:
    """Say that a licence got another status on a day; what it was before stays."""
    return 201, actions.change_licence_status(licence_id, **given.dict(), at=datetime.now(UTC))


@router.post("/licences/{uuid:licence_id}/renewal", response={201: LicenceOut})
@operation("directory.import")
def renew_licence(request: HttpRequest, licence_id: UUID, given: RenewalIn) -> Any:
    """Renew a licence to another last day."""
    return 201, actions.renew_licence(licence_id, expires_on=given.expires_on, at=datetime.now(UTC))
