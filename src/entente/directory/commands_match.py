"""The command ``entente match``: which records of a file, or of two, are the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from entente.directory.adapters.chunks import Refusal
    from entente.directory.domain.matching.engine import Matched
    from entente.directory.domain.matching.truth import Quality

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHOWN = 20


@click.command(name="match")
@click.argument("left", type=_FILE)
@click.argument("right", type=_FILE, required=False)
@click.option("--id-column", required=True, help="Column that names a record; never compared.")
@click.option("--right-id-column", help="The same in RIGHT, where it is called otherwise.")
@click.option("--withhold", multiple=True, help="Column that must not be looked at; repeatable.")
@click.option(
    "--truth", help="CSV of pairs that are the same, or of ids and groups; or a column of LEFT."
)
@click.option(
    "-o", "--output", "out", type=click.Path(dir_okay=False, path_type=Path), required=True,
    help="Pairs found: .csv, .csv.gz or .parquet.",
)  # fmt: skip
@click.option("--threshold", type=click.FloatRange(0, 1), default=0.5, show_default=True,
              help="Least score of a pair that is told.")  # fmt: skip
@click.option("--weights", type=_FILE, help="Use these weights instead of learning them.")
@click.option("--save-weights", type=click.Path(dir_okay=False, path_type=Path),
              help="Keep the weights that were learned.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def match_files(
    left: Path,
    right: Path | None,
    id_column: str,
    right_id_column: str | None,
    withhold: tuple[str, ...],
    truth: str | None,
    out: Path,
    threshold: float,
    weights: Path | None,
    save_weights: Path | None,
    as_json: bool,
) -> None:
    """Find the records that are the same, in one CSV or between two.

    Columns are recognised by their headers and values, weights are learned from the data. OUT
    has left_id, right_id, score and decision: "auto" where a key agrees and nothing contradicts,
    "suspect" where a person should look. A record may have several rows under one id.

    Example: entente match nppes.csv medicare.csv --id-column id -o pairs.csv
    """
    from entente.directory.adapters.chunks import RegistryFileError

    try:
        run = _Run(left, right, id_column, right_id_column or id_column)
        hidden = {*withhold, *([truth] if truth and truth in run.columns else [])}
        matched = run.match(hidden, weights, threshold)
        quality = run.quality(matched, truth) if truth else None
        run.write(matched, out, save_weights)
    except (RegistryFileError, ValueError, OSError) as wrong:
        raise click.ClickException(str(wrong)) from None
    figures = _figures(matched, threshold, quality)
    click.echo(json.dumps(figures, sort_keys=True) if as_json else _told(figures, matched))
    if run.refused:
        _tell_refused(run.refused)


class _Run:
    """One run of the command: the files, read into one DuckDB."""

    def __init__(self, left: Path, right: Path | None, left_id: str, right_id: str) -> None:
        import duckdb

        from entente.directory.adapters.match_files import read_records

        self.connection = duckdb.connect()
        self.refused: list[tuple[str, Refusal]] = []
        self.sides: list[tuple[str, str]] = []
        for table, path, id_column in (
            ("left_file", left, left_id),
            ("right_file", right, right_id),
        ):
            if path is None:
                continue
            rows, refused = read_records(path, id_column)
            self.connection.register(f"{table}_rows", rows)
            self.connection.execute(f"CREATE TABLE {table} AS SELECT * FROM {table}_rows")  # noqa: S608
            self.connection.unregister(f"{table}_rows")
            self.refused += [(path.name, refusal) for refusal in refused]
            self.sides.append((table, id_column))
            if table == "left_file":
                self.columns = set(rows.column_names)

    def match(self, hidden: set[str], weights: Path | None, threshold: float) -> Matched:
        from entente.directory.domain.matching.engine import match
        from entente.directory.domain.matching.model import model_of
        from entente.directory.domain.matching.records import Side

        sides = [Side(table, column) for table, column in self.sides]
        model = model_of(weights.read_text()) if weights else None
        return match(self.connection, *sides, withheld=hidden, model=model, threshold=threshold)

    def quality(self, matched: Matched, truth: str) -> Quality:
        from entente.directory.adapters.match_files import read_truth
        from entente.directory.domain.matching.truth import measured

        ids = [self._column(table, column) for table, column in self.sides]
        is_linked = len(ids) == 2
        if truth in self.columns and not Path(truth).is_file():
            true = self._truth_of_column(truth, is_linked)
        elif Path(truth).is_file():
            true = read_truth(Path(truth), set(ids[0]), set(ids[1]) if is_linked else None)
        else:
            raise ValueError(f"--truth {truth} is neither a file nor a column of the first file")
        pairs = matched.pairs.to_pydict()
        found = list(zip(pairs["left_id"], pairs["right_id"], pairs["decision"], strict=True))
        return measured(self.connection, matched.model, found, true, is_linked=is_linked)

    def _truth_of_column(self, truth: str, is_linked: bool) -> set[tuple[str, str]]:
        from entente.directory.domain.matching.truth import pairs_of_groups

        groups = [
            list(zip(self._column(table, column), self._column(table, truth), strict=True))
            for table, column in self.sides
        ]
        known = [[(i, g) for i, g in rows if i and g] for rows in groups]
        if not is_linked:
            return pairs_of_groups(known[0])
        theirs: dict[str, set[str]] = {}
        for record, group in known[1]:
            theirs.setdefault(group, set()).add(record)
        return {(i, other) for i, group in known[0] for other in theirs.get(group, ())}

    def _column(self, table: str, column: str) -> list[Any]:
        from entente.directory.domain.matching.records import quoted

        rows = self.connection.execute(f"SELECT {quoted(column)} FROM {table}").fetchall()  # noqa: S608
        return [row[0] for row in rows]

    def write(self, matched: Matched, out: Path, save_weights: Path | None) -> None:
        from entente.directory.adapters.match_files import write_pairs

        write_pairs(matched.pairs, out)
        if save_weights:
            save_weights.write_text(matched.model.as_json())


def _figures(matched: Matched, threshold: float, quality: Quality | None) -> dict[str, Any]:
    decisions = matched.pairs["decision"].to_pylist()
    figures: dict[str, Any] = {
        "left": matched.n_left,
        "right": matched.n_right,
        "pairs": len(decisions),
        "auto": decisions.count("auto"),
        "suspect": decisions.count("suspect"),
        "threshold": threshold,
    }
    if quality:
        figures |= {
            "precision": round(quality.precision, 6),
            "recall": round(quality.recall, 6),
            "f1": round(quality.f1, 6),
            "true_pairs": quality.n_true,
            "auto_wrong": quality.n_auto_wrong,
            "missed_never_compared": quality.n_never_compared,
            "missed_scored_low": quality.n_scored_low,
        }
    return figures


def _told(figures: dict[str, Any], matched: Matched) -> str:
    compared = ", ".join(f"{field.words} ({field.kind.value})" for field in matched.model.fields)
    lines = [
        f"Compared by {compared}.",
        f"{figures['left']:,} records"
        + (f" with {figures['right']:,}" if figures["right"] else "")
        + f": {figures['pairs']:,} pairs at {figures['threshold']} or more, "
        f"{figures['auto']:,} joined automatically, {figures['suspect']:,} for a person.",
    ]
    if "f1" in figures:
        lines.append(
            f"precision {figures['precision']:.4f}, recall {figures['recall']:.4f}, "
            f"F1 {figures['f1']:.4f} over {figures['true_pairs']:,} true pairs; "
            f"{figures['auto_wrong']:,} joined wrongly; missed: "
            f"{figures['missed_never_compared']:,} never compared, "
            f"{figures['missed_scored_low']:,} scored low."
        )
    return "\n".join(lines)


def _tell_refused(refused: list[tuple[str, Refusal]]) -> None:
    for name, refusal in refused[:_SHOWN]:
        click.echo(f"{name}, record {refusal.line}, {refusal.field}: {refusal.remedy}", err=True)
    raise click.ClickException(
        f"{len(refused):,} records could not be read and took no part; the others were matched."
    )
