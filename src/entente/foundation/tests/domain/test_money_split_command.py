"""The command ``entente split``: one line in, one line out, whatever the line holds."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.foundation.commands_split import split, split_line
from entente.foundation.domain.money import to_minor

QUICK = settings(max_examples=40, deadline=None)


def answers(*lines: str | bytes) -> list[dict]:
    raw = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    result = CliRunner().invoke(split, input=raw)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def asked(total: object, weights: object, currency: object = "EUR") -> str:
    return json.dumps({"total": total, "currency": currency, "weights": weights})


@pytest.mark.promise("P23")
def test_the_documented_example_gives_the_documented_answer():
    assert answers(asked("123.45", [["p1", "40"], ["p2", "60"]])) == [
        {"parts": {"p1": "49.38", "p2": "74.07"}}
    ]


@pytest.mark.promise("P23")
def test_the_answer_is_the_same_text_in_any_order_of_partners():
    one = CliRunner().invoke(split, input=asked("0.05", [["b", "1"], ["a", "1"]])).output
    other = CliRunner().invoke(split, input=asked("0.05", [["a", "1"], ["b", "1"]])).output
    assert one == other == '{"parts": {"a": "0.03", "b": "0.02"}}\n'


def test_every_line_gets_its_answer_and_a_bad_one_spoils_no_other():
    good = asked("1.00", [["a", "1"], ["b", "2"]])
    first, second, third = answers(good, "not json", good)
    assert first == third == {"parts": {"a": "0.33", "b": "0.67"}}
    assert set(second) == {"error"}


@pytest.mark.parametrize(
    ("weights", "parts"),
    [
        ([["a", "1/3"], ["b", "2/3"]], {"a": "33.33", "b": "66.67"}),
        ([["a", 0.25], ["b", 0.75]], {"a": "25.00", "b": "75.00"}),
        ([["a", 1], ["b", 1]], {"a": "50.00", "b": "50.00"}),
    ],
)
def test_weights_may_be_numbers_decimals_or_fractions(weights, parts):
    assert answers(asked("100", weights)) == [{"parts": parts}]


@pytest.mark.parametrize(
    "line",
    [
        "[]", "3", '"x"', "null", "{}", "{",
        asked("1", []),
        asked("1", {"ab": 1}),
        asked("1", [["a", "1"], ["a", "2"]]),
        asked("1", [["a"]]),
        asked("1", [["a", "1", "2"]]),
        asked("1", [["a", "-1"]]),
        asked("1", [["a", "1/0"]]),
        asked("1", [["a", "1e999999999"]]),
        asked("1", [["a", "nan"]]),
        asked("1", [["a", None]]),
        asked("1.005", [["a", "1"]]),
        asked(["1"], [["a", "1"]]),
        asked("1", [["a", "1"]], "XAU"),
        asked("1", [["a", "1"]], None),
        '{"total": NaN, "currency": "EUR", "weights": [["a", "1"]]}',
        '{"total": 1e400, "currency": "EUR", "weights": [["a", "1"]]}',
        "[" * 100_000,
        b'{"total": "1", "currency": "EUR", "weights": [["\xff", "1"]]}',
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_split_says_why(line):
    (answer,) = answers(line)
    assert list(answer) == ["error"]
    assert answer["error"]


@QUICK
@given(
    st.integers(min_value=-(10**12), max_value=10**12),
    st.dictionaries(st.text(min_size=1, max_size=5), st.integers(1, 1_000), min_size=1, max_size=8),
)
def test_the_parts_of_any_line_add_up(cents, weights):
    total = f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"
    answer = split_line(asked(total, [[who, str(weight)] for who, weight in weights.items()]))
    assert sum(to_minor(part, "EUR") for part in answer["parts"].values()) == cents
    assert set(answer["parts"]) == set(weights)


@QUICK
@given(st.text(max_size=200))
def test_no_text_makes_the_command_fail(line):
    assert set(split_line(line)) in ({"parts"}, {"error"})
