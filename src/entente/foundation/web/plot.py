"""The parts of a chart with axes: scale, rules, labels, frame and table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from math import floor, log10

from entente.foundation.web.icons import icon_svg

PLOT_HEIGHT = 200
TOP = 14
BASE = 172
_LABEL_Y = 192
_N_COLOURS = 6


class Markup(str):
    """Text that is already escaped HTML; Django templates print it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return itself, the convention by which template engines know safe text."""
        return str(self)


def plain(value: float) -> str:
    """Write a number with thin groups and without needless decimals.

    Examples
    --------
    >>> plain(12500), plain(0.25)
    ('12,500', '0.25')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")


def ticks(highest: float, count: int = 4) -> list[float]:
    """Return round values from zero to at least the highest, about ``count`` steps.

    Examples
    --------
    >>> ticks(9)
    [0.0, 3.0, 6.0, 9.0]
    >>> ticks(3)
    [0.0, 1.0, 2.0, 3.0]
    >>> ticks(0)
    [0.0, 1.0]
    """
    # Smaller numbers than this no longer divide into even steps as floats.
    if highest < 1e-12:
        return [0.0, 1.0]
    raw = highest / count
    power = 10.0 ** floor(log10(raw))
    # What is counted in whole things gets whole steps.
    whole = highest >= 2 and float(highest).is_integer()
    steps = (power * m for m in (1, 2, 2.5, 3, 5, 10))
    step = next(s for s in steps if s >= raw * (1 - 1e-9) and (not whole or s == int(s)))
    n_steps = int(-(-highest * (1 - 1e-9) // step))
    return [float(f"{step * i:.10g}") for i in range(n_steps + 1)]


def check_lengths(labels: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> None:
    """Refuse a series that has not one value for each label."""
    for name, values in series.items():
        if len(values) != len(labels):
            raise ValueError(f"{name!r} has {len(values)} values for {len(labels)} labels")


def refuse_negative(values: Sequence[float]) -> None:
    """Refuse values below zero, which a length cannot show."""
    for value in values:
        if value < 0:
            raise ValueError(f"a bar or line cannot show {value}, which is below zero")


def y_of(value: float, scale: Sequence[float]) -> float:
    """Return the height on the picture, in pixels from its top."""
    return BASE - (BASE - TOP) * value / scale[-1]


def colour(number: int) -> str:
    """Return the class of the n-th series' colour."""
    return f"c{number % _N_COLOURS + 1}"


def runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Split a series at its gaps into runs of (position, value)."""
    runs: list[list[tuple[int, float]]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((i, value))
    return [run for run in runs if run]


def rules(scale: Sequence[float]) -> str:
    """Draw the level lines."""
    return "".join(
        f'<line class="rule" x1="0" x2="100%" y1="{y_of(v, scale):.1f}" y2="{y_of(v, scale):.1f}"/>'
        for v in scale
    )


def limit_line(
    limit: tuple[str, float] | None, scale: Sequence[float], write: Callable[[float], str]
) -> str:
    """Draw a limit across the plot with its words."""
    if limit is None:
        return ""
    words, value = limit
    y = y_of(value, scale)
    return (
        f'<line class="limit" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="limit-label" x="100%" y="{y - 4:.1f}" text-anchor="end">'
        f"{escape(words)} {escape(write(value))}</text>"
    )


def axis_labels(labels: Sequence[str]) -> str:
    """Write the labels below the plot; crowded ones thin out on narrow screens."""
    slot = 100 / max(len(labels), 1)
    crowded = len(labels) > 8
    return "".join(
        f'<text class="{"sparse" if crowded and i % 2 else "tick"}" x="{slot * (i + 0.5):.2f}%" '
        f'y="{_LABEL_Y}" text-anchor="middle">{escape(label)}</text>'
        for i, label in enumerate(labels)
    )


def figure(
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    body: str,
    scale: Sequence[float],
    *,
    summary: str,
    write: Callable[[float], str],
) -> Markup:
    """Frame a plot: legend, scale, picture with its name and description, table."""
    axis = [write(value) for value in scale]
    width = 8 + 7 * max(len(text) for text in axis)
    numbers = "".join(
        f'<text x="{width}" y="{y_of(value, scale) + 4:.1f}" text-anchor="end">{escape(text)}'
        "</text>"
        for value, text in zip(scale, axis, strict=True)
    )
    return Markup(
        f'<figure class="chart">{_legend(list(series))}'
        f'<div class="plot"><svg class="scale" width="{width}" height="{PLOT_HEIGHT}" '
        f'aria-hidden="true">{numbers}</svg>'
        f'<svg role="img" aria-label="{escape(title)}" height="{PLOT_HEIGHT}">'
        f"<desc>{escape(summary or title)}</desc>{body}</svg></div>"
        f"{_table(title, labels, series, write)}</figure>"
    )


def _legend(names: Sequence[str]) -> str:
    if len(names) < 2:
        return ""
    items = "".join(
        f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="fill {colour(i)}" '
        f'width="10" height="10" rx="3"/></svg>{escape(name)}</li>'
        for i, name in enumerate(names)
    )
    return f'<ul class="legend">{items}</ul>'


def _table(
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    write: Callable[[float], str],
) -> str:
    head = "".join(f'<th scope="col" class="num">{escape(name)}</th>' for name in series)
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(
            f'<td class="num">{"–" if values[i] is None else escape(write(values[i] or 0))}</td>'
            for values in series.values()
        )
        + "</tr>"
        for i, label in enumerate(labels)
    )
    return (
        f'<details class="disclosure"><summary>{icon_svg("chevron-right", classes="turns")}'
        'Show as table</summary><div class="table-wrap">'
        f'<table class="table dense"><caption class="sr-only">{escape(title)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )
