"""Which of several specialties stands for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class TaxonomySlot(NamedTuple):
    """One filled taxonomy slot of a registry row.

    Attributes
    ----------
    slot : int
        1 to 15, the place in the row.
    code : str
        Provider taxonomy code.
    flag : str or None
        Primary switch as the file has it: Y, N, X (not answered) or None.
    """

    slot: int
    code: str
    flag: str | None


def choose_primary_taxonomy(slots: Sequence[TaxonomySlot]) -> TaxonomySlot | None:
    """Choose the specialty that stands for a person, the same one each time.

    Parameters
    ----------
    slots : sequence of TaxonomySlot
        In any order.

    Returns
    -------
    TaxonomySlot or None
        The first slot flagged Y, else the first filled one; None without slots.

    Notes
    -----
    Source: NPPES data dissemination, code values: Y primary, N not, X not answered. A row has at
    most one Y by the registry's own rule; rows enumerated early have none.

    Examples
    --------
    >>> family, sleep = TaxonomySlot(1, "207Q00000X", "N"), TaxonomySlot(2, "207QS1201X", "Y")
    >>> choose_primary_taxonomy([family, sleep]).code
    '207QS1201X'
    >>> choose_primary_taxonomy([sleep._replace(flag="X"), family._replace(flag="X")]).code
    '207Q00000X'
    """
    return min(slots, key=lambda slot: (slot.flag != "Y", slot.slot), default=None)
