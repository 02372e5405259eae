"""Every rule on samples and items fires from these pages, with its sentence on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from entente.alliances import actions as alliances
from entente.alliances.actions import CampaignPlan
from entente.engagement.actions import state_domestic_sales
from entente.engagement.models import HandOver
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as, signing_in
from entente.foundation.organisations import add_user, scope_of
from entente.policy.reads.reasons import reasons_of
from entente.policy.reads.rules import rules
from tests.visitors import BACKEND

from .hand_world import CURRENCY, SIGNED, build

pytestmark = pytest.mark.feature("policy/code-in")

# What cannot fire from these pages, and why. Whoever makes one fire takes it off the list.
NEVER = {
    "US-OIG-BEN-1": "the recipient is a patient; these pages hand over to HCPs",
    "US-OP-IND-1": "things go from the colleague's own hand, never through a third party",
    "US-OP-3P-1": "nobody is paid in the recipient's place",
    "US-OP-EXC-3": "these pages lend no device",
    "US-MN-REP-1": "the directory knows no veterinarian, dental therapist or prescribing pharmacist",
    "US-PDMA-6": "there is no price on these pages, so nobody is asked to pay",
}


@dataclass(frozen=True)
class Case:
    """What is handed to whom, and the rules that say something of it."""

    name: str
    country: str
    kind: str
    fires: tuple[str, ...]
    outcome: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    stock: dict[str, Any] = field(default_factory=dict)
    n: int = 1
    place: str = "practice"
    asked: bool = True
    signed: bool = True
    again: bool = False
    trained: bool = True
    sales_minor: int = 0


def sample(name: str, country: str, *fires: str, outcome: str = "", **more: Any) -> Case:
    return Case(name, country, "sample", fires, outcome, **more)


def item(name: str, country: str, *fires: str, outcome: str = "", **more: Any) -> Case:
    return Case(name, country, "item", fires, outcome, **more)


PERSONAL = {"item_kind": "personal"}
CASES = (
    sample("in order", "US", "US-PDMA-8", outcome="PERMIT"),
    sample("no request", "US", "US-PDMA-1", outcome="FORBID", asked=False),
    sample("signed for later", "US", "US-PDMA-2", outcome="PERMIT", signed=False),
    sample("an earlier receipt is missing", "US", "US-PDMA-2-B", outcome="FORBID", again=True,
           signed=False),
    sample("not marked", "US", "US-PDMA-5", "US-OP-EXC-1", outcome="FORBID",
           stock={"is_marked_free": False}),
    sample("Vermont", "US", "US-VT-REP-1", outcome="PERMIT", person={"us_state": "VT"}),
    sample("no licence", "US", "PG-LIC-1", outcome="FORBID", person={"licence_active": False}),
    sample("deceased", "US", "PG-ID-1", outcome="FORBID", person={"identity_status": "deceased"}),
    sample("untrained", "US", "PG-TRN-1", "US-PHRMA-TRN-1", outcome="REFER", trained=False),
    item("a textbook", "US", "US-OP-CR-1", "US-OP-EXC-2", "US-OP-THR-1", outcome="PERMIT",
         stock={"value": 2_000}),
    item("to a nurse practitioner", "US", "US-OP-CR-2", outcome="PERMIT",
         person={"profession": "nurse_practitioner"}),
    item("at a congress", "US", "US-OP-THR-2", outcome="PERMIT", place="stand",
         stock={"value": 2_000}),
    item("a reminder", "US", "US-PHRMA-ITEM-1", outcome="FORBID",
         stock={"item_kind": "reminder"}),
    item("a present", "US", "US-PHRMA-ITEM-2", outcome="FORBID", stock=PERSONAL),
    item("dear", "US", "US-PHRMA-ITEM-3", "US-PHRMA-ITEM-3-B", outcome="REFER",
         stock={"value": 30_001}),
    item("California", "US", "US-CA-LIM-1", outcome="FORBID", person={"us_state": "CA"},
         stock={"value": 150_001}),
    item("Maine", "US", "US-ME-GIFT-1", outcome="REFER", person={"us_state": "ME"}),
    item("dear in Minnesota", "US", "US-MN-GIFT-1", outcome="FORBID",
         person={"us_state": "MN"}, stock={"value": 5_001, "item_kind": "medical_utility"}),
    item("Vermont", "US", "US-VT-GIFT-1", outcome="FORBID", person={"us_state": "VT"},
         stock={"item_kind": "medical_utility"}),
    sample("in order", "GB", outcome="PERMIT"),
    sample("no request", "GB", "UK-SAMP-1", outcome="FORBID", asked=False),
    sample("a fifth pack", "GB", "UK-SAMP-1", outcome="FORBID", n=5),
    sample("a starter pack", "GB", "UK-SAMP-2", outcome="FORBID", stock={"is_starter_pack": True}),
    item("in order", "GB", outcome="PERMIT", stock={"tax_basis": "without_tax"}),
    item("a present", "GB", "UK-GIFT-1", outcome="FORBID", stock=PERSONAL),
    item("names a product", "GB", "UK-GIFT-2", outcome="REFER",
         stock={"item_kind": "patient_education", "is_branded": True,
                "tax_basis": "without_tax"}),
    item("not inexpensive", "GB", "UK-GIFT-LAW", outcome="FORBID", stock={"is_inexpensive": False}),
    sample("in order", "FR", "EU-EFPIA-DISC-3", outcome="PERMIT"),
    sample("dear", "FR", "FR-LAC-NEG-3", "FR-TRANS-1", outcome="REFER", stock={"value": 2_001}),
    item("a book", "FR", outcome="PERMIT"),
    item("a dear book", "FR", "FR-LAC-NEG-2", outcome="FORBID", stock={"value": 3_001}),
    item("a dear thing for work", "FR", "FR-LAC-NEG-4", outcome="FORBID",
         stock={"value": 2_001, "item_kind": "medical_utility"}),
    item("a present", "FR", "FR-LAC-0", "EU-EFPIA-GIFT-1", outcome="FORBID", stock=PERSONAL),
    sample("in order", "DE", "EU-EFPIA-DISC-3", outcome="PERMIT"),
    sample("no request", "DE", "EU-EFPIA-SAMP-1", outcome="REFER", asked=False),
    sample("no leaflet", "DE", "EU-EFPIA-SAMP-2", outcome="REFER",
           stock={"has_characteristics": False}),
    item("in order", "DE", outcome="PERMIT"),
    item("not inexpensive", "DE", "EU-EFPIA-ITEM-1", outcome="REFER",
         stock={"is_inexpensive": False}),
    sample("in order", "IN", outcome="PERMIT", sales_minor=10_000_000),
    sample("to a nurse", "IN", "IN-SAMP-1", outcome="FORBID", sales_minor=10_000_000,
           person={"profession": "nurse"}),
    sample("a large pack", "IN", "IN-SAMP-2", outcome="FORBID", stock={"patients": 4}),
    sample("a thirteenth pack", "IN", "IN-SAMP-3", outcome="FORBID", n=13),
    sample("a sedative", "IN", "IN-SAMP-4", outcome="FORBID", stock={"is_controlled": True}),
    sample("not verified", "IN", "IN-SAMP-5", sales_minor=10_000_000, outcome="PERMIT",
           person={"identity_status": "unverified"}),
    sample("sales not stated", "IN", "IN-SAMP-6", outcome="REFER"),
    sample("two percent of sales", "IN", "IN-SAMP-6", outcome="FORBID", again=True,
           sales_minor=45_000),
    item("in order", "IN", outcome="PERMIT"),
    item("dear", "IN", "IN-ITEM-1", outcome="FORBID", stock={"value": 100_001}),
    item("taxed", "IN", "IN-TAX-1", stock={"value": 2_000_001}, outcome="FORBID"),
    item("a present", "IN", "IN-GIFT-1", outcome="FORBID", stock=PERSONAL),
    item("cash", "IN", "IN-CASH-1", outcome="FORBID", stock={"item_kind": "cash_equivalent"}),
    sample("in order", "CH", outcome="PERMIT"),
    sample("no request", "CH", "XX-IFPMA-1", outcome="REFER", asked=False),
)  # fmt: skip


@pytest.fixture
def hands(cast, noon, working_hours):
    return build(cast, noon + timedelta(hours=4))


def visitor(hands, *, trained: bool):
    """Sign a representative in; one without training is made for it."""
    user = hands.cast.user(Role.REPRESENTATIVE)
    if not trained:
        with act_as(hands.cast.system()):
            user = add_user(
                email=f"{uuid4().hex}@halden.test", name="New Colleague", title="",
                roles=frozenset({Role.REPRESENTATIVE}), at=hands.at, password="correct horse 9",
            )  # fmt: skip
    client = Client()
    with signing_in():
        client.force_login(user, backend=BACKEND)
        scope = scope_of(user)
    return client, user.id, scope


def handed(hands, case: Case):
    """Hand over by page as the case says and give the page's words and the row."""
    client, giver, scope = visitor(hands, trained=case.trained)
    person = hands.person(case.country, **case.person)
    stock = hands.stock(case.kind, **{"currency": CURRENCY[case.country], **case.stock})
    lot = hands.lot(stock, giver=giver)
    if case.sales_minor:
        with act_as(hands.cast.scope(Role.COMPLIANCE)):
            state_domestic_sales(
                case.country, hands.at.year, case.sales_minor, CURRENCY[case.country], at=hands.at
            )
    asked = ""
    if case.asked and case.kind == "sample":
        client.post(f"/hcps/{person}/sample-request/", {
            "stock": stock.id, "n_packs": 20, "signer_name": SIGNED,
            "signed_on": hands.at.date().isoformat(), "drawing": "M1 1L40 50",
        })  # fmt: skip
        found = re.search(r'name="request".*?</select>', client.get(
            f"/hcps/{person}/hand-over/").text, re.S)  # fmt: skip
        asked = re.findall(r'value="([0-9a-f-]{36})"', found.group(0))[0]
    for _ in range(1 + case.again):
        page = client.post(f"/hcps/{person}/hand-over/", {
            "lot": lot, "n_units": case.n, "request": asked, "place": case.place,
            "controller": hands.entity, "client_id": uuid4(),
            "signer_name": SIGNED if case.signed else "", "drawing": "",
        }, follow=True)  # fmt: skip
        assert page.status_code == 200, page.text
    with act_as(scope):
        row = HandOver.objects.select_related("decision").order_by("-asked_at", "-id").first()
        assert row is not None
        assert row.hcp_id == person
        said = {each["rule_id"]: each["sentence"] for each in reasons_of(row.decision)}
    return unescape(page.text), row, said


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.country} {c.kind}: {c.name}")
def test_what_the_rules_say_of_a_hand_over_stands_on_its_page(hands, case):
    text, row, said = handed(hands, case)
    assert row.decision.outcome == case.outcome
    for rule_id in case.fires:
        assert rule_id in said
        assert said[rule_id] in text
    assert (
        row.status == {"PERMIT": "done", "REFER": "referred", "FORBID": "forbidden"}[case.outcome]
    )


