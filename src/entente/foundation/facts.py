"""Gather the facts of acts: each room says what it knows, one query asks them all.

A room registers one select per grain (a recipient, a recipient on a channel, a content
version...). The selects may read the common table ``act``, one row per act:

``n`` place in the batch · ``recipient_id`` · ``channel`` · ``purpose`` · ``controller_id`` ·
``version_id`` · ``campaign_id`` · ``deal_id`` · ``stock_id`` what is handed over ·
``product_id`` what it is about, where the version does not say ·
``object_id`` the row on whose behalf the gate is
asked (so that a reservation does not count against itself) · ``actor_id`` who asked for it ·
``org_id`` of whoever acts ·
``country`` · ``at`` the moment · ``on_day`` the day · and what a room adds for all those above
it, such as ``records``, the directory records that are the recipient at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from entente.foundation.access.scope import current_scope


@dataclass(frozen=True)
class Act:
    """One outbound act about which the gate is asked.

    Parameters
    ----------
    type : str
        ``"email"``, ``"meal"``, ``"deal_registration"``...
    at : datetime
        The moment of the act.
    given : mapping
        Facts known only at the door, by their dotted names: amounts, headcounts.
    """

    type: str
    at: datetime
    recipient_id: UUID | None = None
    channel: str | None = None
    purpose: str | None = None
    controller_id: UUID | None = None
    version_id: UUID | None = None
    campaign_id: UUID | None = None
    deal_id: UUID | None = None
    stock_id: UUID | None = None
    product_id: UUID | None = None
    object_id: UUID | None = None
    actor_id: UUID | None = None
    country: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Columns:
    """What a room knows at one grain.

    Parameters
    ----------
    room : str
    keys : tuple of str
        Columns of ``act`` that the select's rows are matched on.
    facts : mapping of str to str
        Dotted fact name to the select's column.
    select : str
        SQL that reads ``act`` and gives at most one row per combination of keys.
    """

    room: str
    grain: str
    keys: tuple[str, ...]
    facts: Mapping[str, str]
    select: str


@dataclass(frozen=True)
class ActColumn:
    """A column that a room adds to the table ``act``, for its own selects and those above it.

    Parameters
    ----------
    name : str
    expression : str
        SQL over ``given``, the act as it was asked about; worked out once per act.
    """

    name: str
    expression: str


_registered: dict[tuple[str, str], Columns] = {}
_added: dict[str, ActColumn] = {}


def register_act_column(column: ActColumn) -> None:
    """Add a column to ``act``; called once per process when the room is ready."""
    _added[column.name] = column
    _query.cache_clear()


def register_columns(columns: Columns) -> None:
    """Say what a room knows; called once per process when the room is ready."""
    _registered[(columns.room, columns.grain)] = columns
    _query.cache_clear()


def supplied() -> dict[str, tuple[str, str]]:
    """Give each fact that some room supplies, with the room and the grain."""
    return {
        fact: (columns.room, columns.grain)
        for columns in _registered.values()
        for fact in columns.facts
    }


ACT_COLUMNS = (
    ("recipient_id", "uuid"),
    ("channel", "text"),
    ("purpose", "text"),
    ("controller_id", "uuid"),
    ("version_id", "uuid"),
    ("campaign_id", "uuid"),
    ("deal_id", "uuid"),
    ("stock_id", "uuid"),
    ("product_id", "uuid"),
    ("object_id", "uuid"),
    ("actor_id", "uuid"),
    ("country", "text"),
    ("at", "timestamptz"),
)

# Up to so many acts one plan serves them all; beyond, each question is planned for its number.
FEW = 8
# More uses of one query than a connection sees: nothing is prepared that does not ask for it.
NEVER_BY_ITSELF = 1_000_000_000


@cache
def _query() -> tuple[str, tuple[str, ...]]:
    """Give the question to the database and the names of the facts it answers, in order."""
    arrays = ", ".join(f"${n}::{kind}[]" for n, (_, kind) in enumerate(ACT_COLUMNS, start=2))
    names = ", ".join(name for name, _ in ACT_COLUMNS)
    ctes: list[str] = []
    joins: list[str] = []
    fact_names: list[str] = []
    picked = ["act.n"]
    for number, columns in enumerate(_registered.values()):
        alias = f"c{number}"
        ctes.append(f"{alias} AS MATERIALIZED ({columns.select})")
        on = " AND ".join(f"{alias}.{key} = act.{key}" for key in columns.keys) or "true"
        joins.append(f"LEFT JOIN {alias} ON {on}")
        for fact, column in columns.facts.items():
            fact_names.append(fact)
            picked.append(f"{alias}.{column}")
    added = "".join(f", {column.expression} AS {column.name}" for column in _added.values())
    # Made of the rooms' own selects and names only; whatever an act holds is a parameter.
    sql = (
        f"WITH act AS MATERIALIZED (SELECT given.*, (given.at AT TIME ZONE 'UTC')::date AS on_day,"
        f" $1::uuid AS org_id{added}"
        f" FROM unnest({arrays}) WITH ORDINALITY AS given({names}, n)), "
        + ", ".join(ctes)
        + f" SELECT {', '.join(picked)} FROM act {' '.join(joins)} ORDER BY act.n"
    )
    return sql, tuple(fact_names)


def _rows(sql: str, parameters: Sequence[Any], *, n_acts: int) -> list[tuple[Any, ...]]:
    # Planning this query takes several times as long as running it for one act, and it is
    # the same query every time: for few acts it is prepared, which Django forbids its
    # connections unless the threshold is lifted. A plan made once knows nothing of the
    # number of acts, so many of them are planned for what they are.
    connection.ensure_connection()
    raw = connection.connection
    forbidden, raw.prepare_threshold = raw.prepare_threshold, NEVER_BY_ITSELF
    try:
        # Raw: the text is long, and other cursors look for their placeholders in it each time.
        with psycopg.RawCursor(raw) as cursor:
            return cursor.execute(sql, parameters, prepare=n_acts <= FEW).fetchall()
    finally:
        raw.prepare_threshold = forbidden


def gather(acts: Sequence[Act]) -> list[dict[str, Any]]:
    """Give the facts of each act, in order; one query for one act or for thousands.

    Returns
    -------
    list of dict
        Dotted fact name to value; a fact that nobody knows is None. Facts given with the
        act win over nothing: a name that a room supplies cannot be given at the door.

    Raises
    ------
    ValueError
        If an act gives a fact that a room supplies.
    """
    if not acts:
        return []
    scope = current_scope()
    sql, names = _query()
    acts = [act if act.actor_id else replace(act, actor_id=scope.actor_id) for act in acts]
    parameters: list[Any] = [scope.org_id]
    parameters += [[getattr(act, name) for act in acts] for name, _ in ACT_COLUMNS]
    rows = _rows(sql, parameters, n_acts=len(acts))
    return [_of_act(act, names, row[1:]) for act, row in zip(acts, rows, strict=True)]


def _of_act(act: Act, names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    found = dict(zip(names, values, strict=True))
    clash = set(act.given) & set(found)
    if clash:
        raise ValueError(f"{', '.join(sorted(clash))} is known to the system and cannot be given")
    found.update(act.given)
    found["action.type"] = act.type
    if found.get("action.date") is None:
        found["action.date"] = act.at.date()
    found["action.channel"] = act.channel
    found["action.purpose"] = act.purpose
    if found.get("action.country") is None:
        found["action.country"] = act.country or found.get("recipient.country")
    return found
