"""``entente import`` counts, writes, refuses and says so."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner

from entente.consent.commands import import_commands as consent_commands
from entente.directory.commands import export_commands, import_commands
from entente.directory.models import Hcp
from entente.foundation.access.scope import act_as
from tests.registry_rows import person


@pytest.fixture
def run(cast):
    group = click.Group("import")
    import_commands(group)
    consent_commands(group)
    return lambda *words: CliRunner().invoke(group, [str(word) for word in words])


@pytest.mark.feature("directory/integration")
def test_a_dry_run_then_the_load_then_nothing_new(run, cast, nppes, tmp_path):
    path = nppes([person(1), person(2), person(3, npi="1234567890")])
    dry = json.loads(run("nppes", path, "--dry-run", "--json").stdout)
    assert (dry["new"], dry["refused"], dry["dry_run"]) == (2, 1, True)
    with act_as(cast.system()):
        assert not Hcp.objects.exists()
    refused = tmp_path / "refused.csv"
    first = run("nppes", path, "--refused", refused)
    assert first.exit_code == 0
    assert "2 new" in first.stdout
    assert "1234567890" in refused.read_text()
    assert "1234567890" not in first.output
    again = json.loads(run("nppes", path, "--json").stdout)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_a_file_that_cannot_be_read_is_an_error_with_its_place(run, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n")
    answer = run("nppes", path)
    assert answer.exit_code != 0
    assert "odd.csv" in answer.output


def test_every_kind_has_help_with_an_example(run):
    listed = run("--help").output
    for kind in ("nppes", "nucc", "clinicians", "hospitals", "pharmacies", "contacts",
                 "products", "consents", "fhir"):  # fmt: skip
        assert kind in listed
        assert f"entente import {kind}" in run(kind, "--help").output.replace("\n  ", " ")


@pytest.mark.feature("directory/integration")
def test_what_is_exported_as_fhir_is_imported_again_unchanged(run, cast, nppes, tmp_path):
    run("nppes", nppes([person(1), person(2)]))
    group = click.Group("export")
    export_commands(group)
    out = tmp_path / "directory.ndjson.gz"
    told = CliRunner().invoke(group, ["fhir", "-o", str(out), "--json"])
    assert json.loads(told.stdout)["resources"]["Practitioner"] == 2
    back = json.loads(run("fhir", out, "--json").stdout)
    assert (back["new"], back["changed"], back["unchanged"], back["refused"]) == (0, 0, 2, 0)
    wrong = CliRunner().invoke(group, ["fhir", "-o", str(out), "--type", "Patient"])
    assert (wrong.exit_code, "Practitioner" in wrong.output) == (1, True)
    assert "entente export fhir" in CliRunner().invoke(group, ["fhir", "--help"]).output
