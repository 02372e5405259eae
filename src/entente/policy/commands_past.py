"""`entente gate try`, `replay` and `audit-pack`: past decisions, made again or handed over."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from .command_parts import Refusal, day_given, table


@click.command("try")
@click.argument("pack", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--since", callback=day_given, required=True, help="First day of the decisions.")
@click.option("--until", callback=day_given, required=True, help="Last day of the decisions.")
@click.option("--all", "keep_all", is_flag=True, help="List every change, not the first 200.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def try_(pack: Path, since: date, until: date, keep_all: bool, as_json: bool) -> None:
    """Make the host's past decisions again with PACK in place, and list what would change.

    \b
    Example: entente gate try meals.toml --since 2026-07-01 --until 2026-09-30
    """
    from entente.foundation.access.scope import act_as
    from entente.foundation.commands import ready
    from entente.foundation.errors import UserError

    ready()
    from entente.foundation.organisations import host, system_scope

    from .actions.pack_life import readable
    from .reads.trial import as_dict, try_pack

    text, owner = pack.read_text(encoding="utf-8"), host()
    if owner is None:
        raise Refusal("GATE-022: nothing was decided yet. Found the installation first")
    with act_as(system_scope(owner.id, is_host=True, name="command:gate")):
        try:
            read = readable(text, pack.name)
        except UserError as bad:
            raise Refusal(str(bad)) from None
        told = as_dict(try_pack(read, text, since=since, until=until, keep_all=keep_all))
    if as_json:
        click.echo(json.dumps(told, indent=1))
        return
    click.echo(f"{told['decisions']} decisions, {told['changed']} would come out differently")
    for name in ("rule", "month", "campaign"):
        rows = [(str(r[name] or "-"), r["before"], r["after"], str(r["n"]))
                for r in told[f"by_{name}"]]  # fmt: skip
        if rows:
            table([(name, "was", "would be", "decisions"), *rows])
    for one in told["examples"]:
        rules = ";".join(one["rules"])
        click.echo(
            f"{one['decision']} {one['decided_at']} {one['before']} > {one['after']} {rules}"
        )


@click.command("replay")
@click.option("--since", callback=day_given, required=True, help="First day of the decisions.")
@click.option("--until", callback=day_given, required=True, help="Last day of the decisions.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def replay(since: date, until: date, as_json: bool) -> None:
    """Make the host's past decisions again under the packs of then; none may differ.

    \b
    Example: entente gate replay --since 2026-01-01 --until 2026-12-31
    """
    from entente.foundation.access.scope import act_as
    from entente.foundation.commands import ready

    ready()
    from entente.foundation.organisations import host, system_scope

    from .reads.trial import replay_all

    owner = host()
    if owner is None:
        raise Refusal("GATE-022: nothing was decided yet. Found the installation first")
    with act_as(system_scope(owner.id, is_host=True, name="command:gate")):
        n_decisions, differing = replay_all(since=since, until=until)
    if as_json:
        click.echo(json.dumps({"decisions": n_decisions, "differing": [str(i) for i in differing]}))
    else:
        click.echo(f"{n_decisions} decisions, {len(differing)} differ")
        for each in differing[:20]:
            click.echo(str(each))
    if differing:
        raise SystemExit(1)


@click.command("audit-pack")
@click.option("--since", callback=day_given, required=True, help="First day of the decisions.")
@click.option("--until", callback=day_given, required=True, help="Last day of the decisions.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def audit_pack(since: date, until: date, output: Path) -> None:
    """Write the host's decisions of a period as one signed file, for an auditor.

    \b
    It holds the program that checks it: python verify.py PACK.zip --key KEY

    \b
    Example: entente gate audit-pack --since 2026-07-01 --until 2026-09-30 -o third-quarter.zip
    """
    from entente.foundation.access.scope import act_as
    from entente.foundation.commands import ready
    from entente.foundation.errors import UserError

    ready()
    from entente.foundation.organisations import host, system_scope

    from .reads import audit_pack as packs

    owner = host()
    if owner is None:
        raise Refusal("GATE-022: nothing was decided yet. Found the installation first")
    with act_as(system_scope(owner.id, is_host=True, name="command:gate")):
        try:
            made = packs.audit_pack(since=since, until=until, at=datetime.now(UTC))
        except UserError as wrong:
            raise Refusal(f"GATE-023: {wrong}") from None
    output.write_bytes(made)
    click.echo(f"{output}: {len(made):,} bytes; its key is {packs.public_key()}", err=True)
