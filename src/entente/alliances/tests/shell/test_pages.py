"""What people of both sides see and do on the pages of alliances."""

from __future__ import annotations

from datetime import date

import pytest

from entente.alliances import actions, reads
from entente.alliances.models import BudgetLine, Campaign, Charter
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

PASSWORD = "correct horse battery"


@pytest.fixture
def browse(client, cast):
    """Give a client signed in as somebody."""

    def sign_in(role, organisation=None):
        client.force_login(cast.user(role, organisation))
        return client

    return sign_in


def test_a_charter_is_drafted_and_agreed_on_pages(cast, browse):
    web = browse(Role.ALLIANCE_MANAGER)
    given = {
        "name": "Heart",
        "purpose": "Follow-up",
        "partners": [cast.partner.id],
        "emails_30d": 3,
        "shared_fields": "reach, deliveries",
        "from_on": "2026-01-01",
        "to_on": "2099-12-31",
    }
    assert web.post("/charters/new/", {**given, "to_on": "2025-01-01"}).status_code == 422
    made = web.post("/charters/new/", given)
    assert made.status_code == 302
    wrong = web.post(f"{made.url}agree/", {"password": "wrong"})
    assert wrong.status_code == 422
    assert b"nothing was signed" in wrong.content
    assert web.post(f"{made.url}agree/", {"password": PASSWORD}).status_code == 302
    partner = browse(Role.PARTNER_MARKETER, cast.partner)
    assert b"Heart" in partner.get("/").content
    assert b"Agree for your organisation" in partner.get(made.url).content
    assert partner.post(f"{made.url}agree/", {"password": PASSWORD}).status_code == 302
    assert b"In force" in partner.get("/charters/").content
    assert partner.get("/charters/?export=csv").status_code == 200
    with act_as(cast.system()):
        assert Charter.objects.get().shared_fields == ["deliveries", "reach"]


def test_a_campaign_is_drafted_under_a_charter_on_pages(cast, browse, entity, agreed_charter):
    web = browse(Role.BRAND_LEAD)
    assert agreed_charter.name.encode() in web.get("/campaigns/new/").content
    address = f"/campaigns/new/?charter={agreed_charter.id}"
    assert b"Share of Northlake" in web.get(address).content
    given = {
        "name": "Spring",
        "kind": "brand",
        "purpose": "education",
        "controller": entity.id,
        "country": "us",
        "launch_on": "2027-03-01",
        "ends_on": "2027-05-31",
        "currency": "usd",
        "ceiling": "100,000.00",
        f"share_{cast.host.id}": "60",
        f"share_{cast.partner.id}": "30",
    }
    short = web.post(address, given)
    assert short.status_code == 422
    assert b"add up to 100" in short.content
    made = web.post(address, {**given, f"share_{cast.partner.id}": "40"})
    assert made.status_code == 302
    page = web.get(made.url).content
    assert b"Pass the privacy gate" in page
    assert b"Northlake Health System" in page
    with act_as(cast.system()):
        assert Campaign.objects.get().ceiling_minor == 10_000_000


@pytest.mark.parametrize("view", ["board", "table"])
def test_the_list_is_a_board_or_a_table_for_both_sides(cast, campaign, browse, view):
    for role, organisation in ((Role.BRAND_LEAD, None), (Role.PARTNER_MARKETER, cast.partner)):
        page = browse(role, organisation).get(f"/campaigns/?view={view}&q=spring").content
        assert b"Follow-up spring" in page
    stranger = browse(Role.PARTNER_MARKETER, cast.stranger)
    assert b"Follow-up spring" not in stranger.get(f"/campaigns/?view={view}").content
    assert stranger.get(f"/campaigns/{campaign.id}/").status_code == 404


