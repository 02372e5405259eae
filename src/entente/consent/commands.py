"""Commands that load permissions, and that show and apply how long what is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import click

from entente.directory.commands import add_import
from entente.foundation.commands import ready


def import_commands(group: click.Group) -> None:
    """Add ``entente import consents`` and ``fhir`` to the group."""
    add_import(
        group,
        "consents",
        "entente.consent.actions:import_consents",
        "Permissions and withdrawals, by NPI, controller, channel and purpose.",
        "entente import consents consents.csv --refused refused.csv",
    )
    add_import(
        group,
        "fhir",
        "entente.consent.actions:import_fhir",
        "People, organisations, roles, places and consents as FHIR R4.",
        "entente import fhir practitioners.ndjson --dry-run",
    )


@click.group()
def retention() -> None:
    """See how long what is kept, and delete what is due.

    Example: entente retention status --json
    """


@retention.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def retention_status(as_json: bool) -> None:
    """List, per organisation, what is kept how many days and how much of it is due."""
    ready()
    from entente.consent.reads import deadlines
    from entente.foundation.access.scope import act_as
    from entente.foundation.organisations import every_system_scope

    rows: list[dict[str, Any]] = []
    for scope in every_system_scope("command:retention"):
        with act_as(scope):
            rows += [
                {
                    "organisation": str(scope.org_id),
                    "what": each.disposal.what,
                    "keep_days": each.keep_days,
                    "due": each.n_due,
                    "next": each.next_at.isoformat() if each.next_at else None,
                }
                for each in deadlines(datetime.now(UTC))
            ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo("{organisation}  {what:<16} {keep_days:>6} days  {due:>6} due".format(**row))


@retention.command("run")
def retention_run() -> None:
    """Delete what is due in every organisation now, instead of tonight; each leaves its proof."""
    ready()
    from entente.consent.jobs import keep_no_longer

    click.echo(f"{keep_no_longer(0)} deleted")
