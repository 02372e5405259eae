"""Courses: write a draft, publish it, load many, and say who has to take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from entente.foundation import ledger
from entente.foundation.access.roles import HOST_ROLES, PARTNER_ROLES
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import canonical, sha256_hex
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import Organisation, User, new_id
from entente.policy.domain.courses import BadCourse, CourseText, read_course
from entente.policy.models import Course, CourseAssignment, CourseVersion


def _read(text: str) -> CourseText:
    try:
        course = read_course(text)
    except BadCourse as bad:
        raise UserError(str(bad), field="text") from None
    if course.is_shared and not current_scope().is_host:
        raise UserError("COURSE-021: only the host shares courses. Write shared = false",
                        field="text")  # fmt: skip
    return course


def hash_of(course: CourseText) -> str:
    """Give the hash of all that counts in a course, whatever its file looks like."""
    return sha256_hex(
        canonical(
            {
                "code": course.code,
                "shared": course.is_shared,
                "languages": list(course.languages),
                "pass_percent": course.pass_percent,
                "validity_days": course.validity_days,
                "attempts": course.attempts,
                "wait_hours": course.wait_hours,
                "ends_earlier_on": course.ends_earlier_on,
                "material": course.material,
            }
        )
    )


def save_course(text: str, *, at: datetime) -> CourseVersion:
    """Save a course as a draft of its next version; nobody takes it before it is published.

    Writes the course if it is new, the draft, and one ledger entry.

    Raises
    ------
    UserError
        If the text is no course; says where and what to do.
    """
    scope = current_scope()
    scope.require("training.write")
    read = _read(text)
    lock(f"policy.course:{scope.org_id}:{read.code}")
    course = Course.objects.filter(org_id=scope.org_id, code=read.code).first()
    if course is None:
        course = Course.objects.create(
            id=new_id(), org_id=scope.org_id, code=read.code, title=read.title
        )
    draft = course.versions.filter(published_at__isnull=True).first()
    if draft is None:
        last = course.versions.aggregate(last=Max("number"))["last"] or 0
        draft = CourseVersion(id=new_id(), org_id=scope.org_id, course=course, number=last + 1)
    draft.text, draft.material, draft.content_hash = text, read.material, hash_of(read)
    draft.languages = list(read.languages)
    draft.pass_percent, draft.validity_days = read.pass_percent, read.validity_days
    draft.attempts, draft.wait_hours = read.attempts, read.wait_hours
    draft.ends_earlier_on = read.ends_earlier_on
    draft.save()
    details = {"code": course.code, "version": draft.number, "hash": draft.content_hash}
    ledger.append(ledger.Entry("policy.course.saved", "policy.course", course.id, details), at=at)
    return draft


def publish_course(version_id: UUID, *, at: datetime) -> CourseVersion:
    """Publish a draft: from now on it is taken, and it never changes again.

    Where it says so, certificates of earlier versions end on a day, which lies ahead, so that
    people have time. Writes the version, the course's title and one ledger entry.

    Raises
    ------
    UserError
        If it is published already, earlier certificates would end in the past, or partners could
        no longer see a course that is demanded of them.
    """
    scope = current_scope()
    scope.require("training.write")
    draft = CourseVersion.objects.select_related("course").get(id=version_id, org_id=scope.org_id)
    lock(f"policy.course:{scope.org_id}:{draft.course.code}")
    draft.refresh_from_db()
    if draft.published_at is not None:
        raise UserError("this version is published already; save a new one to change something")
    if draft.ends_earlier_on is not None and draft.ends_earlier_on <= at.date():
        raise UserError(
            "COURSE-022: ends_earlier_on lies in the past. Choose a day after today, so that"
            " people can take the new version first"
        )
    read = _read(draft.text)
    _refuse_to_hide(draft.course, read)
    draft.published_at, draft.published_by_name = at, _name_of(scope.actor_id)
    draft.save(update_fields=["published_at", "published_by_name"])
    course = draft.course
    course.title, course.is_shared = read.title, read.is_shared
    course.save(update_fields=["title", "is_shared"])
    details = {"code": course.code, "version": draft.number, "hash": draft.content_hash,
               "ends_earlier_on": draft.ends_earlier_on}  # fmt: skip
    ledger.append(
        ledger.Entry("policy.course.published", "policy.course", course.id, details), at=at
    )
    return draft


def _refuse_to_hide(course: Course, read: CourseText) -> None:
    """Refuse a version that takes a course away from people of whom it is demanded."""
    theirs = course.assignments.exclude(whom=CourseAssignment.Whom.OWN)
    if course.is_shared and not read.is_shared and theirs.filter(ended_on__isnull=True).exists():
        raise UserError(
            "COURSE-023: partners' staff have to take this course. End that first, or write"
            " shared = true"
        )


def _name_of(actor_id: UUID | None) -> str:
    user = User.objects.filter(id=actor_id).first() if actor_id else None
    return user.name if user else current_scope().actor_name


def load_course(text: str, *, at: datetime) -> tuple[CourseVersion, bool]:
    """Save and publish a course unless what is in use says the same.

    Returns
    -------
    CourseVersion, bool
        The version in use, and whether it is new.
    """
    scope = current_scope()
    scope.require("training.write")
    read = _read(text)
    newest = (
        CourseVersion.objects.filter(
            org_id=scope.org_id, course__code=read.code, published_at__isnull=False
        )
        .order_by("-number")
        .first()
    )
    if newest is not None and newest.content_hash == hash_of(read):
        return newest, False
    return publish_course(save_course(text, at=at).id, at=at), True


@dataclass(frozen=True)
class Demand:
    """Of whom a course is demanded.

    Parameters
    ----------
    whom : str
        ``"own"``, ``"partners"`` or ``"partner"``.
    role : str
        One role; empty for everybody there.
    partner_id : UUID, optional
        Which partner, with ``"partner"``.
    """

    whom: str = "own"
    role: str = ""
    partner_id: UUID | None = None


def assign_course(
    course_id: UUID, demand: Demand, *, due_on: date, at: datetime
) -> CourseAssignment:
    """Demand a course of people: from the day after it is due, who lacks it is not trained.

    Writes the assignment and one ledger entry, which one partner may read if it is about it.

    Raises
    ------
    UserError
        If the course has no version in use, is not shared with those it is demanded of, the role
        is not theirs, the day is past, or it is demanded already.
    """
    scope = current_scope()
    scope.require("training.write")
    course = Course.objects.get(id=course_id)
    _check_demand(course, demand, due_on, at)
    lock(f"policy.assign:{scope.org_id}:{course_id}")
    same = CourseAssignment.objects.filter(
        course=course, org_id=scope.org_id, whom=demand.whom, role=demand.role,
        partner_id=demand.partner_id, ended_on__isnull=True,
    )  # fmt: skip
    if same.exists():
        raise UserError("this is demanded already; end that first to set another day")
    made = CourseAssignment.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        course=course,
        whom=demand.whom,
        partner_id=demand.partner_id,
        role=demand.role,
        due_on=due_on,
        assigned_at=at,
        assigned_by_name=_name_of(scope.actor_id),
    )
    details = {"assignment": made.id, "whom": made.whom, "role": made.role, "due_on": due_on}
    ledger.append(
        ledger.Entry("policy.course.assigned", "policy.course", course.id, details,
                     counterparty=demand.partner_id),
        at=at,
    )  # fmt: skip
    return made


def _check_demand(course: Course, demand: Demand, due_on: date, at: datetime) -> None:
    scope = current_scope()
    if not course.versions.filter(published_at__isnull=False).exists():
        raise UserError("publish a version of the course first", field="course")
    if due_on < at.date():
        raise UserError("choose a day from today on", field="due_on")
    if demand.whom not in CourseAssignment.Whom.values:
        raise UserError("say of whom: own, partners or partner", field="whom")
    if demand.whom == CourseAssignment.Whom.OWN:
        roles = HOST_ROLES if scope.is_host else PARTNER_ROLES
        if demand.partner_id is not None:
            raise UserError("our own staff is not at a partner", field="partner_id")
    else:
        roles = PARTNER_ROLES
        if not scope.is_host:
            raise UserError("only the host demands courses of others", field="whom")
        if not course.is_shared:
            raise UserError("share the course first: its text says shared = true", field="course")
        named = demand.partner_id is not None
        if named != (demand.whom == CourseAssignment.Whom.PARTNER):
            raise UserError("name a partner, or choose every partner", field="partner_id")
        partners = Organisation.objects.filter(is_host=False)
        if demand.partner_id and not partners.filter(id=demand.partner_id).exists():
            raise UserError("there is no such partner", field="partner_id")
    if demand.role and demand.role not in {role.value for role in roles}:
        raise UserError(f"{demand.role} is no role of theirs", field="role")


def end_assignment(assignment_id: UUID, *, at: datetime) -> CourseAssignment:
    """Demand a course no longer, from tomorrow on; what was demanded before stays true of then."""
    scope = current_scope()
    scope.require("training.write")
    row = CourseAssignment.objects.select_for_update().get(id=assignment_id, org_id=scope.org_id)
    if row.ended_on is not None:
        raise UserError("this has ended already")
    row.ended_on = at.date()
    row.save(update_fields=["ended_on"])
    ledger.append(
        ledger.Entry("policy.course.released", "policy.course", row.course_id,
                     {"assignment": row.id}, counterparty=row.partner_id),
        at=at,
    )  # fmt: skip
    return row
