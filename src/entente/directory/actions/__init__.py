"""Acts of the directory: loads from registries, and single entries by hand."""

from entente.directory.actions.entries import (
    add_contact_point,
    add_hco,
    add_hcp,
    affiliate,
    end_contact_point,
)
from entente.directory.actions.forget_addresses import (
    delete_contact_points,
    erase_contact_points,
)
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
    "add_contact_point",
    "add_hco",
    "add_hcp",
    "add_legal_entity",
    "add_product",
    "affiliate",
    "delete_contact_points",
    "end_contact_point",
    "erase_contact_points",
    "import_affiliations",
    "import_contacts",
    "import_hospitals",
    "import_nppes",
    "import_pharmacies",
    "import_products",
    "import_taxonomy",
]
