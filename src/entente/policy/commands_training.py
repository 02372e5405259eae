"""The commands ``entente training`` and ``entente audits``: what a person would do in bulk."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from .command_parts import Refusal, day_given, table

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _as_host(name: str) -> AbstractContextManager[Any]:
    from entente.foundation.commands import ready

    ready()
    from entente.foundation.access.scope import act_as
    from entente.foundation.organisations import host, system_scope

    owner = host()
    if owner is None:
        raise Refusal("TRAIN-001: there is no host organisation yet. Run entente found first")
    return act_as(system_scope(owner.id, is_host=True, name=f"command:{name}"))


@click.group()
def training() -> None:
    """Load courses and list who is late.

    Example: entente training load
    """


@training.command()
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def load(files: tuple[Path, ...], as_json: bool) -> None:
    """Load and publish courses from FILES, else the three that come with the program.

    \b
    A course that says the same as the one in use changes nothing; another text becomes the
    next version. All or none: the first file that is refused leaves everything as it was.

    \b
    Example: entente training load courses/us-phrma-oig.toml
    """
    from .actions.courses import load_course

    with _as_host("training"):
        from entente.foundation.errors import UserError

        told = []
        for file in files or _shipped():
            try:
                version, is_new = load_course(
                    file.read_text(encoding="utf-8"), at=datetime.now(UTC)
                )
            except (UserError, OSError, UnicodeDecodeError) as wrong:
                raise Refusal(f"{file.name}: {wrong}") from None
            told.append({"file": file.name, "code": version.course.code,
                         "version": version.number, "is_new": is_new})  # fmt: skip
    if as_json:
        click.echo(json.dumps(told))
        return
    rows: list[tuple[str, ...]] = [("file", "code", "version", "")]
    for one in told:
        state = "new" if one["is_new"] else "unchanged"
        rows.append((str(one["file"]), str(one["code"]), str(one["version"]), state))
    table(rows)


def _shipped() -> list[Path]:
    from .reads.course_texts import NoCourses, courses_folder

    try:
        return sorted(courses_folder().glob("*.toml"))
    except NoCourses as wrong:
        raise Refusal(str(wrong)) from None


@training.command()
@click.option("--on", "on", callback=day_given, help="Day; default today (UTC).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def late(on: date | None, as_json: bool) -> None:
    """List the host's people who lack a course that is demanded of them on a day.

    \b
    Example: entente training late --on 2026-12-31
    """
    with _as_host("training"):
        from entente.foundation.access.scope import current_scope

        from .reads import trained

        day = on or datetime.now(UTC).date()
        courses = trained.demanded_courses(current_scope(), day)
        people = list(trained.late_people(day).order_by(*trained.ORDER))
        found = [
            (line.user.email, [c.code for c, cell in zip(courses, line.cells, strict=True)
                               if cell.state == "late"])
            for line in trained.matrix(current_scope(), people, courses, day)
        ]  # fmt: skip
    if as_json:
        click.echo(json.dumps([{"email": email, "lacks": codes} for email, codes in found]))
    elif found:
        table([("person", "lacks"), *((email, ", ".join(codes)) for email, codes in found)])
    else:
        click.echo("nobody is late")


@click.group()
def audits() -> None:
    """Draw the samples that are due, and draw earlier ones again.

    Example: entente audits draw
    """


@audits.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def draw(as_json: bool) -> None:
    """Draw the host's samples of all periods that are over and undrawn.

    \b
    Example: entente audits draw
    """
    with _as_host("audits"):
        from .actions.audits import draw_sample
        from .reads.audits import to_draw

        at = datetime.now(UTC)
        made = [draw_sample(one.plan.id, one.since, at=at) for one in to_draw(at.date(), most=200)]
        told = [
            {"audit": one.plan.title, "since": str(one.since_on), "drawn": one.n_drawn,
             "of": one.n_population, "seed": one.seed}
            for one in made
        ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(told))
    elif told:
        rows: list[tuple[str, ...]] = [("audit", "period from", "drawn")]
        rows += [(str(t["audit"]), str(t["since"]), f"{t['drawn']} of {t['of']}") for t in told]
        table(rows)
    else:
        click.echo("nothing is due")


@audits.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def redraw(as_json: bool) -> None:
    """Draw every sample of the host again from its seed; status 1 if one comes out differently.

    \b
    Example: entente audits redraw
    """
    with _as_host("audits"):
        from .reads import audits as reads

        told = [
            {"audit": one.plan.title, "since": str(one.since_on), **vars(reads.redraw(one))}
            for one in reads.samples().order_by("since_on", "id")
        ]
    differing = [one for one in told if not (one["same"] and one["seed_holds"])]
    if as_json:
        click.echo(json.dumps(told))
    else:
        click.echo(f"{len(told)} samples, {len(differing)} differ")
        for one in differing:
            click.echo(f"{one['audit']}, from {one['since']}")
    if differing:
        raise SystemExit(1)
