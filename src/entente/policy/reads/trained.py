"""Who is trained: people by courses in one's own company, certificates of partners' staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from entente.foundation.access.scope import Scope
from entente.foundation.models import RoleGrant, User
from entente.policy.models import Course, CourseCertificate
from entente.policy.reads.courses import assignments, binds, state_on, with_last_day

ORDER = ("name", "id")
PARTNER_ORDER = ("-issued_at", "-id")


@dataclass(frozen=True)
class Cell:
    """How one person stands with one course."""

    state: str
    due_on: date | None
    until: date | None


@dataclass(frozen=True)
class Line:
    """One person and his cells, in the order of the courses."""

    user: User
    cells: Sequence[Cell]
    is_late: bool


def demanded_courses(scope: Scope, on: date) -> list[Course]:
    """Give the courses that some role of the company has to take, by code."""
    found = {
        row.course_id: row.course
        for row in assignments(on=on)
        if binds(row, org_id=scope.org_id, roles={row.role})
    }
    return sorted(found.values(), key=lambda course: (course.code, course.id))


def late_people(on: date) -> QuerySet[User]:
    """Give the people who are not trained for want of a demanded course."""
    lacks = RawSQL(
        "EXISTS (SELECT 1 FROM app.courses_lacking(foundation_user.id, %s::date))",
        [on],
        output_field=BooleanField(),
    )
    return User.objects.filter(is_active=True).annotate(lacks=lacks).filter(lacks=True)


def people(on: date, *, late: bool = False) -> QuerySet[User]:
    """Give the company's people, or those among them who are late."""
    return late_people(on) if late else User.objects.filter(is_active=True)


def matrix(scope: Scope, rows: Sequence[User], courses: Sequence[Course], on: date) -> list[Line]:
    """Give how each person stands with each course; three queries for all."""
    roles: dict[UUID, set[str]] = {row.id: set() for row in rows}
    held = RoleGrant.objects.filter(user__in=rows, revoked_at__isnull=True)
    for user_id, role in held.values_list("user_id", "role"):
        roles[user_id].add(role)
    demands = list(assignments(on=on))
    until: dict[tuple[UUID, UUID], date] = {}
    for each in with_last_day(CourseCertificate.objects.filter(user__in=rows, course__in=courses)):
        key = (each.user_id, each.course_id)
        last: date = each.counts_until
        until[key] = max(last, until.get(key, last))
    lines = []
    for row in rows:
        mine = [a for a in demands if binds(a, org_id=scope.org_id, roles=roles[row.id])]
        cells = []
        for course in courses:
            due = min((a.due_on for a in mine if a.course_id == course.id), default=None)
            last_day = until.get((row.id, course.id))
            cells.append(Cell(state_on(on, due, last_day), due, last_day))
        lines.append(Line(row, cells, any(cell.state == "late" for cell in cells)))
    return lines


def certificates_of_partners(scope: Scope) -> QuerySet[CourseCertificate]:
    """Give the certificates of other companies' staff in courses of one's own company."""
    found = CourseCertificate.objects.filter(course_org_id=scope.org_id)
    return found.exclude(org_id=scope.org_id).select_related("course", "org")
