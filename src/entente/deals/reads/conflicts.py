"""Is an opportunity free? Answers with a word and a day, never with a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from entente.deals.domain.accounts import account_key, folded, near_keys
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope


@dataclass(frozen=True)
class Conflict:
    """``clear``, ``possible`` (a namesake, another site) or ``taken`` until a moment."""

    status: str
    since: datetime | None = None
    until: datetime | None = None


def conflict_of(
    key: str,
    near: tuple[str, ...],
    solution_id: UUID,
    site_key: str,
    *,
    at: datetime,
    itself: UUID | None = None,
) -> Conflict:
    """Ask for an opportunity by its keys; one's own deal does not stand against itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, since, until FROM app.deals_conflict(%s, %s::text[], %s, %s, %s, %s)",
            [key, list(near), solution_id, site_key, at, itself],
        )
        return Conflict(*cursor.fetchone())


def preview(account_id: UUID, solution_id: UUID, site: str, *, at: datetime) -> Conflict:
    """Tell, before anything is registered, whether an opportunity is free.

    Returns
    -------
    Conflict
        For everybody the same; whose the opportunity is, nobody learns.

    Raises
    ------
    OutOfScope
        If deals are not for the one who asks.
    Hco.DoesNotExist
    """
    current_scope().require("deal.read")
    account = directory.hco(directory.hco_survivor_of(account_id, at))
    key = account_key(str(account.id), account.parent_name)
    near = near_keys(str(account.id), account.name, account.parent_name)
    return conflict_of(key, near, solution_id, folded(site), at=at)
