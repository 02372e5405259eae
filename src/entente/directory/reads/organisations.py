"""Organisations: legal entities, health-care organisations, and the tenants one may know of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from entente.directory.models import Hco, LegalEntity
from entente.directory.reads.people import search_ids
from entente.foundation.models import Organisation


def legal_entity(entity_id: UUID) -> LegalEntity:
    """Give one legal entity.

    Raises
    ------
    LegalEntity.DoesNotExist
    """
    return LegalEntity.objects.get(id=entity_id)


def legal_entities(org_id: UUID) -> Sequence[LegalEntity]:
    """Give the legal entities of an organisation, the main one first."""
    return list(LegalEntity.objects.filter(org_id=org_id).order_by("-is_main", "name"))


def legal_entities_named(ids: Collection[UUID]) -> dict[UUID, LegalEntity]:
    """Give several legal entities by id, with one query; unknown ids are left out."""
    return LegalEntity.objects.in_bulk(list(ids))


def legal_entities_visible() -> Sequence[LegalEntity]:
    """Give the legal entities of the organisations that the present one knows, by name.

    Who the controllers are may be read by everybody who has an id; a list of all would tell
    one partner who the others are.
    """
    known = [organisation.id for organisation in organisations_visible()]
    return list(LegalEntity.objects.filter(org_id__in=known).order_by("name", "id"))


def main_legal_entity(org_id: UUID) -> LegalEntity:
    """Give the legal entity that stands for an organisation unless another is named.

    Raises
    ------
    LegalEntity.DoesNotExist
        If the organisation has named none.
    """
    found = (
        LegalEntity.objects.filter(org_id=org_id).order_by("-is_main", "recorded_at", "id").first()
    )
    if found is None:
        raise LegalEntity.DoesNotExist("the organisation has no legal entity yet: add one")
    return found


def hco(hco_id: UUID) -> Hco:
    """Give one health-care organisation.

    Raises
    ------
    Hco.DoesNotExist
    """
    return Hco.objects.get(id=hco_id)


def search_hcos(text: str, limit: int = 20) -> list[Hco]:
    """Find organisations by any words of name, identifier, kind or place, best first."""
    found = search_ids("directory_hco_search", text, limit)
    known = Hco.objects.in_bulk(found)
    return [known[hco_id] for hco_id in found if hco_id in known]


def organisations_visible() -> Sequence[Organisation]:
    """Give the organisations of this installation that the present one knows, the host first."""
    return list(Organisation.objects.order_by("-is_host", "name"))
