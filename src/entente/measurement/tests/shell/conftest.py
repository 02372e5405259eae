"""A joint campaign with as many sends of each kind as a test asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client

from entente.alliances.actions import (
    CampaignPlan,
    CharterTerms,
    add_budget_line,
    draft_campaign,
    draft_charter,
)
from entente.alliances.models import BudgetLine
from entente.content import actions as content
from entente.content.actions import Words
from entente.directory.actions import add_legal_entity
from entente.directory.models import Hcp
from entente.engagement.models import Response, Send
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as, signing_in
from entente.foundation.models import User, new_id
from entente.policy.actions.packs_in_force import in_force, keep_set
from entente.policy.models import Decision

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
OUTCOMES = {"forbidden": "FORBID", "referred": "REFER"}


@dataclass
class World:
    cast: object
    noon: object
    campaign_id: UUID
    entity_id: UUID
    version_id: UUID

    def sends(self, n, status, rules=(), *, organisation=None, response=""):
        """Write so many sends of an organisation that stand there."""
        owner = organisation or self.cast.host
        with act_as(self.cast.system(owner)):
            packs = keep_set(in_force(date(2026, 11, 20)))
            people = Hcp.objects.bulk_create(
                Hcp(id=new_id(), org=owner, family_name="Test", country="US",
                    profession="physician", name_key="test", search_text="test")
                for _ in range(n)
            )  # fmt: skip
            decisions = Decision.objects.bulk_create(
                Decision(id=new_id(), org=owner, act_type="email", stage="request",
                         outcome=OUTCOMES.get(status, "PERMIT"), rule_ids=list(rules), facts={},
                         pack_set_id=packs, decided_at=self.noon)
                for _ in people
            )  # fmt: skip
            sends = Send.objects.bulk_create(
                Send(id=new_id(), org=owner, campaign_id=self.campaign_id, hcp=hcp,
                     version_id=self.version_id, controller_id=self.entity_id, purpose="education",
                     status=status, decision=decision, sender_role="marketing",
                     requested_at=self.noon)
                for hcp, decision in zip(people, decisions, strict=True)
            )  # fmt: skip
            if response:
                Response.objects.bulk_create(
                    Response(id=new_id(), org=owner, send=send, kind=response, source="tests",
                             responded_at=self.noon)
                    for send in sends
                )  # fmt: skip

    def sign_in(self, role, organisation=None):
        client = Client()
        with signing_in():
            found = User.objects.filter(org=organisation or self.cast.host, grants__role=role)
            client.force_login(found.first())
        return client

    @property
    def both(self):
        """Somebody of each party who may read results."""
        return (
            self.cast.scope(Role.BRAND_LEAD),
            self.cast.scope(Role.PARTNER_MARKETER, self.cast.partner),
        )


def _version(cast, at) -> UUID:
    with act_as(cast.scope(Role.BRAND_LEAD)):
        item = content.draft_item(title="News", kind="educational", at=at)
        words = Words(
            subject="News", html="<p>News</p>", text="News", markets=["US"], audiences=["hcp"],
            channels=["email"], expires_on=LAST, support_statement="",
        )  # fmt: skip
        return content.save_version(item.id, words, at=at).id


@pytest.fixture
def world(cast, noon):
    version_id = _version(cast, noon)
    with act_as(cast.system()):
        entity = add_legal_entity(
            name="Halden Inc", country="US", postal_address="1 Halden Way", at=noon
        )
        charter = draft_charter(
            CharterTerms(
                name="Together", purpose="Education", measures="", way_out="", shared_fields=[],
                emails_30d=4, from_on=FIRST, to_on=LAST,
            ),
            partner_ids=[cast.partner.id],
            at=noon,
        )  # fmt: skip
        campaign = draft_campaign(
            CampaignPlan(
                name="Heart failure", kind="thought", purpose="education",
                controller_id=entity.id, country="US", launch_on=date(2026, 11, 1),
                ends_on=date(2026, 12, 31), currency="USD", ceiling_minor=10_000_000,
                charter_id=charter.id,
            ),
            shares={cast.host.id: Decimal("0.5"), cast.partner.id: Decimal("0.5")},
            at=noon,
        )  # fmt: skip
        line = add_budget_line(
            campaign.id, payer_id=cast.host.id, category="media", rule="equal",
            estimate_minor=500_001, at=noon,
        )  # fmt: skip
        # What it cost, without the campaign's whole way to the day on which that is entered.
        BudgetLine.objects.filter(id=line.id).update(committed_minor=500_001, actual_minor=500_001)
    return World(cast, noon, campaign.id, entity.id, version_id)
