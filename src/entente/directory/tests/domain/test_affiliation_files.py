"""Clinicians, hospitals and pharmacies: zeros that were lost, pairs, several addresses."""

import pytest

from entente.directory.adapters import schemas
from entente.directory.adapters.clinicians import read_clinicians
from entente.directory.adapters.hospitals import read_hospitals
from entente.directory.adapters.pharmacies import read_pharmacies

GOOD = "1234567893"


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_affiliations_are_one_per_person_and_hospital_with_restored_ccns(write):
    text = (
        "NPI, lst_nm, zip, Ind_PAC_ID, hosp_afl_1, hosp_afl_lbn_1, hosp_afl_2, hosp_afl_lbn_2\n"
        f"{GOOD},Testwell,69990001,42,70001,HOUSE A,070002,HOUSE B\n"
        f"{GOOD},Testwell,603,0000000042,070001,HOUSE A,9,HOUSE C\n"
    )
    (chunk,) = read_clinicians(write(text))
    assert chunk.tables["affiliations"].schema == schemas.AFFILIATIONS
    rows = chunk.tables["affiliations"].to_pylist()
    assert [(r["hospital_ccn"], r["hospital_name"], r["n_mentions"]) for r in rows] == [
        ("070001", "HOUSE A", 2),
        ("070002", "HOUSE B", 1),
    ]
    assert [r["ccn_restored"] for r in rows] == [True, False]
    assert [(r.line, r.field, r.value) for r in chunk.blanked] == [(3, "hosp_afl_2", "9")]
    people = chunk.tables["clinicians"].to_pylist()
    assert [p["zip"] for p in people] == ["069990001", "00603"]
    assert {p["pac_id"] for p in people} == {"0000000042"}


def test_the_later_layouts_are_read_by_the_same_reader(write):
    (chunk,) = read_clinicians(
        write(f"NPI,Facility Affiliations Certification Number\n{GOOD},01014F\n")
    )
    assert chunk.tables["affiliations"].column("hospital_ccn").to_pylist() == ["01014F"]
    (chunk,) = read_clinicians(
        write(f"NPI,Provider Last Name,City/Town,Full Street Address\n{GOOD},Testwell,A,1 B ST\n")
    )
    (person,) = chunk.rows.to_pylist()
    assert (person["last_name"], person["city"]) == ("Testwell", "A")
    assert chunk.tables["affiliations"].num_rows == 0


def test_a_clinician_with_a_wrong_npi_gives_no_affiliation(write):
    (chunk,) = read_clinicians(write("NPI,hosp_afl_1\n1234567890,070001\n"))
    assert [t.num_rows for t in chunk.tables.values()] == [0, 0]
    assert chunk.n_refused == 1


def test_a_telephone_number_ruined_by_a_spreadsheet_is_left_empty_and_noted(write):
    (chunk,) = read_clinicians(write(f"NPI,phn_numbr\n{GOOD},2.03555E+09\n"))
    assert chunk.rows.column("phone").to_pylist() == [None]
    assert [r.field for r in chunk.blanked] == ["phn_numbr"]


def test_hospitals_are_keyed_by_restored_ccn_and_letters_are_kept(write):
    text = (
        "Facility ID,Facility Name,State,ZIP Code\n"
        "70001,A,CT,6099\n01014F,B,AL,35233\n7,C,CT,06099\n70002,,CT,06099\n"
    )
    (chunk,) = read_hospitals(write(text))
    rows = chunk.rows.to_pylist()
    assert [(r["system"], r["value"], r["zip"]) for r in rows] == [
        ("ccn", "070001", "06099"),
        ("ccn", "01014F", "35233"),
    ]
    assert [r["value_restored"] for r in rows] == [True, False]
    assert [r["zip_restored"] for r in rows] == [True, False]
    assert [(r.line, r.field) for r in chunk.refused] == [(4, "Facility ID"), (5, "Facility Name")]


def test_a_pharmacy_has_its_identifiers_as_pairs(write):
    text = (
        "Pharmacy-Name,Credential,Location,Zip,State,CredentialId\n"
        'TEST APOTHECARY,PCY.1,"1 A ST\nCT 06099\n(0, 0)",06099-0001,CT,77\n'
    )
    (chunk,) = read_pharmacies(write(text))
    (pharmacy,) = chunk.rows.to_pylist()
    assert (pharmacy["zip"], pharmacy["country"]) == ("060990001", "US")
    pairs = [(r["system"], r["value"]) for r in chunk.tables["identifiers"].to_pylist()]
    assert pairs == [("us-ct-credential", "PCY.1"), ("us-ct-credential-id", "77")]
    assert {r["hco_value"] for r in chunk.tables["identifiers"].to_pylist()} == {"PCY.1"}
