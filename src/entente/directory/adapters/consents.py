"""Consent files: permissions and withdrawals that another system recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import CHUNK_ROWS, Chunk
from entente.directory.adapters.csv_stream import CsvSource
from entente.directory.adapters.headers import Column
from entente.directory.adapters.reading import Mask, Reading, map_values, null_mask
from entente.directory.adapters.tables import build
from entente.directory.adapters.values import email_of

CHANNELS = ("email", "sms", "phone", "fax", "post", "in_person", "web", "social", "app")
STATUSES = ("granted", "withdrawn")
_COLUMNS = [
    Column("npi", ("npi",), required=True),
    Column("controller", ("controller",), required=True),
    Column("channel", ("channel",), required=True),
    Column("address", ("address",)),
    Column("purpose", ("purpose",), required=True),
    Column("product", ("product",)),
    Column("status", ("status",), required=True),
    Column("captured_at", ("captured_at",), required=True),
    Column("source", ("source",)),
    Column("wording_version", ("wording_version",)),
    Column("proof_ref", ("proof_ref",), required=True),
    Column("expires_at", ("expires_at",)),
    Column("withdrawn_at", ("withdrawn_at",)),
    Column("reason", ("reason",)),
]
_ADDRESS_REMEDY = "Write one address such as name@clinic.example, or leave it empty."


def read_consents(path: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Read permissions and withdrawals; a permission without proof is read as none.

    Parameters
    ----------
    path : pathlib.Path
        CSV, plain or gzip, with columns ``npi, controller, channel, purpose, status, captured_at,
        proof_ref`` and, where known, ``address, product, source, wording_version, expires_at,
        withdrawn_at, reason``. Status is granted or withdrawn; channel is email, sms, phone, fax,
        post, in_person, web or social; moments are ISO 8601 with offset.
    chunk_rows : int
        Most rows of a chunk.

    Yields
    ------
    Chunk
        Table ``consents``. A withdrawal counts with or without proof, since the doubt is the
        person's; its moment is ``withdrawn_at``, else ``captured_at``.

    Raises
    ------
    RegistryFileError
        If the file is no CSV, or lacks a column.

    Notes
    -----
    Source: the platform's own layout; Regulation (EU) 2016/679, article 7(1): the controller must
    be able to demonstrate consent.
    """
    source = CsvSource(path, _COLUMNS, chunk_rows)
    absent = frozenset(c.name for c in _COLUMNS if not source.header.has(c.name))
    for raw in source:
        reading = Reading(raw, source.header)
        table = build(schemas.CONSENTS, _columns(reading), reading.keep)
        yield Chunk(
            tables={"consents": table},
            refused=reading.refused,
            blanked=reading.blanked,
            n_read=reading.n_read,
            absent=absent,
        )


def _columns(reading: Reading) -> dict[str, pa.Array]:
    npi = reading.npi()
    reading.require("controller", "Name the legal entity that holds the permission.")
    reading.require("purpose", "Name the purpose as the wording did.")
    channel = reading.one_of("channel", CHANNELS)
    status = reading.one_of("status", STATUSES)
    captured, expires, withdrawn = _moments(reading, status)
    address = _address(reading, channel)
    granted: Mask = pc.fill_null(pc.equal(status, "granted"), False).to_numpy(False)
    unproven = granted & null_mask(reading.text("proof_ref"))
    reading.blank(
        "proof_ref",
        unproven,
        "Name the proof of this permission (form, log entry, recording); without it there is none.",
    )
    columns = {
        name: reading.text(name)
        for name in ("controller", "product", "source", "wording_version", "proof_ref", "reason")
    }
    return columns | {
        "line": pa.array(reading.lines, pa.int64()),
        "npi": npi,
        "channel": channel,
        "address": address,
        "purpose": reading.text("purpose"),
        "status": pc.if_else(pa.array(unproven), "none", status),
        "captured_at": captured,
        "expires_at": expires,
        "withdrawn_at": withdrawn,
        "row_hash": reading.row_hash(),
    }


def _moments(reading: Reading, status: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    captured, expires = reading.moments("captured_at"), reading.moments("expires_at")
    withdrawn = reading.moments("withdrawn_at")
    gone = pc.fill_null(pc.equal(status, "withdrawn"), False)
    withdrawn = pc.if_else(gone, pc.coalesce(withdrawn, captured), withdrawn)
    granted: Mask = pc.invert(gone).to_numpy(False)
    reading.refuse(
        "captured_at",
        granted & null_mask(reading.text("captured_at")),
        "Give the moment at which the permission was given.",
    )
    reading.refuse(
        "withdrawn_at",
        ~granted & null_mask(reading.text("withdrawn_at")) & null_mask(reading.text("captured_at")),
        "Give the moment of the withdrawal.",
    )
    reading.refuse(
        "status",
        granted & ~null_mask(withdrawn),
        "A permission with a moment of withdrawal is withdrawn; say so, or empty withdrawn_at.",
    )
    reading.refuse("expires_at", _before(expires, captured), "Give an end after the beginning.")
    reading.refuse("withdrawn_at", _before(withdrawn, captured), "Give a moment after the capture.")
    return captured, expires, withdrawn


def _before(later: pa.Array, earlier: pa.Array) -> Mask:
    wrong: Mask = pc.fill_null(pc.less(later, earlier), False).to_numpy(False)
    return wrong


def _address(reading: Reading, channel: pa.Array) -> pa.Array:
    """E-mail addresses in one spelling; an unreadable one would never match, so it is refused."""
    written = reading.text("address")
    mail = pc.fill_null(pc.equal(channel, "email"), False)
    found = map_values(written, email_of)
    wrong = mail.to_numpy(False) & ~null_mask(written) & null_mask(found)
    reading.refuse("address", np.asarray(wrong), _ADDRESS_REMEDY)
    return pc.if_else(mail, found, written)
