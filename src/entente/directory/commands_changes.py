"""The command ``entente changes``: what waits for a steward. People decide, not commands."""

from __future__ import annotations

import json

import click


@click.group("changes")
def changes() -> None:
    """Change requests of records; deciding one takes a person, so no command does.

    Example: entente changes list --status submitted
    """


@changes.command("list")
@click.option("--status", default="", help="Only these: draft, submitted, accepted and so on.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_changes(status: str, as_json: bool) -> None:
    """List the newest change requests with the fields they ask about; no values are printed.

    Example: entente changes list --status submitted --json
    """
    from entente.foundation.commands import ready

    ready()
    from entente.directory.domain.change_requests import STATUSES
    from entente.directory.reads.change_requests import ORDER, fields_asked
    from entente.directory.reads.change_requests import changes as read
    from entente.foundation.access.scope import act_as
    from entente.foundation.organisations import host, system_scope

    if status and status not in STATUSES:
        raise click.ClickException(f"--status is one of {', '.join(STATUSES)}")
    found = host()
    if found is None:
        raise click.ClickException("there is no host organisation yet: run entente found first")
    with act_as(system_scope(found.id, is_host=True, name="command:changes")):
        rows = list(read(status).order_by(*ORDER)[:200])
        fields = fields_asked([row.id for row in rows])
    told = [
        {
            "id": str(row.id), "hcp": str(row.hcp_id), "status": row.status,
            "asked_at": row.asked_at.isoformat(), "fields": fields.get(row.id, []),
        }
        for row in rows
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(told))
        return
    for each in told:
        names = ", ".join(each["fields"])
        click.echo(
            f"{each['id']}  {each['asked_at'][:10]}  {STATUSES[str(each['status'])]}: {names}"
        )
    click.echo(f"{len(told)} requests")
