"""Licences of a person, and which of them are in force on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from entente.directory.models import Licence


def licences_of(*hcp_ids: UUID) -> list[Licence]:
    """Give every state of the licences of a person's records, by issuer, the latest first."""
    rows = Licence.objects.filter(hcp_id__in=hcp_ids)
    return list(rows.order_by("country", "region", "number", "-from_on", "-id"))


def in_force_on(day: date) -> Q:
    """Select the states that hold on a day, its last day included."""
    begun = Q(from_on__isnull=True) | Q(from_on__lte=day)
    lasting = Q(expires_on__isnull=True) | Q(expires_on__gte=day)
    return begun & lasting


def expiring(on: date, until: date) -> QuerySet[Licence]:
    """Give active licences that end in a period, for those who keep them up to date."""
    rows = Licence.objects.filter(status="active", expires_on__gte=on, expires_on__lte=until)
    return rows.select_related("hcp")
