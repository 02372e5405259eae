"""Acts of the directory: loads from registries, and single entries by hand."""

from entente.directory.actions.entries import (
    add_contact_point,
    add_hco,
    add_hcp,
    affiliate,
    end_contact_point,
)
from entente.directory.actions.legal import add_legal_entity
from entente.directory.actions.products import add_product

__all__ = [
    "add_contact_point",
    "add_hco",
    "add_hcp",
    "add_legal_entity",
    "add_product",
    "affiliate",
    "end_contact_point",
]
