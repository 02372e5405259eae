"""Calculators: inputs with units and ranges, results by formula, exact to the last digit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from entente.content.domain.formula import (
    WORDS,
    BadFormula,
    Node,
    evaluate,
    parse_formula,
    written,
)
from entente.content.domain.tool_parts import (
    LONGEST_LABEL,
    BadTool,
    fields_of,
    list_of,
    name_of_field,
    refuse_twice,
    words_of_field,
)

MOST_DECIMALS = 6
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,10})?")


@dataclass(frozen=True)
class Input:
    """What a person enters: a number in a unit and a range, or one of some choices."""

    name: str
    label: str
    unit: str = ""
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    decimals: int = 0
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def range_words(self) -> str:
        """The range as a person reads it.

        Examples
        --------
        >>> Input("w", "Weight", "kg", Fraction(2), Fraction("300.5"), 1).range_words
        '2.0 to 300.5 kg'
        """
        low, high = written(self.low, self.decimals), written(self.high, self.decimals)
        return f"{low} to {high} {self.unit}".strip()


@dataclass(frozen=True)
class Output:
    """A result: a formula, its unit, and how many decimals are shown."""

    name: str
    label: str
    unit: str
    formula: Node
    decimals: int


@dataclass(frozen=True)
class Calculator:
    """Inputs, results, and the cases that prove them."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    cases: tuple[Any, ...]


@dataclass(frozen=True)
class Worked:
    """What came out: a text per result, or what is wrong with which input."""

    results: Mapping[str, str]
    errors: Mapping[str, str]


def _number(value: object, place: str) -> Fraction:
    # Texts only: a number in JSON may already have lost digits on its way here.
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise BadTool(f'{place}: write the number as a text, such as "70.5"')
    return Fraction(value)


