"""``entente import accounts`` and ``entente overlap``."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click
import pytest
from click.testing import CliRunner

from entente.consent.commands import import_commands, overlap
from entente.consent.models import PartnerList
from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id
from tests.sharing import Parties, npi, npis

pytestmark = pytest.mark.feature("alliances/audience-share")


def run(*words):
    group = click.Group("entente")
    import_commands(group)
    group.add_command(overlap)
    return CliRunner().invoke(group, [str(word) for word in words])


@pytest.fixture
def accounts(tmp_path):
    """Write a file of people."""

    def write(name, numbers):
        path = tmp_path / name
        path.write_text("npi,name\n" + "".join(f"{n},Dr {n}\n" for n in numbers))
        return path

    return write


def test_a_file_is_tried_loaded_and_loaded_again_as_the_next_version(cast, accounts, tmp_path):
    path = accounts("targets.csv", [*npis(1, 30), npi(1), "12"])
    given = ("accounts", path, "--list", "Targets", "--licence", "own records", "--json")
    dry = json.loads(run(*given, "--dry-run").stdout)
    assert (dry["entries"], dry["refused"], dry["list"]) == (29, 2, None)
    refused = tmp_path / "refused.csv"
    assert run(*given, "--refused", refused).exit_code == 0
    assert "more than once" in refused.read_text()
    assert run(*given).exit_code == 0
    with act_as(cast.system()):
        found = PartnerList.objects.order_by("version")
        assert [(each.version, each.n_entries) for each in found] == [(1, 29), (2, 29)]


def test_what_cannot_be_loaded_says_why(cast, accounts):
    path = accounts("t.csv", npis(1, 30))
    given = ("accounts", path, "--list", "T", "--licence", "own")
    assert "no field is called salary" in run(*given, "--fields", "npi,salary").output
    assert "no organisation is called" in run(*given, "--organisation", "Nobody").output
    empty = accounts("none.csv", ["12"])
    nothing = run("accounts", empty, "--list", "T", "--licence", "own")
    assert (nothing.exit_code, "no row" in nothing.output) == (1, True)


def test_both_sides_print_the_same_overlap(cast, accounts):
    parties = Parties(cast, datetime.now(UTC))
    made = parties.contract()
    for side, numbers, extra in (
        (0, npis(1, 60), ()),
        (1, npis(20, 100), ("--organisation", cast.partner.name)),
    ):
        told = run("accounts", accounts(f"{side}.csv", numbers), "--list", "L", "--licence", "own",
                   "--json", *extra)  # fmt: skip
        parties.offer(made.id, side, json.loads(told.stdout)["list"])
    ours = json.loads(run("overlap", made.id, "--compare").stdout)
    theirs = json.loads(run("overlap", made.id, "--organisation", cast.partner.name).stdout)
    assert ours == theirs
    assert (ours["total"], ours["matched_on"]) == (40, {"npi": 40})
    again = run("overlap", made.id, "--compare")
    assert (again.exit_code, "has to offer a list" in again.output) == (1, True)


def test_an_unknown_contract_and_a_strangers_one_look_alike(cast):
    made = Parties(cast, datetime.now(UTC)).contract()
    stranger = ("--organisation", cast.stranger.name)
    answers = {run("overlap", each, *stranger).output for each in (made.id, new_id())}
    assert len(answers) == 1
