"""Values about a person in the ledger: readable while the person's key exists, gone after."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from entente.foundation import keys
from entente.foundation.domain.canonical import canonical
from entente.foundation.models.keeping import PersonKey

MASTER = "ledger.person"
NONCE_BYTES = 12


def _key_of(person_id: UUID, *, make: bool) -> bytes | None:
    master = AESGCM(keys.key(MASTER))
    row = PersonKey.objects.filter(person_id=person_id).first()
    if row is None:
        if not make:
            return None
        fresh, nonce = AESGCM.generate_key(bit_length=256), os.urandom(NONCE_BYTES)
        wrapped = nonce + master.encrypt(nonce, fresh, person_id.bytes)
        # Two writers may meet here; whoever was first has made the key for both.
        row, _ = PersonKey.objects.get_or_create(
            person_id=person_id, defaults={"wrapped": wrapped, "master": "1"}
        )
    sealed = bytes(row.wrapped)
    return master.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], person_id.bytes)


def seal_values(entry_id: UUID, personal: Mapping[UUID, Mapping[str, Any]]) -> dict[str, str]:
    """Encrypt each person's values with that person's key, bound to this entry."""
    sealed = {}
    for person_id, values in personal.items():
        key = _key_of(person_id, make=True)
        assert key is not None
        nonce = os.urandom(NONCE_BYTES)
        text = AESGCM(key).encrypt(
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
    opened: dict[UUID, str | None] = {}
    for person, text in sealed.items():
        person_id = UUID(person)
        key = _key_of(person_id, make=False)
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
