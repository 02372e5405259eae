"""What the room puts into the shell and tells the gate."""

from __future__ import annotations

from entente.alliances.reads import columns


def open_doors() -> None:
    """Register columns, menu, home panels and search; called once, touches no database."""
    columns.register()
