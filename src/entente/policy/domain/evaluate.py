"""Judge acts: one, or a hundred million, by the same programs and the same kernel."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np

from . import kernel
from .absent_facts import absent_per_row
from .binding import Binding, bind, days_of, with_days
from .columns import Coder, FactTables, IntArray, Table, column_of
from .compile import Compiled, describe
from .explain import findings_of
from .facts import day_number
from .kernel import OWN, SAME
from .verdicts import OUTCOMES, Finding, Verdict, Verdicts, WordArray, row_facts

_NO_GRAINS = np.zeros((0, 3), np.int64)


def _home(compiled: Compiled, tables: FactTables, rule: int) -> str:
    """Name the coarsest table that holds all a rule reads; '' is the candidates' own."""
    where: set[str] = set()
    reads = set(compiled.reads[rule])
    if compiled.dated[rule]:
        reads.add("action.date")
    for name in reads:
        if name in tables.candidates.columns:
            return ""
        where |= {grain for grain, table in tables.grains.items() if name in table.columns}
    if len(where) > 1:
        return ""
    return where.pop() if where else "shared"


def _split(n_rows: int, threads: int) -> list[tuple[int, int]]:
    """Cut rows into spans of whole blocks, one per thread at most."""
    blocks = -(-n_rows // kernel.BLOCK)
    step = max(1, -(-blocks // max(threads, 1))) * kernel.BLOCK
    return [(low, min(low + step, n_rows)) for low in range(0, n_rows, step)]


def _spread(work: Any, n_rows: int, threads: int) -> None:
    spans = _split(n_rows, threads)
    if len(spans) <= 1:
        for span in spans:
            work(*span)
        return
    with ThreadPoolExecutor(len(spans)) as pool:
        for done in [pool.submit(work, *span) for span in spans]:
            done.result()


def _run(
    compiled: Compiled, rules: IntArray, binding: Binding, threads: int
) -> tuple[WordArray, WordArray]:
    refused = np.zeros((binding.n_rows, compiled.words), np.uint64)
    undecided = np.zeros_like(refused)
    if len(rules):
        _spread(
            lambda low, high: kernel.judge_rows(
                rules, compiled.code, compiled.sets, compiled.params, binding.cols, binding.keys,
                binding.regimes, low, high, compiled.depth, refused, undecided,
            ),
            binding.n_rows,
            threads,
        )  # fmt: skip
    return refused, undecided


def _regimes_of(compiled: Compiled, tables: FactTables, grain: str, n_rows: int) -> Any:
    """Find the regime of each row of a table, as far as it can differ there."""
    table = {"": tables.candidates, "shared": tables.shared or Table(n_rows=1)}.get(grain)
    own = tables.grains[grain] if table is None else table
    if "action.date" in own.columns:
        return compiled.regimes(days_of(own, 0))
    if tables.shared is not None and "action.date" in tables.shared.columns:
        return np.repeat(compiled.regimes(days_of(tables.shared, 0)), n_rows)
    if grain == "":
        for name, coarser in tables.grains.items():
            if "action.date" in coarser.columns:
                return compiled.regimes(days_of(coarser, 0))[tables.keys[name]]
    return np.zeros(n_rows, np.int32)


def _bindings(compiled: Compiled, tables: FactTables) -> dict[str, Binding]:
    """Bind the pack once per table: as the candidates see it, and as each grain sees itself."""
    shared = tables.shared or Table(n_rows=1)
    names = list(tables.grains)
    n_rows = tables.n_candidates
    sources = [(shared, SAME), *((tables.grains[g], i) for i, g in enumerate(names))]
    keys = [tables.keys[g] for g in names]
    regimes = _regimes_of(compiled, tables, "", n_rows)
    bound = {"": bind(compiled, n_rows, [*sources, (tables.candidates, OWN)], keys, regimes)}
    for name, table in (("shared", Table(n_rows=1)), *tables.grains.items()):
        seen = _regimes_of(compiled, tables, name, len(table))
        bound[name] = bind(compiled, len(table), [(shared, SAME), (table, OWN)], [], seen)
    return bound


def judge(compiled: Compiled, tables: FactTables, on: date, *, threads: int = 1) -> Verdicts:
    """Judge every candidate of a batch.

    Parameters
    ----------
    compiled : Compiled
        From `compile_packs`.
    tables : FactTables
        The facts. A rule is judged once per row of the coarsest table that holds all it reads.
    on : date
        The day of candidates without ``action.date``.
    threads : int
        Rows are split over that many threads; the answer does not depend on it.

    Returns
    -------
    Verdicts
        Outcome codes and bits per candidate.

    """
    tables = with_days(tables, day_number(on))
    if not tables.grains and tables.shared is None:
        return _judge_flat(compiled, tables, threads)
    bound = _bindings(compiled, tables)
    homes = [_home(compiled, tables, rule) for rule in range(len(compiled.rules))]

    def of(name: str) -> IntArray:
        return compiled.programs[[i for i, home in enumerate(homes) if home == name]]

    refused, undecided = _run(compiled, of(""), bound[""], threads)
    ways = {"shared": SAME, **{grain: i for i, grain in enumerate(tables.grains)}}
    kept, gathered = [], []
    for name, way in ways.items():
        rules = of(name)
        if len(rules):
            words = _run(compiled, rules, bound[name], threads)
            kept.append(words)
            gathered.append([w.__array_interface__["data"][0] for w in words] + [way])
    grains = np.array(gathered, np.int64) if gathered else _NO_GRAINS
    return _combined(compiled, tables, bound[""], grains, (refused, undecided), threads=threads)


def _judge_flat(compiled: Compiled, tables: FactTables, threads: int) -> Verdicts:
    """Judge a batch whose every fact is the candidate's own: a file, or one act."""
    own = bind(
        compiled,
        tables.n_candidates,
        [(tables.candidates, OWN)],
        [],
        compiled.regimes(days_of(tables.candidates, 0)),
    )
    words = _run(compiled, compiled.programs, own, threads)
    return _combined(compiled, tables, own, _NO_GRAINS, words, threads=threads)


def _combined(
    compiled: Compiled,
    tables: FactTables,
    own: Binding,
    grains: IntArray,
    words: tuple[WordArray, WordArray],
    *,
    threads: int,
) -> Verdicts:
    refused, undecided = words
    outcome = np.zeros(len(refused), np.int8)
    _spread(
        lambda low, high: kernel.combine(
            grains, own.keys, compiled.in_force, own.regimes, compiled.weights,
            low, high, refused, undecided, outcome,
        ),
        len(outcome),
        threads,
    )  # fmt: skip
    return Verdicts(compiled, tables, own, outcome, refused, undecided)


def absent(
    verdicts: Verdicts, rows: IntArray | None = None, *, only: int | None = None
) -> WordArray:
    """Find per row the facts whose absence left some rule, or `only` that rule, undecided.

    Returns
    -------
    ndarray of uint64, shape (n_rows, ceil(n_facts / 64))
        One bit per fact of `compiled.facts`.
    """
    compiled, own = verdicts.compiled, verdicts.binding
    if rows is None:
        rows = np.arange(len(verdicts), dtype=np.int64)
    words = np.zeros((len(rows), max(1, -(-len(compiled.facts) // 64))), np.uint64)
    programs = compiled.programs if only is None else compiled.programs[only : only + 1]
    absent_per_row(
        programs, compiled.code, compiled.sets, compiled.params, own.cols, own.keys,
        own.regimes, compiled.depth, verdicts.undecided, rows, words,
    )  # fmt: skip
    return words


def _tables_of_one(compiled: Compiled, facts: Mapping[str, Any]) -> FactTables:
    coder = Coder(compiled.vocabulary)
    known = {name: value for name, value in facts.items() if value is not None}
    columns = {name: column_of(name, [value], coder) for name, value in known.items()}
    return FactTables(Table(columns, n_rows=1), coder)


def _judge_values(compiled: Compiled, facts: Mapping[str, Any], on: date) -> Verdicts:
    return judge(compiled, _tables_of_one(compiled, facts), on)


def judge_one(
    compiled: Compiled, facts: Mapping[str, Any], on: date, *, language: str = "en"
) -> Verdict:
    """Judge one act, as a batch of one.

    Parameters
    ----------
    compiled : Compiled
        From `compile_packs`.
    facts : mapping of str to value
        Python values by fact name; None or left out is unknown.
    on : date
        The day of the act, if the facts hold no ``action.date``.
    language : str
        Of the messages; English where a rule has no other.

    Returns
    -------
    Verdict
        Outcome, findings, absent facts, and the versions of the packs asked.

    Raises
    ------
    ValueError
        If a fact does not exist or has the wrong type.

    """
    given = dict(facts)
    if given.get("action.date") is None:
        given["action.date"] = on
    verdicts = _judge_values(compiled, given, on)
    return verdict_of(verdicts, 0, given, language=language)


def verdict_of(
    verdicts: Verdicts,
    row: int,
    facts: Mapping[str, Any] | None = None,
    *,
    language: str = "en",
) -> Verdict:
    """Turn one row of a batch into the full answer.

    Parameters
    ----------
    verdicts : Verdicts
        From `judge`.
    row : int
        Which candidate.
    facts : mapping, optional
        Its facts as Python values; read back from the columns if left out.
    language : str
        Of the messages.
    """
    given = row_facts(verdicts, row) if facts is None else dict(facts)
    findings = findings_of(
        verdicts, row, given, absent=absent, judge=_judge_values, language=language
    )
    missing = sorted({name for finding in findings for name in finding.missing_facts})
    outcome = OUTCOMES[int(verdicts.outcome[row])]
    return Verdict(outcome, findings, tuple(missing), given, describe(verdicts.compiled))


def explain(verdicts: Verdicts, row: int, *, language: str = "en") -> tuple[Finding, ...]:
    """Explain one row of a batch: one finding per rule that did not pass, by rule id."""
    return verdict_of(verdicts, row, language=language).findings
