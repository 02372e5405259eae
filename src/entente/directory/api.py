"""Operations of the room: people, organisations, addresses, products, loads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field, StringConstraints

from entente.directory import (
    actions,
    api_catalogue,
    api_changes,
    api_cohorts,
    api_contacts,
    api_hierarchy,
    api_identity_hcos,
    api_licences,
    api_provenance,
    api_sources,
    api_territories,
    reads,
)
from entente.directory.api_fhir import router as fhir_router
from entente.directory.api_identity import router as identity_router
from entente.directory.api_shapes import (
    AffiliationOut,
    ContactPointOut,
    HcoOut,
    HcpOut,
    LegalEntityOut,
    LoadOut,
    OrganisationOut,
    ProductOut,
)
from entente.directory.models import Affiliation, ContactPoint, Product, SourceLoad
from entente.directory.reads import lists
from entente.directory.reads.provenance import as_licensed
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])
router.add_router("", identity_router)
router.add_router("", api_identity_hcos.router)
router.add_router("", fhir_router)
router.add_router("", api_catalogue.router)
router.add_router("", api_changes.router)
router.add_router("", api_cohorts.router)
router.add_router("", api_contacts.router)
router.add_router("", api_hierarchy.router)
router.add_router("", api_licences.router)
router.add_router("", api_provenance.router)
router.add_router("", api_sources.router)
router.add_router("", api_territories.router)
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class HcpsAsked(Asked):
    """How the list of people is narrowed."""

    q: Text = ""
    specialty: Text = ""
    state: Text = ""
    country: Text = ""
    status: Text = ""


class HcosAsked(Asked):
    """How the list of organisations is narrowed."""

    q: Text = ""
    kind: Text = ""
    state: Text = ""


class LoadsAsked(Asked):
    """How the list of loads is narrowed."""

    kind: Text = ""


class HcpIn(In):
    """A person entered by hand."""

    family_name: Text
    country: Country
    npi: Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")] | None = None
    profession: Text | None = None
    given_name: Text = ""
    credential: Text = ""
    specialty: Text = ""
    city: Text = ""
    us_state: Annotated[str, StringConstraints(max_length=100)] = ""


class HcoIn(In):
    """An organisation entered by hand."""

    name: Text
    country: Country
    kind: Annotated[str, StringConstraints(max_length=100)]
    city: Text = ""
    us_state: Annotated[str, StringConstraints(max_length=100)] = ""


class AffiliationIn(In):
    """Where a person works."""

    hco_id: UUID
    role: Annotated[str, StringConstraints(max_length=100)] = ""
    from_on: date | None = None


class ContactPointIn(In):
    """An address of a person."""

    channel: Annotated[str, StringConstraints(max_length=16)]
    value: Text
    from_on: date


class ApprovalIn(In):
    """Where a product is approved."""

    country: Country
    approved_on: date
    indication: LongText = ""
    boxed_warning: bool = False
    accelerated: bool = False


class ProductIn(In):
    """A product and its approvals."""

    name: Text
    kind: Annotated[str, StringConstraints(max_length=16)]
    approvals: Annotated[list[ApprovalIn], Field(max_length=300)] = []
    owner_name: Text = ""


class LegalEntityIn(In):
    """A legal entity of the caller's organisation."""

    name: Text
    country: Country
    postal_address: Annotated[str, StringConstraints(max_length=300)]
    time_zone: Annotated[str, StringConstraints(max_length=64)] = "UTC"


@router.get("/hcps", response=Listing[HcpOut])
@operation("directory.read")
def list_hcps(request: HttpRequest, asked: Query[HcpsAsked]) -> Any:
    """List people by words, specialty, state, country and identity status."""
    found = listing(lists.narrowed_hcps(asked.dict()), lists.HCP_ORDERS["name"], asked)
    return {**found, "items": as_licensed(found["items"])}


@router.post("/hcps", response={201: HcpOut})
@operation("directory.import")
def add_hcp(request: HttpRequest, given: HcpIn) -> Any:
    """Enter a person whom no registry has brought."""
    return 201, actions.add_hcp(**given.dict(), at=datetime.now(UTC))


@router.get("/hcps/{uuid:hcp_id}", response=HcpOut)
@operation("directory.read")
def get_hcp(request: HttpRequest, hcp_id: UUID) -> Any:
    """Give one person; of another's record, without what its licence keeps from us."""
    return as_licensed([reads.hcp(hcp_id)])[0]


@router.get("/hcps/{uuid:hcp_id}/affiliations", response=Listing[AffiliationOut])
@operation("directory.read")
def list_affiliations(request: HttpRequest, hcp_id: UUID, asked: Query[Asked]) -> Any:
    """List where a person works."""
    ids = reads.same_person(reads.hcp(hcp_id).id, datetime.now(UTC))
    rows = Affiliation.objects.filter(hcp_id__in=ids).select_related("hco")
    return listing(rows, ("id",), asked)


