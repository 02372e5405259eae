"""Small cells of a cohort: hidden, also against subtraction."""

from __future__ import annotations

from collections.abc import Mapping

LEAST = 11


def shown_counts(
    counts: Mapping[str, int], least: int = LEAST
) -> tuple[int | None, dict[str, int | None]]:
    """Hide small cells, and further ones as long as the hidden ones could be worked out.

    Parameters
    ----------
    counts : mapping of str to int
        People by state.
    least : int
        Smallest number that may be told.

    Returns
    -------
    total : int or None
        None if the whole cohort is too small to be told.
    cells : dict of str to int or None
        By the same states; None where hidden.

    Examples
    --------
    >>> shown_counts({"CT": 40, "MA": 12, "NY": 5})
    (57, {'CT': 40, 'MA': None, 'NY': None})
    >>> shown_counts({"CT": 6})
    (None, {'CT': None})
    """
    total = sum(counts.values())
    if total < least:
        return None, dict.fromkeys(counts)
    hidden = {name for name, n in counts.items() if n < least}
    shown = sorted((n, name) for name, n in counts.items() if name not in hidden)
    # The total less what is shown is the sum of what is hidden: one cell alone, or a sum that is
    # itself too small, would be told by it.
    while hidden and shown and (len(hidden) < 2 or sum(counts[h] for h in hidden) < least):
        hidden.add(shown.pop(0)[1])
    return total, {name: None if name in hidden else n for name, n in counts.items()}
