"""Commands of the room: monthly enrolments from files."""

from __future__ import annotations

import click

from entente.directory.commands import add_import


def import_commands(group: click.Group) -> None:
    """Add the room's kinds of file to ``entente import``."""
    add_import(
        group,
        "programme-counts",
        "entente.engagement.actions:import_programme_counts",
        "Enrolments in support programmes: programme, region, month, enrolled; never patients."
        " Numbers under eleven are not kept.",
        "entente import programme-counts counts.csv --dry-run",
    )
