"""Commands of an operator: the database, the ledger, the outbox, exact splits."""

from __future__ import annotations

import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from entente.foundation.commands_split import split, split_line

__all__ = ["db", "found", "ledger", "outbox", "split", "split_line", "up", "worker"]


def fail(text: str) -> click.ClickException:
    """Make the error that ends a command with status 1 and a sentence on stderr."""
    return click.ClickException(text)


def ready(*, reading_only: bool = False) -> None:
    """Make Django ready, and the private database run if it is the one in use.

    Parameters
    ----------
    reading_only : bool
        An address to read from will do.
    """
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    given = os.environ.get("DATABASE_URL")
    if reading_only:
        given = given or os.environ.get("DATABASE_READER_URL")
    if not given:
        from entente.foundation.database import private_server

        private_server().start()
    django.setup()


def tell(values: dict[str, Any], *, as_json: bool) -> None:
    """Print values as JSON or as lines."""
    if as_json:
        click.echo(json.dumps(values, default=str))
    else:
        for name, value in values.items():
            click.echo(f"{name.replace('_', ' ')}: {value}")


@click.group()
def db() -> None:
    """Start, stop, make, back up and restore the database.

    Example: entente db backup monday.dump
    """


@db.command("start")
def db_start() -> None:
    """Start the private database."""
    from entente.foundation.database import private_server

    private_server().start()
    click.echo("the private database runs")


@db.command("stop")
def db_stop() -> None:
    """Stop the private database."""
    from entente.foundation.database import private_server

    private_server().stop()
    click.echo("the private database is stopped")


@db.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def db_status(as_json: bool) -> None:
    """Tell whether the private database runs and where it lies."""
    from entente.foundation.database import private_server

    server = private_server()
    running = server.is_running()
    tell(
        {"running": running, "data": str(server.data), "socket": str(server.socket)},
        as_json=as_json,
    )
    sys.exit(0 if running else 1)


@db.command("init")
def db_init() -> None:
    """Make the roles and the tables, or bring them up to date.

    Example: DATABASE_URL=postgresql://postgres@db/entente entente db init
    """
    from entente.foundation.administration import AdministrationError, initialise

    ready()
    try:
        initialise()
    except AdministrationError as trouble:
        raise fail(str(trouble)) from None
    click.echo("the database is ready")


@db.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def db_backup(target: Path) -> None:
    """Write the whole database to one file."""
    from entente.foundation.administration import AdministrationError, back_up

    ready()
    try:
        back_up(target)
    except AdministrationError as trouble:
        raise fail(str(trouble)) from None
    click.echo(f"written: {target}, {target.stat().st_size} bytes")


@db.command("restore")
@click.argument("source", type=click.Path(dir_okay=False, path_type=Path))
def db_restore(source: Path) -> None:
    """Bring a backup into an empty database."""
    from entente.foundation.administration import AdministrationError, restore

    ready()
    try:
        restore(source)
    except AdministrationError as trouble:
        raise fail(str(trouble)) from None
    click.echo("restored; now run: entente ledger verify")


@click.group()
def ledger() -> None:
    """Check and prove the ledger.

    Example: entente ledger verify
    """


def _open_ledger() -> Any:
    import psycopg

    from entente.foundation.ledger.trust import CannotRead, reading_connection

    try:
        return reading_connection()
    except (CannotRead, psycopg.OperationalError) as trouble:
        raise fail(str(trouble)) from None


@ledger.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def ledger_verify(as_json: bool) -> None:
    """Check every entry, batch, signature and anchor; name what is wrong."""
    ready(reading_only=True)
    from entente.foundation.ledger.trust import own_trust
    from entente.foundation.ledger.verify import verify

    with _open_ledger() as connection:
        report = verify(connection, own_trust())
    faults = [
        {"kind": f.kind, "where": f.where, "seq": f.seq, "entry": f.entry_id} for f in report.faults
    ]
    if as_json:
        counts = {
            "entries": report.n_entries,
            "batches": report.n_batches,
            "unsealed": report.n_unsealed,
        }
        click.echo(json.dumps({"sound": report.sound, **counts, "faults": faults}))
    else:
        click.echo(f"{report.n_entries} entries in {report.n_batches} batches, "
                   f"{report.n_unsealed} not sealed yet")  # fmt: skip
        for fault in report.faults[:20]:
            click.echo(f"{fault.kind}: {fault.where}", err=True)
        if len(report.faults) > 20:
            click.echo(f"and {len(report.faults) - 20} more", err=True)
        click.echo("the ledger is sound" if report.sound else "the ledger is NOT sound")
    sys.exit(0 if report.sound else 1)


