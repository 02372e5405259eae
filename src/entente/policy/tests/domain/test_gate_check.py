"""`entente gate check`: a contract that others script against."""

import csv
import datetime as dt
import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from entente.policy.commands import gate

HEAD = "id,action.type,action.date,deal.qualification_ok,deal.conflict_id\n"
GOOD = HEAD + "a,deal_registration,2026-03-02,true,\nb,deal_registration,2026-03-02,false,\n"


def run(path, *options):
    return CliRunner().invoke(gate, ["check", str(path), *options])


def written(tmp_path, text, name="facts.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_each_row_gets_one_answer_in_order(tmp_path):
    result = run(written(tmp_path, GOOD))
    assert result.exit_code == 0
    assert result.stdout == ("id,outcome,rule_ids,missing_facts\na,PERMIT,,\nb,FORBID,PG-DEAL-1,\n")


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz", "out.parquet"])
def test_the_suffix_decides_the_format(tmp_path, name):
    out = tmp_path / name
    result = run(written(tmp_path, GOOD), "-o", str(out), "--json")
    assert json.loads(result.stdout)["outcomes"] == {"PERMIT": 1, "REFER": 0, "FORBID": 1}
    if name.endswith("parquet"):
        rows = pq.read_table(out).to_pylist()
    else:
        opened = gzip.open if name.endswith("gz") else open
        with opened(out, "rt", newline="") as file:
            rows = list(csv.DictReader(file))
    assert [(row["id"], row["outcome"]) for row in rows] == [("a", "PERMIT"), ("b", "FORBID")]


def test_gzip_and_parquet_read_like_csv(tmp_path):
    plain = run(written(tmp_path, GOOD)).stdout
    packed = tmp_path / "facts.csv.gz"
    packed.write_bytes(gzip.compress(GOOD.encode()))
    table = pa.table(
        {
            "id": ["a", "b"],
            "action.type": pa.array(["deal_registration"] * 2).dictionary_encode(),
            "action.date": pa.array([dt.date(2026, 3, 2)] * 2),
            "deal.qualification_ok": [True, False],
            "deal.conflict_id": pa.nulls(2),
        }
    )
    pq.write_table(table, tmp_path / "facts.parquet")
    assert run(packed).stdout == run(tmp_path / "facts.parquet").stdout == plain


def test_ids_with_commas_quotes_and_line_breaks_survive(tmp_path):
    ids = ['x,"1"', "line\nbreak", "=1+1", "Ärztin"]
    text = HEAD + "".join(
        '"' + one.replace('"', '""') + '",deal_registration,2026-03-02,true,\n' for one in ids
    )
    result = run(written(tmp_path, text))
    rows = list(csv.reader(result.stdout.splitlines(keepends=True)))
    assert [row[0] for row in rows[1:]] == ids


def test_the_act_day_decides_then_at_then_today(tmp_path):
    text = (
        "id,action.type,action.date,action.amount_minor,action.currency,tally.tov_year,"
        "recipient.covered_recipient_type,recipient.bona_fide_employee\n"
        "a,payout,2025-12-31,1346,USD,0,physician,false\n"
        "b,payout,,1346,USD,0,physician,false\n"
    )
    rows = {}
    for at in ("2025-12-31", "2026-01-01"):
        result = run(written(tmp_path, text), "--at", at)
        rows[at] = {r["id"]: r for r in csv.DictReader(result.stdout.splitlines())}
    assert "US-OP-THR-1" in rows["2026-01-01"]["a"]["rule_ids"]
    assert "US-OP-THR-1" in rows["2025-12-31"]["b"]["rule_ids"]
    assert "US-OP-THR-1" not in rows["2026-01-01"]["b"]["rule_ids"]
    assert all(
        "action.date" not in row["missing_facts"] for day in rows.values() for row in day.values()
    )


def test_an_empty_cell_and_an_absent_column_are_both_unknown(tmp_path):
    empty = run(written(tmp_path, HEAD + "a,deal_registration,2026-03-02,,\n"))
    absent = run(written(tmp_path, "id,action.type,action.date\na,deal_registration,2026-03-02\n"))
    assert empty.stdout == absent.stdout
    assert "a,FORBID,PG-DEAL-1,deal.qualification_ok\n" in empty.stdout


def test_a_file_without_rows_is_answered_with_a_header(tmp_path):
    assert run(written(tmp_path, HEAD)).stdout == "id,outcome,rule_ids,missing_facts\n"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path):
    plain = run(written(tmp_path, GOOD)).stdout
    assert (
        run(written(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())).stdout
        == plain
    )


