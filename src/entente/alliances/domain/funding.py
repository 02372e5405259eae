"""Who pays what of a budget line: 50/50, tiered, fixed or capped, exact to the minor unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from entente.foundation.domain.money import MoneyError, split_minor

RULES = {
    "equal": "Equal parts (50/50 for two)",
    "tiered": "Tiered by contribution band",
    "fixed": "Fixed amounts, one party carries the rest",
    "capped": "By share, up to a cap",
}


def _weights(given: Mapping[str, Any], parties: Sequence[str]) -> dict[str, Fraction]:
    unknown = set(given) - set(parties)
    if unknown:
        raise MoneyError("a share names a party that has no side in the campaign")
    try:
        return {party: Fraction(str(given.get(party, 0))) for party in parties}
    except (ValueError, ZeroDivisionError):
        raise MoneyError(
            "write a share as a number such as 0.6 or as a fraction such as 2/3"
        ) from None


def _minor(value: Any, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise MoneyError(f"{what} is a whole number of minor units, not below zero")
    return value


def _tiered(
    amount_minor: int, bands: Sequence[Mapping[str, Any]], parties: Sequence[str]
) -> dict[str, int]:
    if not bands or bands[-1].get("up_to_minor") is not None:
        raise MoneyError("the last band of a tiered split has no upper end")
    parts, below = dict.fromkeys(parties, 0), 0
    for band in bands:
        end = band.get("up_to_minor")
        if end is not None and _minor(end, "the end of a band") <= below:
            raise MoneyError("each band of a tiered split ends above the one before")
        slice_minor = max(0, (amount_minor if end is None else min(amount_minor, end)) - below)
        for party, part in split_minor(
            slice_minor, _weights(band.get("shares", {}), parties)
        ).items():
            parts[party] += part
        below = end if end is not None else below
    return parts


def _fixed(amount_minor: int, terms: Mapping[str, Any], parties: Sequence[str]) -> dict[str, int]:
    rest, fixed = terms.get("rest"), terms.get("amounts_minor", {})
    if rest not in parties or set(fixed) - set(parties):
        raise MoneyError("a fixed split names the party that carries the rest, and only parties")
    parts, left = dict.fromkeys(parties, 0), amount_minor
    # In the order of ids, so that the order in which amounts were written changes nothing.
    for party in sorted(fixed):
        parts[party] = min(left, _minor(fixed[party], "a fixed amount"))
        left -= parts[party]
    parts[str(rest)] += left
    return parts


def _capped(amount_minor: int, terms: Mapping[str, Any], parties: Sequence[str]) -> dict[str, int]:
    weights = _weights(terms.get("shares", {}), parties)
    caps = {party: _minor(cap, "a cap") for party, cap in terms.get("caps_minor", {}).items()}
    if set(caps) - set(parties):
        raise MoneyError("a cap names a party that has no side in the campaign")
    parts, left = dict.fromkeys(parties, 0), amount_minor
    open_to = {party: weight for party, weight in weights.items() if weight > 0}
    while left:
        if not open_to:
            raise MoneyError(
                "the caps of all paying parties are below the amount: nobody pays the rest"
            )
        proposed = split_minor(left, open_to)
        over = {p for p, part in proposed.items() if p in caps and parts[p] + part > caps[p]}
        if not over:
            for party, part in proposed.items():
                parts[party] += part
            break
        for party in over:
            left -= caps[party] - parts[party]
            parts[party] = caps[party]
            del open_to[party]
    return parts


def split_line(
    amount_minor: int, rule: str, terms: Mapping[str, Any], parties: Sequence[str]
) -> dict[str, int]:
    """Split a budget line among the parties of a campaign.

    Parameters
    ----------
    amount_minor : int
        Not below zero.
    rule : str
        ``equal``; ``tiered`` with ``{"bands": [{"up_to_minor": n or null, "shares": {...}}]}``,
        each slice of the amount split by its band; ``fixed`` with ``{"amounts_minor": {...},
        "rest": party}``; ``capped`` with ``{"shares": {...}, "caps_minor": {...}}``, where what
        lies above a party's cap is carried by the others in proportion.
    terms : mapping
    parties : sequence of str
        Ids of the organisations with a side; their order changes nothing.

    Returns
    -------
    dict of str to int
        Minor units per party; they add up to the amount exactly.

    Raises
    ------
    MoneyError
        If the rule is unknown or its terms do not say who pays the whole amount.

    Notes
    -----
    Source: PG-BUD-1, joint budget 50/50 or tiered, each side's share recorded before spend.

    Examples
    --------
    >>> split_line(1001, "equal", {}, ["a", "b"])
    {'a': 501, 'b': 500}
    >>> half = {"a": "0.5", "b": "0.5"}
    >>> split_line(1000, "capped", {"shares": half, "caps_minor": {"a": 200}}, ["a", "b"])
    {'a': 200, 'b': 800}
    """
    if amount_minor < 0:
        raise MoneyError("a budget line is not below zero")
    if rule == "equal":
        return split_minor(amount_minor, dict.fromkeys(parties, 1))
    if rule == "tiered":
        return _tiered(amount_minor, terms.get("bands", []), parties)
    if rule == "fixed":
        return _fixed(amount_minor, terms, parties)
    if rule == "capped":
        return _capped(amount_minor, terms, parties)
    raise MoneyError(f"{rule!r} is not one of {', '.join(RULES)}")
