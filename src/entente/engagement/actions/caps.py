"""The lock that guards how much one person gets, over all channels and organisations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from entente.directory import reads as directory


def cap_key(record_id: UUID) -> str:
    """Name the lock of one record's caps; channels share it, since they are counted together."""
    return f"cap:{record_id}"


def cap_keys(hcp_ids: Collection[UUID], at: datetime) -> list[str]:
    """Name the locks of people's caps: those of every record that is one of them.

    What goes to any record of a person counts for all of them, so whoever asks about another
    record of the same person has to wait as well.
    """
    return [cap_key(each) for each in directory.same_persons(hcp_ids, at)]
