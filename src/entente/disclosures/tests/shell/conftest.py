"""Meals that were recorded, and the worker that tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest
from django.test import Client

from entente.directory.models import Hcp, LegalEntity
from entente.engagement.actions import Meal, record_expense
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as, signing_in
from entente.foundation.domain.identifiers import npi_check_digit
from entente.foundation.models import OutboxMessage, User, new_id
from entente.foundation.outbox.deliver import deliver_one


@dataclass
class World:
    cast: object
    noon: object
    payer_id: UUID
    hcps: dict = field(default_factory=dict)

    def hcp(self, name="Physician", **facts):
        with act_as(self.cast.system()):
            number = f"2{new_id().int % 10**8:08d}"
            made = Hcp.objects.create(
                id=new_id(), org=self.cast.host, npi=f"{number}{npi_check_digit(number)}",
                family_name=name, given_name="Test", country="US", us_state="NY", time_zone="UTC",
                licence_active=True, name_key=name.lower(), search_text=name.lower(),
                **{"profession": "physician", **facts},
            )  # fmt: skip
        return made.id

    def meal(self, *hcp_ids, total_minor=1000, headcount=None, spent_on=date(2026, 3, 2), **facts):
        with act_as(self.cast.scope(Role.REPRESENTATIVE)):
            return record_expense(
                Meal(
                    hcp_ids=tuple(hcp_ids), payer_id=facts.pop("payer_id", self.payer_id),
                    kind="lunch", setting="office", spent_on=spent_on, country="US",
                    currency=facts.pop("currency", "USD"), total_minor=total_minor,
                    headcount=headcount or len(hcp_ids), with_discussion=True, **facts,
                ),
                at=self.noon,
            )  # fmt: skip

    def tell(self):
        """Do what the worker does with events."""
        with act_as(self.cast.system()):
            waiting = list(OutboxMessage.objects.filter(kind="event", state="pending"))
        for message in waiting:
            deliver_one(message.id, self.cast.system(), None, lambda: self.noon)

    def captured(self, *hcp_ids, **facts):
        made = self.meal(*hcp_ids, **facts)
        self.tell()
        return made

    def sign_in(self, role, organisation=None):
        client = Client()
        with signing_in():
            found = User.objects.filter(org=organisation or self.cast.host, grants__role=role)
            client.force_login(found.first())
        return client


@pytest.fixture
def world(cast, noon):
    with act_as(cast.system()):
        payer = LegalEntity.objects.create(
            id=new_id(), org=cast.host, name=f"Halden Pharma Inc {new_id().hex[-6:]}",
            country="US", postal_address="1 Test Street",
        )  # fmt: skip
    return World(cast, noon, payer.id)
