"""The command that loads permissions."""

from __future__ import annotations

import click

from entente.directory.commands import add_import


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