@router.post("/hcps/{uuid:hcp_id}/affiliations", response={201: AffiliationOut})
@operation("directory.import")
def add_affiliation(request: HttpRequest, hcp_id: UUID, given: AffiliationIn) -> Any:
    """Say that a person works with an organisation."""
    reads.hcp(hcp_id), reads.hco(given.hco_id)
    made = actions.affiliate(
        hcp_id, given.hco_id, role=given.role, from_on=given.from_on, at=datetime.now(UTC)
    )
    return 201, made


@router.get("/hcps/{uuid:hcp_id}/contact-points", response=Listing[ContactPointOut])
@operation("directory.read")
def list_contact_points(request: HttpRequest, hcp_id: UUID, asked: Query[Asked]) -> Any:
    """List a person's addresses that the caller's organisation knows."""
    ids = reads.same_person(reads.hcp(hcp_id).id, datetime.now(UTC))
    rows = ContactPoint.objects.filter(hcp_id__in=ids)
    return listing(rows, ("-from_on", "-id"), asked)


@router.post("/hcps/{uuid:hcp_id}/contact-points", response={201: ContactPointOut})
@operation("consent.capture")
def add_contact_point(request: HttpRequest, hcp_id: UUID, given: ContactPointIn) -> Any:
    """Note an address; the one before it on the channel ends."""
    reads.hcp(hcp_id)
    return 201, actions.add_contact_point(hcp_id, **given.dict(), at=datetime.now(UTC))


@router.delete("/contact-points/{uuid:contact_point_id}", response={204: None})
@operation("consent.capture")
def end_contact_point(request: HttpRequest, contact_point_id: UUID) -> Any:
    """End an address as of today; it stays in the history."""
    at = datetime.now(UTC)
    actions.end_contact_point(contact_point_id, on=at.date(), at=at)
    return 204, None


@router.get("/hcos", response=Listing[HcoOut])
@operation("directory.read")
def list_hcos(request: HttpRequest, asked: Query[HcosAsked]) -> Any:
    """List health-care organisations by words, kind and state."""
    return listing(lists.narrowed_hcos(asked.dict()), lists.HCO_ORDERS["name"], asked)


@router.post("/hcos", response={201: HcoOut})
@operation("directory.import")
def add_hco(request: HttpRequest, given: HcoIn) -> Any:
    """Enter an organisation that no registry has brought."""
    return 201, actions.add_hco(**given.dict(), at=datetime.now(UTC))


@router.get("/hcos/{uuid:hco_id}", response=HcoOut)
@operation("directory.read")
def get_hco(request: HttpRequest, hco_id: UUID) -> Any:
    """Give one health-care organisation."""
    return reads.hco(hco_id)


@router.get("/organisations", response=list[OrganisationOut])
@operation("organisation.read")
def list_organisations(request: HttpRequest) -> Any:
    """List the organisations of this installation that the caller's one knows."""
    return reads.organisations_visible()


@router.get("/organisations/{uuid:organisation_id}/legal-entities", response=list[LegalEntityOut])
@operation("organisation.read")
def list_legal_entities(request: HttpRequest, organisation_id: UUID) -> Any:
    """List the legal entities of an organisation, the main one first."""
    return reads.legal_entities(organisation_id)


@router.post("/legal-entities", response={201: LegalEntityOut})
@operation("legal_entity.write")
def add_legal_entity(request: HttpRequest, given: LegalEntityIn) -> Any:
    """Name a legal entity of the caller's organisation."""
    return 201, actions.add_legal_entity(**given.dict(), at=datetime.now(UTC))


@router.get("/products", response=Listing[ProductOut])
@operation("directory.read")
def list_products(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List products with their approvals."""
    return listing(Product.objects.prefetch_related("approvals"), ("name", "id"), asked)


@router.post("/products", response={201: ProductOut})
@operation("product.write")
def add_product(request: HttpRequest, given: ProductIn) -> Any:
    """Enter a product with its approvals."""
    approvals = [actions.ApprovedIn(**a.model_dump()) for a in given.approvals]
    made = actions.add_product(
        given.name, given.kind, approvals, owner_name=given.owner_name, at=datetime.now(UTC)
    )
    return 201, made


@router.get("/products/{uuid:product_id}", response=ProductOut)
@operation("directory.read")
def get_product(request: HttpRequest, product_id: UUID) -> Any:
    """Give one product with its approvals."""
    return reads.product(product_id)


@router.get("/loads", response=Listing[LoadOut])
@operation("directory.import")
def list_loads(request: HttpRequest, asked: Query[LoadsAsked]) -> Any:
    """List the loads of the caller's organisation, newest first."""
    return listing(lists.loads(asked.kind), lists.LOAD_ORDER, asked)


@router.get("/loads/{uuid:load_id}", response=LoadOut)
@operation("directory.import")
def get_load(request: HttpRequest, load_id: UUID) -> Any:
    """Give one load with its counts and the reasons of its refusals."""
    return SourceLoad.objects.get(id=load_id)
