"""How like two values are: levels per kind of field, best first, as Splink reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entente.directory.domain.matching.fields import Kind

Level = dict[str, Any]


def _level(sql: str, label: str, *, frequency_of: str | None = None) -> Level:
    level: Level = {"sql_condition": sql, "label_for_charts": label}
    if frequency_of:
        level["tf_adjustment_column"] = frequency_of
        level["tf_adjustment_weight"] = 1.0
        # The value is the same on both sides, even where the condition asks for more than that.
        level["disable_tf_exact_match_detection"] = True
    return level


def _null(name: str) -> Level:
    sql = f'"{name}_l" IS NULL OR "{name}_r" IS NULL'
    return {"sql_condition": sql, "label_for_charts": "not known", "is_null_level": True}


def _same(name: str, *, frequency: bool = True) -> Level:
    return _level(f'"{name}_l" = "{name}_r"', "the same", frequency_of=name if frequency else None)


def _like(name: str, least: float, label: str) -> Level:
    return _level(f'jaro_winkler_similarity("{name}_l", "{name}_r") >= {least}', label)


def _typos(name: str, most: int, label: str) -> Level:
    return _level(f'damerau_levenshtein("{name}_l", "{name}_r") <= {most}', label)


_ELSE: Level = {"sql_condition": "ELSE", "label_for_charts": "different"}


def _given(name: str) -> list[Level]:
    initial = (
        f'(length("{name}_l") = 1 OR length("{name}_r") = 1)'
        f' AND left("{name}_l", 1) = left("{name}_r", 1)'
    )
    begins = f'starts_with("{name}_l", "{name}_r") OR starts_with("{name}_r", "{name}_l")'
    return [
        _same(name),
        _level(initial, "one is the initial of the other"),
        _level(begins, "one begins with the other"),
        _like(name, 0.9, "nearly the same"),
        _like(name, 0.8, "alike"),
    ]


def _family(name: str, given: str | None) -> list[Level]:
    levels = [_same(name)]
    if given:
        swapped = f'"{name}_l" = "{given}_r" AND "{given}_l" = "{name}_r"'
        levels.append(_level(swapped, "given and family name changed places"))
    shares = (
        f"list_has_any(list_filter(string_split(\"{name}_l\", ' '), lambda w: length(w) > 2), "
        f"string_split(\"{name}_r\", ' '))"
    )
    return [
        *levels,
        _like(name, 0.92, "nearly the same"),
        _level(shares, "one part of a double name is the same"),
        _like(name, 0.85, "alike"),
    ]


def _words(name: str) -> list[Level]:
    common = f'len(list_intersect("{name}_words_l", "{name}_words_r"))'
    least = f'least(len("{name}_words_l"), len("{name}_words_r"))'
    most = f'greatest(len("{name}_words_l"), len("{name}_words_r"))'
    return [
        _same(name),
        _level(f"{common} = {most}", "the same words"),
        _level(f"{common} >= 2 AND {common} = {least}", "all words of the shorter"),
        _like(name, 0.93, "nearly the same"),
        _level(f"{common} >= 0.6 * {least} AND {common} >= 2", "most words of the shorter"),
        _level(f"{common} >= 1", "a word in common"),
    ]


def _street(name: str) -> list[Level]:
    same_number = f'"{name}_no_l" = "{name}_no_r"'
    return [
        _same(name),
        _level(
            f'{same_number} AND jaro_winkler_similarity("{name}_l", "{name}_r") >= 0.88',
            "same house number, nearly the same street",
        ),
        _level(same_number, "same house number"),
        _like(name, 0.9, "nearly the same"),
    ]


PLACE_KINDS = (Kind.STREET, Kind.POSTCODE, Kind.CITY, Kind.REGION)


def _equal(name: str) -> str:
    return f'"{name}_l" = "{name}_r"'


def place_levels(parts: Mapping[Kind, str]) -> list[Level]:
    """Give the levels of an address as a whole.

    Street, postcode, city and region go together: compared one by one they would count the
    same agreement four times, and two people at one hospital would look like one.

    Parameters
    ----------
    parts : mapping of Kind to str
        Column of each part that the records have.
    """
    street, postcode, city, region = (parts.get(kind) for kind in PLACE_KINDS)
    unknown = " AND ".join(f'("{n}_l" IS NULL OR "{n}_r" IS NULL)' for n in parts.values())
    levels: list[Level] = [
        {"sql_condition": unknown, "label_for_charts": "not known", "is_null_level": True}
    ]
    around = [_equal(name) for name in (postcode, city) if name]
    near = f"coalesce({' OR '.join(around)}, true)" if around else "true"
    if street:
        number = _equal(f"{street}_no")
        alike = f'jaro_winkler_similarity("{street}_l", "{street}_r") >= 0.88'
        levels += [
            _level(f"{_equal(street)} AND {near}", "the same address", frequency_of=street),
            _level(f"{number} AND {alike} AND {near}", "nearly the same address"),
        ]
        if not postcode and not city:
            levels.append(_level(number, "same house number"))
        elif postcode:
            levels.append(_level(f"{number} AND {_equal(postcode)}", "same house number and area"))
    if postcode:
        levels.append(_level(_equal(postcode), "same postcode", frequency_of=postcode))
    if city:
        same_city = _equal(city) + (f" AND coalesce({_equal(region)}, true)" if region else "")
        levels.append(_level(same_city, "same city", frequency_of=city))
    wider = [_equal(region)] if region else []
    if postcode:
        wider.append(f'left("{postcode}_l", 3) = left("{postcode}_r", 3)')
    if wider:
        levels.append(_level(" OR ".join(wider), "same region"))
    return [*levels, dict(_ELSE)]


def levels_of(kind: Kind, name: str, given: str | None = None) -> list[Level]:
    """Give the levels at which two values of a field agree, the last being "different".

    Parameters
    ----------
    kind : Kind
    name : str
        Column of the cleansed table.
    given : str, optional
        For a family name, the column of the given name beside it.
    """
    match kind:
        case Kind.GIVEN | Kind.MIDDLE:
            found = _given(name)
        case Kind.FAMILY:
            found = _family(name, given)
        case Kind.ORGANISATION | Kind.NAME | Kind.TEXT:
            found = _words(name)
        case Kind.STREET:
            found = _street(name)
        case Kind.DAY:
            found = [
                _same(name, frequency=False),
                _typos(name, 1, "one digit"),
                _typos(name, 2, "two digits"),
            ]
        case Kind.EMAIL:
            local = f"split_part(\"{name}_l\", '@', 1) = split_part(\"{name}_r\", '@', 1)"
            found = [
                _same(name),
                _level(local, "same before the @"),
                _like(name, 0.92, "nearly the same"),
            ]
        case Kind.PHONE | Kind.KEY:
            found = [_same(name), _typos(name, 1, "one sign"), _typos(name, 2, "two signs")]
        case Kind.POSTCODE:
            near = f'left("{name}_l", 3) = left("{name}_r", 3)'
            found = [_same(name), _typos(name, 1, "one sign"), _level(near, "same area")]
        case Kind.CITY:
            found = [_same(name), _like(name, 0.9, "nearly the same")]
        case Kind.NUMBER:
            found = [_same(name), _typos(name, 1, "one sign")]
        case _:
            found = [_same(name)]
    return [_null(name), *found, dict(_ELSE)]


def place_of(kinds: Mapping[str, Kind]) -> dict[Kind, str]:
    """Give the column of each part of an address, the first of each kind."""
    parts: dict[Kind, str] = {}
    for name, kind in kinds.items():
        if kind in PLACE_KINDS:
            parts.setdefault(kind, name)
    return parts


def comparisons_of(
    kinds: Mapping[str, Kind], headers: Mapping[str, str], *, place: bool
) -> list[dict[str, Any]]:
    """Give the comparisons of a table as Splink's settings want them.

    Parameters
    ----------
    kinds : mapping of str to Kind
        Column of the cleansed table to what it holds.
    headers : mapping of str to str
        How people know each column.
    place : bool
        Whether the parts of an address are compared as one.
    """
    parts = place_of(kinds) if place else {}
    given = next((name for name, kind in kinds.items() if kind is Kind.GIVEN), None)
    made = [
        {
            "output_column_name": name,
            "comparison_description": headers[name],
            "comparison_levels": levels_of(kind, name, given if kind is Kind.FAMILY else None),
        }
        for name, kind in kinds.items()
        if name not in parts.values()
    ]
    if parts:
        words = ", ".join(headers[name] for name in parts.values())
        made.append(
            {
                "output_column_name": "place",
                "comparison_description": words,
                "comparison_levels": place_levels(parts),
            }
        )
    return made
