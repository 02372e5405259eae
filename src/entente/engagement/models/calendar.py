"""What stands in calendars of others: congresses, sessions, days to plan around."""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow


class CalendarEntry(OwnedRow):
    """One time at which something takes place, as the calendar it came from says.

    ``starts_local`` is the clock time as written; ``starts_at`` the moment, where the
    calendar says in which zone.
    """

    uid = models.CharField(max_length=300)
    title = models.CharField(max_length=500, blank=True)
    place = models.CharField(max_length=500, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    starts_local = models.CharField(max_length=32)
    ends_local = models.CharField(max_length=32)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    is_all_day = models.BooleanField(default=False)
    url = models.CharField(max_length=500, blank=True)
    organiser = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=32, blank=True)
    room = models.CharField(max_length=200, blank=True)
    track = models.CharField(max_length=200, blank=True)
    people = models.TextField(blank=True)
    n_attendees = models.PositiveIntegerField(default=0)
    entry_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "uid", "starts_local"], name="one_calendar_entry_per_time"
            )
        ]
        indexes = [models.Index(fields=["org", "starts_local", "id"], name="calendar_by_start")]
