"""Results of publications: brought back once, corrected with history, told to both parties."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db.utils import DatabaseError

from entente.directory.actions import add_legal_entity
from entente.engagement.actions import import_results, record_results
from entente.engagement.actions.import_results import keep_counts
from entente.engagement.domain.media_results import SPEND, ResultRow, Told, total_of
from entente.engagement.models import PlacementFigure
from entente.engagement.reads import placements as reads
from entente.engagement.tests.shell.placed_world import (
    campaign_of,
    plan_of,
    put_live,
    released,
)
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry

pytestmark = pytest.mark.feature("engagement/digital-channels")
HEAD = "Date,Placement Reference,Impressions,Clicks,Spend,Currency\n"


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
def live(cast, entity, at, noon):
    return put_live(cast, plan_of(released(cast, noon), entity.id, at.date()), at)


@pytest.fixture
def load(cast, at, tmp_path):
    def take(text, *, head=HEAD, **more):
        file = tmp_path / "report.csv"
        file.write_text(head + text, encoding="utf-8")
        with act_as(cast.system()):
            return import_results(file, at=at, **more)

    return take


def _day(at, n=0):
    return (at + timedelta(days=n)).date()


def test_the_same_report_again_changes_nothing(cast, live, load, at):
    text = f"{_day(at)},{live.reference},1000,20,12.50,USD\n"
    first, again = load(text), load(text)
    assert (first.new, first.changed, first.unchanged, first.refused) == (1, 0, 0, 0)
    assert (again.new, again.changed, again.unchanged, again.refused) == (0, 0, 1, 0)
    with act_as(cast.system()):
        assert PlacementFigure.objects.count() == 3
        totals = reads.totals_of([live])[live.id]
    assert (totals.spend_minor, totals.click_minor, totals.click_rate_bp) == (1250, 62, 200)
    assert (totals.planned_minor, totals.left_minor) == (100_000, 98_750)


def test_a_corrected_day_replaces_the_former_and_the_former_is_kept(cast, live, load, at):
    load(f"{_day(at)},{live.reference},1000,20,12.50,USD\n")
    counts = load(f"{_day(at)},{live.reference},1000,18,12.50,USD\n")
    assert (counts.new, counts.changed) == (0, 1)
    with act_as(cast.system()):
        assert reads.totals_of([live])[live.id].counts == {"impressions": 1000, "clicks": 18}
        [former] = reads.corrections_of(live)
    assert (former.what, former.amount, former.replaced_at) == ("clicks", 20, at)


def test_a_figure_that_a_report_does_not_tell_is_left_alone(cast, live, load, at):
    load(f"{_day(at)},{live.reference},1000,20,12.50,USD\n")
    load(f"{_day(at)},{live.reference},,21,,\n")
    with act_as(cast.system()):
        totals = reads.totals_of([live])[live.id]
    assert (totals.counts, totals.spend_minor) == ({"impressions": 1000, "clicks": 21}, 1250)


def test_bad_rows_are_named_with_remedy_and_the_others_are_kept(cast, live, load, at, tmp_path):
    refused = tmp_path / "refused.csv"
    counts = load(
        f"{_day(at)},{live.reference},10,1,1.00,USD\n"
        f"{_day(at)},PL-NOBODY00,10,1,1.00,USD\n"
        f"{_day(at, 1)},{live.reference},10,1,1.00,EUR\n"
        f"{_day(at, -3)},{live.reference},10,1,1.00,USD\n"
        f"{_day(at, 9)},{live.reference},10,1,1.00,USD\n"
        f"{_day(at, -1)},{live.reference},10,1,1.005,USD\n",
        refused_path=refused,
    )
    assert (counts.new, counts.refused) == (1, 5)
    told = refused.read_text(encoding="utf-8")
    for words in (
        "No publication of yours", "is in USD", "went live on", "not come yet", "as USD counts it"
    ):  # fmt: skip
        assert words in told


def test_a_day_that_stands_twice_is_refused_both_times(live, load, at):
    row = f"{_day(at)},{live.reference.lower()},10,1,1.00,USD\n"
    assert load(row + row).refused == 2


def test_a_dry_run_counts_and_writes_nothing(cast, live, load, at):
    counts = load(f"{_day(at)},{live.reference},10,1,1.00,USD\n", dry_run=True)
    assert counts.new == 1
    with act_as(cast.system()):
        assert not PlacementFigure.objects.exists()
        assert not LedgerEntry.objects.filter(verb="engagement.placement.results_kept").exists()


def test_the_database_lets_no_figure_be_changed(cast, live, load, at):
    load(f"{_day(at)},{live.reference},10,1,1.00,USD\n")
    with pytest.raises(DatabaseError, match="replaced, never changed"), act_as(cast.system()):
        PlacementFigure.objects.filter(what="clicks").update(amount=99)


@pytest.mark.parametrize("seed", range(3))
def test_totals_of_the_database_are_those_of_a_twin_that_replays_every_report(cast, live, at, seed):
    chance, twin = random.Random(seed), {}
    with act_as(cast.system()):
        for n in range(12):
            told = {
                what: chance.randint(0, 10_000)
                for what in chance.sample(["impressions", "clicks", "followers"], 2)
            }
            spend, on = chance.randint(0, 10_000), _day(at, chance.randint(-1, 1))
            text = f"{spend // 100}.{spend % 100:02d}"
            record_results(
                [ResultRow(2, live.reference, on, told, text)],
                source=f"report {n}",
                at=at + timedelta(minutes=n),
            )
            twin |= {(on, what): amount for what, amount in told.items()}
            twin[on, SPEND] = spend
        found = reads.totals_of([live])[live.id]
    slow = total_of(
        [Told(on, what, amount) for (on, what), amount in twin.items()],
        currency="USD",
        planned_minor=100_000,
    )
    assert found == slow


def test_both_parties_see_results_and_money_only_where_it_is_shared(cast, entity, at, noon):
    campaign = campaign_of(cast, entity.id, noon)
    joint = released(cast, noon, joint=True)
    open_, closed = (
        put_live(
            cast,
            plan_of(
                joint, entity.id, at.date(), campaign_id=campaign.id, shows_spend=shows,
                outlet=f"Shows {shows}",
            ),
            at,
        )
        for shows in (True, False)
    )  # fmt: skip
    with act_as(cast.system()):
        rows = [
            ResultRow(n, each.reference, at.date(), {"clicks": 7}, "3.50")
            for n, each in enumerate((open_, closed), start=2)
        ]
        assert record_results(rows, source="test", at=at).new == 2
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        totals = reads.totals_of([open_, closed])
        assert {each.counts["clicks"] for each in totals.values()} == {7}
        assert (totals[open_.id].spend_minor, totals[open_.id].planned_minor) == (350, 100_000)
        assert (totals[closed.id].spend_minor, totals[closed.id].planned_minor) == (None, 0)
        assert not PlacementFigure.objects.filter(placement=closed, what=SPEND).exists()
        [line] = reads.media_lines([open_, closed], totals)
        assert (line.name, line.n_placements) == ("IO 2026-7", 2)
        taken = record_results(rows, source="test", at=at)
        assert len(taken.wrong) == 2
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.stranger)):
        assert not PlacementFigure.objects.exists()


def test_small_numbers_of_people_are_told_to_a_partner_in_steps(cast, entity, at, noon):
    campaign = campaign_of(cast, entity.id, noon)
    joint = released(cast, noon, joint=True)
    sms = put_live(
        cast,
        plan_of(joint, entity.id, at.date(), campaign_id=campaign.id, channel="sms"),
        at,
    )
    with act_as(cast.system()):
        keep_counts(sms.id, {at.date(): {"delivered": 25, "opted_out": 3}}, at=at)
        assert reads.totals_of([sms])[sms.id].counts == {"delivered": 25, "opted_out": 3}
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert reads.totals_of([sms])[sms.id].counts == {"delivered": 22, "opted_out": 0}
        assert reads.days_of(sms) == []
