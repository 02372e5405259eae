"""The company's own courses: versions, demands, the shipped texts, and one to begin with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from entente.foundation.access.scope import current_scope
from entente.foundation.models import Organisation
from entente.policy.models import Course, CourseAssignment, CourseVersion
from entente.policy.reads.courses import assignments

SKELETON = '''code = "OUR-COURSE"
languages = ["en"]
shared = false          # true: partners' staff may take it too
pass_percent = 80
validity_days = 365
attempts = 3            # in a row; then a pause of
wait_hours = 24
# ends_earlier_on = 2027-01-31    # last day on which certificates of earlier versions count
title.en = "What we expect of each other"

[[sections]]
heading.en = "Why this course"
source = ""
text.en = """
An empty line parts paragraphs. **Two stars** make words bold.

- A line that begins with a dash is an item of a list.
"""

[[questions]]
id = "first"
ask.en = "What does this course ask of you?"
why.en = "The first section says so."
options = [
  { id = "a", text.en = "To act by it", right = true },
  { id = "b", text.en = "Nothing" },
]
'''


class NoCourses(ValueError):
    """The folder of shipped courses is not there."""


def courses_folder() -> Path:
    """Give the folder of shipped courses: ENTENTE_COURSES, else ``courses`` of this checkout.

    Raises
    ------
    NoCourses
        If it is none.
    """
    named = os.environ.get("ENTENTE_COURSES")
    parents = Path(__file__).resolve().parents[3:6]
    candidates = [Path(named)] if named else [parent / "courses" for parent in parents]
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise NoCourses(f"COURSE-030: {candidates[0]}: there is no such folder. Set ENTENTE_COURSES")


@dataclass(frozen=True)
class CourseLine:
    """A course of one's own company as its list shows it."""

    course: Course
    versions: list[CourseVersion]
    demands: list[CourseAssignment]

    @property
    def latest(self) -> CourseVersion | None:
        """The version in use."""
        return next((one for one in self.versions if one.published_at), None)

    @property
    def draft(self) -> CourseVersion | None:
        """The version that is being written."""
        return next((one for one in self.versions if not one.published_at), None)


def courses_of(on: date) -> list[CourseLine]:
    """Give the company's own courses with versions and demands; three queries."""
    own = {"org_id": current_scope().org_id}
    versions: dict[object, list[CourseVersion]] = {}
    for row in CourseVersion.objects.filter(**own).defer("text", "material").order_by("-number"):
        versions.setdefault(row.course_id, []).append(row)
    demands: dict[object, list[CourseAssignment]] = {}
    for demand in assignments(on=on).filter(**own, ended_on__isnull=True).order_by("due_on", "id"):
        demands.setdefault(demand.course_id, []).append(demand)
    return [
        CourseLine(course, versions.get(course.id, []), demands.get(course.id, []))
        for course in Course.objects.filter(**own).order_by("code")
    ]


def own_version(version_id: UUID) -> CourseVersion:
    """Give a version of one's own company's course, published or not.

    Raises
    ------
    CourseVersion.DoesNotExist
    """
    found = CourseVersion.objects.select_related("course")
    return found.get(id=version_id, org_id=current_scope().org_id)


def course_to_demand(course_id: UUID) -> Course:
    """Give a course that one sees.

    Raises
    ------
    Course.DoesNotExist
    """
    return Course.objects.get(id=course_id)


def partners_by_name() -> list[Organisation]:
    """Give the partners that one sees."""
    return list(Organisation.objects.filter(is_host=False).order_by("name"))
