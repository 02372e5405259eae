"""What the room's commands share: refusals, days, tables."""

from datetime import date
from typing import Any

import click


class Refusal(click.ClickException):
    """An error that already names code, place and remedy."""

    def show(self, file: Any = None) -> None:
        """Print the message alone, without click's own prefix."""
        click.echo(self.message, err=True)


def day_given(_context: click.Context, _option: click.Parameter, text: str | None) -> date | None:
    """Read a day, or refuse it naming the option."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no day; write YYYY-MM-DD") from None


def table(rows: list[tuple[str, ...]]) -> None:
    """Print rows in columns, the first being the heading."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
