"""``entente import``: every room's kinds of file under one command."""

from __future__ import annotations

import click

from entente.consent.commands import import_commands as permissions
from entente.content.commands import import_commands as labels
from entente.directory.commands import import_commands as registries
from entente.engagement.commands import import_commands as engagements


@click.group("import")
def import_group() -> None:
    """Load files: registries, contacts, labels, permissions, mail events, accounts, enrolments.

    Example: entente import nppes npidata.csv.gz --dry-run
    """


registries(import_group)
permissions(import_group)
labels(import_group)
engagements(import_group)
