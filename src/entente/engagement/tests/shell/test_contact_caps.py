"""E-mails, calls and invitations count together: per person, campaign and product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID, uuid4

import pytest
import time_machine

from entente.alliances.actions import CampaignPlan, draft_campaign
from entente.consent.actions import capture_consent
from entente.content import actions as content
from entente.content.actions import Words
from entente.directory.actions import add_product, merge_hcps
from entente.engagement.actions import (
    Call,
    SendRequest,
    cancel_touch,
    plan_touch,
    request_send,
    request_sends,
)
from entente.engagement.models import Event, Invitation, Response, Send, Touch
from entente.engagement.tests.shell.conftest import ADDRESS
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.facts import Act, gather
from entente.foundation.models import new_id
from tests.cast import PASSWORD

DAY = timedelta(days=1)
WINDOW = timedelta(days=30)
NAMES = ("contacts_30d", "promotional_calls_30d", "invitations_30d", "campaign_contacts_30d",
         "brand_contacts_30d")  # fmt: skip


@dataclass
class Past:
    """Writes contacts of a person straight into the tables, and remembers them."""

    cast: object
    world: object
    decision: UUID
    campaigns: list[UUID]
    products: list[UUID]

    def __post_init__(self):
        self.made = []

    def add(self, way, moment, *, campaign=None, product=None, counts=True, organisation=None,
            person=None, **changed):  # fmt: skip
        """Write one contact; ``counts`` says whether it takes a place."""
        owner = organisation or self.cast.host
        common = {
            "id": new_id(), "org_id": owner.id, "hcp_id": person or self.world.willing,
            "controller_id": self.world.entity, "decision_id": self.decision,
            "sender_role": "representative",
        }  # fmt: skip
        with act_as(self.cast.system(owner)):
            getattr(self, f"_{way}")(common, moment, campaign, product, changed)
        if counts:
            brand = product or (self.products[self.campaigns.index(campaign)] if campaign else None)
            self.made.append((way, moment, campaign, brand))
        return common["id"]

    def _email(self, common, moment, campaign, product, changed):
        facts = {"purpose": "promotion", "status": "sent", "version_id": self.world.version}
        Send.objects.create(**common, **facts | changed, campaign_id=campaign, requested_at=moment)

    def _call(self, common, moment, campaign, product, changed):
        facts = {"purpose": "promotion", "status": "done", "kind": "visit", "standing": "cleared"}
        Touch.objects.create(
            **common, **facts | changed, client_id=uuid4(), root_id=common["id"],
            campaign_id=campaign, product_id=product, happened_at=moment,
        )  # fmt: skip

    def _invitation(self, common, moment, campaign, product, changed):
        kind = changed.pop("kind", "symposium")
        event = Event.objects.create(
            id=new_id(), org_id=common["org_id"], kind=kind, title="E", topic="T",
            campaign_id=campaign, controller_id=self.world.entity, status="open", country="US",
            time_zone="UTC", starts_at=moment + 90 * DAY, ends_at=moment + 91 * DAY,
            setting="hospital", places=10,
        )  # fmt: skip
        Invitation.objects.create(
            **common, **{"status": "sent"} | changed, event=event, requested_at=moment
        )

    def counted(self, at, *, campaign=None, product=None, person=None):
        """Ask the gate's facts what was counted."""
        with act_as(self.cast.scope(Role.REPRESENTATIVE)):
            act = Act(type="call", at=at, recipient_id=person or self.world.willing,
                      channel="in_person", campaign_id=campaign, product_id=product)  # fmt: skip
            facts = gather([act])[0]
        return tuple(facts[f"tally.{name}"] for name in NAMES)

    def recounted(self, at, *, campaign=None, product=None):
        """Count as a person would: over each window of 30 days in which the act would lie."""
        brand = product or (self.products[self.campaigns.index(campaign)] if campaign else None)

        def fullest(fits):
            ends = [at, *(when for _, when, _, _ in self.made if at <= when < at + WINDOW)]
            return max(
                sum(fits(each) and end - WINDOW < each[1] <= end for each in self.made)
                for end in ends
            )

        return (
            fullest(lambda each: True),
            fullest(lambda each: each[0] == "call"),
            fullest(lambda each: each[0] == "invitation"),
            fullest(lambda each: campaign is not None and each[2] == campaign),
            fullest(lambda each: brand is not None and each[3] == brand),
        )


@pytest.fixture
def today():
    """Give the first day of the rules; the clock of the database, by which plans expire, is past it."""
    return datetime(2026, 11, 27, 16, tzinfo=UTC)


