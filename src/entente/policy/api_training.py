"""Operations on training: one's own courses, attempts and certificates; courses; who is trained."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from entente.foundation.access.scope import current_scope
from entente.foundation.web.api_shapes import Asked, In, Listing, Text
from entente.foundation.web.doors import operation
from entente.foundation.web.lists import part_of
from entente.policy.actions import attempts, courses
from entente.policy.models import CourseAttempt, CourseCertificate
from entente.policy.reads import courses as reads
from entente.policy.reads import trained
from entente.policy.reads.course_texts import courses_of

router = Router(tags=["training"])
Password = Annotated[str, StringConstraints(max_length=1000)]
Choice = Annotated[str, StringConstraints(max_length=40)]


class StandingOut(Schema):
    """How I stand with a course."""

    course_id: UUID
    code: str
    title: str
    version: int | None
    state: str
    due_on: date | None
    counts_until: date | None
    certificate_id: UUID | None


class SectionOut(Schema):
    """A section to read."""

    heading: str
    text: str
    source: str


class CourseOut(Schema):
    """A course to read."""

    course_id: UUID
    code: str
    title: str
    version: int
    language: str
    pass_percent: int
    validity_days: int
    sections: list[SectionOut]
    n_questions: int


class AttemptOut(Schema):
    """An attempt; its questions in its own order, without what is right."""

    id: UUID
    number: int
    started_at: datetime
    submitted_at: datetime | None
    n_right: int | None
    n_questions: int
    passed: bool | None
    questions: list[dict[str, Any]]


class AnswersIn(In):
    """Options chosen, by question."""

    answers: dict[Choice, Annotated[list[Choice], Field(max_length=10)]] = Field(max_length=200)


class SignIn(In):
    """The password that signs."""

    password: Password


class CertificateOut(Schema):
    """A certificate."""

    id: UUID
    number: str
    holder_name: str
    org_id: UUID
    course_id: UUID
    version_number: int
    valid_from: date
    valid_until: date
    counts_until: date


class VersionOut(Schema):
    """A version of a course."""

    id: UUID
    course_id: UUID
    number: int
    content_hash: str
    published_at: datetime | None
    ends_earlier_on: date | None


class AssignmentOut(Schema):
    """Of whom a course is demanded."""

    id: UUID
    course_id: UUID
    whom: str
    partner_id: UUID | None
    role: str
    due_on: date
    ended_on: date | None


class OwnCourseOut(Schema):
    """A course of my organisation."""

    course_id: UUID
    code: str
    title: str
    is_shared: bool
    versions: list[VersionOut]
    assignments: list[AssignmentOut]


class CourseIn(In):
    """A course as TOML text."""

    text: Annotated[str, StringConstraints(max_length=200_000)]


class AssignIn(In):
    """Of whom, and by when."""

    whom: Text = "own"
    role: Text = ""
    partner_id: UUID | None = None
    due_on: date


class PersonOut(Schema):
    """A colleague and the state of each demanded course, by its code."""

    user_id: UUID
    name: str
    is_late: bool
    courses: dict[str, str]


class PeopleAsked(Asked):
    """Everybody, or those who are late."""

    late: bool = False


def _now() -> datetime:
    return datetime.now(UTC)


@router.get("/training", response=list[StandingOut], summary="My courses")
@operation("training.take")
def mine(request: HttpRequest) -> Any:
    """Give how I stand with each course, what is demanded first."""
    return [
        {
            "course_id": one.course.id,
            "code": one.course.code,
            "title": one.course.title,
            "version": one.version.number if one.version else None,
            "state": one.state,
            "due_on": one.due_on,
            "counts_until": one.counts_until,
            "certificate_id": one.certificate.id if one.certificate else None,
        }
        for one in reads.my_training(current_scope(), _now().date())
    ]


@router.get("/training/{uuid:course_id}", response=CourseOut, summary="A course to read")
@operation("training.take")
def course(request: HttpRequest, course_id: UUID, language: Text = "") -> Any:
    """Give the version in use, in a language or its first."""
    version = reads.latest_versions([course_id]).get(course_id)
    if version is None:
        raise Http404
    spoken = reads.language_of(version, language or "en")
    return {
        "course_id": course_id,
        "code": version.course.code,
        "title": version.material["title"][spoken],
        "version": version.number,
        "language": spoken,
        "pass_percent": version.pass_percent,
        "validity_days": version.validity_days,
        "sections": [
            {"heading": s["heading"][spoken], "text": s["text"][spoken], "source": s["source"]}
            for s in version.material["sections"]
        ],
        "n_questions": len(version.material["questions"]),
    }


def _attempt(row: CourseAttempt) -> dict[str, Any]:
    language = row.version.languages[0]
    graded = row.submitted_at is not None
    questions = reads.told_of(row, language) if graded else reads.asked_of(row, language)
    fields = [name for name in AttemptOut.model_fields if name != "questions"]
    return {**{name: getattr(row, name) for name in fields}, "questions": questions}


@router.post(
    "/training/{uuid:course_id}/attempts", response={201: AttemptOut}, summary="Begin an attempt"
)
@operation("training.take")
def begun(request: HttpRequest, course_id: UUID) -> Any:
    """Begin an attempt at the version in use, or go on with the open one."""
    return 201, _attempt(attempts.start_attempt(course_id, at=_now()))


@router.post(
    "/training/attempts/{uuid:attempt_id}/answers", response=AttemptOut, summary="Hand in answers"
)
@operation("training.take")
def answered(request: HttpRequest, attempt_id: UUID, given: AnswersIn) -> Any:
    """Grade my answers; they are kept and never change."""
    return _attempt(attempts.submit_attempt(attempt_id, given.answers, at=_now()))


def _certificate(row: CourseCertificate) -> CourseCertificate:
    return reads.with_last_day([row])[0]


@router.post(
    "/training/attempts/{uuid:attempt_id}/sign", response={201: CertificateOut}, summary="Sign"
)
@operation("training.take")
def signed(request: HttpRequest, attempt_id: UUID, given: SignIn) -> Any:
    """Sign a passed attempt; the certificate is issued, and a wrong password is a 403."""
    made = attempts.sign_attempt(attempt_id, password=given.password, at=_now())
    return 201, _certificate(made)


@router.get("/courses", response=list[OwnCourseOut], summary="My organisation's courses")
@operation("training.write")
def own_courses(request: HttpRequest) -> Any:
    """Give my organisation's courses with versions, and of whom each is demanded."""
    return [
        {
            "course_id": one.course.id,
            "code": one.course.code,
            "title": one.course.title,
            "is_shared": one.course.is_shared,
            "versions": one.versions,
            "assignments": one.demands,
        }
        for one in courses_of(_now().date())
    ]


