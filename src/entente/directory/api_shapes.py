"""Shapes in which the directory's operations answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from entente.directory.models import Product


class HcpOut(Schema):
    """A person, as public registries and this installation know him."""

    id: UUID
    npi: str | None
    family_name: str
    given_name: str
    middle_name: str
    credential: str
    profession: str
    specialty: str
    taxonomy_code: str
    licence_states: list[str]
    address_line: str
    city: str
    us_state: str
    postal_code: str
    country: str
    time_zone: str
    identity_status: str
    licence_active: bool | None
    can_prescribe: bool | None
    covered_recipient_type: str
    excluded: bool | None
    source: str


class HcoOut(Schema):
    """A health-care organisation."""

    id: UUID
    system: str
    value: str
    name: str
    kind: str
    ownership: str
    parent_name: str
    address_line: str
    city: str
    us_state: str
    postal_code: str
    country: str
    is_active: bool
    source: str


class AffiliationOut(Schema):
    """Where a person works, by which source."""

    id: UUID
    hcp_id: UUID
    hco_id: UUID
    source: str
    role: str
    from_on: date | None
    to_on: date | None


class ContactPointOut(Schema):
    """An address; it is no permission to use it."""

    id: UUID
    channel: str
    value: str
    from_on: date
    to_on: date | None
    source: str


class ApprovalOut(Schema):
    """Where a product is approved."""

    country: str
    approved_on: date
    ended_on: date | None
    indication: str
    authority_ref: str
    boxed_warning: bool
    accelerated: bool


class ProductOut(Schema):
    """A product with its approvals."""

    id: UUID
    name: str
    kind: str
    nature: str
    owner_name: str
    owner_entity_id: UUID | None
    approvals: list[ApprovalOut]

    @staticmethod
    def resolve_approvals(row: Product) -> list[Any]:
        """Give the approvals by country."""
        return sorted(row.approvals.all(), key=lambda a: (a.country, a.approved_on))


class LegalEntityOut(Schema):
    """A legal entity."""

    id: UUID
    org_id: UUID
    name: str
    country: str
    postal_address: str
    time_zone: str
    is_main: bool


class OrganisationOut(Schema):
    """An organisation of this installation."""

    id: UUID
    name: str
    kind: str
    country: str
    is_host: bool


class LoadOut(Schema):
    """A load of a file, its counts and the reasons of its refusals."""

    id: UUID
    kind: str
    file_name: str
    file_hash: str
    loaded_at: datetime
    n_read: int
    n_new: int
    n_changed: int
    n_unchanged: int
    n_refused: int
    notes: dict[str, int]
    refusals: list[dict[str, Any]]
    outcome: str
    not_used_because: str
