"""Tables of the directory: legal entities, people, organisations, products, loads."""

from entente.directory.models.change_requests import ChangeEvidence, ChangeLine, ChangeRequest
from entente.directory.models.cohorts import CentreOfExcellence, CohortRule
from entente.directory.models.contacts import Contact, ContactAddress
from entente.directory.models.fhir import FhirResource, HcpIdentifier
from entente.directory.models.field_values import FieldValue
from entente.directory.models.hco import Affiliation, Hco, HcoIdentifier
from entente.directory.models.hcp import ContactPoint, Hcp, HcpSpecialty
from entente.directory.models.hierarchy import HcoLink
from entente.directory.models.identity import (
    IdentityLink,
    MatchWeights,
    Merge,
    Suspect,
    SuspectSearch,
)
from entente.directory.models.identity_hcos import HcoIdentityLink, HcoMerge, HcoSuspect
from entente.directory.models.legal import LegalEntity
from entente.directory.models.licences import Licence
from entente.directory.models.loads import SourceLoad
from entente.directory.models.partners import PartnerCategory
from entente.directory.models.product import Product, ProductApproval, ProductPrice
from entente.directory.models.sources import SourceTerms
from entente.directory.models.taxonomy import Taxonomy
from entente.directory.models.territories import (
    Alignment,
    CoverAgreement,
    Territory,
    TerritoryAssignment,
    TerritoryChallenge,
    TerritoryException,
    TerritoryMember,
    TerritoryVersion,
)

__all__ = [
    "Affiliation",
    "Alignment",
    "CentreOfExcellence",
    "ChangeEvidence",
    "ChangeLine",
    "ChangeRequest",
    "CohortRule",
    "Contact",
    "ContactAddress",
    "ContactPoint",
    "CoverAgreement",
    "FhirResource",
    "FieldValue",
    "Hco",
    "HcoIdentifier",
    "HcoIdentityLink",
    "HcoLink",
    "HcoMerge",
    "HcoSuspect",
    "Hcp",
    "HcpIdentifier",
    "HcpSpecialty",
    "IdentityLink",
    "LegalEntity",
    "Licence",
    "MatchWeights",
    "Merge",
    "PartnerCategory",
    "Product",
    "ProductApproval",
    "ProductPrice",
    "SourceLoad",
    "SourceTerms",
    "Suspect",
    "SuspectSearch",
    "Taxonomy",
    "Territory",
    "TerritoryAssignment",
    "TerritoryChallenge",
    "TerritoryException",
    "TerritoryMember",
    "TerritoryVersion",
]