@pytest.fixture
def past(cast, world, noon):
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        made = request_send(
            SendRequest(world.silent, world.version, world.entity, "education"), at=noon
        )
    with act_as(cast.system()):
        products = [add_product(name, "medicine", at=noon).id for name in ("Onelol", "Twolol")]
    with act_as(cast.scope(Role.BRAND_LEAD)):
        campaigns = [
            draft_campaign(
                CampaignPlan(
                    name=f"Campaign {n}", kind="launch", purpose="promotion", country="US",
                    controller_id=world.entity, product_id=product, currency="USD",
                    launch_on=date(2027, 3, 1), ends_on=date(2027, 6, 1), ceiling_minor=0,
                ),
                shares={cast.host.id: Decimal(1)}, at=noon,
            ).id
            for n, product in enumerate(products)
        ]  # fmt: skip
    return Past(cast, world, made.decision_id, campaigns, products)


@pytest.mark.feature("planning/frequency-caps")
def test_what_counts_equals_a_recount_by_hand_over_every_window(cast, past, today):
    dice = Random(30)
    for n in range(60):
        way = dice.choice(("email", "call", "invitation"))
        ahead = 25 if way == "call" else 0
        moment = today + timedelta(hours=dice.randrange(-60 * 24, ahead * 24 + 1))
        # One item goes to a person once in a campaign.
        campaign = dice.choice((None, *past.campaigns)) if way != "email" else None
        changed = {"status": "planned"} if moment > today else {}
        product = dice.choice((None, *past.products)) if way == "call" else None
        owner = dice.choice((cast.host, cast.partner if campaign is None else cast.host))
        past.add(way, moment, campaign=campaign, product=product, organisation=owner, **changed)
        at = today + timedelta(hours=dice.randrange(-40 * 24, 40 * 24))
        asked = {"campaign": dice.choice((None, *past.campaigns))}
        if not asked["campaign"]:
            asked["product"] = dice.choice((None, *past.products))
        assert past.counted(at, **asked) == past.recounted(at, **asked), f"after {n + 1} contacts"
    assert past.counted(today)[0] > 8, "more than the cap was counted at some time"


@pytest.mark.feature("planning/frequency-caps")
def test_what_was_asked_for_is_medical_or_never_took_place_takes_no_place(past, today):
    yesterday = today - DAY
    past.add("call", yesterday, counts=False, was_requested=True)
    past.add("call", yesterday, counts=False, purpose="medical")
    past.add("call", yesterday, counts=False, status="cancelled")
    past.add("call", yesterday, counts=False, status="forbidden")
    past.add("call", today - 2 * DAY, counts=False, status="planned")
    past.add("call", yesterday, counts=False, superseded_at=today)
    past.add("email", yesterday, counts=False, purpose="education")
    past.add("email", yesterday, counts=False, status="withheld")
    past.add("invitation", yesterday, counts=False, kind="board")
    past.add("invitation", yesterday, counts=False, status="forbidden")
    assert past.counted(today) == (0, 0, 0, 0, 0)


@pytest.mark.feature("planning/frequency-caps")
def test_the_window_rolls_and_its_edge_is_exact(past, today):
    past.add("call", today - WINDOW + timedelta(microseconds=1))
    assert past.counted(today)[0] == 1
    assert past.counted(today + timedelta(microseconds=1))[0] == 0


@pytest.mark.feature("planning/frequency-caps")
def test_a_plan_that_waits_leaves_no_place_for_another_on_any_day_around_it(past, today):
    for ahead in (1, 2, 3):
        past.add("call", today + ahead * DAY, status="planned")
    assert past.counted(today)[1] == 3, "the three would lie in one window with a call today"
    assert past.counted(today - 27 * DAY)[1] == 2, "the third lies 30 days after it"


@pytest.mark.feature("planning/frequency-caps")
def test_contacts_with_any_record_of_a_person_count_for_each(cast, past, world, today):
    past.add("call", today - DAY)
    past.add("invitation", today - DAY, person=world.silent)
    with act_as(cast.system()):
        merge_hcps(world.willing, world.silent, reason="One person.", at=today - DAY)
    assert past.counted(today)[0] == 2
    assert past.counted(today, person=world.silent)[0] == 2


def planned(cast, world, at, **changed):
    facts = {
        "client_id": uuid4(), "hcp_id": world.willing, "controller_id": world.entity,
        "kind": "visit", "happened_at": at + timedelta(hours=2),
    }  # fmt: skip
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        return plan_touch(Call(**facts | changed), at=at)


@pytest.mark.parametrize(
    ("ways", "rule"),
    [
        (["email", "invitation"] * 4, "PG-FREQ-2"),
        (["call"] * 4, "PG-FREQ-4"),
    ],
)
@pytest.mark.feature("planning/frequency-caps")
def test_a_call_more_than_the_cap_is_refused_and_says_so(cast, past, world, today, ways, rule):
    for n, way in enumerate(ways[1:]):
        past.add(way, today - timedelta(hours=n + 1))
    last = planned(cast, world, today)
    assert last.status == "planned", "the last place is free"
    refused = planned(cast, world, today)
    assert (refused.status, refused.decision.rule_ids) == ("forbidden", [rule])
    asked_for = planned(cast, world, today, was_requested=True)
    assert asked_for.status == "planned", "what the person asks for needs no place"
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        cancel_touch(last.id, "She is away.", at=today)
    assert planned(cast, world, today).status == "planned", "the place is free again"


