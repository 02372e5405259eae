"""A package of pieces for Form FDA 2253: the same pieces give the same bytes.

It is for people and for a regulatory system to read, and not the format of the agency's
electronic gateway.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from django.template.loader import render_to_string

from entente.foundation.web.exports import inert
from entente.foundation.web.pdf import pdf_of

# A ZIP knows no earlier time; one for all, so that the same content gives the same bytes.
FIXED = (1980, 1, 1, 0, 0, 0)
NOTE = (
    "Prepared to be filed by a person with Form FDA 2253. It is not the format of the agency's"
    " electronic submissions gateway."
)
HEAD = (
    "applicant", "product", "application_number", "audience", "material_type", "piece_id",
    "title", "version", "first_dissemination", "first_dissemination_is", "content_hash",
    "label_set_id", "label_version", "label_effective_on", "folder",
)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """One version as it goes into the package.

    Parameters
    ----------
    facts : mapping
        What the index says of it, by the names of ``HEAD``; those of the cover are left out.
    files : sequence of (str, bytes)
        What hangs on it, by path below its folder.
    """

    facts: Mapping[str, Any]
    folder: str
    subject: str
    language: str
    html: str
    text: str
    approved_at: datetime
    files: Sequence[tuple[str, bytes]] = ()


@dataclass(frozen=True)
class Cover:
    """What all pieces of a package have in common."""

    applicant: str
    product: str
    application_number: str
    audience: str
    accelerated: bool
    label: Mapping[str, str] | None


def package_of(cover: Cover, pieces: Sequence[Piece]) -> bytes:
    """Give the package as a ZIP.

    Parameters
    ----------
    cover : Cover
    pieces : sequence of Piece
        In the order in which the index names them.

    Returns
    -------
    bytes
        The same for the same cover and pieces, whenever and wherever it is made.
    """
    rows = [_row(cover, piece) for piece in pieces]
    files = [
        ("form-2253.json", _pretty(_form(cover, rows)).encode()),
        ("index.csv", _table(rows).encode()),
    ]
    for piece, row in zip(pieces, rows, strict=True):
        files += [(f"pieces/{piece.folder}/{name}", data) for name, data in _files(piece, row)]
    return _zipped(files)


def _row(cover: Cover, piece: Piece) -> dict[str, Any]:
    label = cover.label or {}
    return {
        **piece.facts,
        "applicant": cover.applicant,
        "product": cover.product,
        "application_number": cover.application_number,
        "audience": cover.audience,
        "label_set_id": label.get("set_id", ""),
        "label_version": label.get("version", ""),
        "label_effective_on": label.get("effective_on", ""),
        "folder": f"pieces/{piece.folder}",
    }


def _form(cover: Cover, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    own = [name for name in HEAD if name not in vars(cover) and not name.startswith("label_")]
    return {
        "form": "FDA 2253",
        "note": NOTE,
        **vars(cover),
        "pieces": [{name: row[name] for name in own} for row in rows],
    }


def _table(rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows([inert(row[name]) for name in HEAD] for row in rows)
    return "\ufeff" + out.getvalue()


def _files(piece: Piece, row: Mapping[str, Any]) -> list[tuple[str, bytes]]:
    page = (
        f'<!doctype html>\n<html lang="{escape(piece.language, quote=True)}"><head>'
        f'<meta charset="utf-8"><title>{escape(piece.subject)}</title></head>\n'
        f"<body>\n{piece.html}\n</body></html>\n"
    )
    printed = render_to_string("content/filing_piece.html", {"piece": piece, "row": row})
    return [
        ("piece.pdf", pdf_of(printed, made_at=piece.approved_at)),
        ("piece.html", page.encode()),
        ("piece.txt", piece.text.encode()),
        *piece.files,
    ]


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, FIXED)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            # Which system wrote it would stand in the file.
            info.create_system = 3
            archive.writestr(info, data)
    return out.getvalue()
