"""What must hold before a deal of each kind can be registered, as stated to every partner."""

from __future__ import annotations

from collections.abc import Collection

KINDS = {
    "new": "New customer",
    "expansion": "Expansion",
    "renewal": "Renewal",
}

CRITERIA: dict[str, dict[str, str]] = {
    "new": {
        "buyer": "A named buyer has the authority to decide",
        "budget": "The buyer has a budget",
        "need": "The buyer has said what is needed",
        "meeting": "A first meeting has been held",
        "not_customer": "The account does not use the solution yet",
        "no_own_activity": "The other party has not worked on it in the last 180 days",
        "not_tender": "It is not a published tender",
    },
    "expansion": {
        "customer": "The account uses the solution already",
        "new_scope": "The scope or the site is new",
        "opened": "We opened this opportunity",
    },
    "renewal": {
        "contract": "A contract is running and its end is known",
        "served": "We serve this account under that contract",
    },
}


def missing_criteria(kind: str, confirmed: Collection[str]) -> tuple[str, ...]:
    """Give the stated criteria that are not confirmed, in the order in which they are stated.

    Raises
    ------
    ValueError
        If the kind is unknown or a criterion is not one of that kind.

    Notes
    -----
    Source: the programme's registration criteria, one list per kind of deal.

    Examples
    --------
    >>> missing_criteria("expansion", ["customer", "opened"])
    ('new_scope',)
    """
    if kind not in CRITERIA:
        raise ValueError(f"{kind!r} is not one of {', '.join(CRITERIA)}")
    stated = CRITERIA[kind]
    strange = sorted(set(confirmed) - set(stated))
    if strange:
        raise ValueError(f"{', '.join(strange)}: not among the criteria of a deal of kind {kind}")
    return tuple(name for name in stated if name not in confirmed)
