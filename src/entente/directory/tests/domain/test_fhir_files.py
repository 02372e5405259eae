"""FHIR files as rows: what is read of a resource, and what no hostile file can do."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.directory.adapters import fhir_read as read
from entente.directory.adapters import fhir_write as write
from entente.directory.adapters.chunks import RegistryFileError
from entente.directory.adapters.fhir import MOST_BODY_CHARS, read_fhir
from entente.directory.adapters.fhir_files import MOST_LINE_BYTES
from entente.directory.domain.fhir_json import FhirJsonError, content_hash, read_json, write_json
from entente.directory.domain.fhir_types import KIND_REMEDY, PATIENT_REMEDY

pytestmark = pytest.mark.feature("directory/integration")
NPI = {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1245319599"}
ADA = {
    "resourceType": "Practitioner",
    "id": "ada",
    "identifier": [NPI],
    "name": [{"use": "official", "family": "Testwell", "given": ["Ada", "B."], "suffix": ["MD"]}],
}


@pytest.fixture
def rows(tmp_path):
    """Read a text, bytes or resource as a file and give its resources and refusals."""

    def run(content, name="file.json"):
        path = tmp_path / name
        if not isinstance(content, bytes):
            text = content if isinstance(content, str) else json.dumps(content)
            content = text.encode()
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        chunks = list(read_fhir(path))
        found = [row for chunk in chunks for row in chunk.rows.to_pylist()]
        return found, [refusal for chunk in chunks for refusal in chunk.refused]

    return run


def bundle(*resources, **more):
    entries = [{"resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries} | more


@pytest.mark.parametrize("name", ["file.json", "file.json.gz", "odd.dat"])
def test_a_resource_a_bundle_and_lines_read_alike(rows, name):
    one, _ = rows(ADA, name)
    many, _ = rows(bundle(ADA), name)
    lines, _ = rows(json.dumps(ADA) + "\n\n" + json.dumps({**ADA, "id": "b"}) + "\n", name)
    assert one == many
    assert [each["line"] for each in lines] == [1, 3]
    assert {each["row_hash"] for each in [*one, *many, *lines]} == {content_hash(ADA)}


def test_the_work_address_is_read_and_a_home_is_not(rows):
    home = {"use": "home", "line": ["1 Hidden Lane"], "city": "Homeville", "state": "MA"}
    work = {"use": "work", "line": ["2 Main St", "Suite 4"], "city": "Boston", "state": "ma",
            "postalCode": "2115", "country": "USA"}  # fmt: skip
    ((row,), _) = rows({**ADA, "address": [home, work]})
    assert (row["address_line"], row["address_line2"]) == ("2 Main St", "Suite 4")
    assert (row["us_state"], row["postal_code"], row["country"]) == ("MA", "02115", "US")
    ((row,), _) = rows({**ADA, "address": [home]})
    assert row["city"] == ""


def test_letters_of_a_degree_are_no_suffix(rows):
    name = [{"family": "Testwell", "suffix": ["Jr.", "M.D."]}]
    ((row,), _) = rows({**ADA, "name": name})
    assert (row["suffix"], row["credential"], row["profession"]) == ("Jr.", "M.D.", "physician")


@pytest.mark.feature("directory/identity")
@pytest.mark.parametrize("value", ["520", "1245319598", "12453195990", "", "NPI 1245319599"])
def test_what_is_no_npi_is_not_taken_for_one(rows, value):
    found, (refusal,) = rows({**ADA, "identifier": [{**NPI, "value": value}]})
    assert found == []
    assert refusal.field == "Practitioner.identifier"
    assert "10 digits" in refusal.remedy


def test_the_same_digits_under_another_system_are_no_npi(rows):
    ((row,), _) = rows({**ADA, "identifier": [{**NPI, "system": "urn:x"}]})
    assert (row["npi"], row["key_system"]) == (None, "urn:x")


def test_numbers_of_a_citizen_do_not_identify_a_professional():
    secret = [
        {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "1"},
        {"system": "urn:x", "value": "2", "type": {"coding": [{"code": "SS"}]}},
        {"system": "urn:oid:2.16.840.1.113883.4.1", "value": "3"},
        {"system": "urn:y", "value": "4", "use": "old"},
    ]
    assert read.identifiers({**ADA, "identifier": secret}) == []


def test_two_servers_with_the_same_short_id_do_not_mean_the_same_person():
    one = {"resourceType": "Practitioner", "id": "1", "name": [{"family": "Testwell"}]}
    other = {**one, "name": [{"family": "Otherman"}]}
    assert read.logical_key(one, "") != read.logical_key(other, "")
    assert read.logical_key(one, "https://a.test/Practitioner/1") != read.logical_key(
        one, "https://b.test/Practitioner/1"
    )


@pytest.mark.feature("directory/data-quality")
@pytest.mark.parametrize("kind", ["Patient", "Encounter", "Observation", "Claim", "RelatedPerson"])
def test_of_a_patients_record_nothing_is_repeated(rows, kind):
    found, (refusal,) = rows(bundle({"resourceType": kind, "id": "secret", "name": "secret"}))
    assert found == []
    assert (refusal.field, refusal.value, refusal.remedy) == (kind, "", PATIENT_REMEDY)


def test_a_patient_hidden_inside_a_practitioner_is_found(rows):
    found, (refusal,) = rows({**ADA, "contained": [{"resourceType": "Patient", "id": "p"}]})
    assert (found, refusal.field) == ([], "Practitioner.contained")


@pytest.mark.parametrize("kind", ["Endpoint", "Jane Doe", "", 7, ["Patient"], None])
def test_other_kinds_are_left_out_and_no_made_up_word_is_repeated(rows, kind):
    found, (refusal,) = rows(bundle({"resourceType": kind}))
    assert (found, refusal.remedy) == ([], KIND_REMEDY)
    assert refusal.field in ("Endpoint", "resourceType")


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("name", "Testwell"), ("name", [["Testwell"]]), ("name", [{"family": 7}]),
        ("name", [{"family": "T", "given": "Ada"}]), ("identifier", {"value": "1"}),
        ("identifier", [{"system": "urn:x", "value": 23}]), ("active", "true"),
        ("address", [{"line": "1 Main St"}]), ("telecom", [None, "x"]), ("id", 5),
        ("qualification", [{"code": {"coding": "MD"}}]), ("contained", {}), ("meta", []),
    ],
)  # fmt: skip
def test_an_element_of_the_wrong_shape_is_named(rows, element, value):
    found, refused = rows({**ADA, element: value})
    assert found == []
    assert all(each.field.startswith(f"Practitioner.{element}") for each in refused)
    assert all(each.remedy and not each.value for each in refused)


def test_what_changes_the_meaning_in_an_unknown_way_is_refused(rows):
    found, (refusal,) = rows({**ADA, "modifierExtension": [{"url": "urn:not"}]})
    assert (found, refusal.field) == ([], "Practitioner.modifierExtension")


def test_a_bad_line_or_entry_never_stops_the_good_ones(rows):
    good = json.dumps(ADA).encode()
    lines = [good, b"{", b"[]", b'{"a": 1, "a": 2}', b"\xff\xfe", b'"x"',
             b"[" * 3_000, b'{"x": "' + b"a" * MOST_LINE_BYTES + b'"}', good]  # fmt: skip
    found, refused = rows(b"\n".join(lines), "file.ndjson")
    assert [each["line"] for each in found] == [1, 9]
    assert sorted({each.line for each in refused}) == [2, 3, 4, 5, 6, 7, 8]
    mixed = {"resourceType": "Bundle", "type": "batch",
             "entry": [None, 7, {}, {"resource": []}, {"resource": ADA, "fullUrl": 3},
                       {"resource": ADA, "request": {"method": "DELETE"}}]}  # fmt: skip
    found, refused = rows(mixed)
    assert [each["line"] for each in found] == [5]
    assert sorted({each.line for each in refused}) == [1, 2, 3, 4, 6]


@pytest.mark.promise("P21")
@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n\n", b"null", b"[]", b"{}", b'"text"', b"name,npi\n1,2\n", b"\xff\xfe{\x00}\x00",
        b'{"resourceType": "Practitioner"', b'{"resourceType": ["Practitioner"]}',
        b'{"resourceType": "Practitioner", "id": "a", "id": "b"}', b"[" * 200_000,
        b'{"a":' * 200_000, b'{"resourceType": "Bundle", "type": "collection", "entry": {}}',
        b'{"resourceType": "Bundle", "type": "message"}', b'{"resourceType": "X", "n": NaN}',
        b'{"resourceType": "X", "n": ' + b"9" * 5_000 + b"}", b'{"resourceType": "X", "n": 1e99999}',
        b'{"resourceType": "X", "n": "\\u0000"}', b'{"resourceType": "X", "n": "\\ud800"}',
    ],
)  # fmt: skip
def test_a_file_that_is_no_fhir_is_refused_whole_with_a_reason(rows, content):
    with pytest.raises(RegistryFileError) as wrong:
        rows(content)
    assert str(wrong.value).startswith("IMPORT-01")
    assert "file.json" in str(wrong.value)


def test_a_gzip_that_breaks_off_or_unpacks_without_end_is_refused(tmp_path):
    path = tmp_path / "cut.json.gz"
    path.write_bytes(gzip.compress(json.dumps(bundle(*[ADA] * 500)).encode())[:-20])
    with pytest.raises(RegistryFileError, match="IMPORT-004"):
        list(read_fhir(path))
    path.write_bytes(gzip.compress(b" " * (60 << 20)))
    with pytest.raises(RegistryFileError, match="IMPORT-011"):
        list(read_fhir(path))


def test_a_resource_of_enormous_length_is_refused_alone(rows):
    found, refused = rows(bundle({**ADA, "photo": "a" * MOST_BODY_CHARS}, ADA))
    assert [each["line"] for each in found] == [2]
    assert [each.line for each in refused] == [1]


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXT
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=4,
)  # fmt: skip
UNKNOWN = st.dictionaries(TEXT.map(lambda text: f"x{text}"), VALUES, max_size=2)


@given(VALUES)
def test_json_comes_back_as_it_was_digit_by_digit(value):
    assert read_json(write_json(value)) == value
    assert write_json(read_json(write_json(value))) == write_json(value)


@given(VALUES)
def test_the_quick_way_and_the_slow_way_write_the_same(value):
    plain = read_json(write_json(value))
    beside = {"n": Decimal("1.10"), "v": plain}
    assert (
        write_json(beside, in_order=True)
        == '{"n":1.10,"v":' + write_json(plain, in_order=True) + "}"
    )


def test_a_decimal_keeps_its_zeros():
    assert write_json(read_json('{"v":1.10,"w":-0.0,"x":1E-7}')) == '{"v":1.10,"w":-0.0,"x":1E-7}'
    assert read_json("1.10") == Decimal("1.10")


HELD = {
    "id": "00000000-0000-7000-8000-000000000001", "npi": "1245319599", "identity_status": "verified",
    "specialty": "", "address_line2": "", "city": "Boston", "us_state": "MA", "postal_code": "02115",
    "country": "US", "phone": "6175550100", "address_line": "2 Main St", "family_name": "Newname",
    "given_name": "Ada", "middle_name": "B.", "prefix": "", "suffix": "", "credential": "MD",
    "taxonomy_code": "207RC0000X",
}  # fmt: skip


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(UNKNOWN, UNKNOWN, UNKNOWN)
def test_elements_that_are_not_known_survive_a_round_trip(outside, in_name, in_identifier):
    received = {
        **ADA, **outside, "identifier": [{**NPI, **in_identifier}],
        "name": [{**ADA["name"][0], **in_name}],
    }  # fmt: skip
    kept = read_json(write_json(received))
    given_out = write.practitioner(HELD, [("urn:a", "1")], kept)
    for element, value in outside.items():
        assert given_out[element] == value
    for element, value in in_name.items():
        assert given_out["name"][0][element] == value
    for element, value in in_identifier.items():
        assert given_out["identifier"][0][element] == value
    assert given_out["name"][0]["family"] == "Newname"
    again = write.practitioner(HELD, [("urn:a", "1")], read_json(write_json(given_out)))
    assert again == given_out


def test_what_the_directory_does_not_know_it_does_not_change():
    empty = dict.fromkeys(HELD, "") | {"id": "1", "npi": None, "identity_status": "unverified"}
    given_out = write.practitioner(empty, [], {**ADA, "text": {"div": "<div/>"}})
    assert given_out == {**ADA, "id": "1", "text": {"div": "<div/>"}}


def test_a_narrative_that_would_be_wrong_goes():
    given_out = write.practitioner(HELD, [], {**ADA, "text": {"div": "<div>Testwell</div>"}})
    assert "text" not in given_out


def test_a_number_or_text_that_no_database_holds_is_refused():
    for text in ('"\\u0000"', '"\\udc00"', "1e9999", "9" * 61, "Infinity", '{"a":1,"a":1}'):
        with pytest.raises(FhirJsonError):
            read_json(text)
