"""Sources: what they are believed, and that one below its bar is not used."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.directory import actions
from entente.directory.actions import Terms
from entente.directory.commands_sources import sources as command
from entente.directory.models import Hcp, SourceLoad, SourceTerms
from entente.directory.reads.sources import source_of, source_seen, trust_by_source
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry
from tests.registry_rows import person

pytestmark = pytest.mark.feature("directory/data-quality")
PUBLIC = Terms(trust=90, licence="Public registry", allows="public", bar_bp=2500)


def rows(n_good, n_bad):
    good = [person(n) for n in range(n_good)]
    return good + [person(1000 + n, npi="1234567890") for n in range(n_bad)]


def lower(bar_bp):
    return Terms(trust=90, licence="Public registry", allows="public", bar_bp=bar_bp)


def test_a_file_below_the_bar_changes_no_record_and_says_why(cast, noon, nppes):
    with act_as(cast.system()):
        actions.import_nppes(nppes(rows(30, 0)), at=noon)
        before = list(Hcp.objects.order_by("id").values())
        changed = [person(n, last="CHANGED", updated="01/02/2026") for n in range(15)]
        bad = changed + rows(0, 15)
        done = actions.import_nppes(nppes(bad), at=noon)
        assert "50 % of the rows were refused; the bar of this source is 25 %" in done.not_used
        assert (done.new, done.changed, done.refused) == (0, 0, 15)
        assert list(Hcp.objects.order_by("id").values()) == before
        load = SourceLoad.objects.order_by("recorded_at", "id").last()
        assert (load.outcome, load.not_used_because) == ("not_used", done.not_used)
        assert load.refusals, "why the rows were refused is kept"
        seen = source_seen("nppes")
        assert seen.is_used, "what the directory holds came from a good file"
        assert seen.last_not_used == done.not_used
        entry = LedgerEntry.objects.filter(verb="directory.file.loaded").latest("seq")
        assert '"used":false' in entry.body


def test_the_same_file_is_used_once_the_bar_lets_it_through(cast, noon, nppes):
    file = nppes(rows(15, 15))
    with act_as(cast.system()):
        assert actions.import_nppes(file, at=noon).not_used
        actions.describe_source("nppes", lower(5000), at=noon)
        done = actions.import_nppes(file, at=noon)
        assert (done.not_used, done.new) == ("", 15)


def test_rows_that_only_the_merge_refuses_count_too_and_nothing_of_it_stays(cast, noon, nppes):
    twice = [person(n) for n in range(20)] + [person(n, city="AVON") for n in range(20)]
    with act_as(cast.system()):
        done = actions.import_nppes(nppes(twice), at=noon)
        assert done.not_used
        assert (done.refused, Hcp.objects.count()) == (20, 0)


def test_a_dry_run_says_that_the_file_would_not_be_used(cast, noon, nppes):
    with act_as(cast.system()):
        assert actions.import_nppes(nppes(rows(15, 15)), at=noon, dry_run=True).not_used
        assert not SourceLoad.objects.exists()


def test_a_handful_of_rows_is_no_measure(cast, noon, nppes):
    with act_as(cast.system()):
        assert actions.import_nppes(nppes(rows(1, 3)), at=noon).not_used == ""


def test_a_bar_lowered_after_the_load_takes_the_source_out_of_use(cast, noon, nppes):
    with act_as(cast.system()):
        actions.import_nppes(nppes(rows(90, 10)), at=noon)
        assert trust_by_source()["nppes"] == 90
        actions.describe_source("nppes", lower(500), at=noon)
        seen = source_seen("nppes")
        assert not seen.is_used
        assert "10 % of the rows of its last file were refused" in seen.why_not
        assert trust_by_source()["nppes"] < min(
            trust for key, trust in trust_by_source().items() if key != "nppes"
        )


def test_the_score_counts_what_was_taken_and_what_was_complete(cast, noon, nppes):
    with act_as(cast.system()):
        half = [person(n) for n in range(40)] + [person(n, city="") for n in range(40, 80)]
        actions.import_nppes(nppes(half + rows(0, 20)), at=noon)
        assert source_seen("nppes").score_bp == 4000


def test_terms_are_checked_and_leave_one_entry(cast, noon):
    with act_as(cast.system()):
        for wrong in (
            Terms(trust=101, licence="x", allows="public", bar_bp=0),
            Terms(trust=1, licence=" ", allows="public", bar_bp=0),
            Terms(trust=1, licence="x", allows="everybody", bar_bp=0),
            Terms(trust=1, licence="x", allows="public", bar_bp=10_001),
            Terms(trust=1, licence="x", allows="public", bar_bp=0, field_trust={"shoe": 1}),
        ):
            with pytest.raises(UserError):
                actions.describe_source("fhir", wrong, at=noon)
        with pytest.raises(UserError, match="no source"):
            actions.describe_source("nowhere", PUBLIC, at=noon)
        actions.describe_source("fhir", PUBLIC, at=noon)
        actions.describe_source("fhir", PUBLIC, at=noon)
        assert LedgerEntry.objects.filter(verb="directory.source.described").count() == 1
        assert source_of("fhir").trust == 90


@pytest.mark.promise("P1")
def test_another_organisation_sees_its_own_terms_only(cast, noon):
    with act_as(cast.system()):
        actions.describe_source("fhir", PUBLIC, at=noon)
    with act_as(cast.system(cast.partner)):
        assert not SourceTerms.objects.exists()
        assert source_of("fhir").trust == 60
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        actions.describe_source("fhir", PUBLIC, at=noon)


def test_a_steward_reads_and_changes_sources_on_pages(cast, noon, nppes, browser):
    steward = browser(Role.STEWARD)
    assert "Nothing loaded" in steward.get("/sources/").content.decode()
    with act_as(cast.system()):
        actions.import_nppes(nppes(rows(90, 10)), at=noon)
    shown = steward.get("/sources/").content.decode()
    assert "NPPES registry" in shown and "10 %" in shown and "90 %" in shown
    given = {"trust": "80", "licence": "Free", "allows": "public", "bar": "5",
             "trust_phone": "20", "allows_phone": "internal"}  # fmt: skip
    assert steward.post("/sources/nppes/", given | {"trust": "800"}).status_code == 422
    assert steward.post("/sources/nppes/", given | {"trust_phone": "x"}).status_code == 422
    assert steward.post("/sources/nppes/", given).status_code == 302
    with act_as(cast.system()):
        held = source_of("nppes")
    assert (held.trust, held.bar_bp, held.field_trust) == (80, 500, {"phone": 20})
    assert held.allows_for("phone") == "internal"
    assert "This source is not used" in steward.get("/sources/nppes/").content.decode()
    assert "nppes" in steward.get("/sources/?export=csv").content.decode()
    assert steward.get("/sources/nowhere/").status_code == 404
    assert browser(Role.REPRESENTATIVE).get("/sources/").status_code == 403


def test_a_file_that_was_not_used_says_so_where_loads_are_listed(cast, noon, nppes, browser):
    with act_as(cast.system()):
        actions.import_nppes(nppes(rows(15, 15)), at=noon)
        load = SourceLoad.objects.get()
    steward = browser(Role.STEWARD)
    assert "Not used" in steward.get("/imports/").content.decode()
    assert "This file changed no record" in steward.get(f"/imports/{load.id}/").content.decode()
    assert "The last file was not used" in steward.get("/sources/nppes/").content.decode()


def test_programs_read_and_change_sources(cast, program):
    steward, root = program(Role.STEWARD), "/api/directory/sources"
    assert steward.get(root).json()[0]["key"] == "steward"
    body = {"trust": 70, "licence": "Bought", "allows": "internal", "bar_bp": 1000}
    made = steward.put(f"{root}/fhir", body, content_type="application/json")
    assert (made.status_code, made.json()["trust"]) == (200, 70), made.content
    assert steward.get(f"{root}/fhir").json()["bar_bp"] == 1000
    assert steward.get(f"{root}/nowhere").status_code == 404
    wrong = steward.put(f"{root}/fhir", body | {"colour": 1}, content_type="application/json")
    assert wrong.status_code == 422
    assert program(Role.MSL).get(root).status_code == 403


def test_the_command_lists_and_sets(cast):
    listed = json.loads(CliRunner().invoke(command, ["list", "--json"]).stdout)
    assert {"nppes", "fhir", "hand"} <= {each["key"] for each in listed}
    told = CliRunner().invoke(command, ["set", "fhir", "--trust", "80", "--bar", "12.5"])
    assert told.exit_code == 0 and "trust 80" in told.output and "12.5 %" in told.output
    assert "fhir" in CliRunner().invoke(command, ["list"]).output
    assert CliRunner().invoke(command, ["set", "nowhere", "--trust", "80"]).exit_code == 1


def test_the_list_asks_as_often_for_many_loads_as_for_one(cast, noon, nppes, browser):
    steward = browser(Role.STEWARD)
    with act_as(cast.system()):
        actions.import_nppes(nppes(rows(3, 0)), at=noon)
    steward.get("/sources/")
    with CaptureQueriesContext(connection) as few:
        steward.get("/sources/")
    with act_as(cast.system()):
        for n in range(4):
            actions.import_nppes(nppes(rows(3 + n, 0)), at=noon)
    with CaptureQueriesContext(connection) as many:
        steward.get("/sources/")
    assert len(few) == len(many)
