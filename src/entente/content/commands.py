"""Commands of the room: labels from files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click


def import_commands(group: click.Group) -> None:
    """Add the room's kinds of file to ``entente import``."""
    group.add_command(label)


@click.command("label")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--product", required=True, help="The product's name, or its id.")
@click.option("--other-name", is_flag=True, help="The label calls the product otherwise.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def label(file: Path, product: str, other_name: bool, as_json: bool) -> None:
    """Load one version of a product's FDA label: SPL XML, plain or packed with gzip.

    The same file again changes nothing. Claims that stand on a section which a newer version
    changes are flagged for review.

    Example: entente import label lipitor.xml.gz --product Lipitor
    """
    from entente.foundation.commands import ready

    ready()
    from entente.content.actions import load_label
    from entente.foundation.access.scope import act_as
    from entente.foundation.errors import UserError
    from entente.foundation.organisations import host, system_scope

    found = host()
    if found is None:
        raise click.ClickException("there is no host organisation yet: run entente found first")
    try:
        with act_as(system_scope(found.id, is_host=True, name="command:import")):
            done = load_label(
                file, product_id=_product(product), at=datetime.now(UTC), other_name=other_name
            )
    except UserError as wrong:
        raise click.ClickException(str(wrong)) from None
    told = {
        "set_id": done.version.label.set_id,
        "version": done.version.number,
        "effective_on": str(done.version.effective_on),
        "is_new": done.is_new,
        "is_current": done.is_current,
        "sections": done.n_sections,
        "claims_flagged": done.n_flagged,
    }
    click.echo(json.dumps(told) if as_json else _words(told))


def _product(named: str) -> UUID:
    from entente.directory.reads import products

    found = [p for p in products() if named.casefold() in {p.name.casefold(), str(p.id)}]
    if len(found) != 1:
        raise click.ClickException(f"{named}: {len(found)} products are called so; give the id")
    return found[0].id


def _words(told: dict[str, object]) -> str:
    state = "loaded" if told["is_new"] else "was here already, nothing changed"
    current = "in force" if told["is_current"] else "not the version in force"
    return (
        f"version {told['version']} of {told['set_id']}: {state}\n"
        f"  effective {told['effective_on']}, {current}, {told['sections']} sections,"
        f" {told['claims_flagged']} claims to review again"
    )
