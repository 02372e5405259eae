"""What tests of the gate stand on: a world of real acts, moments, people, a drawn sample."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entente.engagement.tests.shell.conftest import working_hours, world
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.policy.reads.audits import items
from tests.gate.audit_world import decided, drawn, planned

__all__ = ["working_hours", "world"]


@pytest.fixture
def rep(cast):
    """The host's representative."""
    return cast.scope(Role.REPRESENTATIVE)


@pytest.fixture
def later(noon):
    """A moment after November, from which its sample can be drawn."""
    return noon + timedelta(days=12)


@pytest.fixture
def officer(cast):
    return cast.scope(Role.COMPLIANCE)


@pytest.fixture
def sample(cast, noon, later, officer):
    decided(cast, noon, 40)
    return drawn(officer, planned(officer, noon), later)


@pytest.fixture
def first(sample, officer):
    with act_as(officer):
        return items(sample_id=sample.id).order_by("place").first()


@pytest.fixture
def at(noon):
    """Four hours after noon's beginning: within working hours where HCPs are."""
    return noon + timedelta(hours=4)
