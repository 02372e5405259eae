"""Values about a person in the ledger: readable while the person's key exists, gone after."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from entente.foundation import keys
from entente.foundation.domain.canonical import canonical
from entente.foundation.models.base import new_id
from entente.foundation.models.keeping import PersonKey

MASTER = "ledger.person"
NONCE_BYTES = 12


def _unwrapped(rows: Iterable[PersonKey]) -> dict[UUID, bytes]:
    master = AESGCM(keys.key(MASTER))
    opened = {}
    for row in rows:
        sealed = bytes(row.wrapped)
        opened[row.person_id] = master.decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], row.person_id.bytes
        )
    return opened


def person_keys(person_ids: Collection[UUID], *, make: bool = True) -> dict[UUID, bytes]:
    """Give the keys of persons; those that are missing are made, or left out.

    One query for keys that exist, and two more where some are made.
    """
    if not person_ids:
        return {}
    known = _unwrapped(PersonKey.objects.filter(person_id__in=person_ids))
    missing = sorted(set(person_ids) - set(known))
    if not make or not missing:
        return known
    master, fresh = AESGCM(keys.key(MASTER)), []
    for person_id in missing:
        nonce = os.urandom(NONCE_BYTES)
        wrapped = master.encrypt(nonce, AESGCM.generate_key(bit_length=256), person_id.bytes)
        fresh.append(
            PersonKey(id=new_id(), person_id=person_id, wrapped=nonce + wrapped, master="1")
        )
    # Two writers may meet here; whoever was first has made the key for both. They come in
    # one order, so that they never wait for each other.
    PersonKey.objects.bulk_create(fresh, ignore_conflicts=True)
    return known | _unwrapped(PersonKey.objects.filter(person_id__in=missing))


def seal_values(
    entry_id: UUID, personal: Mapping[UUID, Mapping[str, Any]], theirs: Mapping[UUID, bytes]
) -> dict[str, str]:
    """Encrypt each person's values with that person's key, bound to this entry."""
    sealed = {}
    for person_id, values in personal.items():
        nonce = os.urandom(NONCE_BYTES)
        text = AESGCM(theirs[person_id]).encrypt(
            nonce, canonical(dict(values)).encode(), person_id.bytes + entry_id.bytes
        )
        sealed[str(person_id)] = b64encode(nonce + text).decode()
    return sealed


def open_values(entry_id: UUID, sealed: Mapping[str, str]) -> dict[UUID, str | None]:
    """Decrypt an entry's values; None for a person who has been erased.

    Returns
    -------
    dict of UUID to str or None
        Canonical JSON of the values.
    """
    theirs = person_keys([UUID(person) for person in sealed], make=False)
    opened: dict[UUID, str | None] = {}
    for person, text in sealed.items():
        person_id = UUID(person)
        key = theirs.get(person_id)
        raw = b64decode(text)
        opened[person_id] = (
            AESGCM(key)
            .decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], person_id.bytes + entry_id.bytes)
            .decode()
            if key
            else None
        )
    return opened


def erase_person(person_id: UUID) -> bool:
    """Delete a person's key; entries stay and still verify, their values cannot be read."""
    deleted, _ = PersonKey.objects.filter(person_id=person_id).delete()
    return bool(deleted)
