"""Labels of products, their versions and sections, and the claims that stand on them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.content.models.claim import Claim, Reference
from entente.foundation.models.base import OwnedRow


class Label(OwnedRow):
    """A label under its set id, which stays the same through all versions.

    It belongs to the organisation that loaded it. Labels are public documents: everyone
    reads the rows, and no name of a person stands in them.
    """

    product = models.ForeignKey("directory.Product", on_delete=models.PROTECT, related_name="+")
    market = models.CharField(max_length=2, default="US")
    set_id = models.CharField(max_length=100)
    title = models.CharField(max_length=500)
    owner_name = models.CharField(max_length=300, blank=True)
    product_names = ArrayField(models.CharField(max_length=300))
    substances = ArrayField(models.CharField(max_length=300))
    codes = ArrayField(models.CharField(max_length=300))
    applications = ArrayField(models.CharField(max_length=300))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "set_id"], name="label_once_per_set_id")
        ]

    def __str__(self) -> str:
        return ", ".join(self.product_names[:2]) or self.title


class LabelVersion(OwnedRow):
    """One version as it was loaded; never changed."""

    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_on = models.DateField()
    document_id = models.CharField(max_length=100)
    file_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["label", "number"], name="label_version_once")
        ]


class LabelSection(OwnedRow):
    """A section of a version; ``key`` is the same in every version of the label."""

    version = models.ForeignKey(LabelVersion, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveIntegerField()
    parent = models.PositiveIntegerField(null=True)
    level = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, blank=True)
    anchor = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=500)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    highlight = models.TextField(blank=True)
    text_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="section_once_per_place")
        ]

    def __str__(self) -> str:
        return self.title or self.code


class ClaimGround(OwnedRow):
    """That a person found a claim carried by a section of one version; the latest counts."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="grounds")
    section = models.ForeignKey(LabelSection, on_delete=models.PROTECT, related_name="+")
    quote = models.TextField(blank=True)
    by_name = models.CharField(max_length=200)
    grounded_at = models.DateTimeField()


class ClaimRecheck(OwnedRow):
    """That what a claim stands on was touched: by a newer label, or by what became of a study.

    A label names ``ground`` and ``version``, a study the ``reference`` and ``study``.
    """

    class Reason(models.TextChoices):
        """What happened to the section, or to the study."""

        CHANGED = "changed", "The section was changed"
        GONE = "gone", "The section is gone"
        SUPERSEDED = "superseded", "The study was superseded"
        RETRACTED = "retracted", "The result of the study was retracted"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="rechecks")
    ground = models.ForeignKey(ClaimGround, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(LabelVersion, null=True, on_delete=models.PROTECT, related_name="+")
    reference = models.ForeignKey(Reference, null=True, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(
        "content.Study", null=True, on_delete=models.PROTECT, related_name="rechecks"
    )
    reason = models.CharField(max_length=12, choices=Reason)
    flagged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ground", "version"], name="flagged_once_per_version"),
            models.UniqueConstraint(
                fields=["reference", "reason"], name="flagged_once_per_reference_and_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(ground__isnull=False, version__isnull=False)
                | models.Q(reference__isnull=False, study__isnull=False),
                name="recheck_names_what_was_touched",
            ),
        ]
