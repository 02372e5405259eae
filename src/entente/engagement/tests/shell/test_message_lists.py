"""App messages and SMS: consent per channel, asked again when handed out, STOP heard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.consent import reads as consent
from entente.consent.actions import suppress, withdraw_consent
from entente.content.actions import withdraw_version
from entente.directory.actions import add_legal_entity
from entente.engagement.actions import (
    confirm_taken_down,
    draw_list,
    hand_out,
    import_message_results,
    record_outcomes,
)
from entente.engagement.actions.message_lists import RESULTS_WITHIN, close_lists
from entente.engagement.actions.message_outcomes import Reported
from entente.engagement.models import Response, Send
from entente.engagement.reads import placements as reads
from entente.engagement.tests.shell.placed_world import plan_of, put_live, reachable, released
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, OutboxMessage

pytestmark = pytest.mark.feature("engagement/digital-channels")
TEXT = "Dear {{family_name}}, know your heart. Reply STOP to end."


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
    return released(cast, noon, text=TEXT)


@pytest.fixture
def people(cast, entity, noon):
    """People by what they agreed to and how they are reached."""
    with act_as(cast.system()):
        return {
            "sms": reachable("Texted", entity.id, noon),
            "email": reachable("Mailed", entity.id, noon, channels=("email",)),
            "app": reachable("Tapped", entity.id, noon, phone="", channels=("app",)),
            "short": reachable("Short", entity.id, noon, phone="555-0100"),
        }


@pytest.fixture
def sms(cast, version, entity, at):
    return put_live(cast, plan_of(version, entity.id, at.date(), channel="sms"), at)


@pytest.fixture
def drawn(cast, sms, people, at):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        return draw_list(sms.id, list(people.values()), at=at)


def _status(cast, made, hcp_id):
    with act_as(cast.system()):
        return Send.objects.get(message_list=made, hcp_id=hcp_id).status


def _handed(cast, made, at):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        return hand_out(made.id, at=at)


def test_only_those_who_agreed_to_the_channel_and_can_be_reached_are_on_the_list(
    cast, drawn, people, at
):
    assert _status(cast, drawn, people["sms"]) == "queued"
    assert {_status(cast, drawn, people[name]) for name in ("email", "app", "short")} == {
        "forbidden"
    }
    with act_as(cast.scope(Role.BRAND_LEAD)):
        left = {send.hcp_id: send.decision.rule_ids for send in reads.left_out(drawn.id)}
    assert "PG-CONS-1" in left[people["email"]]
    assert left[people["short"]] == ["PG-ADDR-1"]


def test_an_app_message_asks_for_the_app_and_needs_no_telephone(cast, version, entity, people, at):
    app = put_live(cast, plan_of(version, entity.id, at.date(), channel="app"), at)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        made = draw_list(app.id, list(people.values()), at=at)
        given = hand_out(made.id, at=at)
    assert [row[1] for row in given.rows] == [str(people["app"])]


def test_no_message_of_a_list_waits_in_the_outbox(cast, drawn):
    with act_as(cast.system()):
        assert not OutboxMessage.objects.filter(object_kind="engagement.send").exists()


def test_the_text_is_filled_in_and_the_number_is_international(cast, drawn, at):
    [row] = _handed(cast, drawn, at).rows
    assert row[1] == "+12035550100"
    assert row[2] == "Dear Texted, know your heart. Reply STOP to end."
    with act_as(cast.system()):
        assert LedgerEntry.objects.filter(verb="engagement.message_list.handed_out").count() == 1


def test_a_withdrawal_after_the_drawing_takes_a_person_off(cast, drawn, people, entity, at):
    with act_as(cast.system()):
        withdraw_consent(
            hcp_id=people["sms"], controller_id=entity.id, channel="sms", source="phone", at=at
        )
    later = at + timedelta(hours=1)
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(UserError, match="lets nobody"):
        hand_out(drawn.id, at=later)


def test_those_held_back_at_the_handing_out_are_kept_with_the_answer(
    cast, sms, people, entity, at, noon
):
    with act_as(cast.system()):
        other = reachable("Other", entity.id, noon, phone="+1 203 555 0199")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        made = draw_list(sms.id, [people["sms"], other], at=at)
    with act_as(cast.system()):
        suppress(other, "asked on the telephone", at)
    given = _handed(cast, made, at + timedelta(hours=1))
    assert (len(given.rows), given.n_held_back) == (1, 1)
    assert _status(cast, made, other) == "withheld"


def test_a_list_is_handed_out_for_a_day_and_not_longer(cast, drawn, at):
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(UserError, match="this list is over"):
        hand_out(drawn.id, at=at + timedelta(hours=25))


def test_a_recall_stops_a_list_that_is_drawn(cast, drawn, sms, version, people, at):
    _handed(cast, drawn, at)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        withdraw_version(version.id, reason="A figure is wrong", at=at)
        with pytest.raises(UserError, match="nothing goes out any more"):
            hand_out(drawn.id, at=at)
        confirm_taken_down(sms.id, "The service confirmed by telephone", at=at)
    assert _status(cast, drawn, people["sms"]) == "withheld"


def test_nobody_is_on_two_lists_of_one_publication(cast, drawn, sms, people, at):
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(UserError, match="on a list of this"):
        draw_list(sms.id, list(people.values()), at=at)


def test_stop_withdraws_the_channel_and_only_the_channel(cast, drawn, people, entity, at):
    [row] = _handed(cast, drawn, at).rows
    told = [Reported(2, row[0], "opted_out", at)]
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert record_outcomes(told, at=at).new == 1
        assert record_outcomes(told, at=at).unchanged == 1
    with act_as(cast.system()):
        for channel, status in (("sms", "withdrawn"), ("email", "none")):
            state = consent.state_as_of(people["sms"], entity.id, channel, "education", at)
            assert state.status == status
        assert Response.objects.filter(kind="opt_out").count() == 1


def test_reports_are_counted_on_the_publication_and_an_unknown_message_is_named(
    cast, drawn, sms, at, tmp_path
):
    [row] = _handed(cast, drawn, at).rows
    file = tmp_path / "report.csv"
    file.write_text(f"Message ID;Status\n{row[0]};DELIVERED\nnobody;delivered\n{row[0]};lost\n")
    with act_as(cast.system()):
        counts = import_message_results(file, at=at)
        assert (counts.new, counts.refused) == (1, 2)
        again = import_message_results(file, at=at)
        assert (again.new, again.unchanged) == (0, 1)
        totals = reads.totals_of([sms])[sms.id]
    assert totals.counts == {"delivered": 1, "failed": 0}


def test_what_was_never_handed_out_cannot_have_been_delivered(cast, drawn, people, at):
    with act_as(cast.system()):
        send = Send.objects.get(message_list=drawn, hcp_id=people["sms"])
        taken = record_outcomes([Reported(2, str(send.id), "delivered")], at=at)
    assert [wrong.remedy for wrong in taken.wrong] == [
        "This message was never handed out, so nobody can have sent it."
    ]


def test_lists_that_are_over_free_the_caps_of_their_people(cast, drawn, people, at):
    with act_as(cast.system()):
        assert close_lists(at=at) == 0
        assert close_lists(at=at + timedelta(hours=25)) == 1
    assert _status(cast, drawn, people["sms"]) == "withheld"


def test_of_a_list_on_which_nobody_reported_the_outcome_is_unknown(cast, drawn, people, at):
    _handed(cast, drawn, at)
    with act_as(cast.system()):
        assert close_lists(at=at + timedelta(days=1)) == 0
        assert close_lists(at=at + RESULTS_WITHIN) == 1
    assert _status(cast, drawn, people["sms"]) == "parked"


def test_a_list_of_many_asks_no_more_queries_than_one_of_few(cast, sms, entity, at, noon):
    with act_as(cast.system()):
        crowd = [reachable(f"P{n}", entity.id, noon, phone=f"203555{1000 + n}") for n in range(12)]

    def asked(some):
        with act_as(cast.scope(Role.BRAND_LEAD)), CaptureQueriesContext(connection) as seen:
            made = draw_list(sms.id, some, at=at)
            hand_out(made.id, at=at)
        return len(seen)

    assert asked(crowd[:3]) == asked(crowd[3:])
