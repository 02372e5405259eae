"""The joint campaign of the demo, from the charter to the launch, each step by whom it is done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from entente.alliances import actions as alliances
from entente.alliances import reads as alliances_reads
from entente.alliances.actions import CampaignPlan, CharterTerms
from entente.content import actions as content
from entente.content.actions import Words
from entente.demo.people import PASSWORD, Cast, entity_of
from entente.directory import reads as directory
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.planning.actions import choose_audience, launch_audience

if TYPE_CHECKING:
    from entente.directory.models import Product

PRODUCT = "Examplivo (invented)"


HTML = """<h1>Heart failure: what the first 90 days decide</h1>
<p>Dear Dr. {{family_name}},</p>
<p>Advertisement. A one-page summary of the early-titration steps and the monitoring they need is
ready for your practice, with the numbers behind each step.</p>
<p>In the pivotal study, Examplivo lowered 90-day readmission against usual care. Serious risks
include low blood pressure and raised potassium; check both before and after each step.</p>
<p>Prescribing information: see the enclosed label (invented). Report adverse events to
safety@halden.test. List price: USD 312.00 for 30 tablets (invented); no variation of efficacy
between ethnic groups is known.</p>
<p>Supported by Halden Pharma and Northlake Health System, who paid for this message together.</p>
<p>Halden Pharma, 1 Invented Way, Sampleton, CT 06000 (halden)</p>
<p><a href="{{preferences_url}}">Your preferences</a> ·
<a href="{{unsubscribe_url}}">Unsubscribe</a></p>
"""
TEXT = """Dear Dr. {{family_name}},

Advertisement. A one-page summary of the early-titration steps and the monitoring they need is
ready for your practice, with the numbers behind each step.

In the pivotal study, Examplivo lowered 90-day readmission against usual care. Serious risks
include low blood pressure and raised potassium; check both before and after each step.

Prescribing information: see the enclosed label (invented). Report adverse events to
safety@halden.test. List price: USD 312.00 for 30 tablets (invented); no variation of efficacy
between ethnic groups is known.

Supported by Halden Pharma and Northlake Health System, who paid for this message together.
Halden Pharma, 1 Invented Way, Sampleton, CT 06000 (halden)

