"""Meetings at a congress: places with tables, hours that hosts open, and who comes to them.

Exclusion constraints (migration 0029) keep a host, a table and an HCP from being in two meetings
at once, whatever a program does.
"""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow


class MeetingPlace(OwnedRow):
    """A room or a corner of the stand with so many tables."""

    event = models.ForeignKey(
        "engagement.Event", on_delete=models.PROTECT, related_name="meeting_places"
    )
    name = models.CharField(max_length=120)
    n_tables = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="one_meeting_place_per_name"),
            models.CheckConstraint(
                condition=models.Q(n_tables__gte=1), name="a_meeting_place_has_a_table"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MeetingSlot(OwnedRow):
    """A time at which a host sits at a table, for one meeting."""

    event = models.ForeignKey(
        "engagement.Event", on_delete=models.PROTECT, related_name="meeting_slots"
    )
    place = models.ForeignKey(MeetingPlace, on_delete=models.PROTECT, related_name="slots")
    table = models.PositiveSmallIntegerField()
    host_id = models.UUIDField()
    host_name = models.CharField(max_length=200)
    # In which role the host meets people, and on which side of the wall, as it was when opened.
    sender_role = models.CharField(max_length=32)
    wall = models.CharField(max_length=10)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="slot_ends_after_start"
            )
        ]
        indexes = [models.Index(fields=["event", "starts_at", "id"], name="slot_by_event")]


class Meeting(OwnedRow):
    """A meeting with one HCP in one slot, and what the gate says of it."""

    class Status(models.TextChoices):
        """Where a meeting stands."""

        REFERRED = "referred", "Needs a person"
        FORBIDDEN = "forbidden", "Must not take place"
        BOOKED = "booked", "Booked"
        DONE = "done", "Took place"
        NO_SHOW = "no_show", "Did not come"
        CANCELLED = "cancelled", "Cancelled"

    event = models.ForeignKey("engagement.Event", on_delete=models.PROTECT, related_name="meetings")
    slot = models.ForeignKey(MeetingSlot, on_delete=models.PROTECT, related_name="meetings")
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey(
        "directory.LegalEntity", on_delete=models.PROTECT, related_name="+"
    )
    host_id = models.UUIDField()
    sender_role = models.CharField(max_length=32)
    wall = models.CharField(max_length=10)
    status = models.CharField(max_length=10, choices=Status)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    topic = models.CharField(max_length=300, blank=True)
    was_requested = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    decision = models.ForeignKey("policy.Decision", on_delete=models.PROTECT, related_name="+")
    touch = models.ForeignKey(
        "engagement.Touch", null=True, on_delete=models.PROTECT, related_name="+"
    )
    booked_by_id = models.UUIDField(null=True)
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot"],
                condition=models.Q(status__in=("referred", "booked", "done", "no_show")),
                name="one_meeting_per_slot",
            )
        ]
        indexes = [
            models.Index(fields=["org", "-starts_at", "-id"], name="meeting_latest"),
            models.Index(fields=["hcp"], name="meeting_by_hcp"),
        ]
