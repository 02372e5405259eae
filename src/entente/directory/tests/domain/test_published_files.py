"""Registry files as published, where they are at hand: counts as measured by others."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from entente.directory.adapters.clinicians import read_clinicians
from entente.directory.adapters.hospitals import read_hospitals
from entente.directory.adapters.nppes import read_nppes
from entente.directory.adapters.nucc import read_nucc
from entente.directory.adapters.pharmacies import read_pharmacies

FOLDER = Path(__file__).resolve().parents[6] / "shared" / "data" / "hcp-registries"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the published registry files are not beside the repository"
)


class Read:
    """All chunks of a file: tables put together, refusals counted, no value kept."""

    def __init__(self, reader, name):
        chunks = list(reader(FOLDER / name, chunk_rows=1000))
        self.n_read = sum(c.n_read for c in chunks)
        self.n_refused = sum(c.n_refused for c in chunks)
        self.n_blanked = sum(len(c.blanked) for c in chunks)
        self.tables = {t: pa.concat_tables([c.tables[t] for c in chunks]) for t in chunks[0].tables}
        self.absent = chunks[0].absent

    def column(self, table, name):
        return self.tables[table].column(name)

    def count(self, table, name, value):
        return pc.sum(pc.equal(self.column(table, name), value)).as_py()


@pytest.fixture(scope="module")
def people():
    return Read(read_nppes, "npidata_ct_practitioners.csv.gz")


def test_all_practitioners_are_read_and_none_refused(people):
    assert (people.n_read, people.n_refused, people.n_blanked) == (2000, 0, 0)
    assert people.tables["hcps"].num_rows == 2000 and not people.absent
    states = [people.count("hcps", "state", state) for state in ("CT", "MA", "RI")]
    assert states == [926, 856, 218]


def test_practitioners_without_a_flag_still_have_one_primary_taxonomy(people):
    n_taxonomies = people.column("hcps", "n_taxonomies")
    assert pc.sum(pc.greater(n_taxonomies, 1)).as_py() == 402
    assert people.count("hcps", "primary_flagged", False) == 29
    assert people.column("hcps", "primary_taxonomy").null_count == 0
    assert people.count("taxonomies", "is_primary", True) == 2000


def test_practitioners_who_came_back_are_active(people):
    assert 2000 - people.column("hcps", "deactivated_on").null_count == 30
    assert people.count("hcps", "is_active", True) == 2000


def test_every_code_in_use_is_in_the_taxonomy(people):
    taxonomy = Read(read_nucc, "nucc_taxonomy_codes.csv")
    assert (taxonomy.n_read, taxonomy.n_refused) == (874, 0)
    used = set(people.column("taxonomies", "taxonomy_code").to_pylist())
    assert len(used) == 212
    assert used <= set(taxonomy.column("taxonomy", "taxonomy_code").to_pylist())


def test_organisations_and_their_parts_are_read():
    houses = Read(read_nppes, "npidata_ma_organizations.csv")
    assert (houses.n_read, houses.n_refused) == (40, 0)
    assert houses.tables["hcos"].num_rows == 40
    assert houses.count("hcos", "is_subpart", True) == 3
    assert houses.tables["hcos"].num_rows - houses.column("hcos", "parent_name").null_count == 3


def test_the_narrow_file_of_another_year_loses_no_column():
    people = Read(read_nppes, "crossreg_nppes_2026_5000.csv.gz")
    assert (people.n_read, people.n_refused) == (5000, 0)
    assert people.column("hcps", "sex_code").null_count == 0
    assert people.column("hcps", "address_line1").null_count < 5000
    assert people.column("hcps", "primary_taxonomy").null_count == 5000
    assert people.column("hcps", "specialty_name").null_count == 24
    assert people.column("hcps", "updated_on").null_count == 0


def test_clinicians_have_one_row_per_address():
    clinicians = Read(read_clinicians, "crossreg_cms_clinicians_2026_9685.csv.gz")
    assert (clinicians.n_read, clinicians.n_refused) == (9685, 0)
    assert len(set(clinicians.column("clinicians", "npi").to_pylist())) == 5000


def test_hospitals_get_back_their_zeros():
    hospitals = Read(read_hospitals, "hospital_general_information.csv.gz")
    assert (hospitals.n_read, hospitals.n_refused) == (5421, 0)
    assert hospitals.count("hcos", "value_restored", True) == 830
    assert hospitals.count("hcos", "zip_restored", True) == 356
    values = hospitals.column("hcos", "value").to_pylist()
    assert len(set(values)) == 5421 and sum(not v.isdigit() for v in values) == 164


def test_affiliations_meet_the_hospital_file():
    clinicians = Read(read_clinicians, "doctors_clinicians_hosp_affil_2021_a.csv")
    hospitals = Read(read_hospitals, "hospital_general_information.csv.gz")
    known = set(hospitals.column("hcos", "value").to_pylist())
    assert (clinicians.n_read, clinicians.n_refused) == (193, 0)
    assert len(set(clinicians.column("clinicians", "npi").to_pylist())) == 183
    rows = clinicians.tables["affiliations"].to_pylist()
    assert sum(r["n_mentions"] for r in rows) == 118
    assert sum(r["n_mentions"] for r in rows if r["hospital_ccn"] in known) == 114
    assert len({(r["npi"], r["hospital_ccn"]) for r in rows}) == len(rows)


def test_pharmacies_have_two_identifiers_each():
    pharmacies = Read(read_pharmacies, "ct_pharmacies.csv")
    assert (pharmacies.n_read, pharmacies.n_refused) == (609, 0)
    assert pharmacies.tables["identifiers"].num_rows == 2 * 609
    assert len(set(pharmacies.column("hcos", "value").to_pylist())) == 609