@router.post("/courses", response={201: VersionOut}, summary="Save a course as a draft")
@operation("training.write")
def saved(request: HttpRequest, given: CourseIn) -> Any:
    """Save a course as a draft of its next version."""
    return 201, courses.save_course(given.text, at=_now())


@router.post(
    "/courses/versions/{uuid:version_id}/publish", response=VersionOut, summary="Publish a draft"
)
@operation("training.write")
def published(request: HttpRequest, version_id: UUID) -> Any:
    """Publish a draft; it never changes after that."""
    return courses.publish_course(version_id, at=_now())


@router.post(
    "/courses/{uuid:course_id}/assignments",
    response={201: AssignmentOut},
    summary="Demand a course",
)
@operation("training.write")
def assigned(request: HttpRequest, course_id: UUID, given: AssignIn) -> Any:
    """Demand a course of people by a day."""
    demand = courses.Demand(given.whom, given.role, given.partner_id)
    return 201, courses.assign_course(course_id, demand, due_on=given.due_on, at=_now())


@router.post(
    "/courses/assignments/{uuid:assignment_id}/end", response=AssignmentOut, summary="End a demand"
)
@operation("training.write")
def released(request: HttpRequest, assignment_id: UUID) -> Any:
    """Demand a course no longer, from tomorrow on."""
    return courses.end_assignment(assignment_id, at=_now())


@router.get("/trained", response=Listing[PersonOut], summary="Who is trained")
@operation("training.read")
def who(request: HttpRequest, asked: Query[PeopleAsked]) -> Any:
    """Give my organisation's people and how each stands with the courses demanded."""
    scope, on = current_scope(), _now().date()
    demanded = trained.demanded_courses(scope, on)
    rows = trained.people(on, late=asked.late)
    part = part_of(rows, trained.ORDER, {"after": asked.after}, limit=asked.limit)
    items = [
        {
            "user_id": line.user.id,
            "name": line.user.name,
            "is_late": line.is_late,
            "courses": {
                course.code: cell.state for course, cell in zip(demanded, line.cells, strict=True)
            },
        }
        for line in trained.matrix(scope, part.rows, demanded, on)
    ]
    return {"items": items, "next": part.after or None}


@router.get("/trained/partners", response=Listing[CertificateOut], summary="Partners' certificates")
@operation("training.read")
def partners(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Give who of other companies' staff holds a certificate of my organisation's courses."""
    rows = trained.certificates_of_partners(current_scope())
    part = part_of(rows, trained.PARTNER_ORDER, {"after": asked.after}, limit=asked.limit)
    return {"items": reads.with_last_day(part.rows), "next": part.after or None}
