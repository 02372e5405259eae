"""``entente export``: every room's kinds of file under one command."""

from __future__ import annotations

import click

from entente.directory.commands import export_commands as registries


@click.group("export")
def export_group() -> None:
    """Write files for other systems; each export leaves an entry in the ledger.

    Example: entente export fhir -o directory.ndjson.gz
    """


registries(export_group)
