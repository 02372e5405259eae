"""Commands of consent: load permissions and lists, read an overlap, apply retention."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entente.directory.commands import add_import
from entente.foundation.commands import ready

if TYPE_CHECKING:
    from entente.foundation.access.scope import Scope


def import_commands(group: click.Group) -> None:
    """Add ``entente import consents``, ``fhir`` and ``accounts`` to the group."""
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
    group.add_command(accounts)


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


def _scope_of(organisation: str | None) -> Scope:
    """Give the scope of a command for the host, or for the organisation of this name."""
    from entente.foundation.access.scope import signing_in
    from entente.foundation.models import Organisation
    from entente.foundation.organisations import host, system_scope

    found = host()
    if organisation is not None:
        with signing_in():
            found = Organisation.objects.filter(name__iexact=organisation).first()
    if found is None:
        raise click.ClickException(
            f"no organisation is called {organisation}"
            if organisation
            else "there is no host organisation yet: run entente found first"
        )
    return system_scope(found.id, is_host=found.is_host, name="command:shares")


@click.command("accounts")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--list", "name", required=True, help="Name of the list; the same name: a new version."
)
@click.option("--licence", required=True, help="Under what licence you hold this data.")
@click.option("--fields", default="npi", show_default=True,
              help="Fields that this licence lets others see, with commas between.")  # fmt: skip
@click.option("--organisation", help="Whose list it is; the host's by default.")
@click.option("--dry-run", is_flag=True, help="Count what would happen and write nothing.")
@click.option("--refused", type=click.Path(dir_okay=False, path_type=Path),
              help="CSV for the rows that were not taken: line, field, value, remedy.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def accounts(
    file: Path, name: str, licence: str, fields: str, organisation: str | None, dry_run: bool,
    refused: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Load one's own accounts to compare: people by NPI, or organisations by id or domain.

    Example: entente import accounts targets.csv --list Targets --licence "own records"
    """
    from entente.foundation.commands import ready

    ready()
    from entente.consent.actions import ListTerms, import_accounts
    from entente.directory.adapters.chunks import RegistryFileError
    from entente.foundation.access.scope import act_as
    from entente.foundation.errors import UserError

    terms = ListTerms(name, licence, tuple(f.strip() for f in fields.split(",") if f.strip()))
    try:
        with act_as(_scope_of(organisation)):
            counts, list_id = import_accounts(
                file, terms, at=datetime.now(UTC), dry_run=dry_run, refused_path=refused
            )
    except (RegistryFileError, UserError) as wrong:
        raise click.ClickException(str(wrong)) from None
    told = {
        "list": list_id, "dry_run": dry_run, "read": counts.read, "entries": counts.new,
        "refused": counts.refused,
    }  # fmt: skip
    _say(told, as_json=as_json)


@click.command("overlap")
@click.argument("contract")
@click.option("--compare", is_flag=True, help="Compare the lists on offer first.")
@click.option("--organisation", help="Who asks; the host by default.")
def overlap(contract: str, compare: bool, organisation: str | None) -> None:
    """Print the latest overlap under a share contract as JSON, the same for both sides.

    Example: entente overlap 0193d3a0-0000-7000-8000-000000000000 --compare
    """
    from entente.foundation.commands import as_uuid, ready

    wanted = as_uuid(contract)
    ready()
    from entente.consent import actions, reads
    from entente.consent.models import ShareContract
    from entente.foundation.access.scope import act_as
    from entente.foundation.errors import UserError

    try:
        with act_as(_scope_of(organisation)):
            reads.share_contract(wanted)
            found = (
                actions.compare_lists(wanted, at=datetime.now(UTC))
                if compare
                else reads.comparisons(wanted).first()
            )
    except (ShareContract.DoesNotExist, UserError) as wrong:
        raise click.ClickException(str(wrong) or "there is no such contract") from None
    if found is None:
        raise click.ClickException(
            "there is nothing to see: no comparison yet, or the contract is not in force"
        )
    click.echo(json.dumps(reads.as_told(found), default=str))


def _say(values: dict[str, Any], *, as_json: bool) -> None:
    from entente.foundation.commands import tell

    tell(values, as_json=as_json)
