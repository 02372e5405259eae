"""The scope in which every read and every act happens: who, for whom, on which side of the wall."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from entente.foundation.access.roles import Role, Wall, capabilities, wall_of


class OutOfScope(PermissionDenied):
    """Somebody asked for what his role does not allow."""


@dataclass(frozen=True)
class Scope:
    """Who acts, for which organisation.

    Parameters
    ----------
    org_id : UUID
        The organisation whose eyes and hands these are.
    actor_id : UUID or None
        The user; None for a job that acts on the organisation's behalf.
    roles : frozenset of Role
    is_host : bool
        Whether the organisation is the host of this installation.
    actor_name : str
        How the ledger names the actor when there is no user, for example ``"job:deliver"``.
    """

    org_id: UUID
    actor_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    is_host: bool = False
    actor_name: str = "job"
    person_key: str = ""
    may: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "may", capabilities(self.roles))

    @property
    def wall(self) -> Wall:
        """The side of the wall on which the actor stands; a job sees both."""
        return wall_of(self.roles) if self.actor_id else Wall.BOTH

    def require(self, capability: str) -> None:
        """Refuse unless the actor may do this; a job of the organisation may.

        Raises
        ------
        OutOfScope
        """
        if self.actor_id is not None and capability not in self.may:
            raise OutOfScope(f"your role does not include {capability}")


SETTINGS = ["app.org", "app.user", "app.wall", "app.host", "app.door"]

_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope:
    """Give the scope of the running transaction.

    Raises
    ------
    OutOfScope
        If there is none; nothing is read or written without one.
    """
    scope = _current.get()
    if scope is None:
        raise OutOfScope("nobody is signed in")
    return scope


def set_context(scope: Scope | None, *, door: str = "") -> None:
    """Tell the database, for this transaction only, whose eyes these are."""
    values = (
        (
            str(scope.org_id),
            str(scope.actor_id or ""),
            scope.wall.value,
            "yes" if scope.is_host else "",
        )
        if scope
        else ("", "", "", "")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.org', %s, true), set_config('app.user', %s, true),"
            " set_config('app.wall', %s, true), set_config('app.host', %s, true),"
            " set_config('app.door', %s, true)",
            [*values, door],
        )


@contextmanager
def act_as(scope: Scope) -> Iterator[Scope]:
    """Open a transaction in which the database shows what this scope may see.

    The transaction is the outermost one: a savepoint would keep an inner setting.

    Raises
    ------
    RuntimeError
        If a transaction is already open.
    """
    with transaction.atomic(durable=True):
        token = _current.set(scope)
        try:
            set_context(scope)
            yield scope
        finally:
            _current.reset(token)


@contextmanager
def signing_in() -> Iterator[None]:
    """Open a transaction at the door: accounts can be looked up, nothing else is visible."""
    with transaction.atomic(durable=True):
        set_context(None, door="signin")
        yield


@contextmanager
def switched(scope: Scope) -> Iterator[Scope]:
    """Use a scope inside the transaction that is already open, then give the former back.

    After an error nothing is given back: the savepoint or transaction that it ends takes
    the setting with it.

    Raises
    ------
    RuntimeError
        If no transaction is open.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a scope outside a transaction protects nothing")
    token = _current.set(scope)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT json_object_agg(name, coalesce(current_setting(name, true), ''))::text"
                " FROM unnest(%s::text[]) AS asked(name)",
                [SETTINGS],
            )
            former = json.loads(cursor.fetchone()[0])
        set_context(scope)
        yield scope
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config(name, value, true)"
                " FROM json_each_text(%s::json) AS kept(name, value)",
                [json.dumps(former)],
            )
    finally:
        _current.reset(token)
