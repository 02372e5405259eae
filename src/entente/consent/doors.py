"""What this room tells the gate and the shell, once per process."""

from __future__ import annotations


def open_doors() -> None:
    """Register facts; called when the room is ready."""
    from entente.consent.reads import columns

    columns.register()
