"""The organisations that share this installation."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import Row


class Organisation(Row):
    """A tenant: the host, or one of its partners.

    ``kind`` is the legal kind, which later decides what money, data and content may pass.
    """

    class Kind(models.TextChoices):
        """Legal kinds."""

        INDUSTRY = "industry", "Pharma, device or health-technology company"
        HEALTH_SYSTEM = "health_system", "Health system or hospital"
        MEDICAL_SOCIETY = "medical_society", "Medical society"
        PATIENT_ORGANISATION = "patient_organisation", "Patient organisation"
        TELEHEALTH = "telehealth", "Telehealth company"
        TECHNOLOGY = "technology", "Technology company"
        INTEGRATOR = "integrator", "Integrator or consultancy"
        PAYER = "payer", "Payer"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=32, choices=Kind)
    is_host = models.BooleanField(default=False)
    country = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=64, default="UTC")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_host"],
                condition=models.Q(is_host=True),
                name="one_host_per_installation",
            )
        ]

    def __str__(self) -> str:
        return self.name
