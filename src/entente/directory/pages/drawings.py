"""Pictures of this room as inline SVG: periods on a line, who stands above whom, a map of tiles.

Drawn on the server, without a script, coloured by classes; each comes with its table or list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from entente.foundation.web.plot import Markup

_BOX_W, _BOX_H, _GAP_X, _GAP_Y = 184, 44, 40, 12
_LONGEST = 26


class Span(NamedTuple):
    """A period with its words; an unknown end is open, an unknown beginning lies before all."""

    label: str
    from_on: date | None
    to_on: date | None
    note: str = ""
    href: str = ""


class Node(NamedTuple):
    """A box of a graph."""

    key: str
    label: str
    note: str = ""
    href: str = ""


def _bounds(spans: Sequence[Span], today: date) -> tuple[date, date]:
    days = [day for span in spans for day in (span.from_on, span.to_on) if day is not None]
    first = min([*days, today])
    last = max([*days, today])
    return date(first.year, 1, 1), date(last.year + 1, 1, 1)


def spans(title: str, shown: Sequence[Span], *, today: date) -> Markup:
    """Draw periods below each other on one line of years, with a mark for today.

    Parameters
    ----------
    title : str
        For screen readers.
    shown : sequence of Span
    today : date

    Examples
    --------
    >>> "2024" in spans("Work", [Span("A", date(2024, 3, 1), None)], today=date(2026, 1, 5))
    True
    """
    first, last = _bounds(shown, today)
    whole = (last - first).days

    def place(day: date) -> float:
        return round(100 * (day - first).days / whole, 2)

    rows = []
    for span in shown:
        begin = place(span.from_on) if span.from_on else 0.0
        end = place(span.to_on) if span.to_on else 100.0
        tone = "c1" if span.to_on is None or span.to_on > today else "c6"
        name = escape(span.label)
        named = f'<a href="{escape(span.href)}">{name}</a>' if span.href else name
        rows.append(
            f'<li><span class="line-of"><span>{named}</span>'
            f'<span class="value"><small>{escape(span.note)}</small></span></span>'
            f'<svg aria-hidden="true"><rect class="fill {tone}" x="{begin}%" '
            f'width="{max(end - begin, 0.8):.2f}%" height="100%" rx="3"/>'
            f'<rect class="now" x="{place(today)}%" width="2" height="100%"/></svg></li>'
        )
    years = f'<p class="ends"><span>{first.year}</span><span>{last.year}</span></p>'
    return Markup(
        f'<div class="chart"><ul class="bars" aria-label="{escape(title)}">{"".join(rows)}</ul>'
        f"{years}</div>"
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def levels(start: str, edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Put what is reached upward from a start into columns, by the longest way to it.

    Parameters
    ----------
    start : str
    edges : sequence of (below, above)
        Without a circle; one that came with a circle is cut where it closes.

    Examples
    --------
    >>> levels("a", [("a", "b"), ("b", "c"), ("a", "c")])
    {'a': 0, 'b': 1, 'c': 2}
    """
    found = {start: 0}
    for _ in range(len(edges) + 1):
        changed = False
        for below, above in edges:
            if below in found and found.get(above, -1) < found[below] + 1 <= len(edges):
                found[above] = found[below] + 1
                changed = True
        if not changed:
            break
    return found


def _box(node: Node, x: int, y: int, *, first: bool) -> str:
    body = (
        f'<rect class="node{" first" if first else ""}" x="{x}" y="{y}" width="{_BOX_W}" '
        f'height="{_BOX_H}" rx="8"/>'
        f'<text class="name" x="{x + 10}" y="{y + 18}">{escape(_short(node.label))}</text>'
        f'<text x="{x + 10}" y="{y + 35}">{escape(_short(node.note))}</text>'
        f"<title>{escape(node.label)}</title>"
    )
    return f'<a href="{escape(node.href)}">{body}</a>' if node.href else f"<g>{body}</g>"


