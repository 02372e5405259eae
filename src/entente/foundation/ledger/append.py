"""Write entries; called by actions, inside the transaction of the act."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from entente.foundation import keys
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import canonical, microseconds
from entente.foundation.ledger.persons import person_keys, seal_values
from entente.foundation.models.base import new_id


@dataclass(frozen=True)
class Entry:
    """What happened to which object.

    Parameters
    ----------
    verb : str
        Room, object and past participle: ``"consent.capture.recorded"``.
    kind, object_id : str, UUID
        The object, for example ``"consent.capture"`` and its id.
    details : mapping
        Ids, field names, codes, counts and hashes only. A value that tells something
        about a person belongs into ``personal``.
    personal : mapping of UUID to mapping
        Person id to values; encrypted with that person's key, so that they can be erased.
    counterparty : UUID, optional
        The other organisation that may read the entry, for joint objects.
    """

    verb: str
    kind: str
    object_id: UUID | None
    details: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)
    counterparty: UUID | None = None
    decision: UUID | None = None


def append(entry: Entry, *, at: datetime) -> UUID:
    """Write one entry under the present scope and give its id.

    Raises
    ------
    OutOfScope
        If nobody is acting.
    """
    return append_many([entry], at=at)[0]


def append_many(entries: Sequence[Entry], *, at: datetime) -> list[UUID]:
    """Write many entries with one statement and give their ids, in order."""
    if not entries:
        return []
    scope = current_scope()
    mac_key = keys.key("ledger.mac")
    theirs = person_keys({person for entry in entries for person in entry.personal})
    ids, bodies, macs = [], [], []
    for entry in entries:
        made = new_id()
        body = canonical(
            {
                "id": made,
                "at": microseconds(at),
                "org": scope.org_id,
                "actor": scope.actor_id,
                "by": scope.actor_name,
                "verb": entry.verb,
                "kind": entry.kind,
                "object": entry.object_id,
                "counterparty": entry.counterparty,
                "decision": entry.decision,
                "details": dict(entry.details),
                "personal": seal_values(made, entry.personal, theirs),
            }
        )
        ids.append(made)
        bodies.append(body)
        macs.append(hmac.digest(mac_key, body.encode(), "sha256"))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_ledgerentry (body, mac)"
            " SELECT b, m FROM unnest(%s::text[], %s::bytea[])"
            " WITH ORDINALITY AS given(b, m, n) ORDER BY n",
            [bodies, macs],
        )
    return ids
