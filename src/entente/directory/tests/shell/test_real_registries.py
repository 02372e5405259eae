"""The public registry files that nobody here wrote; skipped where they are not at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from entente.directory import actions
from entente.directory.models import Affiliation, Hco, Hcp
from entente.foundation.access.scope import act_as

DATA = Path(__file__).resolve().parents[6] / "shared" / "data" / "hcp-registries"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public data folder ../shared/data is not there"
)


@pytest.mark.feature("directory/integration")
@pytest.mark.feature("directory/hcp-types")
def test_every_registry_file_loads_as_its_readme_counts_and_a_second_time_changes_nothing(
    cast, noon
):
    loads = [
        (actions.import_nppes, "npidata_ct_practitioners.csv.gz", (2000, 0, 0)),
        (actions.import_nppes, "crossreg_nppes_2026_5000.csv.gz", (4797, 203, 0)),
        (actions.import_nppes, "npidata_ma_organizations.csv", (40, 0, 0)),
        (actions.import_taxonomy, "nucc_taxonomy_codes.csv", (874, 0, 0)),
        (actions.import_hospitals, "hospital_general_information.csv.gz", (5421, 0, 0)),
        (actions.import_pharmacies, "ct_pharmacies.csv", (609, 0, 0)),
    ]
    with act_as(cast.system()):
        for load, name, (new, changed, unchanged) in loads:
            done = load(DATA / name, at=noon)
            assert (done.new, done.changed, done.unchanged) == (new, changed, unchanged), name
        for load, name, counts in loads:
            again = load(DATA / name, at=noon)
            assert (again.new, again.changed, again.unchanged) == (0, 0, sum(counts)), name
        assert Hcp.objects.count() == 6797
        assert Hco.objects.filter(system="ccn").count() == 5421
        crossed = actions.import_affiliations(
            DATA / "crossreg_cms_clinicians_2026_9685.csv.gz", at=noon
        )
        assert (crossed.new, crossed.notes.get("people_added")) == (0, None)
        path = DATA / "doctors_clinicians_hosp_affil_2021_a.csv"
        done = actions.import_affiliations(path, at=noon)
        assert done.notes["affiliations_named"] == 118
        assert done.notes["affiliations_hospital_not_known"] == 4
        assert Affiliation.objects.count() == done.new
        again = actions.import_affiliations(path, at=noon)
        assert (again.new, again.unchanged) == (0, done.new)
        assert "people_added" not in again.notes