def graph(
    title: str, nodes: Mapping[str, Node], start: str, edges: Sequence[tuple[str, str]]
) -> Markup:
    """Draw who stands above whom, from the left to the right.

    Parameters
    ----------
    title : str
    nodes : mapping of str to Node
    start : str
        The leftmost box.
    edges : sequence of (below, above)
        Those whose ends are not both in ``nodes`` are left out.
    """
    kept = [(a, b) for a, b in edges if a in nodes and b in nodes]
    level = levels(start, kept)
    columns: dict[int, list[str]] = {}
    for key in sorted(level, key=lambda key: (level[key], nodes[key].label)):
        columns.setdefault(level[key], []).append(key)
    tallest = max(len(column) for column in columns.values())
    height = tallest * (_BOX_H + _GAP_Y) + 4
    width = len(columns) * (_BOX_W + _GAP_X) - _GAP_X + 4
    at: dict[str, tuple[int, int]] = {}
    for number, keys in columns.items():
        top = (height - len(keys) * (_BOX_H + _GAP_Y) + _GAP_Y) // 2
        for row, key in enumerate(keys):
            at[key] = (2 + number * (_BOX_W + _GAP_X), top + row * (_BOX_H + _GAP_Y))
    lines = "".join(_curve(at[a], at[b]) for a, b in kept if a in at and b in at)
    boxes = "".join(_box(nodes[key], *at[key], first=key == start) for key in at)
    return Markup(
        f'<div class="chart"><div class="table-wrap" tabindex="0" role="region" '
        f'aria-label="{escape(title)}"><svg class="graph" role="group" width="{width}" '
        f'height="{height}" aria-label="{escape(title)}">{lines}{boxes}</svg></div></div>'
    )


def _curve(below: tuple[int, int], above: tuple[int, int]) -> str:
    x1, y1 = below[0] + _BOX_W, below[1] + _BOX_H // 2
    x2, y2 = above[0], above[1] + _BOX_H // 2
    bend = max((x2 - x1) // 2, 12)
    return f'<path class="edge" d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>'


class Tile(NamedTuple):
    """One square of a map: where it stands, how it is coloured, what it says and leads to."""

    code: str
    column: int
    row: int
    band: int
    words: str
    href: str = ""


def tile_map(title: str, tiles: Sequence[Tile], legend: Sequence[str]) -> Markup:
    """Draw a map of squares, one for each region, coloured by band.

    Parameters
    ----------
    title : str
    tiles : sequence of Tile
    legend : sequence of str
        What each band means, from band 0 on.

    Examples
    --------
    >>> "band-2" in tile_map("Cover", [Tile("CT", 0, 0, 2, "CT: 40 of 90")], ["none"])
    True
    """
    wide = max((tile.column for tile in tiles), default=0) + 1
    high = max((tile.row for tile in tiles), default=0) + 1
    squares = "".join(_square(tile) for tile in tiles)
    items = "".join(
        f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="tile band-{n}" width="10" '
        f'height="10" rx="2"/></svg>{escape(words)}</li>'
        for n, words in enumerate(legend)
    )
    return Markup(
        f'<figure class="chart"><svg class="tiles" role="group" '
        f'viewBox="0 0 {wide * 50} {high * 50}" aria-label="{escape(title)}">'
        f'{squares}</svg><ul class="legend">{items}</ul></figure>'
    )


def _square(tile: Tile) -> str:
    x, y = tile.column * 50, tile.row * 50
    body = (
        f"<title>{escape(tile.words)}</title>"
        f'<rect class="tile band-{tile.band}" x="{x + 2}" y="{y + 2}" width="46" height="46" '
        'rx="7"/>'
        f'<text class="band-{tile.band}" x="{x + 25}" y="{y + 32}" text-anchor="middle">'
        f"{escape(tile.code)}</text>"
    )
    return f'<a href="{escape(tile.href)}">{body}</a>' if tile.href else f"<g>{body}</g>"
