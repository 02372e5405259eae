"""A joint campaign from idea to live: every step needs what both sides owe it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from entente.alliances import actions, reads
from entente.alliances.actions.progress import NotYet
from entente.alliances.domain.back_schedule import REVIEW
from entente.alliances.models import (
    BudgetLine,
    Campaign,
    CampaignSide,
    Charter,
    CharterSide,
    PrivacyGate,
    Task,
)
from entente.consent.actions import suppress
from entente.content import actions as content
from entente.content.actions import Words
from entente.content.domain.lanes import WORKDAYS
from entente.content.reads.lanes import lane_for
from entente.directory.actions import add_hcp
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.facts import Act, gather
from entente.foundation.models import LedgerEntry

PASSWORD = "correct horse battery"


def refused_by_the_database(sql, parameters, words):
    with (
        pytest.raises(DatabaseError, match=words),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, parameters)


def moved(cast, campaign, *states, at):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        for state in states:
            actions.move_campaign(campaign.id, state, at=at)


def agreed(cast, campaign, at):
    for scope in (
        cast.scope(Role.ALLIANCE_MANAGER),
        cast.scope(Role.PARTNER_MARKETER, cast.partner),
    ):
        with act_as(scope):
            actions.agree_campaign(campaign.id, password=PASSWORD, at=at)


def lined(cast, campaign, at, estimate=1_000_001, payer=None):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        return actions.add_budget_line(
            campaign.id,
            payer_id=(payer or cast.host).id,
            category="content",
            rule="equal",
            estimate_minor=estimate,
            at=at,
        )


def gated(cast, campaign, at):
    moved(cast, campaign, "planning", "privacy", at=at)
    with act_as(cast.scope(Role.PRIVACY)):
        actions.pass_privacy_gate(campaign.id, note="Counts only are shared.", at=at)


@pytest.fixture
def live(cast, campaign, released, noon):
    lined(cast, campaign, noon)
    gated(cast, campaign, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.choose_content(campaign.id, released.id, at=noon)
    agreed(cast, campaign, noon)
    moved(cast, campaign, "content", "funded", "ready", "live", at=noon)
    return campaign


@pytest.mark.feature("alliances/charter")
def test_a_charter_is_in_force_once_every_side_has_signed_it(cast, charter, noon):
    host, partner = (
        cast.scope(Role.ALLIANCE_MANAGER),
        cast.scope(Role.PARTNER_MARKETER, cast.partner),
    )
    with act_as(host):
        actions.agree_charter(charter.id, password=PASSWORD, at=noon)
        fresh = reads.charter(charter.id)
        assert "Northlake" in reads.why_not_in_force(fresh, on=noon.date())
        assert reads.charters_in_force([cast.host.id, cast.partner.id], at=noon) == []
    with act_as(partner):
        assert [each.id for each in reads.charters_to_agree()] == [charter.id]
        actions.agree_charter(charter.id, password=PASSWORD, at=noon)
        assert reads.charters_to_agree() == []
    with act_as(host):
        fresh = reads.charter(charter.id)
        assert reads.why_not_in_force(fresh, on=noon.date()) == ""
        assert reads.why_not_in_force(fresh, on=date(2028, 1, 1))
        assert reads.why_not_in_force(fresh, on=date(2025, 12, 31))


@pytest.mark.feature("alliances/charter")
def test_a_third_party_makes_every_side_agree_again(cast, agreed_charter, noon):
    with act_as(cast.scope(Role.ALLIANCE_MANAGER)):
        actions.add_charter_side(agreed_charter.id, cast.society.id, at=noon)
        fresh = reads.charter(agreed_charter.id)
        assert [a.agreed for a in reads.charter_agreements(fresh)] == [False, False, False]
        refused_by_the_database(
            "UPDATE alliances_charter SET purpose = 'other' WHERE id = %s",
            [agreed_charter.id],
            "hash did not",
        )


def test_an_agreement_without_a_signature_is_refused_by_the_database(cast, charter, noon):
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        refused_by_the_database(
            "UPDATE alliances_charterside SET agreed_at = now(), agreed_hash = %s",
            [charter.terms_hash],
            "does not cover",
        )


@pytest.mark.promise("P1")
def test_a_partner_cannot_edit_the_header_nor_the_hosts_side(cast, campaign, noon):
    partner = cast.scope(Role.PARTNER_MARKETER, cast.partner)
    with act_as(partner):
        assert Campaign.objects.get().name == "Follow-up spring"
        assert Campaign.objects.update(name="Ours") == 0
        assert Charter.objects.update(name="Ours") == 0
        assert CampaignSide.objects.filter(org=cast.host.id).update(name="x") == 0
        with pytest.raises(OutOfScope):
            actions.move_campaign(campaign.id, "planning", at=noon)
    with act_as(cast.system(cast.partner)), pytest.raises(OutOfScope, match="host moves"):
        actions.move_campaign(campaign.id, "planning", at=noon)


@pytest.mark.promise("P1")
@pytest.mark.parametrize("who", ["stranger", "society"])
def test_who_has_no_side_sees_nothing(cast, live, who):
    with act_as(cast.scope(Role.PARTNER_MARKETER, getattr(cast, who))):
        for model in (Campaign, CampaignSide, Charter, CharterSide, BudgetLine, Task, PrivacyGate):
            assert model.objects.count() == 0
        with pytest.raises(Campaign.DoesNotExist):
            reads.campaign(live.id)


@pytest.mark.feature("alliances/planning-rhythm")
def test_the_back_schedule_is_laid_out_for_both_sides_and_moves_with_the_launch(
    cast, campaign, noon
):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        plan = reads.tasks(reads.campaign(campaign.id), today=noon.date())
        assert len([t for t in plan if t.owner == "Northlake Health System"]) == 5
        assert plan[0].task.due_on == date(2026, 12, 1)
        assert not any(t.too_short for t in plan)
        actions.replan_campaign(
            campaign.id, launch_on=date(2027, 1, 19), ends_on=date(2027, 5, 31), at=noon
        )
        plan = reads.tasks(reads.campaign(campaign.id), today=noon.date())
        assert [t.task.offset_days for t in plan if t.too_short] == [90, 90, 80, 80, 70, 55]
        mine = next(t.task for t in plan if t.task.org_id == cast.host.id)
        theirs = next(t.task for t in plan if t.task.org_id == cast.partner.id)
        actions.complete_task(mine.id, at=noon)
        with pytest.raises(OutOfScope, match="another party"):
            actions.complete_task(theirs.id, at=noon)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert actions.complete_task(theirs.id, at=noon).done_by


@pytest.mark.feature("alliances/planning-rhythm")
def test_the_review_step_takes_the_time_of_the_lane_of_the_chosen_content(
    cast, campaign, released, noon
):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        review = reads.campaign(campaign.id).tasks.filter(title=REVIEW)
        assert set(review.values_list("lead_workdays", flat=True)) == {10}
        draft = content.draft_item(title="News", kind="educational", at=noon)
        words = Words(
            subject="News", html="<p>News</p>", text="News", markets=["US"], audiences=["hcp"],
            channels=["email"], expires_on=date(2027, 11, 20),
        )  # fmt: skip
        version = content.save_version(draft.id, words, at=noon)
        actions.choose_content(campaign.id, version.id, at=noon)
        lane = lane_for(version, at=noon).lane
        assert set(review.values_list("lead_workdays", flat=True)) == {WORKDAYS[lane]}
        actions.choose_content(campaign.id, released.id, at=noon)
        assert set(review.values_list("lead_workdays", flat=True)) == {0}


@pytest.mark.feature("policy/privacy-gate")
def test_nothing_goes_past_the_privacy_gate_before_it_is_passed(cast, campaign, noon):
    moved(cast, campaign, "planning", "privacy", at=noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        with pytest.raises(NotYet, match="privacy officer has not passed"):
            actions.move_campaign(campaign.id, "content", at=noon)
        with pytest.raises(OutOfScope):
            actions.pass_privacy_gate(campaign.id, note="fine", at=noon)
        refused_by_the_database(
            "UPDATE alliances_campaign SET status = 'content' WHERE id = %s",
            [campaign.id],
            "privacy gate",
        )
    with act_as(cast.scope(Role.PRIVACY)):
        actions.pass_privacy_gate(campaign.id, note="Counts only are shared.", at=noon)
        refused_by_the_database(
            "UPDATE alliances_privacygate SET note = ''", [], "permission denied"
        )
    moved(cast, campaign, "content", at=noon)


def test_states_cannot_be_jumped_not_even_in_the_database(cast, campaign, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        with pytest.raises(NotYet, match="cannot become live"):
            actions.move_campaign(campaign.id, "live", at=noon)
        refused_by_the_database(
            "UPDATE alliances_campaign SET status = 'closing' WHERE id = %s",
            [campaign.id],
            "cannot go from",
        )


@pytest.mark.feature("alliances/joint-campaigns")
def test_a_campaign_without_agreement_money_or_content_is_told_all_that_is_missing(
    cast, campaign, noon
):
    gated(cast, campaign, noon)
    moved(cast, campaign, "content", at=noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        with pytest.raises(NotYet) as refused:
            actions.move_campaign(campaign.id, "funded", at=noon)
        assert len(refused.value.missing) == 3
        refused_by_the_database(
            "UPDATE alliances_campaign SET status = 'funded' WHERE id = %s",
            [campaign.id],
            "not every side",
        )
    lined(cast, campaign, noon)
    agreed(cast, campaign, noon)
    moved(cast, campaign, "funded", at=noon)
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(NotYet, match="no content is chosen"):
        actions.move_campaign(campaign.id, "ready", at=noon)


@pytest.mark.feature("alliances/joint-campaigns")
def test_a_campaign_goes_live_with_everything_in_place(cast, live, noon):
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert reads.campaign(live.id).status == "live"
        seen = LedgerEntry.objects.filter(verb="alliances.campaign.moved", object_id=live.id)
        assert seen.count() == 6
        assert set(reads.parties(live.id)) == {cast.host.id, cast.partner.id}


def test_a_changed_budget_lapses_both_agreements(cast, campaign, noon):
    lined(cast, campaign, noon)
    agreed(cast, campaign, noon)
    lined(cast, campaign, noon, estimate=5)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        sides = reads.campaign_agreements(reads.campaign(campaign.id))
        assert [(a.agreed, a.lapsed) for a in sides] == [(False, True), (False, True)]
        assert len(reads.campaigns_to_agree()) == 0  # still an idea
    moved(cast, campaign, "planning", at=noon)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert [c.id for c in reads.campaigns_to_agree()] == [campaign.id]


def test_budget_lines_never_exceed_the_ceiling(cast, campaign, noon):
    lined(cast, campaign, noon, estimate=9_999_999)
    with pytest.raises(UserError, match=r"only 0\.01 USD are left"):
        lined(cast, campaign, noon, estimate=2)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        refused_by_the_database(
            "UPDATE alliances_budgetline SET estimate_minor = 10000001", [], "exceed the ceiling"
        )


def test_each_side_sees_its_exact_part_and_the_true_up(cast, live, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        line = BudgetLine.objects.get()
        with pytest.raises(UserError, match="before it was committed"):
            actions.record_actual(line.id, actual_minor=5, evidence="inv 1", at=noon)
        actions.commit_line(line.id, committed_minor=1_000_001, at=noon)
        with pytest.raises(UserError, match="tenth above"):
            actions.record_actual(line.id, actual_minor=1_100_002, evidence="inv 1", at=noon)
        actions.record_actual(line.id, actual_minor=1_000_003, evidence="inv 1", at=noon)
        money = reads.budget(reads.campaign(live.id))
        assert sum(side.actual_minor for side in money.sides) == 1_000_003
        assert sum(side.estimate_minor for side in money.sides) == 1_000_001
        assert sum(side.owes_minor for side in money.sides) == 0
        owes = {side.name: side.owes_minor for side in money.sides}
        assert owes["Northlake Health System"] in {500_001, 500_002}


def test_a_partner_who_pays_records_the_actual_and_nothing_else(cast, campaign, released, noon):
    line = lined(cast, campaign, noon, payer=cast.partner)
    gated(cast, campaign, noon)
    agreed(cast, campaign, noon)
    moved(cast, campaign, "content", "funded", at=noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.commit_line(line.id, committed_minor=1_000, at=noon)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        actions.record_actual(line.id, actual_minor=900, evidence="inv 7", at=noon)
        refused_by_the_database(
            "UPDATE alliances_budgetline SET estimate_minor = 5 WHERE id = %s",
            [line.id],
            "nothing else",
        )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "name"),
        ({"charter_id": None}, "needs a charter"),
        ({"currency": "XAU"}, "not a currency"),
        ({"ends_on": date(2027, 2, 28)}, "before its launch"),
    ],
)
def test_a_plan_that_cannot_stand_is_refused_with_its_field(cast, plan, noon, change, words):
    half = Decimal("0.5")
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(UserError, match=words) as refused:
        actions.draft_campaign(
            replace(plan, **change), shares={cast.host.id: half, cast.partner.id: half}, at=noon
        )
    assert refused.value.field


def test_shares_add_up_to_the_whole(cast, plan, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(UserError, match="100 %"):
        actions.draft_campaign(
            plan,
            shares={cast.host.id: Decimal("0.5"), cast.partner.id: Decimal("0.4")},
            at=noon,
        )


def facts_of(cast, campaign, at):
    with act_as(cast.system()):
        return gather([Act("email", at, campaign_id=campaign.id, channel="email")])[0]


def test_the_gate_learns_where_campaign_and_charter_stand(cast, live, agreed_charter, noon):
    facts = facts_of(cast, live, noon)
    assert facts["campaign.status"] == "live"
    assert facts["campaign.privacy_gate_passed"] is True
    assert facts["campaign.budget_recorded"] is True
    assert facts["charter.in_force"] is True
    before = facts_of(cast, live, noon - timedelta(days=1))
    assert before["campaign.privacy_gate_passed"] is False
    assert before["charter.in_force"] is False
    with act_as(cast.scope(Role.ALLIANCE_MANAGER)):
        actions.end_charter(
            agreed_charter.id, on=noon.date() + timedelta(days=10), reason="Merged", at=noon
        )
    assert facts_of(cast, live, noon + timedelta(days=9))["charter.in_force"] is True
    assert facts_of(cast, live, noon + timedelta(days=10))["charter.in_force"] is False


def test_a_stop_given_to_the_partner_is_known_to_the_gate_as_yes_or_no(cast, live, noon):
    with act_as(cast.system()):
        hcp = add_hcp(family_name="Testwell", given_name="Mara", country="US", at=noon)

    def stopped(campaign_id):
        with act_as(cast.system()):
            act = Act("email", noon, recipient_id=hcp.id, campaign_id=campaign_id, channel="email")
            return gather([act])[0]["suppression.other_controller"]

    assert stopped(live.id) is False
    with act_as(cast.system(cast.partner)):
        suppress(hcp.id, reason="asked", at=noon)
    assert stopped(live.id) is True
    assert stopped(None) is False
