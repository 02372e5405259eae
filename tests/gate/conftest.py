"""A world of real acts for the life of rules: sends that pass the gate of a host."""

from __future__ import annotations

from entente.engagement.tests.shell.conftest import working_hours, world

__all__ = ["working_hours", "world"]
