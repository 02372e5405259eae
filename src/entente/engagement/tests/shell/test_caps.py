"""Caps near their limit: counted over all companies, listed for those one wrote to oneself."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from entente.engagement.actions import SendRequest, request_send
from entente.engagement.models import Send
from entente.engagement.reads.caps import load_of, near_limit
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as


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
