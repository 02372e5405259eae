"""What sources say of single fields of a person, where they differ or somebody has checked."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class FieldValue(OwnedRow):
    """What one source says of one field, from a day and perhaps to one.

    There is a row only where a source differs from what the record shows, or where the record
    shows what another than its own source says (``holds``). Of every other field the record's
    ``source`` is the answer, so a registry of a million people needs no row here.
    """

    hcp = models.ForeignKey("directory.Hcp", on_delete=models.CASCADE, related_name="field_values")
    field = models.CharField(max_length=32)
    value = models.CharField(max_length=300)
    source = models.CharField(max_length=32)
    source_load = models.ForeignKey(
        "directory.SourceLoad", null=True, on_delete=models.PROTECT, related_name="+"
    )
    holds = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    verified_by = models.UUIDField(null=True)
    change_line = models.ForeignKey(
        "directory.ChangeLine", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["hcp", "field"], name="values_of_field")]
        constraints = [
            models.UniqueConstraint(
                fields=["hcp", "field", "source"],
                condition=models.Q(valid_to__isnull=True),
                name="one_value_per_source_now",
            ),
            models.UniqueConstraint(
                fields=["hcp", "field"],
                condition=models.Q(valid_to__isnull=True, holds=True),
                name="one_value_holds_now",
            ),
        ]
