"""Which transfers of value belong in the yearly Open Payments file, on columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Cents = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WHY = {
    "amount": "at or above the small threshold by itself",
    "year": "small, but the recipient's year is above the aggregate",
    "below": "small, and the recipient's year is not above the aggregate",
}


def year_totals(recipients: npt.NDArray[np.int64], amount_cents: Cents) -> Cents:
    """Give beside each transfer its recipient's total over all transfers given.

    Parameters
    ----------
    recipients : ndarray of int64, shape (n_transfers,)
        A code per recipient (and reporter); any integers.
    amount_cents : ndarray of int64, shape (n_transfers,)
        In US cents.

    Returns
    -------
    ndarray of int64, shape (n_transfers,)

    Raises
    ------
    ValueError
        If the two arrays differ in shape.

    Examples
    --------
    >>> year_totals(np.array([7, 9, 7]), np.array([100, 50, 1]))
    array([101,  50, 101])
    """
    _same_shape(recipients, amount_cents, "recipients")
    _, place = np.unique(recipients, return_inverse=True)
    # Not bincount with weights: that would add in floating point.
    totals = np.zeros(len(recipients), np.int64)
    np.add.at(totals, place, amount_cents)
    return totals[place]


def is_reportable(
    amount_cents: Cents, year_total_cents: Cents, *, small_cents: int, aggregate_cents: int
) -> Flags:
    """Tell which transfers of value belong in the yearly Open Payments file.

    Parameters
    ----------
    amount_cents, year_total_cents : ndarray of int64, shape (n_transfers,)
        Each transfer, and its recipient's calendar-year total, in US cents.
    small_cents, aggregate_cents : int
        Thresholds in force for the year, in US cents, read from the rule pack.

    Returns
    -------
    ndarray of bool, shape (n_transfers,)

    Raises
    ------
    ValueError
        If the two arrays differ in shape.

    Notes
    -----
    Source: 42 CFR 403.904(i)(2). Below the small amount a transfer is left out, unless
    the recipient's year is above (not at) the aggregate; then every transfer goes.

    Examples
    --------
    >>> amount, total = np.array([1381, 1382, 900]), np.array([2763, 2763, 20000])
    >>> is_reportable(amount, total, small_cents=1382, aggregate_cents=13813)
    array([False,  True,  True])
    """
    _same_shape(amount_cents, year_total_cents, "yearly totals")
    return (amount_cents >= small_cents) | (year_total_cents > aggregate_cents)


def why(amount_cents: int, year_total_cents: int, *, small_cents: int, aggregate_cents: int) -> str:
    """Name the reason of one answer: ``amount``, ``year`` or ``below`` (see ``WHY``).

    Examples
    --------
    >>> why(900, 20000, small_cents=1382, aggregate_cents=13813)
    'year'
    """
    if amount_cents >= small_cents:
        return "amount"
    return "year" if year_total_cents > aggregate_cents else "below"


def distance_cents(year_total_cents: int, aggregate_cents: int) -> int:
    """Give how much a recipient may still receive before every transfer is reported.

    Examples
    --------
    >>> distance_cents(13713, 13813), distance_cents(20000, 13813)
    (100, 0)
    """
    return max(0, aggregate_cents - year_total_cents)


def _same_shape(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], what: str) -> None:
    if left.shape != right.shape:
        raise ValueError(f"{left.shape} transfers, {right.shape} {what}")
