"""The command ``entente identity``: search the directory for records that may be one person."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click


@click.group()
def identity() -> None:
    """Which records of the directory are one person.

    Example: entente identity search
    """


@identity.command()
@click.option(
    "--join-equal-keys", is_flag=True,
    help="Join pairs of which a key agrees and nothing contradicts; never two with an NPI each.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def search(join_equal_keys: bool, as_json: bool) -> None:
    """Compare all records and queue the pairs that may be one person, or one organisation.

    Pairs that a steward has decided are left alone. Weights are learned once and used again.

    Example: entente identity search --join-equal-keys
    """
    from entente.foundation.commands import ready

    ready()
    from entente.directory.actions import find_hco_suspects, find_suspects
    from entente.foundation.access.scope import act_as
    from entente.foundation.organisations import host, system_scope

    found = host()
    if found is None:
        raise click.ClickException("there is no host organisation yet: run entente found first")
    with act_as(system_scope(found.id, is_host=True, name="command:identity")):
        result = find_suspects(at=datetime.now(UTC), join_equal_keys=join_equal_keys)
        places = find_hco_suspects(at=datetime.now(UTC))
    if as_json:
        told = asdict(result) | {"organisations": asdict(places)}
        click.echo(json.dumps(told, sort_keys=True))
        return
    click.echo(
        f"{result.n_records:,} records: {result.n_queued:,} new pairs, {result.n_joined:,} joined, "
        f"{result.n_known:,} known before."
    )
    click.echo(
        f"{places.n_records:,} organisations: {places.n_queued:,} new pairs, "
        f"{places.n_known:,} known before."
    )
    if result.weights_version == 0:
        click.echo("Too few records to learn from; load a registry first.", err=True)
