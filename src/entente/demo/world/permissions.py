"""Invented consents and ``.test`` addresses, for invented people or imported ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from entente.demo.world.files import write_csv

Fate = Literal["granted", "withdrawn", "expired", "unproven", "none"]
FATES: tuple[Fate, ...] = ("granted", "withdrawn", "expired", "unproven", "none")
FATE_SHARES = (0.55, 0.10, 0.10, 0.05, 0.20)
DEFAULT_PURPOSE = "brand_promotion"
_LIFE_DAYS = 365
# How often a person's fate at one company is also that at the next: people who say yes, say yes.
_SAME_FATE = 0.7
_COLUMNS = (
    "npi",
    "controller",
    "channel",
    "address",
    "purpose",
    "product",
    "status",
    "captured_at",
    "source",
    "wording_version",
    "proof_ref",
    "expires_at",
    "withdrawn_at",
    "reason",
)


def address_of(npi: str) -> str:
    """Give the invented e-mail address of an NPI.

    Parameters
    ----------
    npi : str

    Returns
    -------
    str
        Under ``.test``, which never resolves (RFC 6761).

    Examples
    --------
    >>> address_of("2000000005")
    'hcp-2000000005@practice.test'
    """
    return f"hcp-{npi}@practice.test"


def generate_consents_for(
    npis: Sequence[str],
    seed: int,
    *,
    controllers: Sequence[str],
    at: datetime,
    purpose: str = DEFAULT_PURPOSE,
) -> pa.Table:
    """Invent a consent, or none, for each person and controller.

    Parameters
    ----------
    npis : sequence of str
    seed : int
        Same seed, same NPIs in the same order and same moment: same table.
    controllers : sequence of str
        Legal entities by name.
    at : datetime
        Now, with a time zone: granted means granted at that moment, expired before it.
    purpose : str

    Returns
    -------
    pyarrow.Table
        Text columns of the consent import file. About 55 % of the pairs are granted with proof,
        10 % withdrawn, 10 % expired, 5 % claimed without proof; the rest have no row.

    Examples
    --------
    >>> from datetime import datetime, timezone
    >>> at = datetime(2026, 6, 1, tzinfo=timezone.utc)
    >>> table = generate_consents_for(["2000000005"] * 100, 1, controllers=["Demo GmbH"], at=at)
    >>> sorted(set(table.column("status").to_pylist()))
    ['granted', 'withdrawn']
    """
    rng = np.random.default_rng(seed)
    fates = _fates(rng, len(npis), len(controllers))
    days_ago = rng.integers(30, _LIFE_DAYS - 30, size=fates.shape)
    rows = [
        _row(
            npi,
            controller,
            fate=FATES[fates[i, j]],
            days_ago=int(days_ago[i, j]),
            at=at,
            purpose=purpose,
        )
        for i, npi in enumerate(npis)
        for j, controller in enumerate(controllers)
        if FATES[fates[i, j]] != "none"
    ]
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in _COLUMNS]))


def write_consents_for(
    folder: Path,
    npis: Sequence[str],
    seed: int,
    *,
    controllers: Sequence[str],
    at: datetime,
    purpose: str = DEFAULT_PURPOSE,
) -> tuple[Path, Path]:
    """Write ``consents.csv`` and ``contacts.csv`` for people already known by NPI.

    Parameters
    ----------
    folder : pathlib.Path
    npis : sequence of str
    seed : int
    controllers : sequence of str
    at : datetime
    purpose : str
        As for ``generate_consents_for``.

    Returns
    -------
    (pathlib.Path, pathlib.Path)
        The consent file and the address file.
    """
    consents = generate_consents_for(npis, seed, controllers=controllers, at=at, purpose=purpose)
    rows = [[row[name] for name in _COLUMNS] for row in consents.to_pylist()]
    addresses = [[npi, address_of(npi)] for npi in npis]
    return (
        write_csv(folder / "consents.csv", _COLUMNS, rows),
        write_csv(folder / "contacts.csv", ("npi", "email"), addresses),
    )


def _fates(rng: np.random.Generator, n_people: int, n_controllers: int) -> np.ndarray:
    """Draw an index into FATES per person and controller; a column's shares stay as stated."""
    fates = rng.choice(len(FATES), size=(n_people, n_controllers), p=FATE_SHARES)
    same = rng.random(fates.shape) < _SAME_FATE
    for column in range(1, n_controllers):
        fates[:, column] = np.where(same[:, column], fates[:, column - 1], fates[:, column])
    return fates


def _row(
    npi: str, controller: str, *, fate: Fate, days_ago: int, at: datetime, purpose: str
) -> dict[str, str]:
    age = days_ago + (_LIFE_DAYS if fate == "expired" else 0)
    captured = (at - timedelta(days=age)).replace(microsecond=0)
    slug = "".join(char for char in controller.lower() if char.isalnum())
    withdrawn = captured + timedelta(days=days_ago / 2) if fate == "withdrawn" else None
    return {
        "npi": npi,
        "controller": controller,
        "channel": "email",
        "address": address_of(npi),
        "purpose": purpose,
        "product": "",
        "status": "withdrawn" if fate == "withdrawn" else "granted",
        "captured_at": captured.isoformat(),
        "source": "invented sign-up form",
        "wording_version": "demo-1",
        "proof_ref": "" if fate == "unproven" else f"form/{slug}/{npi}",
        "expires_at": (captured + timedelta(days=_LIFE_DAYS)).isoformat(),
        "withdrawn_at": withdrawn.replace(microsecond=0).isoformat() if withdrawn else "",
        "reason": "too many messages" if withdrawn else "",
    }
