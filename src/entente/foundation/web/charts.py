"""Charts as inline SVG with CSS classes: from numbers to markup, without a script.

Every function returns a whole ``<figure>``. Text stays HTML or unscaled SVG text, so that
it is as readable at 360 px as on a wide screen; colours come from charts.css. Pictures
have a name and a description for screen readers and their table behind one click.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from entente.foundation.web.plot import (
    BASE,
    PLOT_HEIGHT,
    Markup,
    axis_labels,
    check_lengths,
    colour,
    figure,
    limit_line,
    plain,
    refuse_negative,
    rules,
    runs,
    ticks,
    y_of,
)

__all__ = ["Bar", "Markup", "bar_list", "columns", "funnel", "lines", "plain", "sparkline"]


@dataclass(frozen=True)
class Bar:
    """One bar of a list or one stage of a funnel.

    Attributes
    ----------
    label : str
    value : float
        Zero or more.
    note : str
        A few words after the value, such as ``of 40``.
    href : str
        Address of the rows that the value counts.
    tone : str
        ``ok``, ``warn``, ``bad``, ``info`` or empty for the accent.
    """

    label: str
    value: float
    note: str = ""
    href: str = ""
    tone: str = ""


def bar_list(
    title: str,
    bars: Sequence[Bar],
    *,
    maximum: float | None = None,
    write: Callable[[float], str] = plain,
) -> Markup:
    """Draw horizontal bars, one below the other, each with its words and its value.

    Parameters
    ----------
    title : str
        Name of the list for screen readers; not printed.
    bars : sequence of Bar
    maximum : float, optional
        Value of a full bar; by default the largest value.
    write : callable
        From a value to its text, in the reader's locale.

    Raises
    ------
    ValueError
        If a value is negative.

    Examples
    --------
    >>> "Remote call" in bar_list("Affinity", [Bar("Remote call", 0.82)], maximum=1)
    True
    """
    refuse_negative([bar.value for bar in bars])
    full = maximum or max((bar.value for bar in bars), default=0) or 1
    rows = "".join(_bar_row(bar, bar.value / full, write(bar.value), bar.note) for bar in bars)
    return Markup(
        f'<div class="chart"><ul class="bars" aria-label="{escape(title)}">{rows}</ul></div>'
    )


def funnel(title: str, stages: Sequence[Bar], *, write: Callable[[float], str] = plain) -> Markup:
    """Draw stages that each keep a part of the one before, with that part in per cent.

    Raises
    ------
    ValueError
        If a value is negative.

    Examples
    --------
    >>> "25% of the stage before" in funnel("Reach", [Bar("Sent", 80), Bar("Opened", 20)])
    True
    """
    refuse_negative([stage.value for stage in stages])
    full = max((stage.value for stage in stages), default=0) or 1
    rows = []
    for i, stage in enumerate(stages):
        note = stage.note
        if not note and i and stages[i - 1].value:
            note = f"{stage.value / stages[i - 1].value:.0%} of the stage before"
        rows.append(_bar_row(stage, stage.value / full, write(stage.value), note))
    return Markup(
        f'<div class="chart"><ol class="bars funnel" aria-label="{escape(title)}">'
        f"{''.join(rows)}</ol></div>"
    )


def columns(
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[float]],
    *,
    summary: str = "",
    limit: tuple[str, float] | None = None,
    write: Callable[[float], str] = plain,
) -> Markup:
    """Draw stacked columns, one per label, one colour per series.

    Parameters
    ----------
    title : str
        What the chart shows; spoken, and the caption of its table.
    labels : sequence of str, length n
        Below the columns; every second one is hidden on narrow screens beyond eight.
    series : mapping of str to sequence of float, each of length n
        Zero or more, stacked in this order.
    summary : str
        The finding in one sentence; spoken as the description.
    limit : (str, float), optional
        A line across with its words, such as a cap.
    write : callable
        From a value to its text.

    Raises
    ------
    ValueError
        If lengths differ or a value is negative.
    """
    check_lengths(labels, series)
    refuse_negative([value for values in series.values() for value in values])
    totals = [sum(values[i] for values in series.values()) for i in range(len(labels))]
    scale = ticks(max([*totals, limit[1] if limit else 0], default=0))
    slot = 100 / max(len(labels), 1)
    width = min(slot * 0.62, 9)
    marks = []
    for i, label in enumerate(labels):
        x = slot * (i + 0.5) - width / 2
        below = 0.0
        for number, (name, values) in enumerate(series.items()):
            if values[i]:
                words = f"{label}: {name} {write(values[i])}"
                span = (below, below + values[i])
                css = colour(number)
                marks.append(_part(x, width, span=span, scale=scale, css=css, words=words))
            below += values[i]
    body = rules(scale) + "".join(marks) + limit_line(limit, scale, write) + axis_labels(labels)
    return figure(title, labels, series, body, scale, summary=summary, write=write)


def lines(
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    *,
    area: bool = False,
    summary: str = "",
    limit: tuple[str, float] | None = None,
    write: Callable[[float], str] = plain,
) -> Markup:
    """Draw one line per series over the labels; ``None`` leaves a gap.

    Parameters are those of :func:`columns`; ``area`` fills below the line.

    Raises
    ------
    ValueError
        If lengths differ or a value is negative.
    """
    check_lengths(labels, series)
    known = [value for values in series.values() for value in values if value is not None]
    refuse_negative(known)
    scale = ticks(max([*known, limit[1] if limit else 0], default=0))
    slot = 100 / max(len(labels), 1)
    paths: list[str] = []
    points: list[str] = []
    for number, (name, values) in enumerate(series.items()):
        css = colour(number)
        for run in runs(values):
            paths.append(_path(run, slot, scale, css, area=area))
            points.extend(
                f'<circle class="point {css}" cx="{slot * (i + 0.5):.2f}%" '
                f'cy="{y_of(value, scale):.1f}" r="3.5"><title>{escape(labels[i])}: {escape(name)} '
                f"{escape(write(value))}</title></circle>"
                for i, value in run
            )
    # The lines live in a stretched inner picture, since a path cannot use per cent.
    inner = (
        f'<svg viewBox="0 0 100 {PLOT_HEIGHT}" preserveAspectRatio="none" '
        f'width="100%" height="{PLOT_HEIGHT}">{"".join(paths)}</svg>'
    )
    body = (
        rules(scale)
        + inner
        + "".join(points)
        + limit_line(limit, scale, write)
        + axis_labels(labels)
    )
    return figure(title, labels, series, body, scale, summary=summary, write=write)


def sparkline(title: str, values: Sequence[float]) -> Markup:
    """Draw a small line without axes, for a table cell or beside a number.

    Examples
    --------
    >>> sparkline("Sends per week", [1, 3, 2]).startswith('<svg class="spark"')
    True
    """
    if not values:
        return Markup("")
    low, high = min(values), max(values)
    reach = (high - low) or 1
    step = 96 / max(len(values) - 1, 1)
    xy = [(i * step, 26 - 24 * (value - low) / reach) for i, value in enumerate(values)]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in xy)
    return Markup(
        f'<svg class="spark" viewBox="0 0 96 28" role="img" aria-label="{escape(title)}">'
        f'<g class="c1"><path class="area" d="M{path}L{xy[-1][0]:.1f} 28L0 28Z"/>'
        f'<path class="line" d="M{path}"/></g></svg>'
    )


def _bar_row(bar: Bar, share: float, value: str, note: str) -> str:
    label = escape(bar.label)
    if bar.href:
        label = f'<a href="{escape(bar.href)}">{label}</a>'
    aside = f" <small>{escape(note)}</small>" if note else ""
    width = min(max(share, 0), 1) * 100
    return (
        f'<li><div class="line-of"><span>{label}</span>'
        f'<span class="value">{escape(value)}{aside}</span></div>'
        f'<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="fill {escape(bar.tone or "c1")}" width="{width:.2f}" height="8"/></svg></li>'
    )


def _part(
    x: float,
    width: float,
    *,
    span: tuple[float, float],
    scale: Sequence[float],
    css: str,
    words: str,
) -> str:
    below, above = span
    top, bottom = y_of(above, scale), y_of(below, scale)
    # One pixel of air between the parts of a column.
    height = max(bottom - top - (1 if below else 0), 1)
    return (
        f'<rect class="fill {css}" x="{x:.2f}%" y="{top:.1f}" width="{width:.2f}%" '
        f'height="{height:.1f}" rx="2"><title>{escape(words)}</title></rect>'
    )


def _path(
    run: Sequence[tuple[int, float]], slot: float, scale: Sequence[float], css: str, *, area: bool
) -> str:
    xy = [(slot * (i + 0.5), y_of(value, scale)) for i, value in run]
    path = "L".join(f"{x:.2f} {y:.1f}" for x, y in xy)
    line = f'<path class="line {css}" d="M{path}" vector-effect="non-scaling-stroke"/>'
    if not area:
        return line
    base = f"L{xy[-1][0]:.2f} {BASE}L{xy[0][0]:.2f} {BASE}Z"
    return f'<path class="area {css}" d="M{path}{base}"/>{line}'
