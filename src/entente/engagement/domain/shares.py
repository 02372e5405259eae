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
