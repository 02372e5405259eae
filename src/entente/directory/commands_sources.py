"""The command ``entente sources``: how good each source is, and how far it is believed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import click


@contextmanager
def _as_host() -> Iterator[None]:
    from entente.foundation.commands import ready

    ready()
    from entente.foundation.access.scope import act_as
    from entente.foundation.organisations import host, system_scope

    found = host()
    if found is None:
        raise click.ClickException("there is no host organisation yet: run entente found first")
    with act_as(system_scope(found.id, is_host=True, name="command:sources")):
        yield


@click.group("sources")
def sources() -> None:
    """Where records come from, how good each source is, how far it is believed.

    Example: entente sources list
    """


@sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_sources(as_json: bool) -> None:
    """List the sources, the most trusted first; names those that are not used, and why.

    Example: entente sources list --json
    """
    with _as_host():
        from entente.directory.api_sources import source_out
        from entente.directory.reads.sources import share
        from entente.directory.reads.sources import sources as read

        found = read()
        if as_json:
            click.echo(json.dumps([source_out(each) for each in found], default=str))
            return
        for each in found:
            score = "  –" if each.score_bp is None else f"{each.score_bp // 100:3} %"
            last = f"{each.last_at:%Y-%m-%d}" if each.last_at else "never"
            refused = share(each.last_refused, each.last_read)
            click.echo(
                f"{each.source.key:<12} trust {each.source.trust:>3}  quality {score:>5}"
                f"  last load {last:<10}  refused {refused:>6}"
            )
            for why in filter(None, (each.why_not, each.last_not_used)):
                click.echo(f"  not used: {why}")


@sources.command("set")
@click.argument("key")
@click.option("--trust", type=click.IntRange(0, 100), help="How far it is believed.")
@click.option("--licence", help="Under what licence the data are held.")
@click.option(
    "--allows", type=click.Choice(["internal", "partners", "public"]), help="Who may see it."
)
@click.option("--bar", type=click.FloatRange(0, 100), help="Largest share refused, in per cent.")
def set_source(
    key: str, trust: int | None, licence: str | None, allows: str | None, bar: float | None
) -> None:
    """Say how far a source is believed, what its licence allows, where its bar lies.

    What is left out stays.

    Example: entente sources set fhir --trust 80 --bar 10
    """
    with _as_host():
        from entente.directory.actions import Terms, describe_source
        from entente.directory.reads.sources import source_of
        from entente.foundation.errors import UserError

        held = source_of(key)
        terms = Terms(
            trust=held.trust, licence=held.licence, allows=held.allows, bar_bp=held.bar_bp,
            field_trust=held.field_trust, field_allows=held.field_allows,
        )  # fmt: skip
        told = {
            "trust": trust, "licence": licence, "allows": allows,
            "bar_bp": None if bar is None else round(bar * 100),
        }  # fmt: skip
        given = {name: value for name, value in told.items() if value is not None}
        try:
            made = describe_source(key, replace(terms, **given), at=datetime.now(UTC))  # type: ignore[arg-type]
        except UserError as wrong:
            raise click.ClickException(str(wrong)) from None
    click.echo(
        f"{made.name}: trust {made.trust}, {made.licence} ({made.allows}),"
        f" bar {made.bar_bp / 100:g} %"
    )
