"""NPPES files: schema drift, choices, history, refusals."""

import csv
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import RegistryFileError
from entente.directory.adapters.nppes import read_nppes
from entente.directory.domain.taxonomies import TaxonomySlot, choose_primary_taxonomy

GOOD, OTHER = "1234567893", "1558598797"
LAST = "Provider Last Name (Legal Name)"
PRACTICE = "Provider Business Practice Location Address"
PERSON = {"NPI": GOOD, "Entity Type Code": "1", LAST: "Testwell"}
HOUSE = {
    "NPI": OTHER,
    "Entity Type Code": "2",
    "Provider Organization Name (Legal Business Name)": "Test House",
}


@pytest.fixture
def read(tmp_path):
    def read(*rows):
        header = list(dict.fromkeys(name for row in rows for name in row))
        path = tmp_path / "nppes.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, header, restval="", quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)
        (chunk,) = read_nppes(path)
        return chunk

    return read


def only(chunk):
    (row,) = chunk.rows.to_pylist()
    return row


def test_tables_have_the_columns_that_loading_relies_on(read):
    chunk = read(PERSON, HOUSE)
    assert list(chunk.tables) == ["hcps", "taxonomies", "hcos", "deactivations"]
    assert chunk.tables["hcps"].schema == schemas.HCPS
    assert chunk.tables["taxonomies"].schema == schemas.TAXONOMIES
    assert chunk.tables["hcos"].schema == schemas.HCOS
    assert chunk.tables["deactivations"].schema == schemas.DEACTIVATIONS


@pytest.mark.parametrize(
    "header", ["Provider Sex Code", "Provider Gender Code", " provider gender code "]
)
def test_a_column_renamed_between_years_is_not_lost(read, header):
    assert only(read({**PERSON, header: "f"}))["sex_code"] == "F"


def test_a_file_of_npi_and_name_alone_is_read_as_people(read):
    chunk = read({"NPI": GOOD, LAST: "Testwell"})
    assert only(chunk)["last_name"] == "Testwell"
    assert {"first_name", "sex_code", "primary_taxonomy", "is_active"} <= chunk.absent
    assert "last_name" not in chunk.absent


def test_a_file_without_names_is_refused_as_a_whole(tmp_path):
    path = tmp_path / "nppes.csv"
    path.write_text(f"NPI,Entity Type Code\n{GOOD},1\n", encoding="utf-8")
    with pytest.raises(RegistryFileError, match="Provider Last Name"):
        list(read_nppes(path))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["207R00000X", "207Q00000X", "363A00000X", ""]),
            st.sampled_from(["Y", "N", "X", ""]),
        ),
        min_size=15,
        max_size=15,
    )
)
@settings(max_examples=25, deadline=None)
def test_the_primary_taxonomy_is_the_one_the_rule_chooses(tmp_path_factory, pairs):
    row = dict(PERSON)
    for i, (code, flag) in enumerate(pairs, start=1):
        row[f"Healthcare Provider Taxonomy Code_{i}"] = code
        row[f"Healthcare Provider Primary Taxonomy Switch_{i}"] = flag
    path = tmp_path_factory.mktemp("nppes") / "file.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([row.keys(), row.values()])
    (chunk,) = read_nppes(path)
    filled = [TaxonomySlot(i, c, f or None) for i, (c, f) in enumerate(pairs, start=1) if c]
    expected = choose_primary_taxonomy(filled)
    person = only(chunk)
    assert person["primary_taxonomy"] == (expected.code if expected else None)
    assert person["primary_flagged"] == any(slot.flag == "Y" for slot in filled)
    rows = chunk.tables["taxonomies"].to_pylist()
    assert [r["slot"] for r in rows] == [slot.slot for slot in filled]
    assert [r["slot"] for r in rows if r["is_primary"]] == ([expected.slot] if expected else [])


def test_a_specialty_by_name_is_kept_as_a_name(read):
    person = only(read({**PERSON, "Healthcare Provider Taxonomy Code_1": "NURSE PRACTITIONER"}))
    assert (person["primary_taxonomy"], person["n_taxonomies"]) == (None, 0)
    assert person["specialty_name"] == "NURSE PRACTITIONER"
    assert person["profession"] == "nurse_practitioner"


def test_a_damaged_code_is_noted_and_the_person_kept(read):
    chunk = read({**PERSON, "Healthcare Provider Taxonomy Code_1": "207R0000"})
    assert only(chunk)["primary_taxonomy"] is None
    assert [r.value for r in chunk.blanked] == ["207R0000"]


