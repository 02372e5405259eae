"""The command that loads permissions."""

from __future__ import annotations

import click

from entente.directory.commands import add_import


def import_commands(group: click.Group) -> None:
    """Add ``entente import consents`` to the group."""
    add_import(
        group,
        "consents",
        "entente.consent.actions:import_consents",
        "Permissions and withdrawals, by NPI, controller, channel and purpose.",
        "entente import consents consents.csv --refused refused.csv",
    )
