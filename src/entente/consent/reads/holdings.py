"""What is held about a person, room by room: for the export, and for an erasure.

Each room says what it holds, how it is read, what an erasure removes of it and why the rest
stays. A room higher than this one registers its own, so that nothing is forgotten here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

Rows = Callable[[UUID, datetime], Sequence[dict[str, Any]]]
Erase = Callable[[UUID, datetime], int]


@dataclass(frozen=True)
class Holding:
    """One kind of thing that is held about a person.

    Parameters
    ----------
    order : int
        Its place in the export.
    name : str
        Its name in the export's file.
    title : str
        Its name for people.
    rows : callable
        Person and moment to what is held, each row as plain values.
    erase : callable, optional
        Person and moment to how many things were erased.
    kept_because : str
        Why what an erasure leaves is kept; empty where it leaves nothing.
    by_link : bool
        Whether the person may see it by a signed link alone; what would harm him if the link
        were passed on is shown only after his identity was checked.
    """

    order: int
    name: str
    title: str
    rows: Rows
    erase: Erase | None = None
    kept_because: str = ""
    by_link: bool = True


_holdings: dict[str, Holding] = {}


def register_holding(holding: Holding) -> None:
    """Say what a room holds about people; called once per process."""
    _holdings[holding.name] = holding


def holdings() -> list[Holding]:
    """Give what the rooms hold, in the order of the export."""
    return sorted(_holdings.values(), key=lambda each: (each.order, each.name))
