"""Plain words with paragraphs, lists and bold: what a course section may hold, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Piece:
    """A stretch of words, bold or not."""

    words: str
    is_bold: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list with its items; each item is a row of pieces."""

    is_list: bool
    items: tuple[tuple[Piece, ...], ...]


def _pieces(line: str) -> tuple[Piece, ...]:
    parts = _BOLD.split(line)
    # Every second part stood between stars.
    return tuple(Piece(part, n % 2 == 1) for n, part in enumerate(parts) if part)


def blocks_of(text: str) -> list[Block]:
    """Read a text: an empty line parts paragraphs, ``- `` begins an item, ``**`` is bold.

    Addresses and markup are words like any other: a page escapes them, so that a course
    loads nothing and runs nothing.

    Examples
    --------
    >>> [b.is_list for b in blocks_of("One **two**.\\n\\n- three\\n- four")]
    [False, True]
    >>> blocks_of("a **b**")[0].items
    ((Piece(words='a ', is_bold=False), Piece(words='b', is_bold=True)),)
    """
    found: list[Block] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in chunk.splitlines() if line.strip()]
        words: list[str] = []
        items: list[str] = []
        for line in lines:
            if line.startswith("- "):
                items.append(line[2:].strip())
            elif items:
                items[-1] += " " + line
            else:
                words.append(line)
        if words:
            found.append(Block(False, (_pieces(" ".join(words)),)))
        if items:
            found.append(Block(True, tuple(_pieces(item) for item in items)))
    return found
