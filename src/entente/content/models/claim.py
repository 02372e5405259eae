"""Claims, what supports them, and where they are used."""

from __future__ import annotations

from django.db import models

from entente.content.models.item import Item, Version
from entente.foundation.models.base import OwnedRow


class Claim(OwnedRow):
    """One statement about a product in one market, with its place in the label."""

    class Kind(models.TextChoices):
        """What it is about, as the lane matrix asks."""

        EFFICACY = "efficacy", "Efficacy"
        SAFETY = "safety", "Safety"
        COMPARATIVE = "comparative", "Comparison with another product"
        DOSING = "dosing", "Dosing"
        ECONOMIC = "economic", "Cost and resources"
        QUALITY_OF_LIFE = "quality_of_life", "Quality of life"
        DISEASE = "disease", "The disease, not the product"

    text = models.CharField(max_length=1500)
    product = models.ForeignKey(
        "directory.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    market = models.CharField(max_length=2)
    in_label = models.BooleanField(default=False)
    label_section = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=2, default="en")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.EFFICACY)
    indication = models.CharField(max_length=200, blank=True)
    line_of_therapy = models.CharField(max_length=100, blank=True)
    label_version = models.CharField(max_length=60, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(in_label=False) | ~models.Q(label_section=""),
                name="claim_in_label_names_its_section",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Reference(OwnedRow):
    """A source that supports a claim, and the place in it."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="references")
    title = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    anchor = models.CharField(max_length=100)
    url = models.URLField(blank=True)
    valid_until = models.DateField(null=True, blank=True)
    # The study whose result it reports, if it reports one that is on record here.
    study = models.ForeignKey(
        "content.Study", null=True, on_delete=models.PROTECT, related_name="references"
    )


class ClaimUse(OwnedRow):
    """A claim in a version; ``item`` repeats the version's item for the walls."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="claim_uses")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "claim"], name="claim_once_per_version")
        ]
