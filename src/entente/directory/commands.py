"""The commands that load registry files: ``entente import KIND FILE``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

_KINDS = (
    ("nppes", "import_nppes", "People and organisations of an NPPES file, any year's layout."),
    ("nucc", "import_taxonomy", "The provider taxonomy, as NUCC publishes it."),
    ("clinicians", "import_affiliations", "Who works with which hospital, by NPI and CCN."),
    ("hospitals", "import_hospitals", "Hospitals, by CMS Certification Number."),
    ("pharmacies", "import_pharmacies", "Pharmacies, by state credential."),
    ("hierarchy", "import_hierarchy", "Which organisation belongs to which, by day."),
    ("licences", "import_licences", "Licences to practise with their days, by NPI."),
    ("contacts", "import_contacts", "E-mail addresses, by NPI."),
    (
        "business-contacts",
        "import_business_contacts",
        "People who are no health professionals, by your own numbers; never patients.",
    ),
    ("prices", "import_prices", "Your own price book: product, country, currency, unit, day."),
    ("products", "import_products", "Products and the countries in which they are approved."),
)

# Kinds of which a long file is loaded part by part; what gives the kind for a moment.
_IN_PARTS = {"nppes": "entente.directory.actions.imports:nppes_kind"}


def import_commands(group: click.Group) -> None:
    """Add the directory's kinds of file to ``entente import``."""
    for name, action, words in _KINDS:
        add_import(
            group,
            name,
            f"entente.directory.actions:{action}",
            words,
            f"entente import {name} {name}.csv --dry-run",
            in_parts=_IN_PARTS.get(name, ""),
        )


def add_import(
    group: click.Group,
    name: str,
    action: str,
    words: str,
    example: str,
    *,
    in_parts: str = "",
    options: Sequence[Callable[..., Any]] = (),
) -> None:
    """Add one kind of file to ``entente import``.

    Parameters
    ----------
    group : click.Group
    name : str
        The word after ``import``.
    action : str
        Module and function, ``"module:function"``; looked up when the command runs, so that
        ``--help`` needs no database.
    words, example : str
        For the help text.
    in_parts : str
        What gives the kind of file, where a long one is loaded part by part.
    options : sequence of callable
        Further options of the command; each is given to the action under its name.
    """
    if in_parts:
        words += (
            "\n\nA long file is loaded in parts. If a run is interrupted, run the same command"
            " again: it goes on after the last part that was written."
        )

    @group.command(name, help=f"{words}\n\nExample: {example}")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Count what would happen and write nothing.")
    @click.option(
        "--refused",
        type=click.Path(dir_okay=False, path_type=Path),
        help="CSV for the rows that were not taken: line, field, value, remedy.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
    def run(file: Path, dry_run: bool, refused: Path | None, as_json: bool, **given: Any) -> None:
        kind = "" if dry_run else in_parts
        counts = _perform(action, file, dry_run, refused, quiet=as_json, in_parts=kind, given=given)
        _print(name, counts, refused, as_json)

    for option in options:
        option(run)


def _perform(
    action: str,
    file: Path,
    dry_run: bool,
    refused: Path | None,
    *,
    quiet: bool,
    in_parts: str = "",
    given: dict[str, Any] | None = None,
) -> Any:
    from entente.foundation.commands import ready

    ready()
    from entente.directory.adapters.chunks import RegistryFileError
    from entente.directory.long_loads import load_in_parts
    from entente.foundation.access.scope import act_as
    from entente.foundation.errors import UserError
    from entente.foundation.organisations import host, system_scope

    found = host()
    if found is None:
        raise click.ClickException("there is no host organisation yet: run entente found first")
    scope = system_scope(found.id, is_host=True, name="command:import")
    is_shown = not quiet and sys.stderr.isatty()

    def progress(n_read: int) -> None:
        if is_shown:
            click.echo(f"\r{n_read:,} rows read", nl=False, err=True)

    try:
        if in_parts:
            kind = _named(in_parts)(datetime.now(UTC))
            counts = load_in_parts(
                kind,
                file,
                scope,
                clock=lambda: datetime.now(UTC),
                progress=progress,
                refused_path=refused,
            )
        else:
            with act_as(scope):
                counts = _named(action)(
                    file,
                    at=datetime.now(UTC),
                    dry_run=dry_run,
                    progress=progress,
                    refused_path=refused,
                    **(given or {}),
                )
    except (RegistryFileError, UserError) as wrong:
        raise click.ClickException(str(wrong)) from None
    if is_shown:
        click.echo("", err=True)
    return counts


def _named(place: str) -> Callable[..., Any]:
    module, function = place.split(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def _print(name: str, counts: Any, refused: Path | None, as_json: bool) -> None:
    figures = {
        "new": counts.new,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "refused": counts.refused,
    }
    if as_json:
        answer = {
            "kind": name,
            "dry_run": counts.dry_run,
            "read": counts.read,
            **figures,
            "notes": counts.notes,
            "not_used": counts.not_used,
        }
        click.echo(json.dumps(answer, sort_keys=True))
        return
    did = "would be" if counts.dry_run else "are"
    click.echo(f"{counts.read:,} rows read; " + ", ".join(f"{n:,} {k}" for k, n in figures.items()))
    for note, n in counts.notes.items():
        click.echo(f"  {note.replace('_', ' ')}: {n:,}")
    if counts.dry_run:
        click.echo("Nothing was written: this was a dry run.")
    if counts.not_used:
        click.echo(f"This file is not used. {counts.not_used}", err=True)
    if counts.refused and refused is None:
        click.echo(
            f"{counts.refused:,} rows {did} refused; give --refused FILE to see why.", err=True
        )


def export_commands(group: click.Group) -> None:
    """Add the directory's kinds of file to ``entente export``."""

    @group.command("fhir")
    @click.option(
        "-o",
        "--out",
        required=True,
        type=click.Path(dir_okay=False, path_type=Path),
        help="File to write; compressed where its name ends in .gz.",
    )
    @click.option(
        "--type",
        "types",
        multiple=True,
        help="Only resources of this type; may be given more than once.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
    def fhir(out: Path, types: tuple[str, ...], as_json: bool) -> None:
        """People, organisations, roles and places as FHIR R4, one resource per line.

        Example: entente export fhir -o directory.ndjson.gz
        """
        counts = _export(out, types)
        if as_json:
            click.echo(json.dumps({"file": str(out), "resources": counts}, sort_keys=True))
        else:
            click.echo(f"written: {out}")
            for name, n in counts.items():
                click.echo(f"  {name}: {n:,}")


def _export(out: Path, types: tuple[str, ...]) -> dict[str, int]:
    from entente.foundation.commands import ready

    ready()
    from entente.directory.adapters.fhir_out import export_fhir
    from entente.directory.domain.fhir_types import DIRECTORY_TYPES
    from entente.foundation.access.scope import act_as
    from entente.foundation.organisations import host, system_scope

    unknown = sorted(set(types) - set(DIRECTORY_TYPES))
    if unknown:
        raise click.ClickException(f"--type is one of {', '.join(DIRECTORY_TYPES)}")
    found = host()
    if found is None:
        raise click.ClickException("there is no host organisation yet: run entente found first")
    with act_as(system_scope(found.id, is_host=True, name="command:export")):
        return export_fhir(out, at=datetime.now(UTC), types=types or DIRECTORY_TYPES)
