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

LEAST_SECRET = 32


class WeakSecret(RuntimeError):
    """The root secret is missing or too short to derive keys from; the text says where."""


def home() -> Path:
    """Give the folder in which this installation keeps what is its own."""
    return Path(os.environ.get("ENTENTE_HOME", Path.cwd() / ".entente"))


@cache
def _root(folder: Path) -> bytes:
    given = os.environ.get("ENTENTE_SECRET")
    kept = folder / "secret"
    if given is None and not kept.exists():
        _make_secret(kept)
    root = given.encode() if given is not None else kept.read_bytes().strip()
    if len(root) < LEAST_SECRET:
        where = "ENTENTE_SECRET" if given is not None else str(kept)
        raise WeakSecret(
            f"{where} holds {len(root)} characters, and {LEAST_SECRET} are the least: every key is "
            "derived from it. Restore it from where you keep secrets, or give a longer one"
        )
    return root


def _make_secret(kept: Path) -> None:
    # Written beside and then linked into place: of many processes that start at once one
    # wins, and none reads a file that is there but still empty.
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(48))
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, kept)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


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
