"""The page of commands, from their own help."""

from __future__ import annotations

from collections.abc import Iterator

import click

HEAD = """# Commands

Written from the commands' own help. Every command has `--help`; the exit status is 0 only when
all went well; errors go to stderr with place and remedy.
"""


def _walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _walk(child, f"{path} {name}")


def page() -> str:
    """Give the page of commands."""
    from config.command import main

    parts = [HEAD]
    for path, command in _walk(main, "entente"):
        context = click.Context(command, info_name=path, max_content_width=92, terminal_width=92)
        parts.append(f"## {path}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def components_page() -> str:
    """Give the page of the page components."""
    from entente.foundation.web.components import reference

    return reference()
