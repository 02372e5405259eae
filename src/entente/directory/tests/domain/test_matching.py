"""Columns are recognised, weights learned, pairs decided with three outcomes."""

from __future__ import annotations

import random

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.directory.domain.matching.cleansing import cleansed
from entente.directory.domain.matching.engine import match
from entente.directory.domain.matching.explaining import reasons
from entente.directory.domain.matching.fields import Kind, Profile, kind_of, kinds_of
from entente.directory.domain.matching.model import model_of
from entente.directory.domain.matching.pairing import paired
from entente.directory.domain.matching.records import Side
from entente.directory.domain.matching.truth import measured, pairs_of_groups
from entente.directory.domain.matching.weights import learn, settled_prior

SYLLABLES = ("bar", "ke", "lin", "mo", "ra", "sten", "ti", "vol", "wen", "zar", "du", "hal")


def names(n, rng):
    return ["".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 4))) for _ in range(n)]


def typo(text, rng):
    place = rng.randrange(len(text))
    return text[:place] + rng.choice("abcdefghij") + text[place + 1 :]


def people(n=240, n_twice=60, seed=3):
    """Made-up people; the first ``n_twice`` stand twice, the second time misspelt and moved."""
    rng = random.Random(seed)
    given, family, streets = names(60, rng), names(120, rng), names(80, rng)
    rows = []
    for number in range(n):
        first = [
            f"a{number}", rng.choice(given), rng.choice(family),
            f"19{rng.randint(40, 99)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
            f"{rng.randint(1, 99)} {rng.choice(streets)} street", str(rng.randint(10_000, 10_900)),
            str(1_000_000_000 + number * 7),
        ]  # fmt: skip
        rows.append([*first, str(number)])
        if number < n_twice:
            again = list(first)
            again[0] = f"b{number}"
            again[1 + number % 4] = typo(again[1 + number % 4], rng)
            if number % 3 == 0:
                again[6] = None
            rows.append([*again, str(number)])
    return rows


HEADER = ("id", "first name", "surname", "date of birth", "address", "zip", "npi", "person")


def table(connection, rows, name="people", header=HEADER):
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    shown = pa.table({key: pa.array(values, pa.string()) for key, values in columns.items()})
    connection.register(f"{name}_rows", shown)
    connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM {name}_rows')


@pytest.fixture(scope="module")
def matched():
    connection = duckdb.connect()
    rows = people()
    table(connection, rows)
    found = match(connection, Side("people", "id"), withheld=("person",))
    return connection, rows, found


def truth(rows):
    return pairs_of_groups((row[0], row[7]) for row in rows)


@pytest.mark.feature("directory/identity")
def test_duplicates_with_typing_errors_are_found_without_any_labels(matched):
    connection, rows, found = matched
    pairs = found.pairs.to_pydict()
    told = list(zip(pairs["left_id"], pairs["right_id"], pairs["decision"], strict=True))
    quality = measured(connection, found.model, told, truth(rows), is_linked=False)
    assert quality.precision > 0.95
    assert quality.recall > 0.95
    assert quality.n_auto_wrong == 0
    assert quality.n_true == 60


@pytest.mark.feature("directory/identity")
def test_only_a_key_that_agrees_joins_automatically(matched):
    _, rows, found = matched
    keys = {row[0]: row[6] for row in rows}
    pairs = found.pairs.to_pylist()
    autos = [pair for pair in pairs if pair["decision"] == "auto"]
    assert autos
    assert all(keys[pair["left_id"]] == keys[pair["right_id"]] for pair in autos)
    without_key = [p for p in pairs if None in (keys[p["left_id"]], keys[p["right_id"]])]
    assert without_key
    assert {pair["decision"] for pair in without_key} == {"suspect"}


@pytest.mark.feature("directory/identity")
def test_father_and_son_under_one_key_are_shown_to_a_person():
    connection = duckdb.connect()
    rows = people()
    father = list(rows[150])
    son = [*father]
    son[0], son[1], son[3] = "son", "ignatius", "1999-01-31"
    table(connection, [*rows, son])
    pairs = match(connection, Side("people", "id"), withheld=("person",)).pairs.to_pylist()
    mine = [p for p in pairs if "son" in (p["left_id"], p["right_id"])]
    assert {pair["decision"] for pair in mine} <= {"suspect"}


def test_kept_weights_give_the_same_answer_without_learning_again(matched):
    connection, _, found = matched
    again = match(connection, Side("people", "id"), model=model_of(found.model.as_json()))
    assert again.pairs.select(["left_id", "right_id", "decision"]) == found.pairs.select(
        ["left_id", "right_id", "decision"]
    )


def test_the_order_of_the_rows_changes_nothing(matched):
    connection, rows, found = matched
    mixed = list(rows)
    random.Random(9).shuffle(mixed)
    table(connection, mixed, "mixed")
    again = match(connection, Side("mixed", "id"), model=found.model)

    def shown(result):
        return {
            (*sorted((p["left_id"], p["right_id"])), p["decision"])
            for p in result.pairs.to_pylist()
        }

    assert shown(again) == shown(found)


def test_a_pair_is_explained_field_by_field(matched):
    _, _, found = matched
    best = {name: len(share) - 1 for name, share in found.model.m.items()}
    told = reasons(found.model, best)
    assert {reason.field for reason in told} == {
        "first name", "surname", "date of birth", "address, zip", "npi",
    } or {reason.field for reason in told} == {
        "first name", "surname", "date of birth", "address", "zip", "npi",
    }  # fmt: skip
    assert all(reason.weight > 0 for reason in told)
    assert all(reason.weight == 0 for reason in reasons(found.model, {}))


