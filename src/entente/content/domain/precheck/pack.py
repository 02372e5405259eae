"""Checks as data: what is looked for, how grave it is, on whose authority, with scenarios."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from entente.content.domain.precheck.lists import Lists

SEVERITIES = ("block", "warn", "note")
_KNOWN = {
    "id", "title", "find", "severity", "lighter", "warn_only", "kinds", "audiences", "citation",
    "remedy", "parameters", "scenarios",
}  # fmt: skip


class BadCheckPack(ValueError):
    """A pack that cannot be used; the text names the check and what is wrong with it."""


@dataclass(frozen=True)
class Check:
    """One check of a pack."""

    id: str
    title: str
    find: str
    severity: str
    citation: str
    remedy: str
    lighter: str = ""
    warn_only: Sequence[str] = ()
    kinds: Sequence[str] = ()
    audiences: Sequence[str] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    scenarios: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class CheckPack:
    """A set of checks with their word lists; ``hash`` is over all that decides."""

    id: str
    version: str
    title: str
    checks: Sequence[Check]
    lists: Lists
    hash: str


def read_pack(checks: Mapping[str, Any], words: Mapping[str, Any]) -> CheckPack:
    """Make a pack from what its two files hold.

    Raises
    ------
    BadCheckPack
        If a check has no id, an unknown severity or field, or no scenario.
    """
    made: list[Check] = []
    for given in checks.get("checks", ()):
        name = given.get("id", "a check without id")
        if unknown := set(given) - _KNOWN:
            raise BadCheckPack(f"{name}: no field is called {', '.join(sorted(unknown))}")
        missing = {"id", "title", "find", "severity", "citation", "remedy", "scenarios"} - set(
            given
        )
        if missing:
            raise BadCheckPack(f"{name}: {', '.join(sorted(missing))} is missing")
        if {given["severity"], given.get("lighter", "note")} - set(SEVERITIES):
            raise BadCheckPack(f"{name}: a severity is one of {', '.join(SEVERITIES)}")
        made.append(Check(**given))
    ids = [check.id for check in made]
    if len(set(ids)) != len(ids):
        raise BadCheckPack("two checks have one id")
    pack = checks.get("pack", {})
    told = json.dumps([checks, words], sort_keys=True, default=str)
    return CheckPack(
        pack.get("id", ""),
        pack.get("version", ""),
        pack.get("title", ""),
        made,
        Lists(words),
        hashlib.sha256(told.encode()).hexdigest(),
    )
