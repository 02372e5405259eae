"""Courses: how one is taken, signed, changed and demanded, and who sees what of it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry
from entente.foundation.signatures import NotSigned, is_valid
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
)
from entente.policy.reads.courses import asked_of, told_of
from entente.policy.reads.trained import certificates_of_partners
from tests.cast import PASSWORD
from tests.gate.courses_world import RIGHT, days, demand, load, take, text_of, trained

pytestmark = pytest.mark.feature("policy/training")


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
