"""People and companies that the tests of consent are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest

from entente.directory.actions import add_contact_point, add_hcp, add_legal_entity, add_product
from entente.foundation.access.scope import Scope, act_as


@dataclass(frozen=True)
class Asked:
    """A person and the legal entity that asks for permission."""

    scope: Scope
    hcp_id: UUID
    controller_id: UUID
    hcp_npi: str


@pytest.fixture
def asked(cast, noon: datetime) -> Asked:
    """A Connecticut physician and the host's legal entity."""
    scope = cast.system()
    with act_as(scope):
        entity = add_legal_entity(
            name="Halden Pharma Inc", country="US", postal_address="1 Test Way", at=noon
        )
        person = add_hcp(
            family_name="Testwell",
            given_name="Mara",
            country="US",
            us_state="CT",
            npi="2000000002",
            credential="MD",
            at=noon,
        )
        add_contact_point(
            person.id, channel="email", value="m.testwell@clinic.test", from_on=noon.date(), at=noon
        )
    return Asked(scope, person.id, entity.id, "2000000002")


@pytest.fixture
def product_id(asked: Asked, noon: datetime) -> UUID:
    """A product of the host."""
    with act_as(asked.scope):
        return add_product("Testolol", "medicine", at=noon).id
