"""Courses as those see them who take them: material, what is asked, and how one stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from entente.foundation.access.scope import Scope
from entente.policy.domain.courses import counts_until, free_from, order_of, right_answers
from entente.policy.domain.plain_words import Block, blocks_of
from entente.policy.models import (
    Course,
    CourseAssignment,
    CourseAttempt,
    CourseCertificate,
    CourseVersion,
)

SOON = timedelta(days=30)


def latest_versions(course_ids: Collection[UUID] | None = None) -> dict[UUID, CourseVersion]:
    """Give the version in use of each visible course; one query."""
    found = CourseVersion.objects.filter(published_at__isnull=False).select_related("course")
    if course_ids is not None:
        found = found.filter(course_id__in=course_ids)
    rows = found.defer("text").order_by("course_id", "-number").distinct("course_id")
    return {row.course_id: row for row in rows}


def endings_of(course_ids: Collection[UUID]) -> dict[UUID, list[tuple[int, date]]]:
    """Give on which day the versions of courses end certificates of earlier ones; one query."""
    rows = CourseVersion.objects.filter(
        course_id__in=course_ids, published_at__isnull=False, ends_earlier_on__isnull=False
    ).values_list("course_id", "number", "ends_earlier_on")
    found: dict[UUID, list[tuple[int, date]]] = {}
    for course_id, number, day in rows:
        if day is not None:
            found.setdefault(course_id, []).append((number, day))
    return found


def with_last_day(rows: Iterable[CourseCertificate]) -> list[CourseCertificate]:
    """Put beside each certificate the last day on which it counts; one query for all."""
    shown = list(rows)
    endings = endings_of({row.course_id for row in shown})
    for row in shown:
        row.counts_until = counts_until(
            row.valid_until, row.version_number, endings.get(row.course_id, ())
        )
    return shown


def binds(row: CourseAssignment, *, org_id: UUID, roles: Collection[str]) -> bool:
    """Tell whether an assignment is about people of an organisation who hold some roles."""
    theirs = {
        CourseAssignment.Whom.OWN: row.org_id == org_id,
        CourseAssignment.Whom.PARTNERS: row.org_id != org_id,
        CourseAssignment.Whom.PARTNER: row.partner_id == org_id,
    }
    return theirs[CourseAssignment.Whom(row.whom)] and (not row.role or row.role in roles)


def assignments(*, on: date | None = None) -> QuerySet[CourseAssignment]:
    """Give the visible assignments; with a day, those not ended before it."""
    found = CourseAssignment.objects.select_related("course", "partner")
    if on is not None:
        found = found.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=on))
    return found


@dataclass(frozen=True)
class Standing:
    """How one person stands with one course on a day.

    Parameters
    ----------
    due_on : date or None
        Last day to have done it; None if nobody demands it.
    counts_until : date or None
        Last day of the certificate that counts longest; None without one.
    state : str
        ``"late"``, ``"due"``, ``"soon"`` (the certificate ends within 30 days), ``"valid"``, or
        ``"free"``: not demanded and not held.
    """

    course: Course
    version: CourseVersion | None
    due_on: date | None
    certificate: CourseCertificate | None
    counts_until: date | None
    state: str

    @property
    def needs_doing(self) -> bool:
        """Whether the person has to do something."""
        return self.state in ("late", "due", "soon")


def state_on(on: date, due_on: date | None, until: date | None) -> str:
    """Say in a word how somebody stands; see ``Standing``.

    Examples
    --------
    >>> state_on(date(2026, 5, 2), date(2026, 5, 1), None)
    'late'
    >>> state_on(date(2026, 5, 1), date(2026, 5, 1), None)
    'due'
    """
    if until is not None and until >= on:
        return "soon" if due_on is not None and until - on <= SOON else "valid"
    if due_on is None:
        return "free"
    return "late" if due_on < on else "due"


def my_training(scope: Scope, on: date) -> list[Standing]:
    """Give how whoever acts stands with each course in use, what is demanded first."""
    versions = latest_versions()
    roles = {role.value for role in scope.roles}
    due: dict[UUID, date] = {}
    for row in assignments(on=on):
        if binds(row, org_id=scope.org_id, roles=roles):
            due[row.course_id] = min(row.due_on, due.get(row.course_id, row.due_on))
    best: dict[UUID, CourseCertificate] = {}
    mine = CourseCertificate.objects.select_related("course").filter(user=scope.actor_id)
    for each in with_last_day(mine.order_by("issued_at", "id")):
        before = best.get(each.course_id)
        if before is None or each.counts_until >= before.counts_until:
            best[each.course_id] = each
    courses = {version.course_id: version.course for version in versions.values()}
    courses |= {each.course_id: each.course for each in best.values()}
    found = []
    for course_id, course in courses.items():
        held = best.get(course_id)
        until = held.counts_until if held else None
        found.append(
            Standing(course, versions.get(course_id), due.get(course_id), held, until,
                     state_on(on, due.get(course_id), until))
        )  # fmt: skip
    order = ["late", "due", "soon", "valid", "free"]
    return sorted(found, key=lambda one: (order.index(one.state), one.course.title))


def language_of(version: CourseVersion, wanted: str) -> str:
    """Give the language in which somebody reads a version: his own, or its first."""
    short = wanted[:2].lower()
    offered: list[str] = list(version.languages)
    return next((one for one in offered if one[:2].lower() == short), offered[0])


@dataclass(frozen=True)
class Section:
    """A section as it is shown."""

    heading: str
    blocks: list[Block]
    source: str


def sections_of(version: CourseVersion, language: str) -> list[Section]:
    """Give the material of a version in one of its languages."""
    return [
        Section(one["heading"][language], blocks_of(one["text"][language]), one["source"])
        for one in version.material["sections"]
    ]


def asked_of(attempt: CourseAttempt, language: str) -> list[dict[str, Any]]:
    """Give the questions of an attempt in its own order, without saying what is right."""
    by_id = {one["id"]: one for one in attempt.version.material["questions"]}
    found = []
    for question_id in order_of(by_id, attempt.id):
        question = by_id[question_id]
        options = {one["id"]: one["text"][language] for one in question["options"]}
        found.append({
            "id": question_id,
            "ask": question["ask"][language],
            "many": question["many"],
            "options": [{"id": i, "text": options[i]} for i in order_of(options, attempt.id)],
        })  # fmt: skip
    return found


def told_of(attempt: CourseAttempt, language: str) -> list[dict[str, Any]]:
    """Give the questions of a graded attempt with what was chosen, whether right, and why."""
    by_id = {one["id"]: one for one in attempt.version.material["questions"]}
    found = []
    for one in asked_of(attempt, language):
        chosen = attempt.answers.get(one["id"], [])
        one["chosen"] = [each["text"] for each in one["options"] if each["id"] in chosen]
        one["is_right"] = right_answers(by_id[one["id"]], chosen)
        one["why"] = by_id[one["id"]]["why"][language]
        found.append(one)
    return found


def attempts_of(user_id: UUID, version_id: UUID) -> list[CourseAttempt]:
    """Give a person's attempts at a version, the first one first."""
    found = CourseAttempt.objects.filter(user_id=user_id, version_id=version_id)
    return list(found.order_by("number"))


def may_try_from(rows: Iterable[CourseAttempt], version: CourseVersion) -> datetime | None:
    """Give the moment from which a person may try again, or None if at once."""
    failed: list[datetime] = []
    for row in rows:
        if row.passed:
            failed = []
        elif row.submitted_at is not None:
            failed.append(row.submitted_at)
    return free_from(failed, attempts=version.attempts, wait_hours=version.wait_hours)


def certificate(certificate_id: UUID) -> CourseCertificate:
    """Give a certificate that one may see: one's company's, or of one's company's course.

    Raises
    ------
    CourseCertificate.DoesNotExist
    """
    row = CourseCertificate.objects.select_related("course").get(id=certificate_id)
    return with_last_day([row])[0]


def own_attempt(attempt_id: UUID, scope: Scope) -> CourseAttempt:
    """Give an attempt of whoever acts; a colleague's is not there.

    Raises
    ------
    CourseAttempt.DoesNotExist
    """
    found = CourseAttempt.objects.select_related("version", "version__course")
    return found.get(id=attempt_id, user=scope.actor_id)


def certificate_of(attempt: CourseAttempt) -> CourseCertificate | None:
    """Give the certificate that an attempt led to, if it did."""
    return CourseCertificate.objects.filter(attempt=attempt).first()
