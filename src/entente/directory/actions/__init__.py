"""Acts of the directory: loads from registries, and single entries by hand."""

from entente.directory.actions.entries import (
    add_contact_point,
    add_hco,
    add_hcp,
    affiliate,
    end_contact_point,
)
from entente.directory.actions.import_fhir import import_fhir
from entente.directory.actions.imports import (
    import_affiliations,
    import_contacts,
    import_hospitals,
    import_nppes,
    import_pharmacies,
    import_products,
    import_taxonomy,
)
from entente.directory.actions.legal import add_legal_entity
from entente.directory.actions.loading import ImportCounts
from entente.directory.actions.merging import keep_apart, merge_hcps, unmerge_hcps
from entente.directory.actions.products import ApprovedIn, add_product
from entente.directory.actions.suspects import find_suspects

__all__ = [
    "ApprovedIn",
    "ImportCounts",
    "add_contact_point",
    "add_hco",
    "add_hcp",
    "add_legal_entity",
    "add_product",
    "affiliate",
    "end_contact_point",
    "find_suspects",
    "import_affiliations",
    "import_contacts",
    "import_fhir",
    "import_hospitals",
    "import_nppes",
    "import_pharmacies",
    "import_products",
    "import_taxonomy",
    "keep_apart",
    "merge_hcps",
    "unmerge_hcps",
]
