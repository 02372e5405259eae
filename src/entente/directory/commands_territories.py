"""The commands of territories: align the host's field forces, and see what would change."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import click


@click.group("territories")
def territories() -> None:
    """Align field forces: who is in which territory as of a day.

    Example: entente territories align --dry-run
    """


@territories.command("align")
@click.option("--on", "as_of", help="The day from which it counts; today if left out.")
@click.option("--dry-run", is_flag=True, help="Count what would change and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def align(as_of: str | None, dry_run: bool, as_json: bool) -> None:
    """Put everybody where the rules, accounts and exceptions say.

    Example: entente territories align --on 2027-01-01
    """
    from entente.foundation.commands import ready

    ready()
    from entente.foundation.errors import UserError

    at = datetime.now(UTC)
    try:
        day = date.fromisoformat(as_of) if as_of else at.date()
    except ValueError:
        raise click.ClickException(f"{as_of!r} is no day; write it as 2027-01-01") from None
    try:
        figures = _align(day, at, dry_run=dry_run)
    except UserError as wrong:
        raise click.ClickException(str(wrong)) from None
    if as_json:
        click.echo(json.dumps(figures, sort_keys=True))
        return
    did = "would begin" if dry_run else "began"
    click.echo(
        f"{figures['begun']:,} {did}, {figures['ended']:,} {'would end' if dry_run else 'ended'},"
        f" {figures['members']:,} in all, as of {day:%Y-%m-%d}"
    )
    if dry_run:
        click.echo("Nothing was written: this was a dry run.")


def _align(day: date, at: datetime, *, dry_run: bool) -> dict[str, Any]:
    from entente.directory import actions
    from entente.foundation.access.scope import act_as
    from entente.foundation.organisations import host, system_scope

    found = host()
    if found is None:
        raise click.ClickException("there is no host organisation yet: run entente found first")
    with act_as(system_scope(found.id, is_host=True, name="command:territories")):
        if dry_run:
            rows = actions.preview_alignment(as_of=day).values()
            begun, ended, members = (sum(row[n] for row in rows) for n in range(3))
        else:
            done = actions.align_territories(as_of=day, at=at)
            begun, ended, members = done.n_begun, done.n_ended, done.n_members
    return {
        "as_of": day.isoformat(), "begun": begun, "ended": ended, "members": members,
        "dry_run": dry_run,
    }  # fmt: skip
