"""Loading NPPES files: what is new, what changed, what is refused, and nothing twice."""

from __future__ import annotations

import csv
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.directory import actions, reads
from entente.directory.models import Hco, Hcp, SourceLoad
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry
from tests.registry_rows import npi_of, person


@pytest.mark.feature("directory/hcp-types")
def test_an_active_person_comes_in_verified_with_profession_licence_and_zone(cast, noon, nppes):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1)]), at=noon)
        found = reads.hcps_by_npi([npi_of(1)])[npi_of(1)]
        assert found.identity_status == "verified"
        assert (found.licence_active, found.can_prescribe) == (True, True)
        assert (found.profession, found.covered_recipient_type) == ("physician", "physician")
        assert (found.time_zone, found.licence_states) == ("America/New_York", ["CT"])
        assert found.display_name == "Mara Testwell1"


@pytest.mark.feature("directory/integration")
def test_the_same_file_twice_changes_nothing(cast, noon, nppes):
    path = nppes([person(n) for n in range(5)])
    with act_as(cast.system()):
        first = actions.import_nppes(path, at=noon)
        before = list(Hcp.objects.order_by("id").values())
        second = actions.import_nppes(path, at=noon)
        assert (first.new, second.new, second.changed, second.unchanged) == (5, 0, 0, 5)
        assert list(Hcp.objects.order_by("id").values()) == before


@pytest.mark.feature("directory/integration")
def test_a_dry_run_counts_and_writes_nothing(cast, noon, nppes):
    with act_as(cast.system()):
        entries = LedgerEntry.objects.count()
        counted = actions.import_nppes(nppes([person(1), person(2)]), at=noon, dry_run=True)
        assert (counted.new, counted.dry_run) == (2, True)
        assert not Hcp.objects.exists()
        assert not SourceLoad.objects.exists()
        assert LedgerEntry.objects.count() == entries


def test_a_newer_row_changes_and_an_older_one_only_fills_gaps(cast, noon, nppes):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1, city="")]), at=noon)
        newer = person(1, last="NEWNAME", city="", updated="01/02/2020")
        assert actions.import_nppes(nppes([newer]), at=noon).changed == 1
        older = person(1, last="OLDNAME", city="AVON", updated="01/02/2010")
        assert actions.import_nppes(nppes([older]), at=noon).changed == 1
        found = Hcp.objects.get(npi=npi_of(1))
        assert (found.family_name, found.city) == ("NEWNAME", "AVON")
        assert actions.import_nppes(nppes([newer]), at=noon).unchanged == 1


def test_a_deactivated_person_is_inactive_and_a_reactivated_one_is_not(cast, noon, nppes):
    with act_as(cast.system()):
        rows = [
            person(1, off="03/01/2020"),
            person(2, off="03/01/2006", back="04/01/2006"),
            person(3),
        ]
        actions.import_nppes(nppes(rows), at=noon)
        blank = dict.fromkeys(rows[0], "") | {
            "NPI": npi_of(3),
            "NPI Deactivation Date": "05/01/2026",
        }
        assert actions.import_nppes(nppes([blank]), at=noon).changed == 1
        assert actions.import_nppes(nppes([blank]), at=noon).unchanged == 1
        states = {h.npi: (h.identity_status, h.licence_active) for h in Hcp.objects.order_by("npi")}
        assert states == {
            npi_of(1): ("inactive", False),
            npi_of(2): ("verified", True),
            npi_of(3): ("inactive", False),
        }


@pytest.mark.feature("directory/data-quality")
def test_refused_rows_are_named_with_line_field_value_and_remedy_and_the_good_ones_stay(
    cast, noon, nppes, tmp_path
):
    refused = tmp_path / "refused.csv"
    rows = [person(1), person(2, npi="1234567890"), person(1, last="TWICE"), person(3, last="")]
    with act_as(cast.system()):
        done = actions.import_nppes(nppes(rows), at=noon, refused_path=refused)
        assert (done.read, done.new, done.refused) == (4, 1, 3)
        load = SourceLoad.objects.get()
        assert load.n_refused == 3
        assert "1234567890" not in str(load.refusals)
    with refused.open() as stream:
        named = list(csv.DictReader(stream))
    assert {(row["line"], row["field"]) for row in named} >= {("3", "NPI")}
    assert {row["line"] for row in named} == {"2", "3", "5"} or len(named) == 3
    assert all(row["remedy"] for row in named)


@pytest.mark.feature("directory/data-quality")
def test_a_formula_in_a_refused_value_does_not_come_to_life(cast, noon, nppes, tmp_path):
    refused = tmp_path / "refused.csv"
    with act_as(cast.system()):
        actions.import_nppes(
            nppes([person(1, npi='=HYPERLINK("x")')]), at=noon, refused_path=refused
        )
    with refused.open() as stream:
        assert next(iter(csv.DictReader(stream)))["value"].startswith("'=")


def test_organisations_of_the_file_come_in_with_their_key(cast, noon, nppes):
    with act_as(cast.system()):
        row = person(7, kind="2", last="", first="", organisation="TEST CLINIC LLC")
        assert actions.import_nppes(nppes([row]), at=noon).new == 1
        assert Hco.objects.get(system="npi", value=npi_of(7)).display_name == "Test Clinic Llc"


@pytest.mark.promise("P6")
def test_a_load_leaves_one_entry_with_counts_and_no_personal_value(cast, noon, nppes):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1)]), at=noon)
        entry = LedgerEntry.objects.filter(verb="directory.file.loaded").latest("seq")
        assert '"new":1' in entry.body
        assert "TESTWELL" not in entry.body


def test_ten_thousand_people_are_loaded_in_columns(cast, noon, nppes):
    few, many = nppes([person(n) for n in range(10)]), None
    with act_as(cast.system()):
        with CaptureQueriesContext(
            connection,
        ) as small:
            actions.import_nppes(few, at=noon)
        many = nppes([person(n) for n in range(10, 10_010)])
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as large:
            done = actions.import_nppes(many, at=noon)
        assert done.new == 10_000
        assert len(large) == len(small)
        assert time.perf_counter() - began < 20


@pytest.mark.promise("P1")
def test_a_partner_reads_people_and_cannot_change_them(cast, noon, nppes):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1)]), at=noon)
    with act_as(cast.system(cast.partner)):
        assert Hcp.objects.filter(npi=npi_of(1)).update(family_name="X") == 0
        assert not SourceLoad.objects.exists()
        theirs = actions.import_nppes(
            nppes([person(1, last="THEIRS", updated="01/01/2026")]), at=noon
        )
        assert theirs.notes["kept_by_another_organisation"] == 1
        assert Hcp.objects.get(npi=npi_of(1)).family_name == "TESTWELL1"
