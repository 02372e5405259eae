"""Files of a version: what their bytes are, and which of them may be offered."""

from __future__ import annotations

import re

LARGEST_BYTES = 5 * 1024 * 1024
MOST_FILES = 10
LONGEST_NAME = 120
# The first bytes of each kind that is taken. SVG is none of them: it can hold a script.
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"GIF87a", "image/gif", ".gif"),
    (b"GIF89a", "image/gif", ".gif"),
)
# What makes a PDF act by itself, or carry another file.
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|SubmitForm)\b")
_UNFIT = re.compile(r"[^A-Za-z0-9 ._()-]+")


class BadFile(ValueError):
    """A file that is not taken; the text says why."""


def media_type_of(data: bytes) -> tuple[str, str]:
    """Give the media type and the ending of a file by its bytes, whatever its name says.

    Raises
    ------
    BadFile
        If it is none of PDF, PNG, JPEG and GIF, is empty or too large, or is a PDF that acts.

    Examples
    --------
    >>> media_type_of(b"%PDF-1.7 and so on")
    ('application/pdf', '.pdf')
    """
    if not data:
        raise BadFile("the file is empty")
    if len(data) > LARGEST_BYTES:
        raise BadFile(f"a file has at most {LARGEST_BYTES // 1024 // 1024} MB")
    for beginning, media_type, ending in _BEGINNINGS:
        if data.startswith(beginning):
            if media_type == "application/pdf" and (found := _ACTIVE.search(data)):
                what = found.group(1).decode()
                raise BadFile(
                    f"the PDF holds {what}, which can act by itself: print it to PDF anew"
                )
            return media_type, ending
    raise BadFile("only PDF, PNG, JPEG and GIF files are taken, and this is none by its bytes")


def name_for(name: str, ending: str) -> str:
    """Give a name that is safe in every header and file system, ending as its bytes are.

    Examples
    --------
    >>> name_for("../../Dosing card (2026).PDF", ".pdf"), name_for("photo.exe", ".png")
    ('Dosing card (2026).pdf', 'photo.png')
    """
    last = re.split(r"[\\/]", name)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last else last
    kept = " ".join(_UNFIT.sub(" ", stem).split()).strip(". ")[: LONGEST_NAME - len(ending)]
    return (kept or "file") + ending
