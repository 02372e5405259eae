"""What every table has: an id made here, and the moment it was recorded."""

from __future__ import annotations

from uuid import UUID

import uuid_utils.compat
from django.db import models
from django.db.models.functions import Now


def new_id() -> UUID:
    """Make a public id: a UUID of version 7, which sorts by time."""
    made: UUID = uuid_utils.compat.uuid7()
    return made


class Row(models.Model):
    """A row with a public id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class OwnedRow(Row):
    """A row that belongs to one organisation and is invisible to others unless shared."""

    org = models.ForeignKey(
        "foundation.Organisation", on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        abstract = True