@ledger.command("prove")
@click.argument("entry")
def ledger_prove(entry: str) -> None:
    """Print what a third person needs to check one entry, as JSON."""
    ready(reading_only=True)
    from entente.foundation.ledger.proof import prove

    with _open_ledger() as connection:
        proof = prove(connection, str(as_uuid(entry)))
    if proof is None:
        raise fail(f"there is no sealed entry {entry}")
    click.echo(json.dumps(proof, indent=2))


@ledger.command("anchor")
def ledger_anchor() -> None:
    """Seal what waits and write the signed head to the anchor file."""
    ready()
    from entente.foundation.ledger.anchors import anchor, anchor_file
    from entente.foundation.ledger.seal import seal

    while seal(at=datetime.now(UTC)):
        pass
    head = anchor(at=datetime.now(UTC))
    click.echo(
        f"anchored batch {head['batch']} in {anchor_file()}" if head else "nothing new to anchor"
    )


@click.group()
def outbox() -> None:
    """See and settle what waits to leave.

    Example: entente outbox status --json
    """


@outbox.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def outbox_status(as_json: bool) -> None:
    """Count what waits and list messages whose outcome is unknown."""
    ready()
    from entente.foundation.outbox.status import status

    tell(status(), as_json=as_json)


@outbox.command("retry")
@click.argument("message_ids", nargs=-1, required=True)
def outbox_retry(message_ids: tuple[str, ...]) -> None:
    """Send messages again that a person has found not to have arrived, by Message-ID."""
    ready()
    from entente.foundation.outbox.status import retry

    unknown = retry(message_ids, at=datetime.now(UTC))
    if unknown:
        raise fail("not parked, or unknown: " + ", ".join(unknown))
    click.echo(f"{len(message_ids)} to be sent again")


@click.command()
@click.option("--senders", default=2, show_default=True, help="Threads that deliver.")
def worker(senders: int) -> None:
    """Deliver the outbox, seal the ledger, run jobs, until stopped."""
    import os

    os.environ["ENTENTE_PROCESS"] = "worker"
    ready()
    from entente.foundation.administration import refuse_to_serve_as_owner
    from entente.foundation.worker import Worker

    refuse_to_serve_as_owner()
    working = Worker(n_senders=senders)
    signal.signal(signal.SIGTERM, working.stop)
    signal.signal(signal.SIGINT, working.stop)
    working.run()


@click.command()
@click.option("--name", required=True, help="The host organisation.")
@click.option("--country", required=True, help="ISO 3166-1 code, for example US.")
@click.option("--zone", default="UTC", show_default=True, help="IANA time zone.")
@click.option("--admin-email", required=True)
@click.option("--admin-name", required=True)
@click.password_option(help="The administrator's password, 12 characters or more.")
def found(
    name: str, country: str, zone: str, admin_email: str, admin_name: str, password: str
) -> None:
    """Found an installation: the host organisation and its first administrator."""
    ready()
    from entente.foundation.access.roles import Role
    from entente.foundation.access.scope import act_as
    from entente.foundation.organisations import add_user, found_host, host, system_scope

    if host() is not None:
        raise fail("this installation has a host already")
    at = datetime.now(UTC)
    made = found_host(name=name, country=country, time_zone=zone, at=at)
    with act_as(system_scope(made.id, is_host=True, name="command:found")):
        add_user(email=admin_email, name=admin_name, title="Administrator",
                 roles=frozenset({Role.ADMINISTRATOR}), at=at, password=password)  # fmt: skip
    click.echo(f"{name} is founded; sign in as {admin_email}")


@click.command()
@click.option("--port", default=8000, show_default=True)
def up(port: int) -> None:
    """Run the site and the worker until Ctrl-C."""
    ready()
    from entente.foundation.administration import initialise
    from entente.foundation.supervisor import (
        Supervisor,
        end_in_order,
        web_command,
        worker_command,
    )

    initialise()
    end_in_order()
    running = Supervisor({})
    try:
        running.start("web", web_command(port), ENTENTE_PROCESS="web")
        running.start("worker", worker_command(), ENTENTE_PROCESS="worker")
        running.await_port("web", port)
        click.echo(f"the site runs at http://localhost:{port}; Ctrl-C stops it")
        while running.ended() is None:
            signal.sigtimedwait([], 1)
        raise fail(f"{running.ended()} has ended; its log is in the folder logs")
    except KeyboardInterrupt:
        click.echo("stopping")
    finally:
        running.stop()


def as_uuid(text: str) -> UUID:
    """Read an id given on the command line."""
    try:
        return UUID(text)
    except ValueError:
        raise fail(f"{text!r} is no id") from None
