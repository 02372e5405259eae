"""Which columns of two files hold the same thing, by what they hold, their names and values."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from entente.directory.domain.matching.fields import Kind, words_of

# Kinds whose values may be taken for each other's, where headers are vague.
_NEAR = (
    frozenset({Kind.ORGANISATION, Kind.NAME, Kind.TEXT}),
    frozenset({Kind.KEY, Kind.NUMBER}),
    frozenset({Kind.CODE, Kind.TEXT}),
)
LEAST_LIKENESS = 0.5


def _alike(left: Kind, right: Kind) -> float:
    if left is right:
        return 1.0
    return 0.4 if any(left in group and right in group for group in _NEAR) else 0.0


def _shared(left: Collection[str], right: Collection[str]) -> float:
    fewer, more = sorted((set(left), set(right)), key=len)
    return len(fewer & more) / len(fewer) if fewer else 0.0


def _named(left: str, right: str) -> float:
    ours, theirs = set(words_of(left).split()), set(words_of(right).split())
    return len(ours & theirs) / min(len(ours), len(theirs)) if ours and theirs else 0.0


def paired(
    left: Mapping[str, Kind],
    right: Mapping[str, Kind],
    left_values: Mapping[str, Collection[str]],
    right_values: Mapping[str, Collection[str]],
) -> list[tuple[str, str, Kind]]:
    """Pair the columns of two files, each at most once, the likeliest first.

    Parameters
    ----------
    left, right : mapping of str to Kind
        Header to what its column holds.
    left_values, right_values : mapping of str to collection of str
        Some of the distinct values of each column, in one spelling.

    Returns
    -------
    list of (left header, right header, Kind)

    Notes
    -----
    Columns of one kind score 1, of kinds easily taken for each other 0.4; to that comes the share
    of values in common and half the share of words in common of the headers.
    """
    scores = []
    for ours, our_kind in left.items():
        for theirs, their_kind in right.items():
            alike = _alike(our_kind, their_kind)
            shared = _shared(left_values[ours], right_values[theirs])
            score = alike + shared + 0.5 * _named(ours, theirs)
            if alike and (shared > 0.02 or ours == theirs) and score >= 1 + LEAST_LIKENESS * 0.2:
                scores.append((score, ours, theirs, our_kind))
    found, used = [], set()
    for _, ours, theirs, kind in sorted(scores, key=lambda each: (-each[0], each[1], each[2])):
        if ("l", ours) not in used and ("r", theirs) not in used:
            used |= {("l", ours), ("r", theirs)}
            found.append((ours, theirs, kind))
    return found
