"""Legal entities: whom consents name as controller, contracts as party, disclosures as reporter."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class LegalEntity(OwnedRow):
    """A company or institution in law; an organisation has one or more of them."""

    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    postal_address = models.CharField(max_length=300)
    time_zone = models.CharField(max_length=64, default="UTC")
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "name"], name="legal_entity_named_once"),
            models.UniqueConstraint(
                fields=["org"], condition=models.Q(is_main=True), name="one_main_legal_entity"
            ),
        ]

    def __str__(self) -> str:
        return self.name
