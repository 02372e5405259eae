"""The `entente gate` commands: check files of facts, admit conditions, try and list rules."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from .domain.packs import BadPack

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class _Refusal(click.ClickException):
    """An error that already names code, place and remedy."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


def _day(_context: click.Context, _option: click.Parameter, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no day; write YYYY-MM-DD") from None


def _table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _compiled(folder: Path | None) -> Any:
    from .packs import load_compiled

    try:
        return load_compiled(folder)
    except BadPack as bad:
        raise _Refusal(str(bad)) from None


@click.group()
def gate() -> None:
    """Judge acts against rule packs: may we, and if not, why not."""


@gate.command()
@click.argument("facts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--at", callback=_day, help="Day of rows without action.date (end of it, UTC).")
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
        raise _Refusal(str(bad)) from None
    except OSError as error:
        raise _Refusal(
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
        _table([head, *((f.name, f.type, f.unit, f.grain, f.meaning) for f in FACTS.values())])


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
    _table([head, *cells])


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
        _table([head, *rows])
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
        raise _Refusal(f"GATE-021: {source}: no table row begins with a rule id. Give | US-X-1 |")
    counts = {how: sum(each.how == how for each in told) for how in
              ("rule", "checklist", "left out", "missing")}  # fmt: skip
    if as_json:
        rows = [{"row": t.row, "how": t.how, "by": t.by} for t in told]
        click.echo(json.dumps({"rows": rows, "counts": counts}, indent=1))
    else:
        _table([("row", "became", "by"), *((t.row, t.how, t.by) for t in told)])
        click.echo(", ".join(f"{n} {how}" for how, n in counts.items()))
    if counts["missing"]:
        raise SystemExit(1)


@gate.command("try")
@click.argument("pack", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--since", callback=_day, required=True, help="First day of the decisions.")
@click.option("--until", callback=_day, required=True, help="Last day of the decisions.")
@click.option("--all", "keep_all", is_flag=True, help="List every change, not the first 200.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def try_(pack: Path, since: date, until: date, keep_all: bool, as_json: bool) -> None:
    """Make the host's past decisions again with PACK in place, and list what would change.

    \b
    Example: entente gate try meals.toml --since 2026-07-01 --until 2026-09-30
    """
    from entente.foundation.access.scope import act_as
    from entente.foundation.commands import ready
    from entente.foundation.errors import UserError

    ready()
    from entente.foundation.organisations import host, system_scope

    from .actions.pack_life import readable
    from .reads.trial import as_dict, try_pack

    text, owner = pack.read_text(encoding="utf-8"), host()
    if owner is None:
        raise _Refusal("GATE-022: nothing was decided yet. Found the installation first")
    with act_as(system_scope(owner.id, is_host=True, name="command:gate")):
        try:
            read = readable(text, pack.name)
        except UserError as bad:
            raise _Refusal(str(bad)) from None
        told = as_dict(try_pack(read, text, since=since, until=until, keep_all=keep_all))
    if as_json:
        click.echo(json.dumps(told, indent=1))
        return
    click.echo(f"{told['decisions']} decisions, {told['changed']} would come out differently")
    for name in ("rule", "month", "campaign"):
        rows = [(str(r[name] or "-"), r["before"], r["after"], str(r["n"]))
                for r in told[f"by_{name}"]]  # fmt: skip
        if rows:
            _table([(name, "was", "would be", "decisions"), *rows])
    for one in told["examples"]:
        rules = ";".join(one["rules"])
        click.echo(
            f"{one['decision']} {one['decided_at']} {one['before']} > {one['after']} {rules}"
        )


@gate.command("replay")
@click.option("--since", callback=_day, required=True, help="First day of the decisions.")
@click.option("--until", callback=_day, required=True, help="Last day of the decisions.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def replay(since: date, until: date, as_json: bool) -> None:
    """Make the host's past decisions again under the packs of then; none may differ.

    \b
    Example: entente gate replay --since 2026-01-01 --until 2026-12-31
    """
    from entente.foundation.access.scope import act_as
    from entente.foundation.commands import ready

    ready()
    from entente.foundation.organisations import host, system_scope

    from .reads.trial import replay_all

    owner = host()
    if owner is None:
        raise _Refusal("GATE-022: nothing was decided yet. Found the installation first")
    with act_as(system_scope(owner.id, is_host=True, name="command:gate")):
        n_decisions, differing = replay_all(since=since, until=until)
    if as_json:
        click.echo(json.dumps({"decisions": n_decisions, "differing": [str(i) for i in differing]}))
    else:
        click.echo(f"{n_decisions} decisions, {len(differing)} differ")
        for each in differing[:20]:
            click.echo(str(each))
    if differing:
        raise SystemExit(1)


@gate.command("audit-pack")
@click.option("--since", callback=_day, required=True, help="First day of the decisions.")
@click.option("--until", callback=_day, required=True, help="Last day of the decisions.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def audit_pack(since: date, until: date, output: Path) -> None:
    """Write the host's decisions of a period as one signed file, for an auditor.

    \b
    It holds the program that checks it: python verify.py PACK.zip --key KEY

    \b
    Example: entente gate audit-pack --since 2026-07-01 --until 2026-09-30 -o third-quarter.zip
    """
    from entente.foundation.access.scope import act_as
    from entente.foundation.commands import ready
    from entente.foundation.errors import UserError

    ready()
    from entente.foundation.organisations import host, system_scope

    from .reads import audit_pack as packs

    owner = host()
    if owner is None:
        raise _Refusal("GATE-022: nothing was decided yet. Found the installation first")
    with act_as(system_scope(owner.id, is_host=True, name="command:gate")):
        try:
            made = packs.audit_pack(since=since, until=until, at=datetime.now(UTC))
        except UserError as wrong:
            raise _Refusal(f"GATE-023: {wrong}") from None
    output.write_bytes(made)
    click.echo(f"{output}: {len(made):,} bytes; its key is {packs.public_key()}", err=True)
