"""States of an identity record, and the ways between them."""

from __future__ import annotations

from enum import StrEnum


class RecordState(StrEnum):
    """How far an identity record can be relied on."""

    CANDIDATE = "candidate"
    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    INACTIVE = "inactive"
    DECEASED = "deceased"
    MERGED = "merged"


# A merge can be undone, a registry can take back a death or a deactivation; nothing becomes a
# candidate again, because candidates are only proposals of records.
_WAYS: dict[RecordState, frozenset[RecordState]] = {
    RecordState.CANDIDATE: frozenset(
        {RecordState.UNVERIFIED, RecordState.VERIFIED, RecordState.INACTIVE, RecordState.MERGED}
    ),
    RecordState.UNVERIFIED: frozenset(
        {RecordState.VERIFIED, RecordState.INACTIVE, RecordState.DECEASED, RecordState.MERGED}
    ),
    RecordState.VERIFIED: frozenset(
        {RecordState.UNVERIFIED, RecordState.INACTIVE, RecordState.DECEASED, RecordState.MERGED}
    ),
    RecordState.INACTIVE: frozenset(
        {RecordState.UNVERIFIED, RecordState.VERIFIED, RecordState.DECEASED, RecordState.MERGED}
    ),
    RecordState.DECEASED: frozenset({RecordState.UNVERIFIED, RecordState.VERIFIED}),
    RecordState.MERGED: frozenset(
        {RecordState.UNVERIFIED, RecordState.VERIFIED, RecordState.INACTIVE, RecordState.DECEASED}
    ),
}


def may_change(old: RecordState, new: RecordState) -> bool:
    """Tell whether a record may go from one state to another.

    Parameters
    ----------
    old, new : RecordState

    Returns
    -------
    bool
        False for a state to itself.

    Examples
    --------
    >>> may_change(RecordState.CANDIDATE, RecordState.VERIFIED)
    True
    >>> may_change(RecordState.DECEASED, RecordState.MERGED)
    False
    """
    return new in _WAYS[old]


def is_usable(state: RecordState) -> bool:
    """Tell whether a record may be chosen as the recipient of an act.

    Parameters
    ----------
    state : RecordState

    Returns
    -------
    bool
        True for verified and unverified (the latter is shown flagged).

    Examples
    --------
    >>> is_usable(RecordState.UNVERIFIED), is_usable(RecordState.MERGED)
    (True, False)
    """
    return state in (RecordState.VERIFIED, RecordState.UNVERIFIED)
