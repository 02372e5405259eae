"""How the cost of a meal falls to those who were at it."""

from __future__ import annotations


def share_minor(total_minor: int, headcount: int) -> int:
    """Give one person's part of a cost, in minor units, rounded half up.

    Everybody who partook counts, the company's own people too; only HCPs' parts are
    then recorded, so the parts recorded need not add up to the total.

    Raises
    ------
    ValueError
        If nobody partook.

    Notes
    -----
    Source: 42 CFR 403.904(h).

    Examples
    --------
    >>> share_minor(10000, 3)
    3333
    """
    if headcount < 1:
        raise ValueError("a meal at which nobody was has no share")
    return (2 * total_minor + headcount) // (2 * headcount)


def split_minor(total_minor: int, headcount: int) -> list[int]:
    """Give everybody's part of a cost, exact to the cent: the parts add up to the total.

    Each gets the same; what is left over goes, a cent each, to the first (largest remainder,
    of which all are equal here).

    Raises
    ------
    ValueError
        If nobody partook, or the cost is negative.

    Notes
    -----
    Source: 42 CFR 403.904(h) asks for the value per person; parts that differ by a cent from
    each other differ by less than a cent from it.

    Examples
    --------
    >>> split_minor(10000, 3)
    [3334, 3333, 3333]
    """
    if headcount < 1:
        raise ValueError("a meal at which nobody was has no share")
    if total_minor < 0:
        raise ValueError("a meal costs nothing or more")
    each, left = divmod(total_minor, headcount)
    return [each + 1] * left + [each] * (headcount - left)