def test_two_files_are_linked_though_their_headers_differ():
    connection = duckdb.connect()
    rows = people()
    table(connection, [r for r in rows if r[0].startswith("a")], "ours")
    other = ("code", "GivenName", "LastName", "DOB", "street_address", "postcode", "NPI", "who")
    table(connection, [r for r in rows if r[0].startswith("b")], "theirs", other)
    found = match(
        connection, Side("ours", "id"), Side("theirs", "code"), withheld=("person", "who")
    )
    got = {(p["left_id"], p["right_id"]) for p in found.pairs.to_pylist()}
    true = {(f"a{n}", f"b{n}") for n in range(60)}
    assert len(got & true) >= 57
    assert len(got - true) <= 3


def test_a_file_without_a_pair_gives_no_pair():
    connection = duckdb.connect()
    table(connection, people(1, 0))
    assert match(connection, Side("people", "id")).pairs.num_rows == 0


def test_values_are_believed_where_the_header_says_otherwise():
    def profile(header, **more):
        counted = {"n_rows": 1000, "n_filled": 900, "n_distinct": 700, "mean_length": 8.0}
        counted |= {f"{what}_share": 0.0 for what in ("digit", "space", "day", "email")}
        return Profile(header, **(counted | more))

    assert kind_of(profile("contact", email_share=0.9)) is Kind.EMAIL
    assert kind_of(profile("day of birth", day_share=0.0)) is not Kind.DAY
    assert kind_of(profile("x", day_share=0.95)) is Kind.DAY
    assert kind_of(profile("npi", digit_share=1.0)) is Kind.KEY
    assert kind_of(profile("State")) is Kind.REGION
    assert kinds_of([profile("empty", n_filled=10, n_distinct=9)]) == {}


def test_columns_are_paired_by_what_they_hold():
    pairs = paired(
        {"Provider Last Name": Kind.FAMILY, "First": Kind.GIVEN, "City": Kind.CITY},
        {"surname": Kind.FAMILY, "town": Kind.CITY, "given": Kind.GIVEN},
        {"Provider Last Name": {"A", "B"}, "First": {"C"}, "City": {"D"}},
        {"surname": {"A"}, "town": {"D", "E"}, "given": {"C"}},
    )
    assert {(ours, theirs) for ours, theirs, _ in pairs} == {
        ("Provider Last Name", "surname"), ("First", "given"), ("City", "town"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "written", "compared"),
    [
        (Kind.POSTCODE, "2138", "02138"),
        (Kind.POSTCODE, "02138-1234", "02138"),
        (Kind.POSTCODE, "EC1A 1BB", "EC1A1BB"),
        (Kind.DAY, "12/31/1999", "19991231"),
        (Kind.DAY, "1999-12-31", "19991231"),
        (Kind.PHONE, "+1 (203) 555-0100", "5550100"),
        (Kind.FAMILY, "O'Neil-Łukasz", "ONEIL LUKASZ"),
        (Kind.STREET, "27 West Main Street", "27 W MAIN ST"),
        (Kind.ORGANISATION, "The St. Mary Hospital of Leeds, Inc.", "ST MARY HOSP LEEDS"),
        (Kind.KEY, "007 12", "712"),
        (Kind.GIVEN, "<UNAVAIL>", None),
        (Kind.EMAIL, " A.B@C.test ", "a.b@c.test"),
    ],
)
def test_a_value_is_brought_to_the_spelling_in_which_it_is_compared(kind, written, compared):
    connection = duckdb.connect()
    rows = connection.execute(
        f"SELECT {cleansed(kind, 'v')} FROM (SELECT $v::VARCHAR AS v)", {"v": written}
    ).fetchall()
    assert rows == [(compared,)]


@given(st.integers(2, 5), st.integers(1, 400))
def test_learned_shares_always_add_up_and_never_rule_a_level_out(n_levels, n):
    rng = np.random.default_rng(n)
    patterns = rng.integers(-1, n_levels, size=(20, 3)).astype(np.int8)
    start = [np.full(n_levels, 1 / n_levels)] * 3
    m, share = learn(patterns, rng.integers(1, 9, 20), start, start, start_share=0.2)
    assert 0 < share < 1
    for each in m:
        assert abs(each.sum() - 1) < 1e-9
        assert (each > 0).all()


def test_the_prior_is_what_the_pairs_themselves_say():
    sure = np.full(100, 40.0)
    assert settled_prior(sure, 1_000_000, 0.01) == pytest.approx(1e-4, rel=1e-3)
    assert settled_prior(np.full(100, -40.0), 1_000_000, 0.01) == pytest.approx(1e-6)


@pytest.mark.feature("directory/identity")
def test_colleagues_who_share_a_place_and_a_telephone_are_not_taken_for_one_person():
    rng = random.Random(5)
    given, family = names(12, rng), names(14, rng)
    rows = [
        [f"c{n}", rng.choice(given), rng.choice(family), f"{rng.randint(1, 99)} main st",
         str(10_000 + n % 9), f"555010{n % 9}", str(1_000_000_007 + n * 9_973)]
        for n in range(300)
    ]  # fmt: skip
    connection = duckdb.connect()
    header = ("id", "given name", "family name", "address", "zip", "phone", "npi")
    table(connection, rows, header=header)
    keys = {row[0]: row[6] for row in rows}
    pairs = match(connection, Side("people", "id")).pairs.to_pylist()
    far = [p for p in pairs if sum(a != b for a, b in zip(
        keys[p["left_id"]], keys[p["right_id"]], strict=True)) > 2]  # fmt: skip
    assert far == []
