"""What the tests of alliances share: a charter, a released item, a joint campaign."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from entente.alliances import actions
from entente.alliances.actions import CampaignPlan, CharterTerms
from entente.content import actions as content
from entente.directory.actions import add_legal_entity
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

PASSWORD = "correct horse battery"
ADDRESS = "1 Halden Way, Testford, MA 02100"
STATEMENT = "Made by Halden Pharma together with Northlake Health System."


@pytest.fixture
def entity(cast, noon):
    """The host's legal entity."""
    with act_as(cast.system()):
        return add_legal_entity(name="Halden Inc", country="US", postal_address=ADDRESS, at=noon)


@pytest.fixture
def charter(cast, noon):
    """A charter of the host and Northlake that nobody has agreed to."""
    terms = CharterTerms(
        name="Heart together",
        purpose="Better follow-up after heart failure",
        from_on=date(2026, 1, 1),
        to_on=date(2027, 12, 31),
        shared_fields=["reach", "deliveries"],
    )
    with act_as(cast.scope(Role.ALLIANCE_MANAGER)):
        return actions.draft_charter(terms, partner_ids=[cast.partner.id], at=noon)


@pytest.fixture
def agreed_charter(cast, charter, noon):
    """The charter, agreed to by both."""
    for scope in (
        cast.scope(Role.ALLIANCE_MANAGER),
        cast.scope(Role.PARTNER_MARKETER, cast.partner),
    ):
        with act_as(scope):
            actions.agree_charter(charter.id, password=PASSWORD, at=noon)
    return charter


@pytest.fixture
def plan(entity, agreed_charter):
    """A plan for a joint educational campaign of 100,000.00 US dollars."""
    return CampaignPlan(
        name="Follow-up spring",
        kind="thought",
        purpose="education",
        controller_id=entity.id,
        country="US",
        launch_on=date(2027, 3, 1),
        ends_on=date(2027, 5, 31),
        currency="USD",
        ceiling_minor=10_000_000,
        charter_id=agreed_charter.id,
    )


@pytest.fixture
def campaign(cast, plan, noon):
    """A joint campaign, half and half."""
    half = Decimal("0.5")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        return actions.draft_campaign(
            plan, shares={cast.host.id: half, cast.partner.id: half}, at=noon
        )


@pytest.fixture
def released(cast, entity, noon):
    """An educational item that both parties released."""
    foot = f"{ADDRESS} {{{{unsubscribe_url}}}}"
    words = content.Words(
        subject="Follow-up",
        html=f"<p>{STATEMENT}</p><p>{foot}</p>",
        text=f"{STATEMENT}\n{foot}",
        markets=["US"],
        audiences=["hcp"],
        channels=["email"],
        expires_on=date(2027, 11, 20),
        support_statement=STATEMENT,
    )
    with act_as(cast.scope(Role.BRAND_LEAD)):
        item = content.draft_item(
            title="Follow-up", kind="educational", partner_ids=[cast.partner.id], at=noon
        )
        version = content.save_version(item.id, words, at=noon)
        content.submit_for_review(version.id, at=noon)
    for scope in (cast.scope(Role.REVIEWER), cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        with act_as(scope):
            content.decide(version.id, verdict="approve", comment="", password=PASSWORD, at=noon)
    return version
