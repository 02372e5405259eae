"""What follows from a score: joined automatically, shown to a steward, or nothing.

A pair is joined automatically only if a key agrees and nothing contradicts: names are known and
alike, no other key and no day differs. However high a score, without a key a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from duckdb import DuckDBPyConnection

from entente.directory.domain.matching.fields import Kind, words_of
from entente.directory.domain.matching.model import Field, Model

AUTO_SCORE = 0.99
# A value that many records of one file carry is no key, whatever its header says.
MOST_SHARING = 8
_NAMES = (Kind.GIVEN, Kind.FAMILY, Kind.NAME, Kind.ORGANISATION)
# At least "nearly the same" in levels counted from "different" up, per kind of name.
_ALIKE = {Kind.GIVEN: 2, Kind.FAMILY: 3, Kind.NAME: 3, Kind.ORGANISATION: 3}


def two_people(fields: Sequence[Field]) -> str:
    """Give the SQL that tells pairs which are two people whatever else agrees.

    In a registry with NPIs: both carry one and they differ by more than a slip of the hand, since
    a person has one; or neither given nor family name is alike. In a place where everybody
    shares a telephone, "same place" would otherwise be learned as "same person". Files without
    such a key are left to what they say themselves.
    """
    keys = [f.name for f in fields if f.kind is Kind.KEY and _is_npi(f)]
    if not keys:
        return "false"
    told = [f"gamma_{key} = 0" for key in keys]
    names = [f.name for f in fields if f.kind in (Kind.GIVEN, Kind.FAMILY)]
    if names:
        told.append("(" + " AND ".join(f"gamma_{name} = 0" for name in names) + ")")
    return f"({' OR '.join(told)})"


def _is_npi(field: Field) -> bool:
    return "npi" in words_of(field.left).split()


def _auto(model: Model) -> str:
    """Give the SQL of "a key agrees and nothing contradicts"."""
    keys = [field.name for field in model.fields if field.kind is Kind.KEY]
    names = [field for field in model.fields if field.kind in _NAMES]
    if not keys or not names:
        return "false"
    agree = " OR ".join(
        f"(gamma_{key} = {len(model.u[key]) - 1} AND coalesce(shared_{key}, 1) <= {MOST_SHARING})"
        for key in keys
    )
    clash = [f"gamma_{key} BETWEEN 0 AND {len(model.u[key]) - 2}" for key in keys]
    clash += [f"gamma_{f.name} = 0" for f in model.fields if f.kind is Kind.DAY]
    clash += [f"gamma_{f.name} BETWEEN 0 AND {_ALIKE[f.kind] - 1}" for f in names]
    known = " OR ".join(f"gamma_{f.name} > 0" for f in names)
    return f"({agree}) AND NOT ({' OR '.join(clash)}) AND ({known})"


def _shared(model: Model) -> tuple[str, str]:
    """Give columns and joins that count how many records carry a pair's key."""
    keys = [field.name for field in model.fields if field.kind is Kind.KEY]
    columns = "".join(f", n_{key}.n AS shared_{key}" for key in keys)
    joins = "".join(
        f" LEFT JOIN (SELECT {key} AS v, count(DISTINCT id) AS n FROM keyed WHERE {key} IS NOT NULL"
        f" GROUP BY {key}) n_{key} ON n_{key}.v = kl.{key}"
        for key in keys
    )
    return columns, joins


def decided(
    connection: DuckDBPyConnection, scored: str, model: Model, prior: float, threshold: float
) -> pa.Table:
    """Decide about every scored pair and give those worth telling, best first.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With the tables ``keyed`` and ``scored``.
    scored : str
        Table of Splink's scores.
    model : Model
    prior : float
        Share of possible pairs that are the same, as it turned out.
    threshold : float
        Least score told.

    Returns
    -------
    pyarrow.Table
        ``left_id``, ``right_id``, ``score``, ``decision``; one row per pair of ids.
    """
    shift = f"log2({prior / (1 - prior)!r}) - log2({model.prior / (1 - model.prior)!r})"
    columns, joins = _shared(model)
    levels = "".join(f", s.gamma_{f.name}" for f in model.fields if f.name in model.u)
    sql = (
        "WITH pair AS (SELECT kl.id AS left_id, kr.id AS right_id,"
        f" 1 / (1 + pow(2, -greatest(least(s.match_weight + {shift}, 1000), -1000))) AS score"
        f"{levels}{columns} FROM {scored} s JOIN keyed kl ON kl.record = s.record_l"
        f" JOIN keyed kr ON kr.record = s.record_r{joins}),"
        f" judged AS (SELECT *, score >= {AUTO_SCORE} AND {_auto(model)} AS is_auto FROM pair"
        f" WHERE score >= {threshold} AND NOT {two_people(model.fields)})"
        " SELECT left_id, right_id, max(score) AS score,"
        " CASE WHEN bool_or(coalesce(is_auto, false)) THEN 'auto' ELSE 'suspect' END AS decision"
        " FROM judged WHERE {ordered}left_id IS NOT NULL AND right_id IS NOT NULL"
        " GROUP BY left_id, right_id ORDER BY score DESC, left_id, right_id"
    )
    is_linked = connection.execute("SELECT count(*) FROM keyed WHERE source = 'r'").fetchall()
    ordered = "" if is_linked[0][0] else "left_id <> right_id AND "
    return connection.sql(sql.format(ordered=ordered)).to_arrow_table()
