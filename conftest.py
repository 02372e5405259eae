"""What every test may ask for: the shared cast, a moment, a scope."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entente.foundation.administration import initialise
from tests.cast import Cast, build_cast
from tests.visitors import browser, program

__all__ = ["browser", "program"]

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """Make the tables as owner and commit the cast once; tests then run as the serving role."""
    with django_db_blocker.unblock():
        initialise()
        build_cast(NOON)


@pytest.fixture
def noon() -> datetime:
    """The moment at which tests happen unless they say otherwise."""
    return NOON


@pytest.fixture
def cast(db) -> Cast:
    """The people and organisations that tests are about."""
    return Cast.found()
