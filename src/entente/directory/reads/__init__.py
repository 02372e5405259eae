"""Queries of the directory; other rooms read people, organisations and products here."""

from entente.directory.reads.hierarchy import family_as_of, family_ids, parent_as_of
from entente.directory.reads.identity import same_person, same_persons, survivor_of
from entente.directory.reads.identity_hcos import hco_survivor_of, same_hco
from entente.directory.reads.organisations import (
    hco,
    legal_entities,
    legal_entities_named,
    legal_entities_visible,
    legal_entity,
    main_legal_entity,
    organisations_visible,
    search_hcos,
)
from entente.directory.reads.people import (
    contact_points,
    contact_points_of,
    countries_of,
    ended_contact_points,
    first_end_of_contact_points,
    hcp,
    hcps,
    hcps_by_npi,
    search_hcps,
)
from entente.directory.reads.products import Approved, approved_in, product, products

__all__ = [
    "Approved",
    "approved_in",
    "contact_points",
    "contact_points_of",
    "countries_of",
    "ended_contact_points",
    "family_as_of",
    "family_ids",
    "first_end_of_contact_points",
    "hco",
    "hco_survivor_of",
    "hcp",
    "hcps",
    "hcps_by_npi",
    "legal_entities",
    "legal_entities_named",
    "legal_entities_visible",
    "legal_entity",
    "main_legal_entity",
    "organisations_visible",
    "parent_as_of",
    "product",
    "products",
    "same_hco",
    "same_person",
    "same_persons",
    "search_hcos",
    "search_hcps",
    "survivor_of",
]
