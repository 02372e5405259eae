"""Acts of the directory: loads from registries, and single entries by hand."""

from entente.directory.actions.alignment import (
    align_territories,
    ask_alignment,
    do_alignment,
    preview_alignment,
)
from entente.directory.actions.catalogue import categorise_partner, describe_product, set_price
from entente.directory.actions.challenges import (
    decide_challenge,
    raise_challenge,
    withdraw_challenge,
)
from entente.directory.actions.change_requests import (
    Verdict,
    add_evidence,
    decide_change,
    draft_change,
    read_evidence,
    submit_change,
    withdraw_change,
)
from entente.directory.actions.cohorts import (
    CohortTerms,
    draft_cohort,
    end_centre,
    name_centre,
    sign_cohort,
    withdraw_cohort,
)
from entente.directory.actions.contacts import (
    add_contact,
    add_contact_address,
    change_contact,
    end_contact,
)
from entente.directory.actions.cover import agree_to_compare, stop_comparing
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
from entente.directory.actions.hierarchy import (
    acquire_hco,
    end_affiliation,
    end_hco_link,
    link_hcos,
)
from entente.directory.actions.import_business_contacts import import_business_contacts
from entente.directory.actions.import_fhir import import_fhir
from entente.directory.actions.import_hierarchy import import_hierarchy
from entente.directory.actions.import_licences import import_licences
from entente.directory.actions.import_prices import import_prices
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
from entente.directory.actions.licences import add_licence, change_licence_status, renew_licence
from entente.directory.actions.loading import ImportCounts
from entente.directory.actions.merging import keep_apart, merge_hcps, unmerge_hcps
from entente.directory.actions.merging_hcos import keep_hcos_apart, merge_hcos, unmerge_hcos
from entente.directory.actions.products import ApprovedIn, add_product
from entente.directory.actions.sources import Terms, describe_source
from entente.directory.actions.suspect_hcos import find_hco_suspects
from entente.directory.actions.suspects import ask_search, do_search, find_suspects
from entente.directory.actions.territories import (
    Ground,
    add_exception,
    add_territory,
    assign_representative,
    change_territory,
    end_assignment,
    end_exception,
    end_territory,
)

__all__ = [
    "ApprovedIn",
    "CohortTerms",
    "Ground",
    "ImportCounts",
    "Terms",
    "Verdict",
    "acquire_hco",
    "add_contact",
    "add_contact_address",
    "add_contact_point",
    "add_evidence",
    "add_exception",
    "add_hco",
    "add_hcp",
    "add_legal_entity",
    "add_licence",
    "add_product",
    "add_territory",
    "affiliate",
    "agree_to_compare",
    "align_territories",
    "ask_alignment",
    "ask_search",
    "assign_representative",
    "categorise_partner",
    "change_contact",
    "change_licence_status",
    "change_territory",
    "decide_challenge",
    "decide_change",
    "delete_contact_points",
    "describe_product",
    "describe_source",
    "do_alignment",
    "do_search",
    "draft_change",
    "draft_cohort",
    "end_affiliation",
    "end_assignment",
    "end_centre",
    "end_contact",
    "end_contact_point",
    "end_exception",
    "end_hco_link",
    "end_territory",
    "erase_contact_points",
    "find_hco_suspects",
    "find_suspects",
    "import_affiliations",
    "import_business_contacts",
    "import_contacts",
    "import_fhir",
    "import_hierarchy",
    "import_hospitals",
    "import_licences",
    "import_nppes",
    "import_pharmacies",
    "import_prices",
    "import_products",
    "import_taxonomy",
    "keep_apart",
    "keep_hcos_apart",
    "link_hcos",
    "merge_hcos",
    "merge_hcps",
    "name_centre",
    "preview_alignment",
    "raise_challenge",
    "read_evidence",
    "renew_licence",
    "set_price",
    "sign_cohort",
    "stop_comparing",
    "submit_change",
    "unmerge_hcos",
    "unmerge_hcps",
    "withdraw_challenge",
    "withdraw_change",
    "withdraw_cohort",
]