REFUSED = [
    ("id,action.tipe\na,email\n", ["action.tipe", "line 1", "gate facts"]),
    ("id,action.type,action.type\na,email,email\n", ["line 1", "twice"]),
    ("action.type\nemail\n", ["column id"]),
    ("", ["empty"]),
    (GOOD + "a,deal_registration,,,\n", ["line 4", "column id", "'a'"]),
    (GOOD + ",deal_registration,,,\n", ["line 4", "column id"]),
    (GOOD + "c,deal_registration,2026-13-01,,\n", ["line 4", "action.date", "YYYY-MM-DD"]),
    (GOOD + "c,deal_registration,02/03/2026,,\n", ["line 4", "action.date", "YYYY-MM-DD"]),
    (GOOD + "c,deal_registration,2026-02-30,,\n", ["line 4", "action.date"]),
    (GOOD + "c,deal_registration,,yes,\n", ["line 4", "deal.qualification_ok", "true or false"]),
    (GOOD + 'c,"deal\nregistration",,yes,\n', ["line 5", "deal.qualification_ok"]),
    (GOOD + "\n\nc,email,,1,\n", ["line 6", "deal.qualification_ok"]),
    (GOOD + "c,email\n", ["line 4", "2 cells"]),
    (GOOD + "c,email,,,,,,\n", ["line 4", "cells"]),
    (GOOD.encode() + b"c,\xff,,,\n", ["line 4", "UTF-8"]),
    ("id,tally.emails_30d\na,1.5\n", ["line 2", "tally.emails_30d", "1.5"]),
    ("id,tally.emails_30d\na,1e3\n", ["line 2", "tally.emails_30d"]),
    ("id,tally.emails_30d\na,0x10\n", ["line 2", "tally.emails_30d"]),
    ("id,action.amount_minor\na,12.50\n", ["line 2", "minor units"]),
    ("id,action.amount_minor\na,99999999999999999999\n", ["line 2", "action.amount_minor"]),
    ("id,revshare.share\na,15%\n", ["line 2", "revshare.share", "0 to 1"]),
    ("id,revshare.share\na,1.5\n", ["line 2", "revshare.share"]),
    ("id,revshare.share\na,NaN\n", ["line 2", "revshare.share"]),
    ("id,action.local_time\na,1440\n", ["line 2", "1439"]),
    ("id,recipient.excluded\na,null\n", ["line 2", "recipient.excluded"]),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
@pytest.mark.parametrize("target", [None, "out.csv", "out.parquet"])
def test_a_bad_file_is_refused_with_its_place_and_nothing_is_written(tmp_path, text, words, target):
    path = written(tmp_path, text)
    options = [] if target is None else ["-o", str(tmp_path / target)]
    result = run(path, *options)
    assert result.exit_code != 0
    assert result.stdout == ""
    for word in words:
        assert word in result.stderr, result.stderr
    assert "Traceback" not in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["facts.csv"]


def test_a_refusal_leaves_an_older_answer_as_it_was(tmp_path):
    out = written(tmp_path, "older", "out.csv")
    assert run(written(tmp_path, "id,action.tipe\na,x\n"), "-o", str(out)).exit_code != 0
    assert out.read_text() == "older"


def test_a_parquet_column_of_the_wrong_type_is_refused(tmp_path):
    path = tmp_path / "facts.parquet"
    pq.write_table(pa.table({"id": ["a"], "recipient.excluded": [1]}), path)
    result = run(path)
    assert result.exit_code != 0
    assert "recipient.excluded" in result.stderr


def test_whole_numbers_that_a_table_with_gaps_stored_as_floats_are_taken(tmp_path):
    path = tmp_path / "facts.parquet"
    table = pa.table({"id": [1, 2], "tally.emails_30d": [4.0, None], "revshare.share": [0.1, None]})
    pq.write_table(table, path)
    assert run(path).exit_code == 0
    pq.write_table(pa.table({"id": [1], "tally.emails_30d": [4.5]}), path)
    assert "tally.emails_30d" in run(path).stderr


def test_a_file_that_is_no_file_of_its_kind_is_refused(tmp_path):
    for name in ("facts.parquet", "facts.csv.gz"):
        result = run(written(tmp_path, "neither", name))
        assert result.exit_code != 0
        assert "GATE-001" in result.stderr


def test_a_repeated_id_far_apart_is_found(tmp_path):
    rows = "".join(f"act-{n},call,2026-03-02,,\n" for n in range(200_000))
    result = run(written(tmp_path, HEAD + rows + "act-17,call,2026-03-02,,\n"))
    assert "line 200002" in result.stderr
    assert "'act-17'" in result.stderr


@pytest.mark.parametrize("command", ["facts", "rules", "lint", "test", "admit", "check"])
def test_every_command_has_help_with_an_example(command):
    result = CliRunner().invoke(gate, [command, "--help"])
    assert result.exit_code == 0
    assert "Example: " in result.stdout


def test_facts_and_rules_are_listed_in_every_form():
    run_gate = CliRunner().invoke
    facts = json.loads(run_gate(gate, ["facts", "--json"]).stdout)
    assert {"name", "type", "unit", "grain", "meaning"} <= set(facts[0])
    assert run_gate(gate, ["facts"]).stdout.startswith("name")
    rules = json.loads(run_gate(gate, ["rules", "--format", "json"]).stdout)
    assert len(
        list(csv.DictReader(run_gate(gate, ["rules", "--format", "csv"]).stdout.splitlines()))
    ) == len(rules)
    assert run_gate(gate, ["lint"]).exit_code == run_gate(gate, ["test"]).exit_code == 0


def test_a_folder_of_bad_packs_is_named_in_the_refusal(tmp_path):
    written(tmp_path, "[pack]\nid = 5\n", "bad.toml")
    result = CliRunner().invoke(gate, ["lint", str(tmp_path)])
    assert result.exit_code != 0
    assert "bad.toml" in result.stderr
