"""Header names of NPPES files over the years, and which of our columns they feed."""

from __future__ import annotations

from entente.directory.adapters.headers import Column

SLOTS = range(1, 16)
_PRACTICE = "Business Practice Location Address"


def _slot(slot: int) -> list[Column]:
    return [
        Column(f"taxonomy_{slot}", (f"Healthcare Provider Taxonomy Code_{slot}",)),
        Column(f"flag_{slot}", (f"Healthcare Provider Primary Taxonomy Switch_{slot}",)),
        Column(f"licence_{slot}", (f"Provider License Number_{slot}",)),
        Column(f"licence_state_{slot}", (f"Provider License Number State Code_{slot}",)),
    ]


COLUMNS = [
    Column("npi", ("NPI",), required=True),
    Column("entity_type", ("Entity Type Code", "Entity Type")),
    Column(
        "org_name",
        (
            "Provider Organization Name (Legal Business Name)",
            "Provider Organization Name",
            "Organization Name",
        ),
    ),
    Column("other_name", ("Provider Other Organization Name",)),
    Column("last_name", ("Provider Last Name (Legal Name)", "Provider Last Name", "Last Name")),
    Column("first_name", ("Provider First Name", "First Name")),
    Column("middle_name", ("Provider Middle Name", "Middle Name")),
    Column("name_prefix", ("Provider Name Prefix Text",)),
    Column("name_suffix", ("Provider Name Suffix Text",)),
    Column("credential", ("Provider Credential Text", "Credential")),
    Column("sex_code", ("Provider Sex Code", "Provider Gender Code", "Gender Code", "Sex Code")),
    Column("sole_proprietor", ("Is Sole Proprietor",)),
    Column("address_line1", (f"Provider First Line {_PRACTICE}", "Full Street Address", "Address")),
    Column("address_line2", (f"Provider Second Line {_PRACTICE}",)),
    Column("city", (f"Provider {_PRACTICE} City Name", "City/Town", "City")),
    Column("state", (f"Provider {_PRACTICE} State Name", "State")),
    Column("zip", (f"Provider {_PRACTICE} Postal Code", "ZIP Code", "Zip")),
    Column(
        "country",
        (
            f"Provider {_PRACTICE} Country Code (If outside U.S.)",
            f"Provider {_PRACTICE} Country Code",
        ),
    ),
    Column("phone", (f"Provider {_PRACTICE} Telephone Number",)),
    Column(
        "mailing_country",
        (
            "Provider Business Mailing Address Country Code (If outside U.S.)",
            "Provider Business Mailing Address Country Code",
        ),
    ),
    Column("mailing_state", ("Provider Business Mailing Address State Name",)),
    Column("enumerated_on", ("Provider Enumeration Date",)),
    Column("updated_on", ("Last Update Date",)),
    Column("deactivated_on", ("NPI Deactivation Date",)),
    Column("reactivated_on", ("NPI Reactivation Date",)),
    Column("is_subpart", ("Is Organization Subpart",)),
    Column("parent_name", ("Parent Organization LBN",)),
    *(column for slot in SLOTS for column in _slot(slot)),
]

_TAXONOMIES = tuple(f"taxonomy_{slot}" for slot in SLOTS)
_LICENCES = tuple(f"licence_{slot}" for slot in SLOTS)
_SAME = [
    "last_name",
    "first_name",
    "middle_name",
    "name_prefix",
    "name_suffix",
    "credential",
    "sex_code",
    "sole_proprietor",
    "address_line1",
    "address_line2",
    "city",
    "state",
    "zip",
    "phone",
    "enumerated_on",
    "updated_on",
    "deactivated_on",
    "reactivated_on",
    "other_name",
    "is_subpart",
    "parent_name",
]

# Column of the tables -> the wanted columns it is made from. Where a file has none of these, the
# column is reported as absent.
FED_BY: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in _SAME},
    "name": ("org_name",),
    "country": ("country", "state"),
    "mailing_country": ("mailing_country", "mailing_state"),
    "primary_taxonomy": _TAXONOMIES,
    "primary_flagged": tuple(f"flag_{slot}" for slot in SLOTS),
    "specialty_name": _TAXONOMIES,
    "n_taxonomies": _TAXONOMIES,
    "is_active": ("deactivated_on",),
    "profession": (*_TAXONOMIES, "credential"),
    "licence_number": _LICENCES,
    "licence_state": tuple(f"licence_state_{slot}" for slot in SLOTS),
}
