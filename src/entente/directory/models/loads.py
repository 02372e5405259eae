"""What was loaded from which file, and what came of it."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class SourceLoad(OwnedRow):
    """One load of one file: its hash, its counts, why rows were refused; never their values.

    A long file is loaded in parts, each a load of its own, so that an interruption loses no part
    that is through: the next run goes on after the last of them.

    A load that was not used changed no record and says why. Of the rows that came through,
    ``n_judged`` were looked at for the fields a record needs and ``n_complete`` had them all.
    """

    class Outcome(models.TextChoices):
        """Whether anything of the file was taken."""

        USED = "used", "Used"
        NOT_USED = "not_used", "Not used"

    kind = models.CharField(max_length=32)
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    actor_name = models.CharField(max_length=64)
    n_read = models.BigIntegerField()
    n_new = models.BigIntegerField()
    n_changed = models.BigIntegerField()
    n_unchanged = models.BigIntegerField()
    n_refused = models.BigIntegerField()
    notes = models.JSONField(default=dict)
    refusals = models.JSONField(default=list)
    part = models.PositiveIntegerField(default=1)
    rows_before = models.BigIntegerField(default=0)
    is_last = models.BooleanField(default=True)
    n_judged = models.BigIntegerField(default=0, db_default=0)
    n_complete = models.BigIntegerField(default=0, db_default=0)
    outcome = models.CharField(
        max_length=8, choices=Outcome, default=Outcome.USED, db_default=Outcome.USED
    )
    not_used_because = models.CharField(max_length=500, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["org", "-loaded_at", "-id"], name="loads_newest_first"),
            models.Index(fields=["org", "kind", "file_hash", "-id"], name="loads_of_file"),
        ]
