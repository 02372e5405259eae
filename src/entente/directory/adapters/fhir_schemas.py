"""The columns that the reader of FHIR gives, by table; see ``schemas`` for what all have."""

from __future__ import annotations

import pyarrow as pa

_TEXT = pa.string()
PERSON = (
    "family_name", "given_name", "middle_name", "prefix", "suffix", "credential", "taxonomy_code",
)  # fmt: skip
PLACE = (
    "address_line", "address_line2", "city", "us_state", "postal_code", "country", "phone",
)  # fmt: skip
ORGANISATION = ("name", "other_name", "kind")
# One row per resource. `key_system` and `key_value` are how it is known again; `own_id` is its id
# where that is a UUID, which may be one of ours; `body` is the resource as received; `row_hash` is
# over what it says (domain.fhir_json.content_hash). Texts are empty where nothing is said.
RESOURCES = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        *[pa.field(name, _TEXT, nullable=False) for name in (
            "type", "logical_id", "full_url", "source", "key_system", "key_value", "body",
            "row_hash",
        )],
        pa.field("own_id", _TEXT),
        pa.field("npi", _TEXT),
        pa.field("is_active", pa.bool_()),
        *[pa.field(name, _TEXT) for name in (*PERSON, *PLACE, *ORGANISATION, "role")],
        pa.field("from_on", pa.date32()),
        pa.field("to_on", pa.date32()),
        pa.field("profession", _TEXT),
        pa.field("name_key", _TEXT),
    ]
)  # fmt: skip
# Every identifier of a resource by which it may be known again, in its own order.
IDENTIFIERS = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("position", pa.int32(), nullable=False),
        pa.field("system", _TEXT, nullable=False),
        pa.field("value", _TEXT, nullable=False),
    ]
)
# Whom a resource names: `target` is hcp or hco.
POINTERS = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("target", _TEXT, nullable=False),
        *[
            pa.field(name, _TEXT)
            for name in ("type", "logical_id", "own_id", "url", "system", "value")
        ],
    ]
)
