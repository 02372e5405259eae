"""Take a course: start, answer, sign; the certificate follows, and the training record with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from entente.foundation import ledger, organisations, signatures
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import canonical, sha256_hex
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import Signature, User, new_id
from entente.policy.domain.courses import grade, is_passed
from entente.policy.models import CourseAttempt, CourseCertificate, CourseVersion
from entente.policy.reads.courses import attempts_of, latest_versions, may_try_from, my_training

MEANING = "has read the course and will act by it"


def start_attempt(course_id: UUID, *, at: datetime) -> CourseAttempt:
    """Begin an attempt at the version in use, or go on with the one that is open.

    Writes the attempt and one ledger entry.

    Raises
    ------
    UserError
        If no version is in use, or one has to wait after failed attempts.
    """
    scope = current_scope()
    scope.require("training.take")
    user = organisations.acting_user()
    version = latest_versions([course_id]).get(course_id)
    if version is None:
        raise CourseVersion.DoesNotExist
    lock(f"policy.attempt:{user.id}:{version.id}")
    before = attempts_of(user.id, version.id)
    if before and before[-1].submitted_at is None:
        return before[-1]
    if before and before[-1].passed and not _has_certificate(before[-1]):
        raise UserError("you have passed; sign the attempt instead of trying again")
    free = may_try_from(before, version)
    if free is not None and at < free:
        raise UserError(
            f"after {version.attempts} failed attempts there is a pause:"
            f" read the course again and try from {free:%d %B %Y, %H:%M} UTC on"
        )
    made = CourseAttempt.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        user=user,
        version=version,
        number=len(before) + 1,
        started_at=at,
        n_questions=len(version.material["questions"]),
    )
    details = {"course": version.course_id, "version": version.number, "number": made.number}
    ledger.append(
        ledger.Entry("policy.course.attempted", "policy.course_attempt", made.id, details), at=at
    )
    return made


def _has_certificate(attempt: CourseAttempt) -> bool:
    return CourseCertificate.objects.filter(attempt=attempt).exists()


def _own(attempt_id: UUID) -> CourseAttempt:
    scope = current_scope()
    scope.require("training.take")
    lock(f"policy.attempt:{attempt_id}")
    # A colleague's attempt answers like one that does not exist.
    found = CourseAttempt.objects.select_related("version", "version__course")
    return found.get(id=attempt_id, user=scope.actor_id)


def submit_attempt(
    attempt_id: UUID, answers: Mapping[str, Sequence[str]], *, at: datetime
) -> CourseAttempt:
    """Grade the answers of one's own attempt; they are kept and never change.

    Writes the answers, the result and one ledger entry.

    Raises
    ------
    UserError
        If it is graded already, or a question or option is none of this version's.
    """
    attempt = _own(attempt_id)
    if attempt.submitted_at is not None:
        raise UserError("this attempt is graded already; start another one")
    questions = attempt.version.material["questions"]
    known = {one["id"]: {option["id"] for option in one["options"]} for one in questions}
    for question_id, chosen in answers.items():
        if question_id not in known:
            raise UserError(f"there is no question {question_id}", field="answers")
        if not set(chosen) <= known[question_id]:
            raise UserError(f"question {question_id} has no such option", field="answers")
    attempt.answers = {name: sorted(set(chosen)) for name, chosen in answers.items()}
    attempt.n_right = grade(questions, attempt.answers)
    attempt.passed = is_passed(attempt.n_right, len(questions), attempt.version.pass_percent)
    attempt.submitted_at = at
    attempt.save()
    details = {"n_right": attempt.n_right, "of": len(questions), "passed": attempt.passed}
    ledger.append(
        ledger.Entry("policy.course.answered", "policy.course_attempt", attempt.id, details), at=at
    )
    return attempt


def sign_attempt(attempt_id: UUID, *, password: str, at: datetime) -> CourseCertificate:
    """Sign that one has read the course and will act by it; the certificate is issued.

    If every course demanded of the person is now covered, the training record is written too.
    Writes the signature, the certificate, maybe the record, and a ledger entry for each.

    Raises
    ------
    UserError
        If the attempt is not passed, or signed already, or a newer version is in use.
    NotSigned
        If the password is wrong.
    """
    attempt = _own(attempt_id)
    version, course = attempt.version, attempt.version.course
    if not attempt.passed:
        raise UserError("only an attempt that was passed is signed")
    if _has_certificate(attempt):
        raise UserError("this attempt is signed already")
    newest = latest_versions([course.id])[course.id]
    if newest.id != version.id:
        raise UserError("a newer version is in use; take that one")
    signature = signatures.sign(
        password=password,
        meaning=MEANING,
        object_kind="policy.course_attempt",
        object_id=attempt.id,
        content_hash=sha256_hex(
            canonical({"version": version.content_hash, "attempt": attempt.id,
                       "answers": attempt.answers})
        ),
        at=at,
    )  # fmt: skip
    made = _issue(attempt, signature, at)
    _record_if_complete(at)
    return made


def _issue(attempt: CourseAttempt, signature: Signature, at: datetime) -> CourseCertificate:
    version, course = attempt.version, attempt.version.course
    user = User.objects.select_related("org").get(id=attempt.user_id)
    made_id, today = new_id(), at.date()
    until = today + timedelta(days=version.validity_days)
    # The course's code says what it is about; the end of the id makes the number one of a kind.
    number = f"{course.code}-{today.year}-{made_id.hex[-10:].upper()}"
    body = {
        "number": number,
        "holder": user.name,
        "organisation": user.org.name,
        "course": version.material["title"][version.languages[0]],
        "code": course.code,
        "version": version.number,
        "content_hash": version.content_hash,
        "valid_from": f"{today:%Y-%m-%d}",
        "valid_until": f"{until:%Y-%m-%d}",
        "meaning": signature.meaning,
        "signed_at": f"{at:%Y-%m-%d %H:%M:%S} UTC",
        "signature": str(signature.id),
    }
    made = CourseCertificate.objects.create(
        id=made_id,
        org_id=attempt.org_id,
        user=user,
        holder_name=user.name,
        course=course,
        course_org_id=course.org_id,
        version=version,
        version_number=version.number,
        attempt=attempt,
        signature=signature,
        number=number,
        valid_from=today,
        valid_until=until,
        issued_at=at,
        body=body,
        body_hash=sha256_hex(canonical(body)),
    )
    details = {"course": course.id, "version": version.number, "valid_until": until,
               "body_hash": made.body_hash}  # fmt: skip
    ledger.append(
        ledger.Entry(
            "policy.course.certified", "policy.course_certificate", made.id, details,
            counterparty=course.org_id if course.org_id != attempt.org_id else None,
        ),
        at=at,
    )  # fmt: skip
    return made


def _record_if_complete(at: datetime) -> None:
    demanded = [one for one in my_training(current_scope(), at.date()) if one.due_on is not None]
    covered = [one.counts_until for one in demanded if one.state in ("valid", "soon")]
    lasts = [day for day in covered if day is not None]
    # Without a demand there is nothing that could be complete: the record stays what it was.
    if demanded and len(lasts) == len(demanded):
        organisations.record_passed_courses(
            courses=sorted(one.course.code for one in demanded), valid_until=min(lasts), at=at
        )
