"""What the objects of other rooms are called and where their pages are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple
from uuid import UUID


class Named(NamedTuple):
    """An object's name, and its page's address where there is one."""

    label: str
    url: str = ""


Namer = Callable[[Collection[UUID]], dict[UUID, Named]]
_namers: dict[str, Namer] = {}


def add_naming(kind: str, namer: Namer) -> None:
    """Say how objects of a kind are called; one query names many.

    Parameters
    ----------
    kind : str
        As the ledger and decisions write it: ``"engagement.send"``.
    namer : callable
        From ids to names; ids that are unknown to the reader are left out.
    """
    _namers[kind] = namer


def names_of(wanted: Iterable[tuple[str, UUID | None]]) -> dict[tuple[str, UUID], Named]:
    """Name objects of many kinds, one query per kind; unknown ones are left out."""
    by_kind: dict[str, set[UUID]] = {}
    for kind, object_id in wanted:
        if object_id is not None and kind in _namers:
            by_kind.setdefault(kind, set()).add(object_id)
    return {
        (kind, object_id): named
        for kind, ids in by_kind.items()
        for object_id, named in _namers[kind](ids).items()
    }
