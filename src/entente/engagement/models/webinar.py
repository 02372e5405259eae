"""What happens during a webinar: polls, their answers, and questions to whoever leads it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.engagement.models.event import Attendee, Event
from entente.foundation.models import OwnedRow


class EventPoll(OwnedRow):
    """A question with choices, asked of those who attend; never changed once it was opened."""

    class Status(models.TextChoices):
        """Where a poll stands."""

        DRAFT = "draft", "Not yet open"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="polls")
    question = models.CharField(max_length=300)
    choices = ArrayField(models.CharField(max_length=100))
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["event", "id"], name="poll_by_event")]


class EventPollAnswer(OwnedRow):
    """One attendee's answer; only the company that keeps the list sees whose it is."""

    poll = models.ForeignKey(EventPoll, on_delete=models.PROTECT, related_name="answers")
    attendee = models.ForeignKey(Attendee, on_delete=models.PROTECT, related_name="+")
    choice = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "attendee"], name="one_answer_per_poll")
        ]


class EventQuestion(OwnedRow):
    """A question of an attendee to whoever leads the event.

    Of a question that went to medical staff only that there was one is kept here: no words and
    nobody's name, since the inquiry holds them behind the wall.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="questions")
    attendee = models.ForeignKey(Attendee, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=1000, blank=True)
    is_medical = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_medical=False) | models.Q(words="", attendee__isnull=True),
                name="medical_question_without_words",
            )
        ]
        indexes = [models.Index(fields=["event", "asked_at", "id"], name="question_by_event")]
