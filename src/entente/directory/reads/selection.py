"""Choose HCPs by registry fields: who a rule means, as ids in a stable order."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, QuerySet

from entente.directory.models import Hcp


def _narrowed(
    *,
    countries: Sequence[str] = (),
    states: Sequence[str] = (),
    professions: Sequence[str] = (),
    specialties: Sequence[str] = (),
) -> QuerySet[Hcp]:
    # A record that was joined to another stands for nobody by itself.
    found = Hcp.objects.exclude(identity_status=Hcp.IdentityStatus.MERGED)
    for field, wanted in (
        ("country", countries),
        ("us_state", states),
        ("profession", professions),
        ("specialty", specialties),
    ):
        if wanted:
            found = found.filter(**{f"{field}__in": list(wanted)})
    return found


def hcp_ids_matching(
    *,
    countries: Sequence[str] = (),
    states: Sequence[str] = (),
    professions: Sequence[str] = (),
    specialties: Sequence[str] = (),
) -> list[UUID]:
    """Give the ids of HCPs in all of these; an empty choice leaves a field open."""
    found = _narrowed(
        countries=countries, states=states, professions=professions, specialties=specialties
    )
    return list(found.order_by("id").values_list("id", flat=True))


def choices_of(field: str, *, most: int = 200) -> list[tuple[str, int]]:
    """Give the values of a registry field with how many HCPs have each, the commonest first.

    Parameters
    ----------
    field : str
        ``"country"``, ``"us_state"``, ``"profession"`` or ``"specialty"``.
    """
    counted = Hcp.objects.exclude(**{field: ""}).values_list(field).annotate(n=Count("id"))
    return list(counted.order_by("-n", field)[:most])


def all_npis() -> list[str]:
    """Give every HCP's NPI, in order."""
    found = Hcp.objects.exclude(npi=None).order_by("npi").values_list("npi", flat=True)
    return [npi for npi in found if npi]
