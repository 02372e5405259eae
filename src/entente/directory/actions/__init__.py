"""Acts of the directory: loads from registries, and single entries by hand."""

from entente.directory.actions.entries import (
    add_contact_point,
    add_hco,
    add_hcp,
    affiliate,
    end_contact_point,
)
from entente.directory.actions.hierarchy import (
    acquire_hco,
    end_affiliation,
    end_hco_link,
    link_hcos,
)
from entente.directory.actions.import_hierarchy import import_hierarchy
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
from entente.directory.actions.products import ApprovedIn, add_product

__all__ = [
    "ApprovedIn",
    "ImportCounts",
    "acquire_hco",
    "add_contact_point",
    "add_hco",
    "add_hcp",
    "add_legal_entity",
    "add_product",
    "affiliate",
    "end_affiliation",
    "end_contact_point",
    "end_hco_link",
    "import_affiliations",
    "import_contacts",
    "import_hierarchy",
    "import_hospitals",
    "import_nppes",
    "import_pharmacies",
    "import_products",
    "import_taxonomy",
    "link_hcos",
]
