"""What tests of publications stand on: items for the web and for messages, alone and joint."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from entente.alliances import actions as alliances
from entente.alliances.actions import CampaignPlan, CharterTerms
from entente.consent.actions import capture_consent
from entente.content import actions as content
from entente.content.actions import Words
from entente.directory.actions import add_contact_point, add_hcp
from entente.engagement.actions import clear_placement, go_live, plan_placement
from entente.engagement.domain.placements import PlacementPlan
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from tests.cast import PASSWORD, POSTAL_ADDRESS

STATEMENT = "Made by Halden Pharma together with Northlake Health System."
WORDS = Words(
    subject="Know your heart",
    html=f"<p>Know your heart. {STATEMENT}</p><p>{POSTAL_ADDRESS}</p>",
    text=f"Know your heart. {STATEMENT} {POSTAL_ADDRESS}",
    markets=["US", "DE"],
    audiences=["hcp", "public"],
    channels=["web", "social", "sms", "app"],
    expires_on=date(2027, 11, 20),
    support_statement=STATEMENT,
)


def released(cast, at, *, joint=False, kind="educational", title="Know your heart", **changed):
    """Write an item and let every party release it; give the version."""
    product = changed.pop("product_id", None)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        item = content.draft_item(
            title=title, kind=kind, at=at, product_id=product,
            partner_ids=[cast.partner.id] if joint else [],
        )  # fmt: skip
        version = content.save_version(item.id, replace(WORDS, **changed), at=at)
        content.submit_for_review(version.id, at=at)
    reviewers = [cast.scope(Role.REVIEWER)]
    if joint:
        reviewers.append(cast.scope(Role.PARTNER_MARKETER, cast.partner))
    for scope in reviewers:
        with act_as(scope):
            content.decide(version.id, verdict="approve", comment="", password=PASSWORD, at=at)
    return version


def campaign_of(cast, entity_id, at):
    """Draft a joint campaign under a charter that both agreed to, with its plan passed."""
    terms = CharterTerms(
        name="Heart together", purpose="Better follow-up", from_on=date(2026, 1, 1),
        to_on=date(2027, 12, 31), shared_fields=["reach", "deliveries"],
    )  # fmt: skip
    with act_as(cast.scope(Role.ALLIANCE_MANAGER)):
        charter = alliances.draft_charter(terms, partner_ids=[cast.partner.id], at=at)
        alliances.agree_charter(charter.id, password=PASSWORD, at=at)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        alliances.agree_charter(charter.id, password=PASSWORD, at=at)
    plan = CampaignPlan(
        name="Follow-up spring", kind="thought", purpose="education", controller_id=entity_id,
        country="US", launch_on=date(2027, 3, 1), ends_on=date(2027, 5, 31), currency="USD",
        ceiling_minor=10_000_000, charter_id=charter.id,
    )  # fmt: skip
    half = Decimal("0.5")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        made = alliances.draft_campaign(
            plan, shares={cast.host.id: half, cast.partner.id: half}, at=at
        )
        alliances.move_campaign(made.id, "planning", at=at)
        alliances.move_campaign(made.id, "privacy", at=at)
    with act_as(cast.scope(Role.PRIVACY)):
        alliances.pass_privacy_gate(made.id, note="Counts only.", at=at)
    return made


def plan_of(version, entity_id, on, **changed):
    """Give a plan for a search publication in the United States, with changes."""
    plan = PlacementPlan(
        version_id=version.id, controller_id=entity_id, channel="search", markets=("US",),
        audience="hcp", outlet="Test Search", from_on=on, to_on=on + timedelta(days=30),
        target_url="https://heart.example.org/follow-up", media_line="IO 2026-7",
        planned_minor=100_000, currency="USD",
    )  # fmt: skip
    return replace(plan, **changed)


def put_live(cast, plan, at, scope=None):
    """Plan, clear and put live; give the placement."""
    with act_as(scope or cast.scope(Role.BRAND_LEAD)):
        made = plan_placement(plan, at=at)
        clear_placement(made.id, at=at)
        return go_live(made.id, at=at)


def reachable(name, entity_id, at, *, phone="(203) 555-0100", channels=("sms",)):
    """Register somebody with a telephone who agreed to these channels; give the id."""
    made = add_hcp(
        family_name=name, given_name="Test", country="US", profession="physician", at=at,
        us_state="MA", city="Testford", identity_status="verified", licence_active=True,
    )  # fmt: skip
    if phone:
        add_contact_point(made.id, channel="sms", value=phone, from_on=date(2026, 1, 1), at=at)
    for channel in channels:
        capture_consent(
            hcp_id=made.id, controller_id=entity_id, channel=channel, purpose="education",
            wording_version="1", source="congress", method="form", proof_ref="form 17",
            captured_at=at - timedelta(days=30), at=at,
        )  # fmt: skip
    return made.id
