"""What the pre-check found at a submission, kept as evidence."""

from __future__ import annotations

from django.db import models

from entente.content.models.item import Item, Version
from entente.content.models.label import LabelVersion
from entente.foundation.models.base import OwnedRow


class PrecheckRun(OwnedRow):
    """One run over the exact bytes of a version; never changed."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="prechecks")
    content_hash = models.CharField(max_length=64)
    pack_version = models.CharField(max_length=20)
    pack_hash = models.CharField(max_length=64)
    label_version = models.ForeignKey(
        LabelVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    n_blocking = models.PositiveIntegerField()
    n_warning = models.PositiveIntegerField()
    findings = models.JSONField()
    ran_at = models.DateTimeField()