Your preferences: {{preferences_url}}
Unsubscribe: {{unsubscribe_url}}
"""


def product_of() -> Product:
    """Give the product that the campaign is about; needs an open scope."""
    return next(product for product in directory.products() if product.name == PRODUCT)


def _file(version_id: UUID, at: datetime) -> None:
    """File the version with the authority, on the day before.

    Early in the day it is still yesterday where the recipients are, and what is used must have
    been filed by their day.
    """
    content.record_filing(
        version_id,
        authority="fda",
        filed_on=at.date() - timedelta(days=1),
        reference="2253-INVENTED-1",
        at=at,
    )


def write_and_review(cast: Cast, at: datetime) -> UUID:
    """Write the co-branded item and have both partners approve the same bytes."""
    with act_as(cast.scope(Role.BRAND_LEAD)):
        product = product_of()
        claim = content.add_claim(
            text="Examplivo lowered 90-day readmission against usual care.",
            market="US",
            at=at,
            product_id=product.id,
            in_label=True,
            label_section="14 Clinical studies",
        )
        content.add_reference(
            claim.id,
            title="EXA-90: early titration after discharge (invented study)",
            source="Journal of Invented Cardiology 12:345",
            anchor="p. 349, table 2",
            at=at,
        )
        item = content.draft_item(
            title="Heart failure: the first 90 days",
            kind="promo",
            at=at,
            product_id=product.id,
            partner_ids=[cast.partner.id],
        )
        version = content.save_version(
            item.id,
            Words(
                subject="Heart failure: what the first 90 days decide",
                html=HTML,
                text=TEXT,
                markets=["US"],
                audiences=["hcp"],
                channels=["email"],
                expires_on=at.date() + timedelta(days=300),
                support_statement="Supported by Halden Pharma and Northlake Health System",
                claim_ids=[claim.id],
                holds=[
                    "prescribing_information",
                    "adverse_event_reporting",
                    "balanced_risks",
                    "price_disclosure",
                ],
            ),
            at=at,
        )
        content.submit_for_review(version.id, at=at)
    for role, organisation in (
        (Role.REVIEWER, cast.host),
        (Role.PARTNER_MARKETER, cast.partner),
    ):
        with act_as(cast.scope(role, organisation)):
            content.decide(version.id, verdict="approve", comment="", password=PASSWORD, at=at)
    with act_as(cast.scope(Role.REVIEWER)):
        _file(version.id, at)
    return version.id


def agree_on_charter(cast: Cast, at: datetime) -> UUID:
    """Draft the charter and have both sides sign it."""
    with act_as(cast.scope(Role.ALLIANCE_MANAGER)):
        charter = alliances.draft_charter(
            CharterTerms(
                name="Halden and Northlake: heart failure care",
                purpose="Fewer readmissions in the first 90 days, by joint education",
                from_on=at.date() - timedelta(days=120),
                to_on=at.date() + timedelta(days=610),
                emails_30d=4,
                shared_fields=["npi", "specialty", "state"],
                measures="Reach = HCPs delivered / HCPs asked; opt-out rate = opt-outs / delivered",
                way_out="Unspent money returns by share; leads stay with who brought them",
            ),
            partner_ids=[cast.partner.id],
            at=at,
        )
        alliances.agree_charter(charter.id, password=PASSWORD, at=at)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        alliances.agree_charter(charter.id, password=PASSWORD, at=at)
    return charter.id


def plan_and_fund(cast: Cast, charter_id: UUID, version_id: UUID, at: datetime) -> UUID:
    """Plan the campaign, agree on it, pass the privacy gate, and bring it to launch."""
    launch_on: date = at.date()
    with act_as(cast.scope(Role.BRAND_LEAD)):
        product = product_of()
        campaign = alliances.draft_campaign(
            CampaignPlan(
                name="Heart failure: the first 90 days",
                kind="launch",
                purpose="promotion",
                controller_id=entity_of(cast.host).id,
                country="US",
                launch_on=launch_on,
                ends_on=launch_on + timedelta(days=60),
                currency="USD",
                ceiling_minor=5_000_000,
                charter_id=charter_id,
                product_id=product.id,
            ),
            shares={cast.host.id: Decimal("0.6"), cast.partner.id: Decimal("0.4")},
            at=at,
            version_id=version_id,
        )
        lines = [
            alliances.add_budget_line(
                campaign.id, payer_id=cast.host.id, category=category, rule="equal",
                estimate_minor=estimate, at=at,
            )
            for category, estimate in (("content", 1_200_000), ("media", 900_000))
        ]  # fmt: skip
        alliances.move_campaign(campaign.id, "planning", at=at)
        alliances.move_campaign(campaign.id, "privacy", at=at)
    for role, organisation in (
        (Role.ALLIANCE_MANAGER, cast.host),
        (Role.PARTNER_MARKETER, cast.partner),
    ):
        with act_as(cast.scope(role, organisation)):
            alliances.agree_campaign(campaign.id, password=PASSWORD, at=at)
    with act_as(cast.scope(Role.PRIVACY)):
        alliances.pass_privacy_gate(
            campaign.id, note="Consent per controller; no field beyond the charter leaves.", at=at
        )
    with act_as(cast.scope(Role.BRAND_LEAD)):
        for status in ("content", "funded"):
            alliances.move_campaign(campaign.id, status, at=at)
        for line, actual in zip(lines, (1_187_350, 900_000), strict=True):
            alliances.commit_line(line.id, committed_minor=line.estimate_minor, at=at)
            alliances.record_actual(
                line.id, actual_minor=actual, evidence="Invoice, invented", at=at
            )
        alliances.move_campaign(campaign.id, "ready", at=at)
    _tick_off(cast, campaign.id, at)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        alliances.move_campaign(campaign.id, "live", at=at)
    return campaign.id


def _tick_off(cast: Cast, campaign_id: UUID, at: datetime) -> None:
    """Have each side tick off its steps of the back-schedule."""
    for role, organisation in (
        (Role.BRAND_LEAD, cast.host),
        (Role.PARTNER_MARKETER, cast.partner),
    ):
        with act_as(cast.scope(role, organisation)):
            found = alliances_reads.campaign(campaign_id)
            for standing in alliances_reads.tasks(found, today=at.date()):
                if standing.task.org_id == organisation.id:
                    alliances.complete_task(standing.task.id, at=at)


def choose_and_launch(cast: Cast, campaign_id: UUID, at: datetime) -> int:
    """Choose the audience by a rule and start sending; give how many it means."""
    with act_as(cast.scope(Role.BRAND_LEAD)):
        audience = choose_audience(campaign_id, {}, at=at)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        launch_audience(audience.id, at=at)
    return audience.n_members
