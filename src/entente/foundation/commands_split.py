"""The command ``entente split``: exact splits, one JSON object per line."""

from __future__ import annotations

import json
import re
import sys
from fractions import Fraction
from typing import Any

import click

from entente.foundation.domain.money import MoneyError, split_minor, to_minor, to_text

WEIGHT = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40}|/[0-9]{1,40})?")


def _weight(text: object) -> Fraction:
    # An exponent could ask for a number with a thousand million digits.
    if not isinstance(text, str) or not WEIGHT.fullmatch(text):
        raise ValueError(f"{str(text)[:50]!r} is not a weight; write it like 40, 0.25 or 1/3")
    return Fraction(text)


def split_line(line: str) -> dict[str, Any]:
    """Answer one line of ``entente split``.

    Examples
    --------
    >>> split_line('{"total": "-0.05", "currency": "EUR", "weights": [["b", "1"], ["a", "1"]]}')
    {'parts': {'a': '-0.03', 'b': '-0.02'}}
    """
    try:
        line.encode()
        asked = json.loads(line, parse_float=str, parse_int=str)
        total, currency, weights = asked["total"], asked["currency"], list(asked["weights"])
        named = [(str(who), _weight(weight)) for who, weight in map(list, weights)]
    except (ValueError, KeyError, TypeError, ZeroDivisionError, RecursionError) as trouble:
        return {"error": f"not of the form {{total, currency, weights}}: {trouble}"[:300]}
    if len({who for who, _ in named}) != len(named):
        return {"error": "a partner is named twice"}
    try:
        parts = split_minor(to_minor(str(total), str(currency)), dict(named))
        return {"parts": {who: to_text(parts[who], str(currency)) for who in sorted(parts)}}
    except MoneyError as trouble:
        return {"error": str(trouble)}


@click.command()
def split() -> None:
    """Split amounts exactly; one JSON object per line on stdin, one answer per line.

    Example: echo '{"total":"1","currency":"EUR","weights":[["a","1"],["b","2"]]}' | entente split
    """
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="surrogateescape")
        if line.strip():
            click.echo(json.dumps(split_line(line)))
