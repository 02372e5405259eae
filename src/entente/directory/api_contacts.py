"""Operations on business contacts; each organisation sees its own only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from entente.directory import actions
from entente.directory.reads import contacts as reads
from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])
Kind = Annotated[str, StringConstraints(max_length=24)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class ContactsAsked(Asked):
    """How the list of contacts is narrowed."""

    q: Text = ""
    kind: Text = ""
    authority: Text = ""
    ended: Text = ""


class ContactIn(In):
    """Somebody who is no health professional; never a patient."""

    family_name: Text
    kind: Kind
    country: Country
    given_name: Text = ""
    role: Text = ""
    authority: Kind = "unknown"
    employer_hco_id: UUID | None = None
    employer_organisation_id: UUID | None = None
    employer_name: Annotated[str, StringConstraints(max_length=300)] = ""
    email: Annotated[str, StringConstraints(max_length=300)] = ""
    phone: Annotated[str, StringConstraints(max_length=40)] = ""


class ContactChanges(In):
    """What changes of a contact; what is left out stays."""

    family_name: Text | None = None
    kind: Kind | None = None
    country: Country | None = None
    given_name: Text | None = None
    role: Text | None = None
    authority: Kind | None = None
    employer_hco_id: UUID | None = None
    employer_organisation_id: UUID | None = None
    employer_name: Annotated[str, StringConstraints(max_length=300)] | None = None


class AddressIn(In):
    """How a contact is reached."""

    channel: Annotated[str, StringConstraints(max_length=16)]
    value: Annotated[str, StringConstraints(max_length=300)]


class ContactOut(Schema):
    """A business contact."""

    id: UUID
    family_name: str
    given_name: str
    kind: str
    role: str
    authority: str
    employer: str
    employer_hco_id: UUID | None
    employer_organisation_id: UUID | None
    country: str
    ended_on: date | None


class ContactAddressOut(Schema):
    """An address of a contact; it is no permission to use it."""

    id: UUID
    channel: str
    value: str
    from_on: date
    to_on: date | None


@router.get("/contacts", response=Listing[ContactOut])
@operation("contact.read")
def list_contacts(request: HttpRequest, asked: Query[ContactsAsked]) -> Any:
    """List contacts by words, kind and authority."""
    return listing(reads.narrowed_contacts(asked.dict()), reads.ORDER, asked)


@router.post("/contacts", response={201: ContactOut})
@operation("contact.write")
def add_contact(request: HttpRequest, given: ContactIn) -> Any:
    """Enter a contact of the caller's organisation."""
    made = actions.add_contact(**given.dict(), at=datetime.now(UTC))
    return 201, reads.contact(made.id)


@router.get("/contacts/{uuid:contact_id}", response=ContactOut)
@operation("contact.read")
def get_contact(request: HttpRequest, contact_id: UUID) -> Any:
    """Give one contact."""
    return reads.contact(contact_id)


@router.patch("/contacts/{uuid:contact_id}", response=ContactOut)
@operation("contact.write")
def change_contact(request: HttpRequest, contact_id: UUID, given: ContactChanges) -> Any:
    """Change what is known of a contact."""
    changes = given.dict(exclude_unset=True)
    made = actions.change_contact(contact_id, changes, at=datetime.now(UTC))
    return reads.contact(made.id)


@router.post("/contacts/{uuid:contact_id}/end", response={204: None})
@operation("contact.write")
def end_contact(request: HttpRequest, contact_id: UUID) -> Any:
    """Say that somebody is no contact any more as of today."""
    at = datetime.now(UTC)
    actions.end_contact(contact_id, on=at.date(), at=at)
    return 204, None


@router.get("/contacts/{uuid:contact_id}/addresses", response=list[ContactAddressOut])
@operation("contact.read")
def list_contact_addresses(request: HttpRequest, contact_id: UUID) -> Any:
    """List the addresses of a contact, the newest first."""
    return reads.addresses_of(reads.contact(contact_id).id)


@router.post("/contacts/{uuid:contact_id}/addresses", response={201: ContactAddressOut})
@operation("contact.write")
def add_contact_address(request: HttpRequest, contact_id: UUID, given: AddressIn) -> Any:
    """Note an address; the one before it on the channel ends."""
    return 201, actions.add_contact_address(contact_id, **given.dict(), at=datetime.now(UTC))
