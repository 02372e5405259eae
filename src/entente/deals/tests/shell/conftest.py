"""An account, a solution, and registrations of them by host and partners."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest

from entente.deals.actions import Registration, register_deal
from entente.deals.domain.criteria import CRITERIA
from entente.directory.models import Hco, Product
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id


def make_account(cast, name="Lakeside Clinic", parent_name=""):
    with act_as(cast.system()):
        return Hco.objects.create(
            id=new_id(), org=cast.host, system="test", value=new_id().hex, name=name,
            parent_name=parent_name, country="US", name_key=name.lower(), search_text=name.lower(),
        )  # fmt: skip


def make_solution(cast):
    with act_as(cast.system()):
        return Product.objects.create(
            id=new_id(), org=cast.host, name=f"Solution {new_id().hex[-8:]}", kind="software"
        )


@dataclass
class World:
    cast: object
    noon: object
    account_id: UUID
    solution_id: UUID

    def seller(self, organisation=None):
        return self.cast.scope(Role.PARTNER_SELLER, organisation or self.cast.partner)

    def manager(self):
        return self.cast.scope(Role.ALLIANCE_MANAGER)

    def asked(self, **changes) -> Registration:
        basic = Registration(
            account_id=self.account_id,
            solution_id=self.solution_id,
            kind="new",
            confirmed=tuple(CRITERIA["new"]),
            value_minor=120_000_00,
            currency="USD",
            buyer="Ada Example",
        )
        return replace(basic, **changes)

    def register(self, organisation=None, *, at=None, **changes):
        with act_as(self.seller(organisation)):
            return register_deal(self.asked(**changes), at=at or self.noon)

    def account(self, name, parent_name=""):
        return make_account(self.cast, name, parent_name).id

    def later(self, **how):
        return self.noon + timedelta(**how)


@pytest.fixture
def world(cast, noon):
    return World(cast, noon, make_account(cast).id, make_solution(cast).id)


@pytest.fixture
def race_world(noon):
    """Make the world by commits of its own, for tests that run in several threads."""

    def make():
        from tests.cast import Cast

        cast = Cast.found()
        return World(cast, noon, make_account(cast).id, make_solution(cast).id)

    return make
