"""Events of two companies: need before names, agreement, the gate, places, who sees whom."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.utils import DatabaseError

from entente.engagement.actions.attend import (
    NoPlace,
    cancel_attendance,
    check_in,
    issue_certificates,
    register,
    take_presence,
    walk_in,
)
from entente.engagement.actions.events import (
    agree_event,
    cancel_event,
    change_event,
    hold_event,
    open_event,
    record_need,
    set_cost,
    set_credit,
    set_up_event,
)
from entente.engagement.actions.invite import invite
from entente.engagement.actions.speakers import Engagement, choose_speaker, remove_speaker
from entente.engagement.domain.gathering import EventPlan
from entente.engagement.models import Attendee, Event, Invitation
from entente.engagement.reads import events as reads
from entente.engagement.reads.event_facts import home_of_guests
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from tests.cast import PASSWORD


@pytest.fixture
def at(noon):
    return noon + timedelta(hours=4)


@pytest.fixture
def plan(world, at):
    def made(**changed):
        facts = {
            "kind": "symposium", "title": "Heart failure in practice", "topic": "Heart failure",
            "controller_id": world.entity, "country": "US", "time_zone": "America/New_York",
            "starts_at": at + timedelta(days=30), "ends_at": at + timedelta(days=30, hours=3),
            "setting": "hospital", "venue": "Testford General", "places": 2,
        }  # fmt: skip
        return EventPlan(**(facts | changed))

    return made


@pytest.fixture
def opened(cast, plan, at):
    def made(*, joint=True, **changed):
        with act_as(cast.scope(Role.EVENT_MANAGER)):
            shares = {cast.partner.id: Decimal("0.4")} if joint else {}
            event = set_up_event(plan(**changed), partner_shares=shares, at=at)
            record_need(event.id, "Guideline changed in June", "Published on the topic", at=at)
            agree_event(event.id, password=PASSWORD, at=at)
        if joint:
            with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
                agree_event(event.id, password=PASSWORD, at=at)
        with act_as(cast.scope(Role.EVENT_MANAGER)):
            return open_event(event.id, at=at)

    return made


def _comes(cast, event, name, at, *, seen_by=(), hcp_id=None):
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        return register(event.id, hcp_id=hcp_id, name=name, email="", seen_by=seen_by, at=at)


@pytest.mark.feature("engagement/joint-education")
def test_an_event_opens_when_both_companies_agreed_to_it_as_it_is(cast, plan, at):
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        shares = {cast.partner.id: Decimal("0.4")}
        event = set_up_event(plan(), partner_shares=shares, at=at)
        with pytest.raises(UserError, match="record the need"):
            open_event(event.id, at=at)
        record_need(event.id, "Guideline changed", "Published on the topic", at=at)
        agree_event(event.id, password=PASSWORD, at=at)
        with pytest.raises(UserError, match="Northlake"):
            open_event(event.id, at=at)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        agree_event(event.id, password=PASSWORD, at=at)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        change_event(event.id, plan(places=500), at=at)
        with pytest.raises(UserError, match="not agreed to as it is"):
            open_event(event.id, at=at)


def test_the_database_opens_no_event_that_a_party_has_not_agreed_to(cast, plan, at):
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        shares = {cast.partner.id: Decimal("0.4")}
        event = set_up_event(plan(), partner_shares=shares, at=at)
    with (
        pytest.raises(DatabaseError, match="not every party has agreed"),
        act_as(cast.scope(Role.EVENT_MANAGER)),
    ):
        Event.objects.filter(id=event.id).update(status="open")


@pytest.mark.feature("engagement/kol")
def test_nobody_is_chosen_before_need_and_criteria_are_written(cast, plan, at, world):
    who = Engagement(world.willing, "speaker", "Led the trial", "USD")
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        event = set_up_event(plan(), at=at)
        with pytest.raises(UserError, match="before anybody is chosen"):
            choose_speaker(event.id, who, at=at)
        record_need(event.id, "Guideline changed", "Published on the topic", at=at)
        assert choose_speaker(event.id, who, at=at).chosen_because == "Led the trial"
        with pytest.raises(UserError, match="people were chosen already"):
            record_need(event.id, "Another need", "Other criteria", at=at)


CONTRACT = {
    "part": "speaker", "chosen_because": "Led the trial", "currency": "USD",
    "fair_value_minor": 200_000, "fair_value_ref": "FMV-7", "contract_ref": "C-1",
    "contract_days": 365, "pay_set_in_advance": True, "varies_with_referrals": False,
    "keeps_records": True, "has_disclosure_clause": True,
}  # fmt: skip


@pytest.fixture
def needed(cast, plan, at):
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        event = set_up_event(plan(kind="speaker"), at=at)
        return record_need(event.id, "Guideline changed", "Published on the topic", at=at)


@pytest.mark.feature("engagement/kol")
def test_a_speaker_costs_no_more_than_is_fair_under_a_contract(cast, needed, at, world):
    signed = CONTRACT | {"hcp_id": world.willing, "contract_signed_on": at.date()}
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        refused = choose_speaker(needed.id, Engagement(fee_minor=500_000, **signed), at=at)
        assert refused.removed_at is not None
        assert "PG-FMV-1" in refused.decision.rule_ids
        chosen = choose_speaker(needed.id, Engagement(fee_minor=150_000, **signed), at=at)
        blocks = {"PG-FMV-1", "US-AKS-PS-1", "US-PHRMA-CONS-1", "US-PHRMA-CONS-2"}
        assert not blocks & set(chosen.decision.rule_ids)
        assert chosen.removed_at is None
        assert remove_speaker(chosen.id, at=at).removed_at == at


@pytest.mark.parametrize(
    ("missing", "rule"),
    [
        ("contract_days", "US-AKS-PS-1"),
        ("varies_with_referrals", "US-PHRMA-CONS-2"),
        ("keeps_records", "US-PHRMA-CONS-1"),
        ("fair_value_ref", "PG-FMV-1"),
    ],
)
def test_what_nobody_said_of_a_contract_is_not_taken_for_granted(
    cast, needed, at, world, missing, rule
):
    told = CONTRACT | {"hcp_id": world.willing, "contract_signed_on": at.date()}
    told.pop(missing)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        chosen = choose_speaker(needed.id, Engagement(fee_minor=150_000, **told), at=at)
        assert rule in chosen.decision.rule_ids
        assert chosen.standing != "cleared"


def test_where_most_guests_practise_is_counted_and_not_assumed(cast, opened, at, world):
    event = opened(joint=False)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        assert home_of_guests(event) is None
        assert home_of_guests(event, [world.willing]) == "US"


def test_a_partner_at_the_door_counts_whom_it_may_not_see(cast, opened, at, world):
    event = opened(places=5)
    _comes(cast, event, "Seen by the host", at, seen_by=[cast.host.id], hcp_id=world.willing)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert not Attendee.objects.exists()
        assert reads.n_taken(event.id) == 1
        took = walk_in(event.id, name="", hcp_id=world.willing, seen_by=(), at=event.starts_at)
        assert took.ticket == 2
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.stranger)):
        assert reads.n_taken(event.id) == 0


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"has_entertainment": True}, "US-PHRMA-ENT-1"),
        ({"kind": "speaker", "has_alcohol": True}, "US-PHRMA-SPK-3"),
        ({"kind": "speaker", "venue_class": "luxury_resort"}, "US-PHRMA-SPK-4"),
        ({"kind": "speaker", "has_representative": False}, "US-PHRMA-SPK-5"),
    ],
)
def test_the_rules_of_programmes_stop_invitations(cast, opened, at, world, changed, rule):
    event = opened(joint=False, **changed)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        made = invite(event.id, [world.willing], controller_id=world.entity, at=at)[0]
        assert made.status == Invitation.Status.FORBIDDEN
        assert rule in made.decision.rule_ids


def test_who_heard_the_topic_before_is_left_to_a_person(cast, opened, at, world):
    first = opened(joint=False, kind="speaker")
    during = first.starts_at
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        walk_in(first.id, name="", hcp_id=world.willing, seen_by=(), at=during)
    again = opened(
        joint=False, kind="speaker", starts_at=during + timedelta(days=60),
        ends_at=during + timedelta(days=60, hours=2),
    )  # fmt: skip
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        made = invite(again.id, [world.willing], controller_id=world.entity, at=at)[0]
        assert made.status == Invitation.Status.REFERRED
        assert "US-PHRMA-SPK-2" in made.decision.rule_ids


def test_accredited_education_belongs_to_no_campaign_and_names_who_accredits(cast, plan, at):
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        with pytest.raises(UserError, match="name who accredits"):
            set_up_event(plan(kind="cme"), at=at)
        event = set_up_event(plan(kind="cme", accreditor="A college"), at=at)
        set_credit(event.id, "AMA PRA Category 1", 150, at=at)
        with pytest.raises(UserError, match="credit type is one of"):
            set_credit(event.id, "Stars", 5, at=at)


@pytest.mark.feature("engagement/joint-education")
def test_whoever_waits_longest_gets_the_place_that_is_given_back(cast, opened, at):
    event = opened(places=2)
    people = [_comes(cast, event, f"Person {n}", at) for n in range(5)]
    assert [p.status for p in people] == ["registered"] * 2 + ["waiting"] * 3
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        moved = cancel_attendance(people[0].id, at=at)
        assert moved.id == people[2].id
        assert Attendee.objects.filter(event=event, status="registered").count() == 2
    again = _comes(cast, event, "Person 0", at)
    assert (again.status, again.ticket) == ("waiting", 6)


@pytest.mark.promise("P5")
@pytest.mark.feature("engagement/joint-education")
def test_a_partner_sees_only_those_who_agreed_to_be_seen_by_it(cast, opened, at):
    event = opened(places=10)
    _comes(cast, event, "Agreed to both", at, seen_by=[cast.partner.id, cast.host.id])
    _comes(cast, event, "Agreed to the host", at, seen_by=[cast.host.id, cast.stranger.id])
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert [a.name for a in Attendee.objects.all()] == ["Agreed to both"]
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.stranger)):
        assert not Attendee.objects.exists()
        assert not Event.objects.exists()
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        assert Attendee.objects.count() == 2


def test_people_are_checked_in_signed_and_walk_in_on_the_day(cast, opened, at, world):
    event = opened(places=5)
    person = _comes(cast, event, "Punctual", at, hcp_id=world.silent)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        with pytest.raises(UserError, match="checked in from four hours"):
            check_in(person.id, at=at)
        day = event.starts_at
        there = check_in(person.id, signature="M0 0L9 9", at=day)
        assert (there.status, there.signature) == ("attended", "M0 0L9 9")
        assert check_in(person.id, at=day + timedelta(hours=1)).checked_in_at == day
        extra = walk_in(event.id, name="Passer By", hcp_id=None, seen_by=(), at=day)
        assert extra.is_walk_in


def test_join_and_leave_times_make_minutes_and_certificates(cast, opened, at):
    event = opened(places=5, kind="webinar", setting="virtual")
    begin = event.starts_at
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        for name in ("long", "short", "absent"):
            register(event.id, hcp_id=None, name=name, email=f"{name}@hcp.test", seen_by=(), at=at)
        stays = {
            "LONG@hcp.test": [
                (begin - timedelta(minutes=9), begin + timedelta(minutes=60)),
                (begin + timedelta(minutes=30), begin + timedelta(minutes=90)),
            ],
            "short@hcp.test": [(begin, begin + timedelta(minutes=10))],
            "nobody@hcp.test": [(begin, begin + timedelta(minutes=10))],
        }
        assert take_presence(event.id, stays, at=begin) == (2, ["nobody@hcp.test"])
        assert take_presence(event.id, stays, at=begin) == (0, ["nobody@hcp.test"])
        minutes = dict(Attendee.objects.values_list("name", "minutes"))
        assert minutes == {"long": 90, "short": 10, "absent": None}
        hold_event(event.id, at=event.ends_at)
        assert issue_certificates(event.id, least_minutes=30, at=event.ends_at) == 1
        assert issue_certificates(event.id, least_minutes=30, at=event.ends_at) == 0


def test_a_cancelled_event_takes_nobody_any_more(cast, opened, at, world):
    event = opened()
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        cancel_event(event.id, "the speaker is ill", at=at)
    with pytest.raises(NoPlace):
        _comes(cast, event, "Late", at)
    with act_as(cast.scope(Role.EVENT_MANAGER)), pytest.raises(UserError, match="is open"):
        invite(event.id, [world.willing], controller_id=world.entity, at=at)


def test_each_company_writes_its_own_costs(cast, opened, at):
    event = opened()
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        set_cost(event.id, "venue", "USD", estimate=900, committed=800, actual=0, at=at)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        set_cost(event.id, "catering", "USD", estimate=500, committed=0, actual=0, at=at)
        assert event.costs.count() == 2
        with pytest.raises(UserError, match="not negative"):
            set_cost(event.id, "catering", "USD", estimate=-1, committed=0, actual=0, at=at)
