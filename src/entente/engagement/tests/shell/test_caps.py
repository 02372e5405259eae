"""Caps near their limit: counted over all companies, listed for those one wrote to oneself."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from entente.consent.actions import set_preference
from entente.directory.actions import merge_hcps, unmerge_hcps
from entente.engagement.actions import SendRequest, request_send
from entente.engagement.models import Send
from entente.engagement.reads.caps import load_of, near_limit
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

DAY = timedelta(days=1)


@pytest.fixture
def written(cast, world, noon):
    """Give a function by which a person got promotional e-mails so many days ago."""
    later = noon + timedelta(hours=4)

    def write(hcp_id, *days):
        with act_as(cast.scope(Role.REPRESENTATIVE)):
            made = request_send(
                SendRequest(hcp_id, world.version, world.entity, "education"), at=later
            )
            for ago in days:
                made.id = uuid4()
                made.purpose, made.status = "promotion", Send.Status.QUEUED
                made.requested_at = later - timedelta(days=ago)
                made.save(force_insert=True)
        return later

    return write


def test_whoever_may_get_one_more_or_none_is_listed_the_fullest_first(cast, world, written):
    written(world.willing, 28, 20, 10, 5)
    at = written(world.silent, 20, 10, 5)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        loads, n_people = near_limit(at=at)
        assert [(load.hcp_id, load.n_emails, load.cap) for load in loads] == [
            (world.willing, 4, 4),
            (world.silent, 3, 4),
        ]
        assert n_people == 2
        assert loads[0].next_at == at + timedelta(days=2), "when the first one leaves the window"
        assert loads[1].next_at == at
        assert loads == [load_of(world.willing, at=at), load_of(world.silent, at=at)]
        full, _ = near_limit(at=at, left=0)
        assert [load.hcp_id for load in full] == [world.willing]
        assert near_limit(at=at, most=1)[1] == 2


def test_another_company_learns_nothing_of_whom_one_wrote_to(cast, world, written):
    at = written(world.willing, 20, 10, 5)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert near_limit(at=at) == ([], 0)


def test_the_page_and_the_program_say_who_is_near_the_cap(cast, world, written, browser, program):
    client = browser(Role.REPRESENTATIVE)
    assert "Nobody is near the cap" in client.get("/sends/caps/").text
    written(world.willing, 28, 20, 10, 5)
    told = client.get("/sends/caps/").text
    assert "Willing" in told
    assert "Cap reached" in told
    assert "1 of 1 people" in told
    row = program(Role.REPRESENTATIVE).get("/api/engagement/caps").json()["people"][0]
    assert (row["n_emails"], row["cap"]) == (4, 4)


# A person's own wish: the newest holds, each company's for itself, and both records' once joined.


def wish(cast, hcp_id, at, **numbers):
    with act_as(cast.system()):
        set_preference(hcp_id, at=at, **numbers)


def cap(cast, hcp_id, at):
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        return load_of(hcp_id, at=at).cap


@pytest.mark.feature("consent/hcp-control")
def test_the_newest_wish_holds_and_not_the_lowest_ever_made(cast, world, noon):
    wish(cast, world.willing, noon - 9 * DAY, emails_30d=1)
    assert cap(cast, world.willing, noon - 8 * DAY) == 1
    wish(cast, world.willing, noon - 5 * DAY, emails_30d=3)
    assert cap(cast, world.willing, noon) == 3
    assert cap(cast, world.willing, noon - 8 * DAY) == 1, "on that day it was one"
    wish(cast, world.willing, noon - 3 * DAY, emails_30d=None)
    assert cap(cast, world.willing, noon) == 4, "a wish taken back leaves the company's own cap"
    wish(cast, world.willing, noon - 2 * DAY, emails_30d=20)
    assert cap(cast, world.willing, noon) == 4, "a wish lowers, and never raises"


@pytest.mark.feature("consent/hcp-control")
def test_of_the_wishes_told_to_two_companies_the_lower_holds(cast, world, noon):
    wish(cast, world.willing, noon - 9 * DAY, emails_30d=3)
    with act_as(cast.system(cast.partner)):
        set_preference(world.willing, at=noon - 8 * DAY, emails_30d=2)
    assert cap(cast, world.willing, noon) == 2
    wish(cast, world.willing, noon - 7 * DAY, emails_30d=4)
    assert cap(cast, world.willing, noon) == 2, "what the other company heard stands"


@pytest.mark.feature("consent/hcp-control")
def test_the_lower_wish_of_joined_records_holds_until_the_person_is_asked_anew(cast, world, noon):
    wish(cast, world.willing, noon - 9 * DAY, emails_30d=3)
    wish(cast, world.silent, noon - 12 * DAY, emails_30d=1)
    with act_as(cast.system()):
        merge = merge_hcps(world.willing, world.silent, reason="One person.", at=noon - 6 * DAY)
    assert cap(cast, world.willing, noon - 7 * DAY) == 3
    assert cap(cast, world.willing, noon - 5 * DAY) == 1
    wish(cast, world.willing, noon - 4 * DAY, emails_30d=2)
    assert cap(cast, world.willing, noon - 3 * DAY) == 2
    with act_as(cast.system()):
        unmerge_hcps(merge.id, reason="Two people.", at=noon - 2 * DAY)
    assert cap(cast, world.silent, noon) == 1


@pytest.mark.feature("consent/hcp-control")
def test_a_weekly_wish_of_a_joined_record_fills_the_week_of_the_person(cast, world, written, noon):
    at = written(world.willing, 5)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        request = SendRequest(world.willing, world.version, world.entity, "promotion")
        before = request_send(request, at=at).decision.rule_ids
    with act_as(cast.system()):
        set_preference(world.silent, at=noon - DAY, emails_7d=1)
        merge_hcps(world.willing, world.silent, reason="One person.", at=noon)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        after = request_send(request, at=at + timedelta(minutes=1)).decision.rule_ids
    assert "PG-FREQ-1" not in before
    assert "PG-FREQ-1" in after