@pytest.mark.parametrize(("kind", "rule"), [("campaign", "PG-FREQ-5"), ("product", "PG-FREQ-6")])
@pytest.mark.feature("planning/frequency-caps")
def test_one_campaign_or_product_does_not_crowd_a_person(cast, past, world, today, kind, rule):
    of = {"campaign": past.campaigns[0]} if kind == "campaign" else {"product": past.products[0]}
    ways = {"PG-FREQ-5": ["email", "call", "invitation"], "PG-FREQ-6": ["call"] * 3}[rule]
    for n, way in enumerate(ways):
        past.add(way, today - timedelta(hours=n + 1), **of)
    if kind == "product":
        for way in ("email", "invitation"):
            past.add(way, today - 4 * DAY, campaign=past.campaigns[0])
    asked = {f"{kind}_id": next(iter(of.values()))}
    assert rule not in planned(cast, world, today, **asked).decision.rule_ids
    assert rule in planned(cast, world, today, **asked).decision.rule_ids
    other = {f"{kind}_id": getattr(past, f"{kind}s")[1]}
    assert rule not in planned(cast, world, today, **other).decision.rule_ids


@pytest.mark.feature("planning/frequency-caps")
def test_a_complaint_halves_the_cap_for_sixty_days(cast, past, world, today):
    for n in range(3):
        past.add("invitation", today - timedelta(hours=n + 1))
    about = past.add("email", today - 10 * DAY)
    complaint = {"kind": "complaint", "source": "tests", "send_id": about, "org_id": cast.host.id}
    with act_as(cast.system()):
        Response.objects.create(**complaint, id=new_id(), responded_at=today - 60 * DAY)
    assert planned(cast, world, today).status == "planned", "that was sixty days ago"
    with act_as(cast.system()):
        again = Send.objects.get(id=about)
        again.id, again.requested_at = new_id(), today - 59 * DAY
        again.save(force_insert=True)
        complaint["send_id"] = again.id
        Response.objects.create(**complaint, id=new_id(), responded_at=today - 59 * DAY)
    assert planned(cast, world, today).decision.rule_ids == ["PG-FREQ-3"]


@pytest.mark.feature("planning/frequency-caps")
def test_the_page_and_the_program_count_calls_and_invitations(past, today, world, browser, program):
    for n, way in enumerate(["call", "invitation"] * 3 + ["email"]):
        past.add(way, today - timedelta(hours=n + 1))
    with time_machine.travel(today, tick=True):
        told = browser(Role.REPRESENTATIVE).get("/sends/caps/").text
        row = program(Role.REPRESENTATIVE).get("/api/engagement/caps").json()["people"][0]
    assert "7 of 8" in told
    assert (row["n_contacts"], row["contacts_cap"], row["n_emails"]) == (7, 8, 1)


@pytest.mark.feature("planning/frequency-caps")
def test_of_two_items_asked_for_at_once_the_second_counts_the_first(cast, world, noon):
    later = noon + timedelta(hours=4)
    with act_as(cast.system()):
        capture_consent(
            hcp_id=world.willing, controller_id=world.entity, channel="email", purpose="promotion",
            wording_version="1", source="congress", method="form", proof_ref="form 18",
            captured_at=noon - DAY, at=noon,
        )  # fmt: skip
    version = _promotional(cast, noon)
    same = SendRequest(world.willing, version, world.entity, "promotion")
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        first, education, second = request_sends(
            [same, SendRequest(world.silent, world.version, world.entity, "education"), same],
            at=later,
        )
    assert first.status == "queued", first.decision.rule_ids
    assert education.hcp_id == world.silent
    assert "PG-FREQ-1" in second.decision.rule_ids


def _promotional(cast, at):
    """Write an item that says what it is, and approve it."""
    with act_as(cast.scope(Role.BRAND_LEAD)):
        item = content.draft_item(title="News", kind="educational", at=at)
        made = content.save_version(
            item.id,
            Words(
                subject="News", support_statement="",
                html=f"<p>Promotional information. {ADDRESS} <a href='{{{{unsubscribe_url}}}}'>"
                "Stop</a></p>",
                text=f"Promotional information. {ADDRESS} Stop: {{{{unsubscribe_url}}}}",
                markets=["US"], audiences=["hcp"], channels=["email"],
                expires_on=date(2027, 11, 20),
            ),
            at=at,
        )  # fmt: skip
        content.submit_for_review(made.id, at=at)
    with act_as(cast.scope(Role.REVIEWER)):
        content.decide(made.id, verdict="approve", comment="", password=PASSWORD, at=at)
    return made.id
