"""The columns that readers give, by table. Loading (COPY into staging) relies on them.

Common to all: ``line`` is the record number in the file (header = 1); text is trimmed, without NUL
characters, and null instead of empty; ``row_hash`` is 32 hexadecimal digits (fits a uuid column)
over what was read of the row, ``line`` left out, so that an unchanged row is known without looking.
"""

from __future__ import annotations

import pyarrow as pa

_TEXT = pa.string()
_DAY = pa.date32()
_MOMENT = pa.timestamp("us", tz="UTC")
_FLAG = pa.bool_()
_LINE = pa.field("line", pa.int64(), nullable=False)


def _key(name: str) -> pa.Field:
    return pa.field(name, _TEXT, nullable=False)


def _texts(*names: str) -> list[pa.Field]:
    return [pa.field(name, _TEXT) for name in names]


_HASH = _key("row_hash")
_PLACE = _texts("address_line1", "address_line2", "city", "state", "zip", "country", "phone")
_HISTORY = [
    pa.field("enumerated_on", _DAY),
    pa.field("deactivated_on", _DAY),
    pa.field("reactivated_on", _DAY),
    pa.field("updated_on", _DAY),
    pa.field("is_active", _FLAG, nullable=False),
]

# One row per person (NPPES entity type 1). `country` is the practice country, ISO 3166 alpha-2;
# `primary_taxonomy` was chosen (flag Y, else the first filled slot) and `primary_flagged` says
# whether the file flagged it; `specialty_name` is what stands in a taxonomy slot and is no code.
# `name_key` and `city_key` are folded for search (directory.domain.search_keys).
HCPS = pa.schema(
    [
        _LINE,
        _key("npi"),
        _key("last_name"),
        *_texts("first_name", "middle_name", "name_prefix", "name_suffix", "credential"),
        *_texts("sex_code", "sole_proprietor"),
        *_PLACE,
        *_texts("mailing_country"),
        *_texts("primary_taxonomy"),
        pa.field("primary_flagged", _FLAG, nullable=False),
        *_texts("specialty_name", "licence_number", "licence_state"),
        pa.field("n_taxonomies", pa.int16(), nullable=False),
        *_HISTORY,
        _key("profession"),
        _key("name_key"),
        pa.field("city_key", _TEXT),
        _HASH,
    ]
)

# One row per filled taxonomy slot of a person or organisation of NPPES. `flag` as in the file
# (Y, N, X or null); `is_primary` is the choice made.
TAXONOMIES = pa.schema(
    [
        _LINE,
        _key("npi"),
        pa.field("slot", pa.int16(), nullable=False),
        _key("taxonomy_code"),
        pa.field("flag", _TEXT),
        pa.field("is_primary", _FLAG, nullable=False),
        *_texts("licence_number", "licence_state"),
    ]
)

# NPIs of which the file only says since when they are off (all other fields blank).
DEACTIVATIONS = pa.schema(
    [_LINE, _key("npi"), pa.field("deactivated_on", _DAY, nullable=False)],
)

# One row per organisation, whatever the registry; (system, value) is its key there:
# ("npi", ...), ("ccn", ...) or ("us-ct-credential", ...).
HCOS = pa.schema(
    [
        _LINE,
        _key("system"),
        _key("value"),
        _key("name"),
        *_texts("other_name", "kind", "ownership"),
        pa.field("is_subpart", _FLAG),
        *_texts("parent_name"),
        *_PLACE,
        *_texts("primary_taxonomy"),
        *_HISTORY,
        pa.field("value_restored", _FLAG, nullable=False),
        pa.field("zip_restored", _FLAG, nullable=False),
        _key("name_key"),
        pa.field("city_key", _TEXT),
        _HASH,
    ]
)

# Every identifier of an organisation, its key included.
IDENTIFIERS = pa.schema(
    [_LINE, _key("hco_system"), _key("hco_value"), _key("system"), _key("value")],
)

