"""Register every room's jobs with the job runner."""

from __future__ import annotations

from typing import Any


def ready(app: Any) -> None:
    """Called by procrastinate once Django is ready."""
