"""Draw an evidence graph as SVG: text stays text, boxes are links, no script."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from textwrap import wrap

from entente.content.domain.graph import Column, Node, Picture, Placed
from entente.foundation.web.plot import Markup

WIDTH, HEIGHT, ACROSS, DOWN, TOP = 184, 84, 48, 14, 28
_CHARACTERS, _LINES = 25, 2
HEADINGS = {
    Column.ORIGIN: "Studies and labels",
    Column.SOURCE: "Sources",
    Column.CLAIM: "Claims",
    Column.MODULE: "Modules",
    Column.ITEM: "Items",
    Column.COPIES: "Where it is",
}


def draw(title: str, picture: Picture, *, address_of: Callable[[Node], str]) -> Markup:
    """Draw the boxes, the lines between them and a heading above each column.

    Parameters
    ----------
    title : str
        Name of the picture for screen readers.
    address_of : callable
        Gives the address that a box leads to, or nothing.
    """
    wide = picture.n_columns * WIDTH + (picture.n_columns - 1) * ACROSS + 2
    high = TOP + picture.n_rows * (HEIGHT + DOWN)
    columns = {box.column: box.node.column for box in picture.boxes}
    headings = "".join(
        f'<text class="heading" x="{_x(n)}" y="14">{escape(HEADINGS[column])}</text>'
        for n, column in sorted(columns.items())
    )
    lines = "".join(_line(a, b) for a, b in picture.lines)
    boxes = "".join(_box(box, address_of(box.node)) for box in picture.boxes)
    more = "".join(_more(picture, column, n) for column, n in picture.left_out.items())
    return Markup(
        f'<div class="graph" tabindex="0" role="group" aria-label="{escape(title)}">'
        f'<svg width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">'
        f"{headings}{lines}{boxes}{more}</svg></div>"
    )


def _x(column: int) -> int:
    return 1 + column * (WIDTH + ACROSS)


def _y(row: int) -> int:
    return TOP + row * (HEIGHT + DOWN)


def _line(a: Placed, b: Placed) -> str:
    x1, y1 = _x(a.column) + WIDTH, _y(a.row) + HEIGHT // 2
    x2, y2 = _x(b.column), _y(b.row) + HEIGHT // 2
    bend = max(24, (x2 - x1) // 2)
    return (
        f'<path class="edge" d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"'
        ' aria-hidden="true"/>'
    )


def _box(box: Placed, address: str) -> str:
    node, x, y = box.node, _x(box.column), _y(box.row)
    words = wrap(node.title, _CHARACTERS, max_lines=_LINES, placeholder=" …") or ["Untitled"]
    note = node.note if len(node.note) <= _CHARACTERS + 4 else f"{node.note[: _CHARACTERS + 3]}…"
    lines = "".join(
        f'<text class="name" x="{x + 12}" y="{y + 38 + 16 * n}">{escape(line)}</text>'
        for n, line in enumerate(words)
    )
    told = f"{node.kind}: {node.title}" + (f" ({node.note})" if node.note else "")
    drawn = (
        f"<title>{escape(told)}</title>"
        f'<rect class="box {node.tone}" x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
        f'<text class="kind" x="{x + 12}" y="{y + 20}">{escape(node.kind)}</text>{lines}'
        f'<text class="note {node.tone}" x="{x + 12}" y="{y + 74}">{escape(note)}</text>'
    )
    if not address:
        return f'<g role="img" aria-label="{escape(told)}">{drawn}</g>'
    return f'<a href="{escape(address)}" aria-label="{escape(told)}">{drawn}</a>'


def _more(picture: Picture, column: int, n: int) -> str:
    row = sum(box.column == column for box in picture.boxes)
    at = f'x="{_x(column)}" y="{_y(row) + 20}"'
    return f'<text class="heading" {at}>and {n} more, in the list</text>'
