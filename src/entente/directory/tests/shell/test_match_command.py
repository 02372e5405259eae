"""``entente match`` on files: what it writes, how it measures itself, what it refuses."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from entente.directory.commands_match import match_files
from entente.directory.tests.domain.test_matching import HEADER, people

DATA = Path(__file__).resolve().parents[6] / "shared" / "data"


def write(path, rows, header=HEADER):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def run(*words):
    return CliRunner().invoke(match_files, [str(word) for word in words])


def read(path):
    with path.open() as stream:
        return list(csv.DictReader(stream))


@pytest.mark.feature("directory/identity")
def test_pairs_are_written_with_score_and_decision_and_measured_against_a_withheld_column(tmp_path):
    left = write(tmp_path / "people.csv.gz", people())
    out, kept = tmp_path / "pairs.csv", tmp_path / "weights.json"
    answer = run(left, "--id-column", "id", "--truth", "person", "-o", out, "--json",
                 "--save-weights", kept)  # fmt: skip
    assert answer.exit_code == 0, answer.output
    figures = json.loads(answer.stdout)
    rows = read(out)
    assert list(rows[0]) == ["left_id", "right_id", "score", "decision"]
    assert len(rows) == figures["pairs"] == figures["auto"] + figures["suspect"]
    assert figures["auto_wrong"] == 0
    assert figures["f1"] > 0.95
    assert figures["true_pairs"] == 60
    missed = figures["missed_never_compared"] + figures["missed_scored_low"]
    assert missed == round((1 - figures["recall"]) * 60)
    again = tmp_path / "again.csv"
    assert run(left, "--id-column", "id", "--withhold", "person", "--weights", kept,
               "-o", again).exit_code == 0  # fmt: skip
    assert again.read_text() == out.read_text()


def test_the_truth_may_be_pairs_or_groups_or_labelled_pairs(tmp_path):
    left = write(tmp_path / "people.csv", people())
    true = [(f"a{n}", f"b{n}") for n in range(60)]
    files = [
        write(tmp_path / "pairs_true.csv", true, ("one", "two")),
        write(tmp_path / "groups.csv", [(r[0], r[7]) for r in people()], ("id", "group")),
        write(tmp_path / "labels.csv", [(a, b, 1.0) for a, b in true] + [("a1", "a2", 0.0)],
              ("l", "r", "clerical_match_score")),
    ]  # fmt: skip
    told = [
        json.loads(
            run(
                left,
                "--id-column",
                "id",
                "--withhold",
                "person",
                "--truth",
                file,
                "-o",
                tmp_path / "p.csv",
                "--json",
            ).stdout
        )
        for file in files
    ]
    assert [each["true_pairs"] for each in told] == [60, 60, 60]
    assert len({each["f1"] for each in told}) == 1


def test_two_files_are_linked(tmp_path):
    left = write(tmp_path / "l.csv", [r for r in people() if r[0].startswith("a")])
    right = write(tmp_path / "r.csv", [r for r in people() if r[0].startswith("b")])
    out = tmp_path / "pairs.parquet"
    answer = run(left, right, "--id-column", "id", "--truth", "person", "-o", out)
    assert answer.exit_code == 0
    assert "F1" in answer.output
    assert out.stat().st_size


def test_a_missing_column_and_a_broken_record_are_named_with_their_remedy(tmp_path):
    left = write(tmp_path / "people.csv", people())
    unknown = run(left, "--id-column", "key", "-o", tmp_path / "p.csv")
    assert unknown.exit_code == 1
    assert "no column 'key'" in unknown.output
    with left.open("a") as stream:
        stream.write("only,two\n,a,b,1990-01-01,1 st,10000,,9\n")
    broken = run(left, "--id-column", "id", "--withhold", "person", "-o", tmp_path / "p.csv")
    assert broken.exit_code == 1
    assert "2 records could not be read" in broken.output
    assert "fields" in broken.output
    assert "Give this record an id." in broken.output
    assert read(tmp_path / "p.csv"), "the good records are matched all the same"


def test_weights_that_are_none_are_refused(tmp_path):
    left = write(tmp_path / "people.csv", people())
    odd = tmp_path / "weights.json"
    odd.write_text('{"form": 9}')
    answer = run(left, "--id-column", "id", "--weights", odd, "-o", tmp_path / "p.csv")
    assert answer.exit_code == 1
    assert "train them again" in answer.output


@pytest.mark.slow
@pytest.mark.feature("directory/identity")
@pytest.mark.skipif(not DATA.is_dir(), reason="the public data folder ../shared/data is not there")
@pytest.mark.parametrize(
    ("file", "id_column", "truth", "least"),
    [
        ("record-linkage/splink_fake_1000.csv", "unique_id", "cluster", 0.90),
        ("record-linkage/febrl_dataset1.csv.gz", "rec_id", "febrl", 0.999),
        ("record-linkage/febrl_dataset2.csv.gz", "rec_id", "febrl", 0.999),
        ("record-linkage/febrl_dataset3.csv.gz", "rec_id", "febrl", 0.998),
    ],
)
def test_published_files_with_truth_are_matched_well_and_nothing_is_joined_wrongly(
    tmp_path, file, id_column, truth, least
):
    path = DATA / file
    if truth == "febrl":
        with gzip.open(path, "rt") as stream:
            ids = [row.split(",")[0].strip() for row in stream][1:]
        truth = write(tmp_path / "truth.csv", [(i, i.split("-")[1]) for i in ids], ("id", "g"))
    answer = run(path, "--id-column", id_column, "--truth", truth, "-o", tmp_path / "p.csv",
                 "--json")  # fmt: skip
    figures = json.loads(answer.stdout)
    assert figures["f1"] >= least
    assert figures["auto_wrong"] == 0
