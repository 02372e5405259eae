"""Training and audits of the demo: the shipped courses, one certificate, a planned audit."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from entente.demo.people import PASSWORD, Cast
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.policy.actions.attempts import sign_attempt, start_attempt, submit_attempt
from entente.policy.actions.audits import AuditTerms, plan_audit
from entente.policy.actions.courses import Demand, assign_course, load_course
from entente.policy.reads.course_texts import courses_folder

FIRST = "US-CODES"


def teach_and_audit(cast: Cast, at: datetime) -> int:
    """Load the courses, demand one of both companies' staff in three weeks, plan an audit.

    The representative has taken it; everybody else sees it on the start page. Gives the number
    of courses.
    """
    texts = [path.read_text(encoding="utf-8") for path in sorted(courses_folder().glob("*.toml"))]
    due_on = at.date() + timedelta(days=21)
    with act_as(cast.scope(Role.COMPLIANCE)):
        made = [load_course(text, at=at)[0].course for text in texts]
        first = next(course for course in made if course.code == FIRST)
        for demand in (Demand("own"), Demand("partners")):
            assign_course(first.id, demand, due_on=due_on, at=at)
        plan_audit(AuditTerms("Decisions of the gate", "decisions", size=10), at=at)
        plan_audit(AuditTerms("Sends by country", "sends", rate_percent=5, strata="country"), at=at)
    _take(cast, first.id, at)
    return len(made)


def _take(cast: Cast, course_id: UUID, at: datetime) -> None:
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        attempt = start_attempt(course_id, at=at)
        right = {
            one["id"]: [option["id"] for option in one["options"] if option["right"]]
            for one in attempt.version.material["questions"]
        }
        submit_attempt(attempt.id, right, at=at)
        sign_attempt(attempt.id, password=PASSWORD, at=at)
