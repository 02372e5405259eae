"""Long files: loaded part by part; an interruption loses nothing and repeats nothing."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import partial

import pytest

from entente.directory import long_loads
from entente.directory.actions import loading
from entente.directory.actions.imports import nppes_kind
from entente.directory.actions.loading import Place
from entente.directory.actions.parts import place_to_go_on
from entente.directory.adapters.nppes import read_nppes
from entente.directory.adapters.read_ahead import read_ahead
from entente.directory.long_loads import load_in_parts
from entente.directory.models import Hcp, HcpSpecialty, SourceLoad
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry
from tests.registry_rows import person

pytestmark = pytest.mark.feature("directory/integration")
ROWS = [person(n) for n in range(11)] + [person(20, npi="1234567890"), person(21, last="")]


class Unplugged(Exception):
    """What ends a run half-way."""


@pytest.fixture
def load(cast, noon, tmp_path):
    """Load a file two rows at a time, four to a part; ``fails_at`` breaks it at a chunk."""

    def run(path, *, fails_at=None, refused_path=None, **changes):
        def read(path, *, pass_over=0):
            for n, chunk in enumerate(read_nppes(path, chunk_rows=2, pass_over=pass_over)):
                if n == fails_at:
                    raise Unplugged
                yield chunk

        kind = replace(nppes_kind(noon), read=read, **changes)
        return load_in_parts(
            kind, path, cast.system(), clock=lambda: noon, part_rows=4, refused_path=refused_path
        )

    return run


def refused_lines(path):
    with path.open() as stream:
        return [row["line"] for row in csv.DictReader(stream)]


def held(cast):
    with act_as(cast.system()):
        people = Hcp.objects.order_by("npi").values_list("npi", "family_name", "city", "row_hashes")
        return list(people), HcpSpecialty.objects.count()


def test_a_file_in_parts_brings_what_it_brings_at_once(cast, noon, nppes, load):
    done = load(nppes(ROWS))
    assert (done.read, done.new, done.refused) == (13, 11, 2)
    with act_as(cast.system()):
        parts = SourceLoad.objects.order_by("part")
        assert [(p.part, p.rows_before, p.n_read, p.is_last) for p in parts] == [
            (1, 0, 4, False), (2, 4, 4, False), (3, 8, 4, False), (4, 12, 1, True),
        ]  # fmt: skip
        entries = LedgerEntry.objects.filter(verb="directory.file.loaded")
        assert entries.count() == 4, "each part leaves an entry"
    again = load(nppes(ROWS))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 11)


@pytest.mark.parametrize("fails_at", range(7))
def test_a_run_that_broke_off_anywhere_is_gone_on_with_and_ends_the_same(
    cast, nppes, load, fails_at, tmp_path
):
    refused = tmp_path / "refused.csv"
    path = nppes(ROWS)
    with pytest.raises(Unplugged):
        load(path, fails_at=fails_at, refused_path=refused)
    with act_as(cast.system()):
        n_before = sum(SourceLoad.objects.values_list("n_read", flat=True))
        assert n_before % 4 == 0, "whole parts only"
        assert Hcp.objects.count() == n_before
    done = load(path, refused_path=refused)
    assert done.notes.get("rows_loaded_before", 0) == n_before
    assert done.read == 13 - n_before
    people, n_specialties = held(cast)
    assert len({npi for npi, *_ in people}) == len(people) == 11
    assert n_specialties == 11
    assert refused_lines(refused) == ["13", "14"], "each refused row once, by its line in the file"
    assert [each.name for each in tmp_path.glob("refused*")] == ["refused.csv"]


def test_another_file_of_the_same_kind_begins_at_its_own_beginning(cast, noon, nppes, load):
    with pytest.raises(Unplugged):
        load(nppes(ROWS), fails_at=4)
    done = load(nppes(ROWS[:-1]))
    assert done.read == 12
    with act_as(cast.system()):
        kind = replace(nppes_kind(noon), read=partial(read_nppes, chunk_rows=2))
        assert place_to_go_on(kind, "0" * 64).part == 1


def test_two_processes_do_not_load_the_same_part(cast, noon, nppes, load, monkeypatch):
    path = nppes(ROWS)
    with pytest.raises(Unplugged):
        load(path, fails_at=4)
    # Another process began at the beginning too, before this one had written its first part.
    monkeypatch.setattr(long_loads, "place_to_go_on", lambda *_: Place())
    with pytest.raises(UserError, match="another process"):
        load(path)


def test_a_part_below_the_bar_changes_nothing_ends_the_run_and_is_begun_again(
    cast, nppes, load, monkeypatch, tmp_path
):
    refused = tmp_path / "refused.csv"
    monkeypatch.setattr(loading, "why_not_used", lambda read, refused, bar: "x" * (refused > 1))
    odd = [person(30, npi="1234567890"), person(31, last="")]
    rows = [person(32, last=""), *ROWS[:3], *odd, *ROWS[3:11]]
    done = load(nppes(rows), refused_path=refused)
    assert done.not_used
    assert (done.read, done.new) == (8, 3)
    assert refused_lines(refused) == ["2", "6", "7"], "what was wrong can be looked at"
    with act_as(cast.system()):
        assert Hcp.objects.count() == 3
        assert SourceLoad.objects.get(part=2).outcome == SourceLoad.Outcome.NOT_USED
    monkeypatch.undo()
    done = load(nppes(rows), refused_path=refused)
    assert (done.read, done.new, done.refused) == (10, 8, 2)
    assert refused_lines(refused) == ["2", "6", "7"], "those of the first run too"
    with act_as(cast.system()):
        assert Hcp.objects.count() == 11


def test_a_kind_whose_rows_lean_on_each_other_is_loaded_at_once(nppes, load):
    with pytest.raises(ValueError, match="at once"):
        load(nppes(ROWS), in_parts=False)


def test_reading_ahead_stops_with_its_reader_and_passes_on_what_went_wrong():
    made = []

    def endless():
        while True:
            made.append(1)
            yield len(made)

    with read_ahead(endless()) as items:
        assert [next(items), next(items)] == [1, 2]
    assert len(made) <= 2 + 3 + 2, "only a few wait"

    def broken():
        yield 1
        raise Unplugged

    with read_ahead(broken()) as items, pytest.raises(Unplugged):
        list(items)