def test_a_refused_move_says_what_is_missing(cast, campaign, browse):
    web = browse(Role.BRAND_LEAD)
    address = f"/campaigns/{campaign.id}/"
    web.post(f"{address}move/", {"status": "planning"})
    web.post(f"{address}move/", {"status": "privacy"})
    page = web.post(f"{address}move/", {"status": "content"}, follow=True).content
    assert b"a privacy officer has not passed the plan" in page
    officer = browse(Role.PRIVACY)
    assert b"Follow-up spring" in officer.get("/").content
    assert officer.post(f"{address}privacy/", {"note": "Counts only."}).status_code == 302
    page = (
        browse(Role.BRAND_LEAD).post(f"{address}move/", {"status": "content"}, follow=True).content
    )
    assert b"is now: content and review" in page
    assert browse(Role.PARTNER_MARKETER, cast.partner).post(f"{address}move/").status_code == 403


def test_budget_lines_are_added_agreed_and_shown_by_side(cast, campaign, browse):
    web = browse(Role.BRAND_LEAD)
    address = f"/campaigns/{campaign.id}/"
    given = {"category": "content", "amount": "10000.01", "payer": cast.host.id}
    wrong = web.post(f"{address}lines/", {**given, "rule": "capped", "amount": "1.001"})
    assert wrong.status_code == 422
    for rule, more in (
        ("equal", {}),
        ("fixed", {f"most_{cast.partner.id}": "500.00"}),
        ("capped", {f"share_{cast.host.id}": "50", f"share_{cast.partner.id}": "50",
                    f"most_{cast.partner.id}": "200"}),
        ("tiered", {"band": "1000", f"below_{cast.host.id}": "100",
                    f"share_{cast.host.id}": "25", f"share_{cast.partner.id}": "75"}),
    ):  # fmt: skip
        answer = web.post(f"{address}lines/", {**given, "rule": rule, **more})
        assert answer.status_code == 302, answer.content
    with act_as(cast.scope(Role.BRAND_LEAD)):
        money = reads.budget(reads.campaign(campaign.id))
        assert money.estimate_minor == 4_000_004
        by_rule = {s.line.rule: s.estimate[str(cast.partner.id)] for s in money.lines}
        assert by_rule["fixed"] == 50_000
        assert by_rule["capped"] == 20_000
        assert by_rule["tiered"] == 675_001
        assert sum(side.estimate_minor for side in money.sides) == 4_000_004
    partner = browse(Role.PARTNER_MARKETER, cast.partner)
    assert b"$40,000.04" in partner.get(f"{address}?tab=budget").content
    assert partner.post(f"{address}agree/", {"password": PASSWORD}).status_code == 302
    with act_as(cast.system()):
        line = BudgetLine.objects.first()
    assert web.get(f"{address}?tab=work").status_code == 200
    web = browse(Role.BRAND_LEAD)
    answer = web.post(f"/campaigns/lines/{line.id}/revise/", {"amount": "5"}, follow=True)
    assert b"has to agree again" in answer.content
    assert b"earlier terms" in web.get(address).content


def test_a_task_is_ticked_off_and_the_launch_moved_on_the_page(cast, campaign, browse, noon):
    web = browse(Role.BRAND_LEAD)
    address = f"/campaigns/{campaign.id}/"
    with act_as(cast.scope(Role.BRAND_LEAD)):
        task = campaign.tasks.filter(org=cast.host.id).order_by("due_on").first()
    assert web.post(f"{address}tasks/{task.id}/done/").status_code == 302
    assert web.post(f"{address}tasks/{task.id}/done/", follow=True).status_code == 200
    moved = {"launch_on": "2027-03-15", "ends_on": "2027-05-31"}
    assert web.post(f"{address}replan/", moved).status_code == 302
    with act_as(cast.system()):
        assert reads.campaign(campaign.id).launch_on == date(2027, 3, 15)
    assert web.get("/").status_code == 200


def test_pages_do_not_ask_more_for_more_campaigns(
    cast, plan, browse, noon, django_assert_max_num_queries
):
    from dataclasses import replace
    from decimal import Decimal

    half = Decimal("0.5")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        for number in range(15):
            actions.draft_campaign(
                replace(plan, name=f"Number {number}"),
                shares={cast.host.id: half, cast.partner.id: half},
                at=noon,
            )
    web = browse(Role.BRAND_LEAD)
    for path in ("/campaigns/", "/campaigns/?view=table", "/"):
        with django_assert_max_num_queries(30):
            assert web.get(path).status_code == 200
