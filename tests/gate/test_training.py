"""Training: an expired certificate takes away the right to send and spend, for both companies."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from entente.engagement.actions import SendRequest, request_send
from entente.engagement.actions.deliver_send import prepare
from entente.engagement.models import Send
from entente.foundation import outbox
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.facts import Act, gather
from entente.foundation.models import LedgerEntry, OutboxMessage, Training
from entente.foundation.organisations import record_training
from entente.foundation.signatures import NotSigned, is_valid
from entente.foundation.web.people import people
from entente.policy.actions.attempts import sign_attempt, start_attempt, submit_attempt
from entente.policy.actions.courses import (
    Demand,
    assign_course,
    end_assignment,
    load_course,
    publish_course,
    save_course,
)
from entente.policy.models import (
    Course,
    CourseAssignment,
    CourseAttempt,
    CourseCertificate,
    CourseVersion,
    Decision,
)
from entente.policy.reads.courses import asked_of, my_training, told_of
from entente.policy.reads.reasons import reasons_of
from entente.policy.reads.trained import certificates_of_partners
from tests.cast import PASSWORD
from tests.gate.courses_world import RIGHT, days, demand, load, take, text_of

pytestmark = pytest.mark.feature("policy/training")


@pytest.fixture
def at(noon):
    return noon + days(1) / 6


@pytest.fixture
def rep(cast):
    return cast.scope(Role.REPRESENTATIVE)


def trained(scope, on, actor=None):
    """Ask what the gate is told about a person at a moment."""
    with act_as(scope):
        act = Act("email", on, actor_id=actor or scope.actor_id)
        return gather([act])[0]["actor.trained"]


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


# Taking a course.


def test_questions_stand_in_an_order_of_the_attempt_and_tell_no_answer(cast, rep, at):
    course = load(cast, at)
    with act_as(rep):
        attempt = start_attempt(course.id, at=at)
        assert start_attempt(course.id, at=at).id == attempt.id, "an open attempt goes on"
        shown = asked_of(attempt, "en")
        assert asked_of(attempt, "en") == shown
        assert {one["id"] for one in shown} == {"one", "two"}
        assert not {"right", "why", "is_right"} & {key for one in shown for key in one}
        assert all(set(option) == {"id", "text"} for one in shown for option in one["options"])


@pytest.mark.parametrize(
    ("answers", "n_right"),
    [
        (RIGHT, 2),
        ({"one": ["a"], "two": ["a"]}, 1),
        ({"one": ["a"], "two": ["a", "b", "c"]}, 1),
        ({"one": ["a", "b"], "two": ["b", "a"]}, 1),
        ({}, 0),
    ],
)
def test_only_exactly_the_right_options_count(cast, rep, at, answers, n_right):
    course = load(cast, at)
    with act_as(rep):
        made = submit_attempt(start_attempt(course.id, at=at).id, answers, at=at)
        assert (made.n_right, made.passed) == (n_right, n_right == 2)
        assert sum(one["is_right"] for one in told_of(made, "en")) == n_right
        with pytest.raises(UserError, match="graded already"):
            submit_attempt(made.id, RIGHT, at=at)


@pytest.mark.parametrize("answers", [{"three": ["a"]}, {"one": ["z"]}])
def test_an_answer_to_what_was_not_asked_is_refused(cast, rep, at, answers):
    course = load(cast, at)
    with act_as(rep), pytest.raises(UserError, match="no"):
        submit_attempt(start_attempt(course.id, at=at).id, answers, at=at)


def test_after_failed_attempts_one_waits(cast, rep, at):
    course = load(cast, at)
    for _ in range(2):
        assert take(rep, course, at, {}).passed is False
    with act_as(rep), pytest.raises(UserError, match="pause"):
        start_attempt(course.id, at=at + days(1) / 2)
    assert isinstance(take(rep, course, at + days(1)), CourseCertificate)


def test_nobody_hands_in_or_signs_for_another(cast, rep, at):
    course, colleague = load(cast, at), cast.scope(Role.MSL)
    with act_as(rep):
        attempt = start_attempt(course.id, at=at)
    with act_as(colleague):
        with pytest.raises(CourseAttempt.DoesNotExist):
            submit_attempt(attempt.id, RIGHT, at=at)
        with pytest.raises(CourseAttempt.DoesNotExist):
            sign_attempt(attempt.id, password=PASSWORD, at=at)
    with act_as(cast.system()), pytest.raises(OutOfScope):
        start_attempt(course.id, at=at)


def test_the_signature_needs_the_password_and_a_pass_and_binds_what_was_read(cast, rep, at):
    course = load(cast, at)
    failed = take(rep, course, at, {})
    with act_as(rep):
        with pytest.raises(UserError, match="passed"):
            sign_attempt(failed.id, password=PASSWORD, at=at)
        passed = submit_attempt(start_attempt(course.id, at=at).id, RIGHT, at=at)
        with pytest.raises(NotSigned):
            sign_attempt(passed.id, password="wrong", at=at)
        assert not CourseCertificate.objects.exists()
        with pytest.raises(UserError, match="sign the attempt"):
            start_attempt(course.id, at=at)
        made = sign_attempt(passed.id, password=PASSWORD, at=at)
        with pytest.raises(UserError, match="signed already"):
            sign_attempt(passed.id, password=PASSWORD, at=at)
        given = made.signature
        assert is_valid(given, content_hash=given.content_hash, object_id=passed.id)
        assert made.number.startswith("TEST-COURSE-2026-")
        verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
    assert {"policy.course.attempted", "policy.course.answered", "policy.course.certified"} <= verbs


def test_a_passed_attempt_at_a_version_that_is_over_is_not_signed(cast, rep, at):
    course = load(cast, at)
    with act_as(rep):
        passed = submit_attempt(start_attempt(course.id, at=at).id, RIGHT, at=at)
    load(cast, at, words="Second")
    with act_as(rep), pytest.raises(UserError, match="newer version"):
        sign_attempt(passed.id, password=PASSWORD, at=at)


# Courses.


def test_a_published_version_and_a_certificate_never_change(cast, rep, at):
    course = load(cast, at)
    made = take(rep, course, at)
    with act_as(rep):
        for statement in (
            "UPDATE policy_coursecertificate SET valid_until = '2099-01-01'",
            "DELETE FROM policy_coursecertificate",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    with act_as(cast.system()):
        version = CourseVersion.objects.get(id=made.version_id)
        version.pass_percent = 1
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            version.save()
        attempt = CourseAttempt.objects.get(id=made.attempt_id)
        attempt.n_right = 0
        with pytest.raises(DatabaseError, match="stay as they were"), transaction.atomic():
            attempt.save()


def test_a_draft_is_taken_by_nobody_and_changes_until_it_is_published(cast, rep, at):
    with act_as(cast.scope(Role.COMPLIANCE)):
        draft = save_course(text_of(), at=at)
        assert save_course(text_of(words="Other"), at=at).id == draft.id
        with pytest.raises(UserError, match="publish a version"):
            assign_course(draft.course_id, Demand(), due_on=at.date(), at=at)
    with act_as(rep), pytest.raises(CourseVersion.DoesNotExist):
        start_attempt(draft.course_id, at=at)
    with act_as(cast.scope(Role.PARTNER_SELLER, cast.partner)):
        assert not Course.objects.filter(id=draft.course_id).exists()
    with act_as(cast.scope(Role.COMPLIANCE)):
        publish_course(draft.id, at=at)
        with pytest.raises(UserError, match="published already"):
            publish_course(draft.id, at=at)


def test_a_course_that_partners_have_to_take_is_not_taken_away_from_them(cast, at):
    course = load(cast, at)
    row = demand(cast, course, at, whom="partners")
    with pytest.raises(UserError, match="COURSE-023"):
        load(cast, at, shared=False)
    with act_as(cast.scope(Role.COMPLIANCE)):
        end_assignment(row.id, at=at)
    load(cast, at, shared=False)
    with act_as(cast.system(cast.partner)):
        assert not Course.objects.filter(id=course.id).exists()


def test_loading_the_same_text_again_changes_nothing(cast, at):
    with act_as(cast.scope(Role.COMPLIANCE)):
        first, is_new = load_course(text_of(), at=at)
        again, is_newer = load_course("# a remark\n" + text_of(), at=at)
        assert (is_new, is_newer, again.id) == (True, False, first.id)


def test_a_course_is_demanded_once_of_people_who_can_take_it(cast, at):
    private, shared = load(cast, at, code="P", shared=False), load(cast, at, code="S")
    yesterday = (at - days(1)).date()
    with act_as(cast.scope(Role.COMPLIANCE)):
        for course, wanted, due, word in (
            (private, Demand("partners"), at.date(), "share the course"),
            (shared, Demand("partner"), at.date(), "name a partner"),
            (shared, Demand("partners", "", cast.partner.id), at.date(), "every partner"),
            (shared, Demand("partner", "", cast.host.id), at.date(), "no such partner"),
            (shared, Demand("own", "partner_seller"), at.date(), "no role"),
            (shared, Demand("partners", "msl"), at.date(), "no role"),
            (shared, Demand("all"), at.date(), "of whom"),
            (shared, Demand(), yesterday, "today on"),
        ):
            with pytest.raises(UserError, match=word):
                assign_course(course.id, wanted, due_on=due, at=at)
        assign_course(shared.id, Demand(), due_on=at.date(), at=at)
        with pytest.raises(UserError, match="demanded already"):
            assign_course(shared.id, Demand(), due_on=at.date(), at=at)


# Between companies.


@pytest.mark.promise("P1")
def test_the_host_reads_name_course_and_days_of_partners_staff_and_no_attempt(cast, at):
    course = load(cast, at)
    seller = cast.scope(Role.PARTNER_SELLER, cast.partner)
    take(seller, course, at, {})
    take(seller, course, at)
    host, stranger = cast.scope(Role.COMPLIANCE), cast.system(cast.stranger)
    with act_as(host):
        row = certificates_of_partners(host).get()
        assert row.holder_name == "Partner Seller of Northlake"
        assert row.org_id == cast.partner.id
        assert not CourseAttempt.objects.exists()
        assert not LedgerEntry.objects.filter(verb="policy.course.answered").exists()
    with act_as(stranger):
        assert not CourseCertificate.objects.exists()
        assert Course.objects.filter(id=course.id).exists()


@pytest.mark.promise("P1")
def test_a_partner_sees_what_is_demanded_of_it_and_nothing_else(cast, at):
    shared, private = load(cast, at, code="S"), load(cast, at, code="P", shared=False)
    demand(cast, private, at)
    demand(cast, shared, at, whom="partner", partner=cast.society)
    mine = demand(cast, shared, at, whom="partner", partner=cast.partner)
    with act_as(cast.system(cast.partner)):
        assert [row.id for row in CourseAssignment.objects.all()] == [mine.id]
        assert not Course.objects.filter(id=private.id).exists()
        assert not CourseVersion.objects.filter(course_id=private.id).exists()


@pytest.mark.promise("P1")
def test_a_partner_demands_nothing_of_others_and_shares_no_course(cast, at):
    with act_as(cast.system(cast.partner)):
        own = load_course(text_of(code="OWN", shared=False), at=at)[0].course
        with pytest.raises(UserError, match="COURSE-021"):
            load_course(text_of(code="TWO", shared=True), at=at)
        with pytest.raises(UserError, match="only the host"):
            assign_course(own.id, Demand("partners"), due_on=at.date(), at=at)
        with pytest.raises(DatabaseError), transaction.atomic():
            Course.objects.filter(id=own.id).update(is_shared=True)
        assign_course(own.id, Demand("own", "partner_seller"), due_on=at.date(), at=at)
    seller = cast.scope(Role.PARTNER_SELLER, cast.partner)
    assert trained(seller, at + days(1)) is False
    assert trained(cast.scope(Role.PARTNER_SELLER, cast.society), at + days(1)) is True
    with act_as(cast.system()):
        assert not Course.objects.filter(id=own.id).exists()