@pytest.mark.parametrize(
    ("off", "back", "active"),
    [
        ("", "", True),
        ("01/02/2006", "", False),
        ("01/02/2006", "01/03/2006", True),
        ("01/02/2006", "01/02/2006", True),
        ("01/02/2006", "01/01/2006", False),
    ],
)
def test_a_number_that_came_back_is_active_and_keeps_its_history(read, off, back, active):
    person = only(read({**PERSON, "NPI Deactivation Date": off, "NPI Reactivation Date": back}))
    assert person["is_active"] is active
    assert (person["deactivated_on"] is None) == (off == "")


def test_a_number_with_nothing_but_its_end_is_a_deactivation(read):
    chunk = read(PERSON, {"NPI": OTHER, "NPI Deactivation Date": "05/06/2020"})
    assert chunk.tables["deactivations"].to_pylist() == [
        {"line": 3, "npi": OTHER, "deactivated_on": date(2020, 5, 6)}
    ]
    assert not chunk.refused


def test_unavailable_is_missing_and_parts_name_their_whole(read):
    part = {
        **HOUSE,
        "Is Organization Subpart": "Y",
        "Parent Organization LBN": "Whole House",
        "Provider Other Organization Name": "<UNAVAIL>",
    }
    (house,) = read(part).tables["hcos"].to_pylist()
    assert (house["system"], house["value"]) == ("npi", OTHER)
    assert house["is_subpart"] is True and house["parent_name"] == "Whole House"
    assert house["other_name"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"NPI": "1234567890"}, "NPI"),
        ({"NPI": ""}, "NPI"),
        ({"Entity Type Code": "3"}, "Entity Type Code"),
        ({"Entity Type Code": ""}, "Entity Type Code"),
        ({LAST: ""}, LAST),
        ({"Last Update Date": "02/30/2019"}, "Last Update Date"),
        ({"NPI Deactivation Date": "soon"}, "NPI Deactivation Date"),
    ],
)
def test_a_faulty_row_is_refused_with_field_and_remedy_and_the_rest_kept(read, change, field):
    other = {**PERSON, "NPI": OTHER}
    chunk = read({**PERSON, **change}, other)
    (refusal,) = chunk.refused
    assert (refusal.line, refusal.field) == (2, field)
    assert refusal.value == next(iter(change.values())) and refusal.remedy
    assert refusal.value == "" or refusal.value not in refusal.remedy
    assert only(chunk)["npi"] == OTHER
    assert (chunk.n_read, chunk.n_refused) == (2, 1)


def test_two_faults_of_a_row_count_as_one_refused_row(read):
    chunk = read({**PERSON, "NPI": "1", LAST: ""})
    assert (len(chunk.refused), chunk.n_refused, chunk.rows.num_rows) == (2, 1, 0)


@pytest.mark.parametrize(
    ("country", "state", "zip_code", "expected"),
    [
        ("", "CT", "06798-3736", ("US", "CT", "067983736")),
        ("us", "Rhode Island", "2903", ("US", "RI", "02903")),
        ("", "", "06798", (None, None, "06798")),
        ("GB", "Kent", "ZZ1 1ZZ", ("GB", "Kent", "ZZ1 1ZZ")),
        ("UK", "", "ZZ1 1ZZ", (None, None, "ZZ1 1ZZ")),
        ("PR", "PR", "603", ("PR", "PR", "00603")),
    ],
)
def test_places_are_made_comparable(read, country, state, zip_code, expected):
    row = {
        **PERSON,
        f"{PRACTICE} Country Code (If outside U.S.)": country,
        f"{PRACTICE} State Name": state,
        f"{PRACTICE} Postal Code": zip_code,
    }
    person = only(read(row))
    assert (person["country"], person["state"], person["zip"]) == expected


def test_the_hash_of_a_row_changes_with_what_is_read_and_only_with_that(read):
    first = only(read(PERSON))["row_hash"]
    assert only(read(PERSON))["row_hash"] == first
    assert only(read({**PERSON, "Authorized Official Last Name": "Somebody"}))["row_hash"] == first
    assert only(read({**PERSON, "Provider First Name": "Tavia"}))["row_hash"] != first
    code = {"Healthcare Provider Taxonomy Code_9": "207R00000X"}
    assert only(read({**PERSON, **code}))["row_hash"] != first


def test_private_details_are_not_read():
    names = set(schemas.HCPS.names) | set(schemas.HCOS.names)
    assert not [n for n in names if "official" in n or "employer" in n or "tin" in n.split("_")]
    assert all(isinstance(field.type, pa.DataType) for field in schemas.HCPS)
