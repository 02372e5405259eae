"""What the directory itself holds about records that are joined; each row stays with its record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Count, Model

from entente.directory.followers import Follower
from entente.directory.models import (
    Affiliation,
    CentreOfExcellence,
    Contact,
    ContactPoint,
    FhirResource,
    HcoIdentifier,
    HcoLink,
    HcpIdentifier,
    Licence,
    TerritoryException,
    TerritoryMember,
)

KINDS: tuple[tuple[str, type[Model], dict[str, object]], ...] = (
    ("affiliations", Affiliation, {}),
    ("addresses", ContactPoint, {}),
    ("licences", Licence, {}),
    ("other identifiers", HcpIdentifier, {}),
    ("FHIR resources", FhirResource, {}),
    ("territories", TerritoryMember, {"to_on": None}),
    ("exceptions of territories", TerritoryException, {"to_on": None}),
)


def counts(ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Count what the directory holds about each record, as the present organisation sees it."""
    found: dict[UUID, dict[str, int]] = {}
    for kind, model, only in KINDS:
        rows = model._default_manager.filter(hcp_id__in=list(ids), **only).values("hcp_id")
        for row in rows.annotate(n=Count("id")):
            found.setdefault(row["hcp_id"], {})[kind] = row["n"]
    return found


HCO_KINDS: tuple[tuple[str, type[Model], str, dict[str, object]], ...] = (
    ("people", Affiliation, "hco_id", {}),
    ("links upward", HcoLink, "child_id", {}),
    ("links downward", HcoLink, "parent_id", {}),
    ("identifiers", HcoIdentifier, "hco_id", {}),
    ("business contacts", Contact, "employer_hco_id", {}),
    ("FHIR resources", FhirResource, "hco_id", {}),
    ("territories as an account", TerritoryException, "hco_id", {"to_on": None}),
    ("centres of excellence", CentreOfExcellence, "hco_id", {}),
)


def hco_counts(ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Count what the directory holds about organisations, as the present one sees it."""
    found: dict[UUID, dict[str, int]] = {}
    for kind, model, by, only in HCO_KINDS:
        rows = model._default_manager.filter(**{f"{by}__in": list(ids)}, **only).values(by)
        for row in rows.annotate(n=Count("id")):
            found.setdefault(row[by], {})[kind] = row["n"]
    return found


def no_locks(_ids: Collection[UUID]) -> Sequence[str]:
    """Nothing beyond the locks of identity and of hierarchies."""
    return ()


def locks(ids: Collection[UUID]) -> Sequence[str]:
    """Give the locks under which licences are entered."""
    return [f"directory.licence:{each}" for each in ids]


FOLLOWER = Follower("directory", counts, locks)
HCO_FOLLOWER = Follower("directory", hco_counts, no_locks)
