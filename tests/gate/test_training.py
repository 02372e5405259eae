"""Training: an expired certificate takes away the right to send and spend, for both companies."""

from __future__ import annotations

import pytest

from entente.engagement.actions import SendRequest, request_send
from entente.engagement.actions.deliver_send import prepare
from entente.engagement.models import Send
from entente.foundation import outbox
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import OutboxMessage, Training
from entente.foundation.organisations import record_training
from entente.foundation.web.people import people
from entente.policy.actions.courses import (
    end_assignment,
)
from entente.policy.models import (
    Decision,
)
from entente.policy.reads.courses import my_training
from entente.policy.reads.reasons import reasons_of
from tests.gate.courses_world import days, demand, load, take, trained

pytestmark = pytest.mark.feature("policy/training")


def asked_for(scope, world, at):
    with act_as(scope):
        return request_send(
            SendRequest(world.willing, world.version, world.entity, "education"), at=at
        )


def delivered(cast, send, at):
    with act_as(cast.system()):
        message = OutboxMessage.objects.get(object_id=send.id, kind="email")
        return prepare(message, at)


# The acceptance: permitted, expired, referred and withheld, renewed, permitted.


def test_an_expired_certificate_blocks_the_next_send_and_the_one_that_waits(cast, world, rep, at):
    course = load(cast, at, days=1)
    demand(cast, course, at, role="representative")
    take(rep, course, at)
    queued = asked_for(rep, world, at)
    assert queued.status == Send.Status.QUEUED

    late = at + days(3)
    held = delivered(cast, queued, late)
    assert isinstance(held, outbox.Withheld)
    assert "PG-TRN-1" in held.reason
    again = asked_for(rep, world, late)
    assert again.status == Send.Status.REFERRED
    with act_as(cast.system()):
        decision = Decision.objects.get(id=again.decision_id)
        assert "Training on code, law and science is not current." in [
            reason["sentence"] for reason in reasons_of(decision)
        ]
        assert decision.facts["actor.trained"] is False

    take(rep, course, late)
    renewed = asked_for(rep, world, late)
    assert renewed.status == Send.Status.QUEUED
    assert isinstance(delivered(cast, renewed, late), outbox.Prepared)


def test_a_partner_s_expired_certificate_takes_its_right_away_as_well(cast, at):
    course = load(cast, at, days=1)
    seller = cast.scope(Role.PARTNER_SELLER, cast.partner)
    demand(cast, course, at, whom="partners", role="partner_seller")
    late = at + days(2)
    assert trained(seller, at) is True
    assert trained(seller, late) is False
    take(seller, course, late)
    assert trained(seller, late) is True
    assert trained(seller, late + days(2)) is False
    other = cast.scope(Role.PARTNER_MARKETER, cast.partner)
    assert trained(other, late + days(2)) is True, "of another role nothing was asked"


def test_one_partner_can_be_asked_and_the_others_are_not(cast, at):
    course = load(cast, at)
    demand(cast, course, at, whom="partner", partner=cast.partner)
    one, other = (cast.scope(Role.PARTNER_SELLER, who) for who in (cast.partner, cast.society))
    assert (trained(one, at + days(1)), trained(other, at + days(1))) == (False, True)


def test_a_demand_binds_from_the_day_after_it_is_due(cast, rep, at):
    course = load(cast, at)
    demand(cast, course, at, due=(at + days(5)).date())
    assert trained(rep, at + days(5)) is True
    assert trained(rep, at + days(6)) is False


def test_each_past_day_gives_the_answer_of_then(cast, rep, at):
    course = load(cast, at, days=2)
    demand(cast, course, at)
    take(rep, course, at)
    take(rep, course, at + days(6))
    told = [trained(rep, at + days(n)) for n in range(10)]
    assert told == [True, True, True, False, False, False, True, True, True, False]


def test_where_no_course_is_demanded_the_record_counts_alone(cast, rep, at):
    course = load(cast, at)
    assert trained(rep, at) is True
    assert trained(rep, at + days(400)) is False
    demand(cast, course, at, role="msl")
    assert trained(rep, at + days(1)) is True


def test_a_certificate_without_any_record_is_written_into_one(cast, rep, at):
    course, other = load(cast, at, code="A"), load(cast, at, code="B", days=20)
    demand(cast, course, at)
    demand(cast, other, at)
    far = at + days(340)
    assert trained(rep, far) is False, "the record of the cast is over"
    with act_as(rep):
        before = Training.objects.filter(user=rep.actor_id).count()
    take(rep, course, far)
    with act_as(rep):
        assert Training.objects.filter(user=rep.actor_id).count() == before
    take(rep, other, far)
    with act_as(rep):
        made = Training.objects.filter(user=rep.actor_id).latest("recorded_at", "id")
    assert (made.course, made.valid_until) == ("A, B", (far + days(20)).date())
    assert trained(rep, far) is True
    assert trained(rep, far + days(21)) is False


def test_a_long_record_does_not_outlast_a_certificate(cast, rep, at):
    course = load(cast, at, days=1)
    demand(cast, course, at)
    user = cast.user(Role.REPRESENTATIVE)
    with act_as(cast.system()):
        record_training(
            user, course="Entered by hand", completed_on=at.date(),
            valid_until=(at + days(900)).date(), at=at,
        )  # fmt: skip
    take(rep, course, at)
    assert trained(rep, at + days(5)) is False
    with act_as(cast.system()):
        shown = people(on=(at + days(5)).date(), training="missing")
        assert rep.actor_id in {row.id for row in shown}


def test_a_newer_version_ends_earlier_certificates_on_its_day(cast, rep, at):
    course = load(cast, at)
    demand(cast, course, at)
    take(rep, course, at)
    ends = (at + days(10)).date()
    load(cast, at + days(1), words="Second", more=f"ends_earlier_on = {ends}")
    assert trained(rep, at + days(10)) is True
    assert trained(rep, at + days(11)) is False
    with act_as(rep):
        mine = my_training(rep, (at + days(1)).date())[0]
        assert (mine.state, mine.counts_until) == ("soon", ends)
    take(rep, course, at + days(2))
    assert trained(rep, at + days(11)) is True


def test_a_newer_version_without_such_a_day_leaves_certificates_alone(cast, rep, at):
    course = load(cast, at)
    demand(cast, course, at)
    take(rep, course, at)
    load(cast, at + days(1), words="Second")
    assert trained(rep, at + days(300)) is True


def test_earlier_certificates_never_end_in_the_past(cast, at):
    load(cast, at)
    with pytest.raises(UserError, match="COURSE-022"):
        load(cast, at, words="Second", more=f"ends_earlier_on = {at.date()}")


def test_an_ended_demand_stays_true_of_the_days_before(cast, rep, at):
    course = load(cast, at)
    row = demand(cast, course, at)
    with act_as(cast.scope(Role.COMPLIANCE)):
        end_assignment(row.id, at=at + days(3))
        with pytest.raises(UserError, match="already"):
            end_assignment(row.id, at=at + days(4))
    assert trained(rep, at + days(2)) is False
    assert trained(rep, at + days(4)) is True