def _decimals(value: object, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_DECIMALS:
        raise BadTool(f"{place}: decimals are a whole number from 0 to {MOST_DECIMALS}")
    return value


def _input(value: object, n: int) -> Input:
    place = f"input {n}"
    given = fields_of(
        value, place, ["name", "label"], ["unit", "min", "max", "decimals", "choices"]
    )
    name = name_of_field(given["name"], place)
    if name in WORDS:
        raise BadTool(f"{place}: {name} is a word of the language; choose another")
    label = words_of_field(given["label"], f"{place}, label", longest=LONGEST_LABEL)
    if "choices" in given:
        fields_of(value, f"{place}: a choice has no unit or range", ["name", "label", "choices"])
        rows = [
            fields_of(each, f"{place}, choice {m}", ["value", "label"])
            for m, each in enumerate(
                list_of(given["choices"], f"{place}, choices", fewest=2, most=20), 1
            )
        ]
        for row in rows:
            _number(row["value"], f"{place}, value of a choice")
        refuse_twice([row["value"] for row in rows], f"{place}, choices")
        return Input(name, label, choices=tuple(
            (row["value"], words_of_field(row["label"], f"{place}, choice", longest=LONGEST_LABEL))
            for row in rows
        ))  # fmt: skip
    fields_of(value, place, ["name", "label", "unit", "min", "max"], ["decimals"])
    unit = words_of_field(given["unit"], f"{place}, unit", longest=30)
    low, high = (_number(given[end], f"{place}, {end}") for end in ("min", "max"))
    if low >= high:
        raise BadTool(f"{place}: min is below max")
    return Input(name, label, unit, low, high, _decimals(given.get("decimals", 0), place))


def _output(value: object, n: int, names: list[str]) -> Output:
    place = f"result {n}"
    given = fields_of(value, place, ["name", "label", "unit", "formula"], ["decimals"])
    try:
        formula = parse_formula(str(given["formula"]), names)
    except BadFormula as wrong:
        raise BadTool(f"{place}: {wrong}") from None
    unit = given["unit"]
    return Output(
        name_of_field(given["name"], place),
        words_of_field(given["label"], f"{place}, label", longest=LONGEST_LABEL),
        words_of_field(unit, f"{place}, unit", longest=30) if unit else "",
        formula,
        _decimals(given.get("decimals", 0), place),
    )


def read_calculator(body: Mapping[str, Any]) -> Calculator:
    """Read a calculator's own part of a definition.

    Parameters
    ----------
    body : mapping
        With ``inputs``, ``results`` and ``cases``. A case gives every input and either what
        every result is, or under ``refused`` the input that has to be refused.

    Raises
    ------
    BadTool
    """
    inputs = tuple(
        _input(each, n)
        for n, each in enumerate(list_of(body["inputs"], "inputs", fewest=1, most=20), 1)
    )
    refuse_twice([each.name for each in inputs], "inputs")
    names = [each.name for each in inputs]
    outputs = tuple(
        _output(each, n, names)
        for n, each in enumerate(list_of(body["results"], "results", fewest=1, most=10), 1)
    )
    refuse_twice([each.name for each in outputs], "results")
    cases = tuple(list_of(body["cases"], "cases", fewest=2, most=200))
    for n, case in enumerate(cases, 1):
        given = fields_of(case, f"case {n}", ["given"], ["expect", "refused"])
        fields_of(given["given"], f"case {n}, given", names)
        if ("expect" in given) == ("refused" in given):
            raise BadTool(f"case {n}: say either what is expected or which input is refused")
        if "expect" in given:
            fields_of(given["expect"], f"case {n}, expect", [each.name for each in outputs])
        elif given["refused"] not in names:
            raise BadTool(f"case {n}: refused names an input")
    if all("expect" not in case for case in cases):
        raise BadTool("cases: at least one expects a result")
    return Calculator(inputs, outputs, cases)


def value_of(wanted: Input, typed: str) -> Fraction:
    """Read what a person typed for an input.

    Raises
    ------
    BadTool
        Naming label, range and unit. A comma is refused, since ``1,000`` means one thing in
        one country and a thousandth of it in another.

    Examples
    --------
    >>> value_of(Input("w", "Weight", "kg", Fraction(2), Fraction(300), 1), "700")
    Traceback (most recent call last):
    entente.content.domain.tool_parts.BadTool: Weight: from 2.0 to 300.0 kg, and 700 is not
    """
    typed = typed.strip()
    if wanted.choices:
        if typed not in {value for value, _ in wanted.choices}:
            raise BadTool(f"{wanted.label}: choose one")
        return Fraction(typed)
    if not typed:
        raise BadTool(f"{wanted.label}: enter a number, {wanted.range_words}")
    if not _NUMBER.fullmatch(typed):
        raise BadTool(f"{wanted.label}: enter a number in {wanted.unit}, with a dot for decimals")
    if len(typed.partition(".")[2].rstrip("0")) > wanted.decimals:
        raise BadTool(f"{wanted.label}: at most {wanted.decimals} decimals, in {wanted.unit}")
    value = Fraction(typed)
    if not wanted.low <= value <= wanted.high:
        raise BadTool(f"{wanted.label}: from {wanted.range_words}, and {typed} is not")
    return value


def work_out(calculator: Calculator, typed: Mapping[str, str]) -> Worked:
    """Work out the results for what a person typed; nothing of it is kept.

    Returns
    -------
    Worked
        With results only if every input is right: half a result is none.
    """
    values: dict[str, Fraction] = {}
    errors: dict[str, str] = {}
    for each in calculator.inputs:
        try:
            values[each.name] = value_of(each, str(typed.get(each.name, "")))
        except BadTool as wrong:
            errors[each.name] = str(wrong)
    if errors:
        return Worked({}, errors)
    try:
        results = {
            each.name: written(evaluate(each.formula, values), each.decimals)
            for each in calculator.outputs
        }
    except BadFormula as wrong:
        return Worked({}, {"": str(wrong)})
    return Worked(results, {})


def failed_cases(calculator: Calculator) -> list[str]:
    """Run the cases and say in a sentence each what did not come out as expected."""
    failed = []
    for n, case in enumerate(calculator.cases, 1):
        worked = work_out(calculator, case["given"])
        if "refused" in case:
            if case["refused"] not in worked.errors:
                failed.append(f"case {n}: {case['refused']} is not refused")
        elif worked.errors:
            failed.append(f"case {n}: {'; '.join(worked.errors.values())}")
        else:
            failed += [
                f"case {n}: {name} is {worked.results[name]}, not {wanted}"
                for name, wanted in case["expect"].items()
                if worked.results[name] != wanted
            ]
    return failed
