"""The `entente gate` commands: check files of facts, admit conditions, try and list rules."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from .command_parts import Refusal, day_given, table
from .commands_past import audit_pack, replay, try_
from .domain.packs import BadPack

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def _compiled(folder: Path | None) -> Any:
    from .packs import load_compiled

    try:
        return load_compiled(folder)
    except BadPack as bad:
        raise Refusal(str(bad)) from None


@click.group()
def gate() -> None:
    """Judge acts against rule packs: may we, and if not, why not."""


for each in (try_, replay, audit_pack):
    gate.add_command(each)


@gate.command()
@click.argument("facts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--at", callback=day_given, help="Day of rows without action.date (end of it, UTC).")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
              help="A .csv, .csv.gz or .parquet file. Default: CSV on stdout.")  # fmt: skip
@click.option("--engine", type=click.Choice(["local", "spark"]), default="local",
              show_default=True, help="Where to judge; see above.")  # fmt: skip
@click.option("--packs", type=_FOLDER, help="Folder of rule packs; default ENTENTE_RULEPACKS.")
@click.option("--threads", type=click.IntRange(1, 256), help="Default: as many as cores.")
@click.option("--json", "as_json", is_flag=True, help="Counts (with -o) or rows as JSON.")
def check(
    facts: Path, at: date | None, output: Path | None, engine: str, packs: Path | None,
    threads: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Judge FACTS, a CSV or Parquet file with one row per act.

    \b
    Columns are `id` and fact names (`entente gate facts`); lists are joined by ;
    booleans are true/false, days ISO, empty is unknown. One answer per row:
    id, outcome, rule_ids, missing_facts. A refused file writes nothing.

    \b
    The local engine answers in the order of the file. Spark keeps no order, so with
    --engine spark the one file of answers is sorted by id; else both answer alike.
    Spark runs on this machine, or on the cluster that PYSPARK_SUBMIT_ARGS, SPARK_CONF_DIR
    or spark-submit name. It is an extra: pip install 'entente[spark]', with Java 17.

    \b
    Example: entente gate check acts.csv --at 2026-03-31 -o answers.parquet
    """
    from .fact_files import BadFile, FactFile
    from .gate_check import all_or_nothing
    from .spark_session import NoSpark

    check_file = _engine(engine)
    compiled = _compiled(packs)
    on = at or datetime.now(UTC).date()
    try:
        if as_json and output is None:
            _check_to_json(check_file, compiled, FactFile(facts), on, threads)
            return
        with all_or_nothing(output) as sink:
            summary = check_file(compiled, FactFile(facts), on, sink, threads)
    except (BadFile, NoSpark) as bad:
        raise Refusal(str(bad)) from None
    except OSError as error:
        raise Refusal(
            f"GATE-020: {output or 'stdout'}: {error.strerror}. Give a place to write"
        ) from None
    if as_json:
        click.echo(json.dumps(vars(summary)))
    elif output is not None:
        counts = ", ".join(f"{n} {name}" for name, n in summary.outcomes.items())
        click.echo(f"{summary.rows} rows: {counts}", err=True)


def _engine(name: str) -> Any:
    if name == "spark":
        from .spark_check import check_on_spark

        return check_on_spark
    from .gate_check import check as check_file

    return check_file


def _check_to_json(
    check_file: Any, compiled: Any, file: Any, on: date, threads: int | None
) -> None:
    class Lines:
        """Holds the answers back until the whole file is judged."""

        def __init__(self) -> None:
            self.batches: list[Any] = []

        def write_batch(self, batch: Any) -> None:
            self.batches.append(batch)

    lines = Lines()
    check_file(compiled, file, on, lines, threads)
    for batch in lines.batches:
        for row in batch.to_pylist():
            for name in ("rule_ids", "missing_facts"):
                row[name] = row[name].split(";") if row[name] else []
            click.echo(json.dumps(row))


@gate.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", is_flag=True, help="Print the reference page.")
def facts(as_json: bool, markdown: bool) -> None:
    """Print every fact that a rule may ask about.

    \b
    Example: entente gate facts --json
    """
    from .domain.facts import FACTS, facts_markdown

    if markdown:
        click.echo(facts_markdown(), nl=False)
    elif as_json:
        rows = [{k: getattr(fact, k) for k in fact.__dataclass_fields__} for fact in FACTS.values()]
        click.echo(json.dumps(rows, indent=1))
    else:
        head = ("name", "type", "unit", "grain", "meaning")
        table([head, *((f.name, f.type, f.unit, f.grain, f.meaning) for f in FACTS.values())])


