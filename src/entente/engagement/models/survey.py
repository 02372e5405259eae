"""Surveys: what is asked of whom, who was invited, and what was answered.

Answers keep neither the moment at which they came nor an id that tells it: see
docs/explanation/surveys.md for what would join an answer with a person, and what prevents it.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from entente.foundation.models import OwnedRow


class Survey(OwnedRow):
    """A set of questions with a promise; what is open is never changed."""

    class Audience(models.TextChoices):
        """Who is asked."""

        HCP = "hcp", "HCPs"
        PARTNER = "partner", "Partners’ people"
        STAFF = "staff", "Our own people"

    class Promise(models.TextChoices):
        """What those who answer are promised."""

        ANONYMOUS = "anonymous", "Anonymous"
        NAMED = "named", "With the name"

    class Status(models.TextChoices):
        """Where a survey stands."""

        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    title = models.CharField(max_length=200)
    intro = models.JSONField(default=dict)
    languages = models.JSONField(default=list)
    audience = models.CharField(max_length=8, choices=Audience)
    promise = models.CharField(max_length=10, choices=Promise)
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    least = models.PositiveSmallIntegerField(default=11)
    by_segment = models.BooleanField(default=False)
    takes_open = models.BooleanField(default=False)
    opens_on = models.DateField()
    closes_on = models.DateField(null=True)
    campaign = models.ForeignKey(
        "alliances.Campaign", null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.ForeignKey(
        "content.Version", null=True, on_delete=models.PROTECT, related_name="+"
    )
    event = models.CharField(max_length=200, blank=True)
    number = models.PositiveSmallIntegerField(default=1)
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    made_by_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(least__gte=11), name="survey_least_cell"),
            models.CheckConstraint(
                condition=models.Q(closes_on__isnull=True)
                | models.Q(closes_on__gte=models.F("opens_on")),
                name="survey_closes_after_it_opens",
            ),
            # By an open link nobody is known, so there is no name to give and no segment.
            models.CheckConstraint(
                condition=models.Q(takes_open=False)
                | models.Q(audience="hcp", promise="anonymous"),
                name="survey_open_link_is_anonymous",
            ),
            # Numbers by segment that grow one by one would tell each newcomer's answer.
            models.CheckConstraint(
                condition=models.Q(by_segment=False) | models.Q(closes_on__isnull=False),
                name="survey_by_segment_closes",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "status", "-id"], name="survey_latest"),
            models.Index(fields=["version"], name="survey_by_version"),
        ]


class SurveyQuestion(OwnedRow):
    """A question; its code is shared with other surveys that ask the same."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    texts = models.JSONField(default=dict)
    options = models.JSONField(default=list)
    required = models.BooleanField(default=False)
    shown_if_code = models.CharField(max_length=40, blank=True)
    shown_if_answer = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "code"], name="one_question_per_code"),
            models.UniqueConstraint(
                fields=["survey", "position"],
                name="one_question_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        indexes = [models.Index(fields=["org", "code"], name="survey_question_by_code")]


class SurveyParty(OwnedRow):
    """An organisation whose people are asked, or which is told the results; ``org`` is it."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="parties")
    answers = models.BooleanField(default=False)
    sees_results = models.BooleanField(default=False)
    label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "org"], name="one_side_per_survey_and_org")
        ]


class SurveyInvitation(OwnedRow):
    """That an HCP was invited, and which label his answer would carry."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations")
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    specialty = models.CharField(max_length=250, blank=True)
    country = models.CharField(max_length=2, blank=True)
    organisation = models.CharField(max_length=300, blank=True)
    invited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "hcp"], name="one_invitation_per_survey_and_hcp"
            )
        ]
        indexes = [models.Index(fields=["hcp"], name="survey_invitation_by_hcp")]


class _Timeless(models.Model):
    """A row of an organisation without a moment, whose id is pure chance."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    org = models.ForeignKey(
        "foundation.Organisation", on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        abstract = True


class SurveyBallot(_Timeless):
    """That a link was used: a keyed hash, which without the key leads to nobody."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "mark"], name="one_ballot_per_link")
        ]


class SurveyResponse(_Timeless):
    """The answers of one person, without their texts; a name only where that was promised."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField(default=dict)
    specialty = models.CharField(max_length=250, blank=True)
    country = models.CharField(max_length=2, blank=True)
    organisation = models.CharField(max_length=300, blank=True)
    is_open = models.BooleanField(default=False)
    is_told = models.BooleanField(default=False)
    hcp = models.ForeignKey("directory.Hcp", null=True, on_delete=models.PROTECT, related_name="+")
    user_id = models.UUIDField(null=True)
    answered_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["survey", "is_told"], name="survey_response_by_survey"),
            models.Index(fields=["hcp"], name="survey_response_by_hcp"),
        ]


class SurveyText(_Timeless):
    """A free text, apart from the other answers of whoever wrote it."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=500)
    flag = models.CharField(max_length=10, blank=True)
    is_told = models.BooleanField(default=False)
    hcp = models.ForeignKey("directory.Hcp", null=True, on_delete=models.PROTECT, related_name="+")
    user_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["survey", "code"], name="survey_text_by_question"),
            models.Index(fields=["hcp"], name="survey_text_by_hcp"),
        ]
