"""What the gate learns about a version, as of the moment of the act."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from entente.content import actions
from entente.content.models import Version
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.facts import Act, gather
from entente.foundation.models import User

PASSWORD = "correct horse battery"


@pytest.fixture
def released(cast, item, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        version = Version.objects.get(item=item)
        actions.submit_for_review(version.id, at=noon)
    for scope in (cast.scope(Role.REVIEWER), cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        with act_as(scope):
            actions.decide(version.id, verdict="approve", comment="", password=PASSWORD, at=noon)
    return version


def asked(cast, version, *, at, country="US", channel="email"):
    with act_as(cast.system()):
        return gather([Act("email", at, version_id=version.id, country=country, channel=channel)])[
            0
        ]


def test_a_released_version_brings_every_fact_the_gate_asks(cast, released, noon):
    facts = asked(cast, released, at=noon)
    expected = {
        "content.approval_status": "approved",
        "content.cobranded": True,
        "content.support_statement": True,
        "content.partner_approvals_missing": 0,
        "content.claims_in_label": True,
        "content.claims_without_reference": 0,
        "content.market_ok": True,
        "content.audience": "hcp",
        "content.kind": "promo",
        "content.unsubscribe_link": True,
        "content.postal_address": True,
        "content.author_is_approver": False,
        "content.ad_identified": True,
        "content.risk_prominence_ok": True,
        "content.ae_statement": False,
        "content.certifier_is_author": False,
        "content.certified_on": noon.date(),
        "content.form2253_date": None,
        "product.approved_in_country": True,
        "product.boxed_warning": False,
        "product.is_device_only": False,
    }
    assert {name: facts[name] for name in expected} == expected
    assert facts["content.approved_hash"] == facts["content.final_form_hash"]
    assert len(facts["content.partner_approvals"]) == 2


def test_a_filing_and_who_certified_are_told_to_the_gate(cast, item, noon):
    with act_as(cast.scope(Role.ADMINISTRATOR)):
        User.objects.filter(email="reviewer@halden.test").update(qualification="doctor")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        version = Version.objects.get(item=item)
        actions.submit_for_review(version.id, at=noon)
    with act_as(cast.scope(Role.REVIEWER)):
        actions.decide(version.id, verdict="approve", comment="", password=PASSWORD, at=noon)
        actions.record_filing(
            version.id, authority="fda", filed_on=noon.date(), reference="2253-1", at=noon
        )
    facts = asked(cast, version, at=noon)
    assert facts["content.certified_by_qualification"] == "doctor"
    assert facts["content.form2253_date"] == noon.date()


@pytest.mark.parametrize(
    ("days", "status", "missing"), [(-1, "draft", 2), (0, "approved", 0), (366, "expired", 0)]
)
def test_the_state_is_that_of_the_moment_of_the_act(cast, released, noon, days, status, missing):
    facts = asked(cast, released, at=noon + timedelta(days=days))
    assert facts["content.approval_status"] == status
    assert facts["content.partner_approvals_missing"] == missing


@pytest.mark.parametrize(("country", "channel"), [("DE", "email"), ("US", "web")])
def test_a_version_is_not_for_markets_and_channels_it_does_not_name(
    cast, released, noon, country, channel
):
    facts = asked(cast, released, at=noon, country=country, channel=channel)
    assert facts["content.market_ok"] is False
    assert facts["product.approved_in_country"] is (country == "US")


def test_a_version_whose_claim_was_taken_back_is_recalled_for_every_party_from_then_on(
    cast, released, noon
):
    later = noon + timedelta(hours=1)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.withdraw_claim(
            released.claim_uses.get().claim_id, reason="No longer true", at=later
        )
    before, after = asked(cast, released, at=noon), asked(cast, released, at=later)
    assert before["content.claims_in_label"] is True
    assert before["content.approval_status"] == "approved"
    assert after["content.claims_in_label"] is False
    assert after["content.approval_status"] == "recalled"
    with act_as(cast.system(cast.partner)):
        act = Act("email", later, version_id=released.id, country="US", channel="email")
        assert gather([act])[0]["content.approval_status"] == "recalled"


def test_a_version_whose_claim_is_past_its_day_has_expired(cast, released, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = released.claim_uses.get().claim
        claim.expires_on = noon.date()
        claim.save()
    assert asked(cast, released, at=noon)["content.approval_status"] == "approved"
    tomorrow = asked(cast, released, at=noon + timedelta(days=1))
    assert tomorrow["content.approval_status"] == "expired"


def test_an_unknown_version_leaves_every_fact_unknown(cast, noon):
    with act_as(cast.system()):
        facts = gather([Act("email", noon, version_id=uuid4(), country="US", channel="email")])[0]
    assert {value for name, value in facts.items() if name.startswith("content.")} == {None}
