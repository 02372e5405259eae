"""What people ask about their own data, and how far the answer is."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class SubjectRequest(OwnedRow):
    """A request of a person about his own data, with the clock that the law sets."""

    class Kind(models.TextChoices):
        """What is asked (GDPR articles 15, 16, 17 and 21)."""

        ACCESS = "access", "See what is held"
        RECTIFICATION = "rectification", "Correct something"
        ERASURE = "erasure", "Erase"
        OBJECTION = "objection", "Object to a use"

    class Status(models.TextChoices):
        """How far the request is."""

        RECEIVED = "received", "Received"
        VERIFIED = "verified", "Identity checked"
        IN_PROGRESS = "in_progress", "In progress"
        ANSWERED = "answered", "Answered"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVED)
    source = models.CharField(max_length=64)
    words = models.CharField(max_length=2000, blank=True)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    extended_because = models.CharField(max_length=300, blank=True)
    verified_how = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=2000, blank=True)
    # For an erasure: what was erased, and what was kept and why.
    outcome = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["org", "status", "due_on"], name="subject_requests_by_due"),
            models.Index(fields=["hcp", "-received_at"], name="subject_requests_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "hcp", "kind"],
                condition=models.Q(status__in=["received", "verified", "in_progress"]),
                name="one_open_request_of_a_kind",
            )
        ]


class SubjectRequestStep(OwnedRow):
    """One step of a request: what was done, by whom, with which evidence."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="steps")
    did = models.CharField(max_length=16)
    note = models.CharField(max_length=2000, blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
