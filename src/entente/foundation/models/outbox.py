"""What has to leave this installation, written together with the act that causes it."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class OutboxMessage(OwnedRow):
    """One message that leaves: an e-mail, or an event for a higher room.

    It holds ids, never texts or addresses: what leaves is composed at the moment of
    delivery, after the gate has been asked again.
    """

    class Kind(models.TextChoices):
        """How a message leaves."""

        EMAIL = "email", "E-mail"
        EVENT = "event", "Event"

    class State(models.TextChoices):
        """Where a message stands."""

        PENDING = "pending", "Waiting"
        CLAIMED = "claimed", "Being sent"
        DONE = "done", "Sent"
        WITHHELD = "withheld", "Held back by the gate"
        REFUSED = "refused", "Refused by the receiving server"
        PARKED = "parked", "Outcome unknown"

    kind = models.CharField(max_length=8, choices=Kind)
    topic = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=64)
    object_id = models.UUIDField()
    message_id = models.CharField(max_length=255, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "object_kind", "object_id"],
                name="one_message_per_object_and_topic",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["pending", "claimed"]),
                name="outbox_open",
            ),
            models.Index(fields=["org", "state", "-recorded_at"], name="outbox_by_state"),
        ]
