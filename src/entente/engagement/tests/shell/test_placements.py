"""Publications on digital channels: gated, stopped by a recall, seen by both parties."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from entente.content import actions as content
from entente.content import reads as content_reads
from entente.content.actions import withdraw_version
from entente.content.uses import Window, counted, first_uses
from entente.directory.actions import add_legal_entity, add_product
from entente.engagement.actions import (
    clear_placement,
    confirm_taken_down,
    draw_list,
    end_placement,
    go_live,
    plan_placement,
    withdraw_placement,
)
from entente.engagement.actions import placements as placing
from entente.engagement.actions.hear_referral import hear_referral
from entente.engagement.actions.stop_recalled import hear_recall
from entente.engagement.models import Placement, PlacementAnswer
from entente.engagement.reads import placements as reads
from entente.engagement.tests.shell.placed_world import (
    STATEMENT,
    campaign_of,
    plan_of,
    put_live,
    released,
)
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, OutboxMessage
from entente.policy.actions import SETTLED, answer_referral
from entente.policy.models import Referral
from tests.cast import PASSWORD, POSTAL_ADDRESS

AD = f"Promotional information. Cardiol. {STATEMENT} {POSTAL_ADDRESS}"
pytestmark = pytest.mark.feature("engagement/digital-channels")


@pytest.fixture
def at(noon):
    return noon + timedelta(hours=4)


@pytest.fixture
def entity(cast, noon):
    with act_as(cast.system()):
        return add_legal_entity(
            name="Halden Inc", country="US", postal_address="1 Halden Way", at=noon
        )


@pytest.fixture
def version(cast, noon):
    return released(cast, noon)


@pytest.fixture
def live(cast, version, entity, at):
    return put_live(cast, plan_of(version, entity.id, at.date()), at)


def test_a_publication_goes_live_after_the_gate_permitted_it_twice(cast, version, entity, at):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        made = plan_placement(plan_of(version, entity.id, at.date()), at=at)
        with pytest.raises(UserError, match="only a cleared publication"):
            go_live(made.id, at=at)
        assert clear_placement(made.id, at=at).status == "cleared"
        assert go_live(made.id, at=at).status == "live"
        stages = list(PlacementAnswer.objects.values_list("stage", "outcome"))
    assert sorted(stages) == [("clearing", "PERMIT"), ("going_live", "PERMIT")]
    assert made.reference.startswith("PL-") and len(made.reference) == 11


def test_what_the_gate_refuses_stays_planned_with_its_sentence_and_decision(cast, entity, at, noon):
    draft = released(cast, noon, title="Another")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        made = plan_placement(plan_of(draft, entity.id, at.date()), at=at)
        withdraw_version(draft.id, reason="A figure is wrong", at=at)
        assert clear_placement(made.id, at=at).status == "planned"
        answer = PlacementAnswer.objects.get()
    assert answer.outcome == "FORBID"
    assert answer.sentence and answer.decision.rule_ids


def test_an_answer_that_is_old_is_not_trusted_when_it_goes_live(cast, version, entity, at):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        made = plan_placement(plan_of(version, entity.id, at.date()), at=at)
        clear_placement(made.id, at=at)
        withdraw_version(version.id, reason="A figure is wrong", at=at)
        assert go_live(made.id, at=at + timedelta(hours=1)).status == "planned"


def test_each_market_is_asked_about_and_the_strictest_answer_counts(cast, entity, at, noon):
    with act_as(cast.system()):
        product = add_product(name="Cardiol", kind="medicine", at=noon)
    promo = released(
        cast,
        noon,
        kind="promo",
        title="Cardiol",
        product_id=product.id,
        html=f"<p>{AD}</p>",
        text=AD,
    )
    with act_as(cast.scope(Role.BRAND_LEAD)):
        plan = plan_of(promo, entity.id, at.date(), markets=("US", "DE"), audience="public")
        made = plan_placement(plan, at=at)
        assert clear_placement(made.id, at=at).status == "planned"
        german = PlacementAnswer.objects.select_related("decision").get(market="DE")
        american = PlacementAnswer.objects.select_related("decision").get(market="US")
    assert "EU-MED-DTC-1" in german.decision.rule_ids
    assert "EU-MED-DTC-1" not in american.decision.rule_ids


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("channel", {"channel": "telegram"}),
        ("audience", {"audience": "partner"}),
        ("audience", {"channel": "sms", "audience": "public"}),
        ("markets", {"markets": ("FR",)}),
        ("markets", {"markets": ()}),
        ("target_url", {"target_url": "http://heart.example.org"}),
        ("target_url", {"target_url": "https://user@heart.example.org/"}),
        ("target_url", {"target_url": "https://127.0.0.1/"}),
        ("target_url", {"target_url": "https://localhost/"}),
        ("target_url", {"target_url": "javascript:alert(1)"}),
        ("outlet", {"outlet": "  "}),
        ("to_on", {"to_on": date(2020, 1, 1)}),
        ("planned", {"planned_minor": -1}),
        ("media_line", {"media_line": ""}),
        ("currency", {"currency": "XXX"}),
    ],
)
def test_a_plan_that_does_not_hold_names_its_field(cast, version, entity, at, field, changes):
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(UserError) as wrong:
        plan_placement(plan_of(version, entity.id, at.date(), **changes), at=at)
    assert wrong.value.field == field


def test_nothing_goes_live_outside_its_days(cast, version, entity, at):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        tomorrow = at.date() + timedelta(days=1)
        made = plan_placement(plan_of(version, entity.id, tomorrow), at=at)
        clear_placement(made.id, at=at)
        with pytest.raises(UserError, match="it is planned for"):
            go_live(made.id, at=at)


def test_a_recall_lists_every_live_publication_until_its_removal_is_confirmed(
    cast, version, entity, at, live
):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        recall = withdraw_version(version.id, reason="A figure is wrong", at=at)
        assert [row.id for row, _ in reads.take_downs(at)] == [live.id]
        with pytest.raises(UserError, match="confirm that it was taken down"):
            end_placement(live.id, at=at)
    with act_as(cast.system()):
        message = OutboxMessage.objects.get(topic="content.recall.decided")
        hear_recall(message, at)
        assert LedgerEntry.objects.filter(verb="engagement.placement.to_come_down").count() == 1
        standing = content_reads.standing(recall.id)
        assert standing.n_copies_out == 1
        assert not content.settle_recall(recall.id, at=at)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        gone = confirm_taken_down(live.id, "Looked at the account: it is not there", at=at)
        assert (gone.status, gone.taken_down_at) == ("withdrawn", at)
        assert reads.take_downs(at) == []
    with act_as(cast.system()):
        assert content_reads.standing(recall.id).n_copies_out == 0


def test_content_past_its_last_day_has_to_come_down_without_anybody_saying_so(
    cast, version, at, live
):
    later = at.replace(year=2027, month=11, day=21)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert reads.take_downs(at) == []
        [(row, why)] = reads.take_downs(later)
    assert row.id == live.id
    assert why == "The approval of its content has ended."


def test_what_stands_is_not_confirmed_as_taken_down(cast, live, at):
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(UserError, match="nothing has to be"):
        confirm_taken_down(live.id, "It is gone", at=at)


def test_a_withdrawal_says_why(cast, live, at):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        with pytest.raises(UserError, match="at most 300"):
            withdraw_placement(live.id, " ", at=at)
        assert withdraw_placement(live.id, "The outlet closed", at=at).status == "withdrawn"
        with pytest.raises(UserError, match="cannot be"):
            end_placement(live.id, at=at)


def test_the_database_holds_to_the_states(cast, live):
    with (
        pytest.raises(DatabaseError, match="cannot go from live to planned"),
        act_as(cast.scope(Role.BRAND_LEAD)),
    ):
        Placement.objects.filter(id=live.id).update(status="planned")


def test_the_partner_of_a_campaign_sees_the_publication_and_cannot_move_it(cast, entity, at, noon):
    campaign = campaign_of(cast, entity.id, noon)
    joint = released(cast, noon, joint=True)
    live = put_live(cast, plan_of(joint, entity.id, at.date(), campaign_id=campaign.id), at)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        seen = reads.placement(live.id)
        assert [answer.outcome for answer in reads.answers_of(seen.id)] == ["PERMIT", "PERMIT"]
        with pytest.raises(Placement.DoesNotExist):
            withdraw_placement(live.id, "Not ours", at=at)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.stranger)):
        assert not Placement.objects.filter(id=live.id).exists()
    with act_as(cast.system()):
        told = LedgerEntry.objects.filter(verb__startswith="engagement.placement.")
        assert {entry.counterparty_id for entry in told} == {cast.partner.id}


def test_a_representative_plans_nothing(cast, version, entity, at):
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        plan_placement(plan_of(version, entity.id, at.date()), at=at)


def test_nobody_is_written_to_on_a_channel_without_names(cast, live, at):
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(UserError, match="nobody by name"):
        draw_list(live.id, [live.id], at=at)


def test_a_publication_counts_as_use_of_its_content(cast, version, live, at):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert counted([version.id], Window.of(7, at))[version.id]["placements"] == 1
        assert first_uses([version.id], "US", at)[version.id].used_on == at.astimezone(UTC).date()


def test_a_list_is_judged_with_a_fixed_number_of_queries(cast, version, entity, at):
    def asked():
        with act_as(cast.scope(Role.BRAND_LEAD)), CaptureQueriesContext(connection) as seen:
            reads.take_downs(at)
        return len(seen)

    put_live(cast, plan_of(version, entity.id, at.date()), at)
    one = asked()
    for n in range(3):
        put_live(cast, plan_of(version, entity.id, at.date(), outlet=f"Outlet {n}"), at)
    assert asked() == one


@pytest.mark.parametrize("approve", [True, False])
def test_an_approval_of_what_was_referred_clears_the_publication_by_itself(
    cast, version, entity, at, monkeypatch, approve
):
    # An act of a kind that no rule knows is looked at by compliance.
    known = placing.acts_of
    monkeypatch.setattr(
        placing, "acts_of", lambda row, at: [replace(a, type="telegram") for a in known(row, at)]
    )
    with act_as(cast.scope(Role.BRAND_LEAD)):
        made = plan_placement(plan_of(version, entity.id, at.date()), at=at)
        assert clear_placement(made.id, at=at).status == "planned"
        waiting = list(Referral.objects.filter(object_id=made.id))
        assert {answer.outcome for answer in reads.answers_of(made.id)} == {"REFER"}
    for referral in waiting:
        with act_as(cast.scope(Role(referral.role))):
            answer_referral(
                referral.id, approve=approve, reason="It teaches.", password=PASSWORD, at=at
            )
    with act_as(cast.system()):
        for message in OutboxMessage.objects.filter(topic=SETTLED, state="pending"):
            hear_referral(message, at)
        assert reads.placement(made.id).status == ("cleared" if approve else "planned")


def test_a_partner_publishes_too_and_a_recall_by_the_host_is_its_task(cast, entity, at, noon):
    campaign = campaign_of(cast, entity.id, noon)
    joint = released(cast, noon, joint=True)
    with act_as(cast.system(cast.partner)):
        theirs = add_legal_entity(
            name="Northlake", country="US", postal_address="2 Shore Road", at=noon
        )
    marketer = cast.scope(Role.PARTNER_MARKETER, cast.partner)
    plan = plan_of(joint, theirs.id, at.date(), campaign_id=campaign.id, outlet="@northlake")
    live = put_live(cast, plan, at, scope=marketer)
    assert live.status == "live"
    with act_as(cast.scope(Role.BRAND_LEAD)):
        recall = withdraw_version(joint.id, reason="A figure is wrong", at=at)
        assert reads.take_downs(at) == []
        assert [row.id for row, _ in reads.take_downs(at, own=False)] == [live.id]
        assert content_reads.standing(recall.id).n_copies_out == 1
    with act_as(marketer):
        assert [row.id for row, _ in reads.take_downs(at)] == [live.id]
        confirm_taken_down(live.id, "Deleted from the account", at=at)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert content_reads.standing(recall.id).n_copies_out == 0
