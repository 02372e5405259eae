"""Leads of a stand: each company's permission by itself, once, followed up by one of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from entente.consent import reads as consent
from entente.engagement.actions.lead_consents import record_lead_permissions
from entente.engagement.actions.leads import (
    end_lead_sharing,
    enter_candidate,
    forget_leads,
    link_lead,
    settle_lead,
    take_lead,
)
from entente.engagement.models import Lead, LeadConsent
from entente.engagement.reads import leads as reads
from entente.engagement.tests.shell.stand_world import Stand
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError

pytestmark = pytest.mark.feature("engagement/booth-and-meetings")


@pytest.fixture
def stand(cast, world, now):
    return Stand(cast, world, now)


@pytest.fixture
def asked(stand):
    stand.words()
    return stand


def _captures(scope, hcp_id):
    """Give what a company recorded with the lead as its proof."""
    with act_as(scope):
        return [
            row.record for row in consent.history(hcp_id)
            if row.kind == "capture" and row.record.proof_ref.startswith("lead ")
        ]  # fmt: skip


def test_two_companies_are_two_ticks_and_each_records_its_own(cast, asked, world):
    ticks = (asked.tick(world.entity), asked.tick(asked.partner_entity.id, "event"))
    lead = asked.lead(ticks=ticks, email="w@hcp.test")
    (own,) = _captures(asked.rep, world.willing)
    assert (own.controller_id, own.purpose, own.channel) == (world.entity, "education", "email")
    assert (own.wording_version, own.source) == ("US-9", "congress")
    assert own.proof_ref == f"lead {lead.id}"
    assert _captures(asked.partner, world.willing) == []
    later = asked.begins + timedelta(hours=5)
    with act_as(asked.partner):
        assert record_lead_permissions(lead.id, at=later) == 1
        assert record_lead_permissions(lead.id, at=later) == 0
    (theirs,) = _captures(asked.partner, world.willing)
    assert theirs.controller_id == asked.partner_entity.id
    assert (theirs.purpose, theirs.captured_at) == ("event", lead.captured_at)
    assert theirs.wording_version == "US-9 of Halden Pharma"


@pytest.mark.promise("P5")
def test_the_other_company_sees_only_whoever_permitted_something_to_it(cast, asked, world):
    shared = asked.lead(ticks=(asked.tick(asked.partner_entity.id),))
    asked.lead(hcp_id=world.silent, ticks=(asked.tick(world.entity),))
    with act_as(asked.partner):
        assert [lead.id for lead in Lead.objects.all()] == [shared.id]
        assert {tick.lead_id for tick in LeadConsent.objects.all()} == {shared.id}
    with act_as(cast.scope(Role.PARTNER_SELLER, cast.stranger)):
        assert not Lead.objects.exists()
    with act_as(asked.rep):
        assert end_lead_sharing(shared.id, cast.partner.id, at=shared.captured_at) == 1
    with act_as(asked.partner):
        assert not Lead.objects.exists()
        assert not LeadConsent.objects.exists()


def test_nothing_is_permitted_without_words_that_show_it(asked, world):
    for tick, said in (
        (asked.tick(world.entity, version="US-8"), "not in use in US"),
        (asked.tick(world.entity, "promotion"), "do not show this"),
        (asked.tick(uuid4()), "no part in the congress"),
    ):
        with pytest.raises(UserError, match=said):
            asked.lead(ticks=(tick,))
    with pytest.raises(UserError, match="do not show this"):
        asked.lead(ticks=(asked.tick(world.entity),), channel="phone")


def test_only_those_whom_words_name_can_be_asked_for(stand, cast, world):
    stand.words(both=False)
    parties = {cast.host.id, cast.partner.id}
    with act_as(stand.rep):
        found = reads.asks("US", parties)
        assert {(ask.company, ask.purpose) for ask in found} == {
            ("Halden Inc", "education"), ("Halden Inc", "event"),
        }  # fmt: skip
        assert reads.asks("DE", parties) == []


def test_a_lead_sent_twice_is_kept_once(asked):
    client_id = uuid4()
    first = asked.lead(client_id=client_id, note="Wants the paper")
    assert asked.lead(client_id=client_id, note="Wants the paper").id == first.id
    with pytest.raises(UserError, match="another record"):
        asked.lead(client_id=client_id, note="Something else")


def test_somebody_unknown_waits_until_it_is_said_who_he_is(cast, asked, world):
    ticks = (asked.tick(world.entity),)
    lead = asked.lead(hcp_id=None, name="Dr. Unknown", ticks=ticks)
    assert _captures(asked.rep, world.silent) == []
    at = asked.begins + timedelta(hours=3)
    with act_as(asked.rep):
        link_lead(lead.id, world.silent, at=at)
        with pytest.raises(UserError, match="already"):
            link_lead(lead.id, world.willing, at=at)
    assert len(_captures(asked.rep, world.silent)) == 1
    other = asked.lead(hcp_id=None, name="Dr. New", ticks=ticks)
    with act_as(cast.scope(Role.STEWARD)):
        made = enter_candidate(
            other.id, family_name="New", given_name="Nora", profession="physician", country="US",
            at=at,
        )  # fmt: skip
        assert made.hcp.identity_status == "candidate"


def test_one_company_follows_up_by_a_day_and_says_what_became_of_it(cast, asked, world):
    ticks = (asked.tick(asked.partner_entity.id),)
    lead = asked.lead(ticks=ticks, side_id=cast.partner.id)
    at = lead.captured_at
    assert lead.due_on == at.date() + timedelta(days=7)
    with act_as(asked.rep), pytest.raises(UserError, match="the other company follows"):
        take_lead(lead.id, at=at)
    with act_as(asked.partner):
        assert reads.lead(lead.id).state == "open"
        with pytest.raises(UserError, match="take the lead first"):
            settle_lead(lead.id, status="done", outcome="Met", at=at)
        taken = take_lead(lead.id, at=at)
        assert take_lead(lead.id, at=at).id == taken.id
        assert taken.owner_id == asked.partner.actor_id
        with pytest.raises(UserError, match="what became of it"):
            settle_lead(lead.id, status="rejected", outcome=" ", at=at)
        settle_lead(lead.id, status="rejected", outcome="Works elsewhere now", at=at)
        with pytest.raises(UserError, match="this lead is over"):
            take_lead(lead.id, at=at)
    with act_as(asked.rep):
        seen = reads.lead(lead.id)
        assert (seen.state, seen.follow_up.outcome) == ("rejected", "Works elsewhere now")


def test_a_lead_goes_to_the_other_company_only_with_a_tick(cast, asked, world):
    with pytest.raises(UserError, match="only whoever permitted"):
        asked.lead(ticks=(asked.tick(world.entity),), side_id=cast.partner.id)


def test_leads_of_the_joint_stand_are_counted_beside_those_of_the_own(cast, asked, world):
    asked.lead(ticks=(asked.tick(world.entity),))
    asked.lead(hcp_id=world.silent, ticks=(asked.tick(world.entity, "event"),))
    mine = asked.lead(origin="own", hcp_id=None, name="Dr. Own")
    with act_as(asked.rep):
        take_lead(mine.id, at=mine.captured_at)
        counts = {each.origin: each for each in reads.counts_by_origin(asked.event.id)}
    assert (counts["joint"].n_leads, counts["joint"].n_consented) == (2, 2)
    assert (counts["own"].n_leads, counts["own"].n_consented, counts["own"].n_taken) == (1, 0, 1)


def test_a_congress_of_one_company_has_no_joint_stand(cast, world, now):
    alone = Stand(cast, world, now, joint=False)
    with pytest.raises(UserError, match="no joint stand"):
        alone.lead()
    assert alone.lead(origin="own").origin == "own"


def test_a_note_tells_of_no_patient(asked):
    with pytest.raises(UserError, match="looks like"):
        asked.lead(note="Patient Mrs. Weber, born 3.4.1961, had a rash")


def test_what_medical_colleagues_write_down_stays_on_their_side(cast, asked, world):
    msl = cast.scope(Role.MSL)
    ticks = (asked.tick(asked.partner_entity.id),)
    made = asked.lead(scope=msl, note="Asked about off-label use", ticks=ticks)
    assert made.wall == "medical"
    for scope in (asked.rep, asked.partner):
        with act_as(scope):
            assert not Lead.objects.exists()


def test_what_was_said_at_the_stand_stays_as_it_was(asked, world):
    made = asked.lead(ticks=(asked.tick(world.entity),))
    with act_as(asked.rep):
        for change in (
            lambda: Lead.objects.filter(id=made.id).update(origin="own"),
            lambda: LeadConsent.objects.filter(lead=made).update(purpose="promotion"),
        ):
            with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
                change()


def test_an_erasure_blanks_what_was_noted_and_keeps_what_was_permitted(cast, asked, world):
    made = asked.lead(note="Wants the paper", email="w@hcp.test", ticks=(asked.tick(world.entity),))
    with act_as(cast.scope(Role.PRIVACY)):
        assert forget_leads(world.willing, made.captured_at) == 1
        (held,) = reads.held_leads(world.willing, made.captured_at)
    assert (held["note"], held["address"]) == ("", "")
    assert held["permitted"] == ["Halden Inc: education by email, words US-9"]
