"""Courses on the codes, who has to take them, the attempts, and the certificates."""

from __future__ import annotations

from datetime import date

from django.db import models

from entente.foundation.models import OwnedRow, User


class Course(OwnedRow):
    """A course of one organisation; a shared one of the host is taken by partners' staff too."""

    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    is_shared = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "code"], name="course_code_once")]

    def __str__(self) -> str:
        return self.title


class CourseVersion(OwnedRow):
    """The material and questions of a course from a day on; once published it never changes."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    material = models.JSONField()
    content_hash = models.CharField(max_length=64)
    languages = models.JSONField(default=list)
    pass_percent = models.PositiveSmallIntegerField()
    validity_days = models.PositiveSmallIntegerField()
    attempts = models.PositiveSmallIntegerField()
    wait_hours = models.PositiveSmallIntegerField()
    # Certificates of earlier versions count to the end of this day and no longer.
    ends_earlier_on = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="course_version_once"),
            models.UniqueConstraint(
                fields=["course"],
                condition=models.Q(published_at__isnull=True),
                name="one_course_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(pass_percent__gte=1, pass_percent__lte=100),
                name="course_pass_mark",
            ),
        ]


class CourseAssignment(OwnedRow):
    """A course of which people of a role need a certificate, from the day after it is due."""

    class Whom(models.TextChoices):
        """Whose people."""

        OWN = "own", "Our own staff"
        PARTNERS = "partners", "Staff of every partner"
        PARTNER = "partner", "Staff of one partner"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="assignments")
    whom = models.CharField(max_length=10, choices=Whom)
    partner = models.ForeignKey(
        "foundation.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Empty stands for everybody there.
    role = models.CharField(max_length=32, blank=True)
    due_on = models.DateField()
    assigned_at = models.DateTimeField()
    assigned_by_name = models.CharField(max_length=200)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(whom="partner", partner__isnull=False)
                | (~models.Q(whom="partner") & models.Q(partner__isnull=True)),
                name="assignment_names_its_partner",
            ),
            models.UniqueConstraint(
                fields=["course", "whom", "partner", "role"],
                condition=models.Q(ended_on__isnull=True),
                nulls_distinct=False,
                name="course_assigned_once",
            ),
        ]


class CourseAttempt(OwnedRow):
    """One sitting of a person at a version's questions, with what was answered."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    n_right = models.PositiveSmallIntegerField(null=True)
    n_questions = models.PositiveSmallIntegerField()
    passed = models.BooleanField(null=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "version", "number"], name="attempt_once"),
            models.UniqueConstraint(
                fields=["user", "version"],
                condition=models.Q(submitted_at__isnull=True),
                name="one_open_attempt",
            ),
        ]


class CourseCertificate(OwnedRow):
    """That a person passed a version and signed for it; counts on its days and never changes.

    It holds what the company that owns the course may read of another company's staff: name,
    course, days. Attempts and answers stay with the person's own company.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    holder_name = models.CharField(max_length=200)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="certificates")
    course_org = models.ForeignKey(
        "foundation.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="+")
    version_number = models.PositiveSmallIntegerField()
    attempt = models.OneToOneField(CourseAttempt, on_delete=models.PROTECT, related_name="+")
    signature = models.OneToOneField(
        "foundation.Signature", on_delete=models.PROTECT, related_name="+"
    )
    number = models.CharField(max_length=80, unique=True)
    valid_from = models.DateField()
    valid_until = models.DateField()
    issued_at = models.DateTimeField()
    body = models.JSONField()
    body_hash = models.CharField(max_length=64)

    # Put here by a read: a later version of the course may end it before its own last day.
    counts_until: date

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="certificate_ends_after_it_begins",
            )
        ]
        indexes = [
            models.Index(fields=["user", "course", "-valid_until"], name="certificate_by_user"),
            models.Index(fields=["course_org", "-issued_at", "-id"], name="certificate_by_owner"),
        ]
