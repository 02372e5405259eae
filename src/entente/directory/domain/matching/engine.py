"""Match the records of one table, or of two: block, learn, score, and decide with three outcomes.

Splink blocks, compares and scores on DuckDB; what is compared, by which levels, with which
weights, and what follows from a score is decided here.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray
from splink import DuckDBAPI, Linker

from entente.directory.domain.matching.blocking import (
    ALL_PAIRS_UP_TO,
    Key,
    Rule,
    choose,
    keys_for,
    needed,
    place_is_one,
)
from entente.directory.domain.matching.comparisons import comparisons_of, place_of
from entente.directory.domain.matching.deciding import decided, two_people
from entente.directory.domain.matching.model import Field, Model
from entente.directory.domain.matching.records import Side, fields_of, make_records
from entente.directory.domain.matching.weights import Array, learn, likely_patterns, settled_prior

THRESHOLD = 0.5
_RANDOM_PAIRS = 1e6
_SEED = 20_261_126
# Pairs from which weights are learned; of more, records are sampled.
_LEARNED_FROM = 1_500_000
# Scores below one in a thousand are not kept.
_LEAST = 0.001
_EVERY = "1=1"


@dataclass(frozen=True)
class Matched:
    """What came of matching.

    Attributes
    ----------
    pairs : pyarrow.Table
        ``left_id``, ``right_id``, ``score`` (0 to 1), ``decision`` ("auto" or "suspect"), best
        first.
    model : Model
        The weights used, learned or given.
    n_left, n_right, n_compared : int
        Records of each side, and pairs that were worth keeping after comparison.
    scored : str
        Table of the connection with the level of every comparison, for explanations.
    """

    pairs: pa.Table
    model: Model
    n_left: int
    n_right: int
    n_compared: int
    scored: str = ""


def match(
    connection: DuckDBPyConnection,
    left: Side,
    right: Side | None = None,
    *,
    withheld: Collection[str] = (),
    model: Model | None = None,
    threshold: float = THRESHOLD,
) -> Matched:
    """Find the records that mean the same person, place or organisation.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Holds the tables, all columns text; tables of this module's own are made in it.
    left, right : Side
        One table is searched for duplicates, two are linked with each other.
    withheld : collection of str
        Columns that must not be looked at.
    model : Model, optional
        Weights to use; learned from the data where not given.
    threshold : float
        Least score of a pair that is reported.

    Returns
    -------
    Matched

    Raises
    ------
    ValueError
        If nothing can be compared.
    """
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    n_left, n_right = (_count(connection, side) for side in (left, right))
    n_possible = n_left * n_right if right else n_left * (n_left - 1) / 2
    if n_possible < 1:
        return Matched(_none(), model or _untrained(), n_left, n_right, 0)
    fields = list(model.fields) if model else fields_of(connection, left, right, withheld)
    keys = keys_for({field.name: field.kind for field in fields})
    if model:
        asked = {column for rule in model.rules for column in rule}
        keys = [key for key in keys if key.column in asked]
    make_records(connection, left, right, fields, keys)
    model = model or _learned(connection, fields, keys, n_left + n_right, n_possible, bool(right))
    linker = _linker(
        connection, model.comparisons(), _conditions(model.rules), bool(right), model.prior
    )
    scored = linker.inference.predict(threshold_match_probability=_LEAST).physical_name
    weight = connection.execute(
        f"SELECT match_weight FROM {scored} WHERE NOT {two_people(fields)}"
    ).fetchnumpy()["match_weight"]
    bayes = weight.astype(float) - np.log2(model.prior / (1 - model.prior))
    prior = settled_prior(bayes, n_possible, model.prior)
    pairs = decided(connection, scored, model, prior, threshold)
    return Matched(pairs, model, n_left, n_right, len(weight), scored)


def _none() -> pa.Table:
    texts = {name: pa.array([], pa.string()) for name in ("left_id", "right_id", "decision")}
    return pa.table({**texts, "score": pa.array([], pa.float64())}).select(
        ["left_id", "right_id", "score", "decision"]
    )


def _untrained() -> Model:
    return Model((), False, {}, {}, (), 0.5)


def _count(connection: DuckDBPyConnection, side: Side | None) -> int:
    if side is None:
        return 0
    return int(connection.execute(f"SELECT count(*) FROM {side.table}").fetchall()[0][0])


def _conditions(rules: Sequence[Sequence[str]]) -> list[str]:
    return [
        " AND ".join(f'l."{column}" = r."{column}"' for column in rule) or _EVERY for rule in rules
    ]


def _linker(
    connection: DuckDBPyConnection,
    comparisons: list[dict[str, Any]],
    conditions: list[str],
    is_linked: bool,
    prior: float,
    table: str = "keyed",
) -> Linker:
    settings = {
        "link_type": "link_only" if is_linked else "dedupe_only",
        "unique_id_column_name": "record",
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": conditions,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "probability_two_random_records_match": prior,
    }
    interface = DuckDBAPI(connection)
    if not is_linked:
        return Linker(interface.register(table), settings, log_level=50, validate_settings=False)
    for source in ("l", "r"):
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {table}_{source} AS"
            f" SELECT * FROM {table} WHERE source = '{source}'"
        )
    sides = [interface.register(f"{table}_{source}") for source in ("l", "r")]
    return Linker(sides, settings, log_level=50, validate_settings=False)


def _learned(
    connection: DuckDBPyConnection,
    fields: Sequence[Field],
    keys: Sequence[Key],
    n_records: int,
    n_possible: float,
    is_linked: bool,
) -> Model:
    kinds = {field.name: field.kind for field in fields}
    place = place_is_one(connection, place_of(kinds), keys, linked=is_linked)
    comparisons = comparisons_of(kinds, {f.name: f.words for f in fields}, place=place)
    chosen = choose(connection, keys, n_records, linked=is_linked)
    if n_possible <= ALL_PAIRS_UP_TO**2 / 2:
        chosen = []
    prior = min(0.3 * n_records / n_possible, 0.1)
    u = _random_shares(connection, comparisons, is_linked, prior)
    n_pairs = sum(rule.n_pairs for rule in chosen) or n_possible
    sampled = min(1.0, _LEARNED_FROM / n_pairs)
    table = _sampled(connection, float(np.sqrt(sampled)))
    linker = _linker(
        connection, comparisons, _conditions(_columns(chosen)), is_linked, prior, table
    )
    compared = linker.inference.predict().physical_name
    names = [each["output_column_name"] for each in comparisons]
    patterns, counts, never = _patterns(connection, compared, names, fields)
    start_u = [u[name] for name in names]
    start_m = [_first_guess(len(each)) for each in start_u]
    m, share = learn(patterns, counts, start_m, start_u, start_share=0.1, never=never)
    model = Model(tuple(fields), place, dict(zip(names, m, strict=True)), u, (), prior)
    likely = likely_patterns(patterns, m, start_u, share) & ~never
    held = _held(connection, compared, table, names, patterns[likely], chosen)
    connection.execute(f"DROP TABLE IF EXISTS {compared}")
    rules = _columns(needed(chosen, held, sampled) if len(held) else chosen)
    return replace(model, rules=tuple(rules))


def _columns(rules: Sequence[Rule]) -> list[tuple[str, ...]]:
    return [tuple(key.column for key in rule.keys) for rule in rules] or [()]


def _patterns(
    connection: DuckDBPyConnection, compared: str, names: Sequence[str], fields: Sequence[Field]
) -> tuple[NDArray[np.int8], NDArray[np.int64], NDArray[np.bool_]]:
    """Count the patterns of agreement, and tell which of them are two people whatever else."""
    levels = ", ".join(f"gamma_{name}" for name in names)
    counted = connection.execute(
        f"SELECT {levels}, count(*) AS n, any_value({two_people(fields)}) AS never"
        f" FROM {compared} GROUP BY {levels} ORDER BY {levels}"
    ).fetchnumpy()
    patterns = np.stack([counted[f"gamma_{name}"].astype(np.int8) for name in names], axis=1)
    return patterns, counted["n"].astype(np.int64), counted["never"].astype(bool)


def _held(
    connection: DuckDBPyConnection,
    compared: str,
    table: str,
    names: Sequence[str],
    likely: NDArray[np.int8],
    rules: Sequence[Rule],
) -> NDArray[np.bool_]:
    """Tell which rules bring each likely match together."""
    if not rules or not len(likely):
        return np.zeros((0, 0), dtype=bool)
    levels = [f"gamma_{name}" for name in names]
    shown = pa.table({level: pa.array(likely[:, n], pa.int32()) for n, level in enumerate(levels)})
    connection.register("likely", shown)
    holds = ", ".join(
        f"coalesce({condition}, false) AS h{n}"
        for n, condition in enumerate(_conditions(_columns(rules)))
    )
    found = connection.execute(
        f"SELECT {holds} FROM {compared} c JOIN likely USING ({', '.join(levels)})"
        f" JOIN {table} l ON l.record = c.record_l JOIN {table} r ON r.record = c.record_r"
    ).fetchnumpy()
    connection.unregister("likely")
    return np.stack([found[f"h{n}"].astype(bool) for n in range(len(rules))], axis=1)


def _first_guess(n_levels: int) -> Array:
    return np.array([0.1 / (n_levels - 1)] * (n_levels - 1) + [0.9])


def _random_shares(
    connection: DuckDBPyConnection, comparisons: list[dict[str, Any]], is_linked: bool, prior: float
) -> dict[str, Array]:
    """Measure how often random pairs show each level."""
    linker = _linker(connection, comparisons, [_EVERY], is_linked, prior)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=_RANDOM_PAIRS, seed=_SEED, min_count_per_level=None, num_chunks=1
    )
    found = {}
    for each in linker.misc.save_model_to_json()["comparisons"]:
        levels = [lv for lv in each["comparison_levels"] if not lv.get("is_null_level")]
        seen = np.array([float(lv.get("u_probability") or 0) for lv in reversed(levels)])
        seen = np.maximum(seen, 1e-7)
        found[each["output_column_name"]] = seen / seen.sum()
    return found


def _sampled(connection: DuckDBPyConnection, share: float) -> str:
    if share >= 1:
        return "keyed"
    connection.execute(
        "CREATE OR REPLACE TABLE learned_from AS"
        f" SELECT * FROM keyed WHERE hash(record) % 10000 < {int(10_000 * share)}"
    )
    return "learned_from"
