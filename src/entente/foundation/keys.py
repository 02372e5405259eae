"""Keys, all derived from one root secret that never enters the database."""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64encode
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def home() -> Path:
    """Give the folder in which this installation keeps what is its own."""
    return Path(os.environ.get("ENTENTE_HOME", Path.cwd() / ".entente"))


@cache
def _root(folder: Path) -> bytes:
    given = os.environ.get("ENTENTE_SECRET")
    if given:
        return given.encode()
    kept = folder / "secret"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return kept.read_bytes().strip()
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(48))
    return kept.read_bytes().strip()


def key(purpose: str) -> bytes:
    """Derive the 32-byte key for one purpose.

    Parameters
    ----------
    purpose : str
        For example ``"ledger.mac"``; two purposes never share a key.
    """
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"entente", info=purpose.encode())
    return derive.derive(_root(home()))


def key_text(purpose: str) -> str:
    """Give a derived key as URL-safe text, for passwords and Django's own secret."""
    return urlsafe_b64encode(key(purpose)).decode().rstrip("=")


def signing_key(purpose: str) -> Ed25519PrivateKey:
    """Give the Ed25519 key that signs for one purpose."""
    return Ed25519PrivateKey.from_private_bytes(key(purpose))