def test_in_a_campaign_whose_budget_nobody_recorded_an_item_waits_for_compliance(hands):
    with act_as(hands.cast.scope(Role.BRAND_LEAD)):
        campaign = alliances.draft_campaign(
            CampaignPlan(
                name="Item at the door", kind="launch", purpose="promotion",
                controller_id=hands.entity, country="US", product_id=hands.product,
                launch_on=hands.at.date() + timedelta(days=90),
                ends_on=hands.at.date() + timedelta(days=150), currency="USD",
                ceiling_minor=5_000_000,
            ),
            shares={hands.cast.host.id: Decimal(1)},
            at=hands.at,
        )  # fmt: skip
    lot = hands.lot(hands.stock("item"))
    row = hands.hand(hands.handing(hands.person(), lot, campaign_id=campaign.id))
    assert "PG-BUD-1" in row.decision.rule_ids
    assert row.status == "referred"


NAMES_AN_ACT = re.compile(r"action\.type\s*(=\s*'(?P<one>\w+)'|IN\s*\((?P<many>[^)]*)\))")


def _is_about(applies: str) -> bool:
    found = NAMES_AN_ACT.search(applies)
    acts = set(re.findall(r"\w+", (found["one"] or found["many"]) if found else ""))
    return bool(acts & {"sample", "item"})


def test_every_rule_on_samples_and_items_fires_here_or_is_named_with_the_reason(cast, noon):
    with act_as(cast.system()):
        about = {
            line.rule.id for line in rules(on=noon.date()) if _is_about(line.rule.applies_text)
        }
    fired = {rule_id for case in CASES for rule_id in case.fires} | {"PG-BUD-1"}
    assert len(about) > 45
    assert fired | set(NEVER) == about
    assert not fired & set(NEVER)
    countries = {case.country for case in CASES if case.outcome == "PERMIT"}
    assert {"US", "GB", "FR", "DE", "IN"} <= countries