@gate.command()
def admit() -> None:
    """Say of each condition on stdin whether a pack could hold it.

    \b
    One JSON object per line, {"expr": TEXT}; one answer per line, {"ok": ..., "why": TEXT}.

    \b
    Example: echo '{"expr": "recipient.licence_active"}' | entente gate admit
    """
    for line in sys.stdin.buffer:
        if line.strip():
            ok, why = _admit_line(line)
            click.echo(json.dumps({"ok": ok, "why": why}))


def _admit_line(line: bytes) -> tuple[bool, str]:
    from .domain.language import admit as admit_condition

    # A condition has at most 2,000 characters; escaped, each takes at most twelve bytes.
    if len(line) > 100_000:
        return False, "COND-001: the line is far longer than any condition"
    try:
        given = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return False, "COND-000: the line is not JSON in UTF-8"
    if not isinstance(given, dict) or set(given) != {"expr"}:
        return False, 'COND-000: the line must be {"expr": TEXT}'
    return admit_condition(given["expr"])


@gate.command()
@click.argument("folder", type=_FOLDER, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def lint(folder: Path | None, as_json: bool) -> None:
    """Read every pack of FOLDER and say what is wrong with it.

    \b
    Example: entente gate lint rulepacks
    """
    compiled = _compiled(folder)
    rows = [
        {"pack": p.id, "version": p.version, "rules": len(p.rules), "hash": p.content_hash,
         "reviewed_by": p.reviewed_by} for p in compiled.packs
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    head = ("pack", "version", "rules", "hash", "reviewed by")
    cells = [(str(r["pack"]), str(r["version"]), str(r["rules"]), str(r["hash"])[:12],
              str(r["reviewed_by"] or "nobody yet")) for r in rows]  # fmt: skip
    table([head, *cells])


@gate.command()
@click.argument("folder", type=_FOLDER, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def test(folder: Path | None, as_json: bool) -> None:
    """Run every scenario of every pack of FOLDER.

    \b
    Example: entente gate test rulepacks
    """
    from .domain.scenarios import run_scenarios

    tried = run_scenarios(_compiled(folder).packs)
    failed = [one for one in tried if not one.ok]
    if as_json:
        rows = [{"rule": t.rule_id, "scenario": t.name, "on": t.on.isoformat(), "expected":
                 t.expected, "seen": t.seen} for t in failed]  # fmt: skip
        click.echo(json.dumps({"scenarios": len(tried), "failed": rows}))
    else:
        for one in failed:
            click.echo(
                f"{one.rule_id}: {one.name} on {one.on}: expected {one.expected}, saw {one.seen}"
            )
        click.echo(f"{len(tried)} scenarios, {len(failed)} failed")
    if failed:
        raise SystemExit(1)


@gate.command()
@click.argument("folder", type=_FOLDER, required=False)
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
def rules(folder: Path | None, form: str) -> None:
    """List the rules of FOLDER.

    \b
    Example: entente gate rules --format csv
    """
    import csv

    head = ("id", "pack", "severity", "role", "basis", "from", "to", "citation", "title")
    rows = [
        (r.id, r.pack_id, r.severity, r.role or "", r.basis, r.start.isoformat(),
         r.end.isoformat() if r.end else "", r.citation, r.title)
        for r in _compiled(folder).rules
    ]  # fmt: skip
    if form == "table":
        table([head, *rows])
    elif form == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows([head, *rows])
    else:
        click.echo(json.dumps([dict(zip(head, row, strict=True)) for row in rows], indent=1))


@gate.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--packs", type=_FOLDER, help="Folder of rule packs; default ENTENTE_RULEPACKS.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def coverage(source: Path, packs: Path | None, as_json: bool) -> None:
    """Tell of each row of SOURCE, a Markdown table of rules, what became of it in the packs.

    \b
    Ends with status 1 if some row is neither rule, checklist item, nor left out with a reason.

    \b
    Example: entente gate coverage codes-of-practice.md
    """
    from .coverage import covered, rows_of

    told = covered(_compiled(packs).packs, rows_of(source.read_text(encoding="utf-8")))
    if not told:
        raise Refusal(f"GATE-021: {source}: no table row begins with a rule id. Give | US-X-1 |")
    counts = {how: sum(each.how == how for each in told) for how in
              ("rule", "checklist", "left out", "missing")}  # fmt: skip
    if as_json:
        rows = [{"row": t.row, "how": t.how, "by": t.by} for t in told]
        click.echo(json.dumps({"rows": rows, "counts": counts}, indent=1))
    else:
        table([("row", "became", "by"), *((t.row, t.how, t.by) for t in told)])
        click.echo(", ".join(f"{n} {how}" for how, n in counts.items()))
    if counts["missing"]:
        raise SystemExit(1)
