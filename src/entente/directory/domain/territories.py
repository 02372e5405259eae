"""What a territory's ground may be, and how a map of tiles shows how well it is covered."""

from __future__ import annotations

from collections.abc import Iterable

# Place of each state on a map of squares: column and row, so that neighbours stay neighbours.
TILES: dict[str, tuple[int, int]] = {
    "AK": (0, 0), "ME": (10, 0),
    "WI": (5, 1), "VT": (9, 1), "NH": (10, 1),
    "WA": (0, 2), "ID": (1, 2), "MT": (2, 2), "ND": (3, 2), "MN": (4, 2), "IL": (5, 2),
    "MI": (6, 2), "NY": (8, 2), "MA": (9, 2),
    "OR": (0, 3), "NV": (1, 3), "WY": (2, 3), "SD": (3, 3), "IA": (4, 3), "IN": (5, 3),
    "OH": (6, 3), "PA": (7, 3), "NJ": (8, 3), "CT": (9, 3), "RI": (10, 3),
    "CA": (0, 4), "UT": (1, 4), "CO": (2, 4), "NE": (3, 4), "MO": (4, 4), "KY": (5, 4),
    "WV": (6, 4), "VA": (7, 4), "MD": (8, 4), "DE": (9, 4),
    "AZ": (1, 5), "NM": (2, 5), "KS": (3, 5), "AR": (4, 5), "TN": (5, 5), "NC": (6, 5),
    "SC": (7, 5), "DC": (8, 5),
    "OK": (3, 6), "LA": (4, 6), "MS": (5, 6), "AL": (6, 6), "GA": (7, 6),
    "HI": (0, 7), "TX": (3, 7), "FL": (8, 7), "PR": (10, 7),
}  # fmt: skip
N_BANDS = 5


def band(n_covered: int, n_all: int) -> int:
    """Give the band of a share, from 0 (nobody) to 4 (nearly all); 0 where there is nobody.

    Examples
    --------
    >>> band(0, 90), band(1, 90), band(45, 90), band(90, 90), band(0, 0)
    (0, 1, 2, 4, 0)
    """
    if n_all <= 0 or n_covered <= 0:
        return 0
    share = min(n_covered / n_all, 1)
    return 1 + sum(share > limit for limit in (0.25, 0.5, 0.75))


def split_words(text: str) -> list[str]:
    """Split what somebody typed into words, each once, in order; commas and lines part them.

    Examples
    --------
    >>> split_words("CT, ma;ct\\n NY")
    ['CT', 'ma', 'ct', 'NY']
    """
    for mark in ";,\n\t":
        text = text.replace(mark, " ")
    return list(dict.fromkeys(text.split()))


def split_lines(text: str) -> list[str]:
    """Split a text into its lines, each once, without blanks around them.

    Examples
    --------
    >>> split_lines("Cardiology\\n\\n Internal Medicine, Cardiology ")
    ['Cardiology', 'Internal Medicine, Cardiology']
    """
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def faults_of_ground(
    country: str, states: Iterable[str], zip_prefixes: Iterable[str]
) -> list[tuple[str, str]]:
    """Say what is wrong with a ground: (field, words), nothing where all is well.

    Parameters
    ----------
    country : str
        ISO 3166-1 alpha-2.
    states, zip_prefixes : iterable of str
        In the United States two capitals, and one to five digits.

    Examples
    --------
    >>> faults_of_ground("US", ["CT", "ZZ"], ["061"])
    [('states', "'ZZ' is no state: write two capitals, for example CT.")]
    """
    faults = []
    for state in states:
        if country == "US" and state not in TILES:
            faults.append(("states", f"{state!r} is no state: write two capitals, for example CT."))
    for prefix in zip_prefixes:
        fits = prefix.isascii() and prefix.isalnum() and len(prefix) <= 5
        if not fits or (country == "US" and not prefix.isdigit()):
            faults.append(
                ("zip_prefixes", f"{prefix!r} begins no ZIP code: write one to five digits.")
            )
    return faults
