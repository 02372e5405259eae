"""The command ``entente``: every room's commands under one name, loaded when asked for."""

from __future__ import annotations

from importlib import import_module

import click

WHERE = {
    "gate": "entente.policy.commands:gate",
    "match": "entente.directory.commands_match:match_files",
    "identity": "entente.directory.commands_identity:identity",
    "export": "config.exports:export_group",
    "import": "config.imports:import_group",
    "overlap": "entente.consent.commands:overlap",
    "db": "entente.foundation.commands:db",
    "ledger": "entente.foundation.commands:ledger",
    "outbox": "entente.foundation.commands:outbox",
    "retention": "entente.consent.commands:retention",
    "sources": "entente.directory.commands_sources:sources",
    "changes": "entente.directory.commands_changes:changes",
    "split": "entente.foundation.commands:split",
    "found": "entente.foundation.commands:found",
    "training": "entente.policy.commands_training:training",
    "audits": "entente.policy.commands_training:audits",
    "territories": "entente.directory.commands_territories:territories",
    "up": "entente.foundation.commands:up",
    "worker": "entente.foundation.commands:worker",
    "demo": "entente.demo.commands:demo",
}


class Rooms(click.Group):
    """Loads a command's room only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names."""
        return sorted(WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        where = WHERE.get(cmd_name)
        if where is None:
            return None
        module, _, name = where.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Rooms)
@click.version_option(package_name="entente")
def main() -> None:
    """Healthcare engagement that two organisations do together.

    Example: entente demo
    """


if __name__ == "__main__":
    main()