NUCC = pa.schema(
    [
        _LINE,
        _key("taxonomy_code"),
        *_texts("grouping", "classification", "specialization", "display_name", "section"),
        _key("profession"),
        _HASH,
    ]
)

# One row per (npi, CCN) of a chunk; `n_mentions` rows or slots of the file named it. A file that
# is not ordered by NPI can name a pair again in a later chunk: load with "on conflict do nothing".
AFFILIATIONS = pa.schema(
    [
        _LINE,
        _key("npi"),
        _key("hospital_ccn"),
        pa.field("hospital_name", _TEXT),
        pa.field("ccn_restored", _FLAG, nullable=False),
        pa.field("n_mentions", pa.int32(), nullable=False),
    ]
)

# One row per row of a Doctors and Clinicians file: a person at an address.
CLINICIANS = pa.schema(
    [
        _LINE,
        _key("npi"),
        pa.field("last_name", _TEXT),
        *_texts("first_name", "middle_name", "name_suffix", "credential", "sex_code"),
        *_texts("specialty_name", "pac_id", "group_pac_id", "group_name", "address_id"),
        *_PLACE,
        pa.field("zip_restored", _FLAG, nullable=False),
        _HASH,
    ]
)

# Permission as its holder recorded it. `status` is granted, withdrawn or none: a grant without
# proof is read as none. Times are UTC.
CONSENTS = pa.schema(
    [
        _LINE,
        _key("npi"),
        _key("controller"),
        _key("channel"),
        pa.field("address", _TEXT),
        _key("purpose"),
        pa.field("product", _TEXT),
        _key("status"),
        pa.field("captured_at", _MOMENT),
        *_texts("source", "wording_version", "proof_ref"),
        pa.field("expires_at", _MOMENT),
        pa.field("withdrawn_at", _MOMENT),
        pa.field("reason", _TEXT),
        _HASH,
    ]
)

CONTACTS = pa.schema([_LINE, _key("npi"), _key("email"), _HASH])

# One row per product and country.
PRODUCTS = pa.schema(
    [
        _LINE,
        _key("product"),
        pa.field("kind", _TEXT),
        pa.field("owner", _TEXT),
        _key("country"),
        pa.field("approved_on", _DAY, nullable=False),
        pa.field("ended_on", _DAY),
        *_texts("indication", "authority_ref", "boxed_warning", "accelerated", "nature"),
        _HASH,
    ]
)

# Who belongs to whom; `to_on` is the first day on which it no longer holds.
HIERARCHY = pa.schema(
    [
        _LINE,
        *(_key(name) for name in ("child_system", "child_value", "parent_system", "parent_value")),
        _key("kind"),
        pa.field("from_on", _DAY, nullable=False),
        pa.field("to_on", _DAY),
        pa.field("note", _TEXT),
        _HASH,
    ]
)

# Business contacts, by the number under which the sender knows them.
BUSINESS_CONTACTS = pa.schema(
    [
        _LINE,
        _key("key"),
        _key("family_name"),
        *_texts("given_name"),
        _key("kind"),
        *_texts("role", "authority", "employer", "employer_system", "employer_value"),
        _key("country"),
        *_texts("email", "phone"),
        _key("name_key"),
        *_texts("employer_key"),
        _HASH,
    ]
)

# One state of one licence; `expires_on` is its last day.
LICENCES = pa.schema(
    [
        _LINE,
        _key("npi"),
        _key("country"),
        *_texts("region"),
        _key("number"),
        _key("kind"),
        _key("status"),
        *(pa.field(name, _DAY) for name in ("from_on", "expires_on", "verified_on")),
        _HASH,
    ]
)

# A price of one unit in a country from a day on, in minor units of the currency.
PRICES = pa.schema(
    [
        _LINE,
        *(_key(name) for name in ("product", "country", "currency", "unit")),
        pa.field("amount_minor", pa.int64(), nullable=False),
        pa.field("from_on", _DAY, nullable=False),
        _HASH,
    ]
)
