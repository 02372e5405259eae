"""Names and places folded so that they are found however they are typed."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and a mark.
_UNSPLIT = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
# An apostrophe joins (O'Neil is oneil), every other sign divides.
_JOINING = re.compile(r"['’‘`´.]")
_DIVIDING = re.compile(r"[\W_]+")


def search_key(*parts: str | None) -> str:
    """Fold a name or a place for search.

    Parameters
    ----------
    *parts : str or None
        Pieces in the order in which they are to be found, last name first.

    Returns
    -------
    str
        Lower case, without accents, apostrophes and full stops, words divided by one blank.

    Notes
    -----
    Source: Unicode Standard, section 3.13 (case folding) and annex 15 (compatibility
    decomposition). Folding twice changes nothing.

    Examples
    --------
    >>> search_key("O'Neil-Łukasz", "José", None)
    'oneil lukasz jose'
    >>> search_key("  St. Mary's   Hospital ")
    'st marys hospital'
    """
    text = " ".join(part for part in parts if part)
    if not text.isascii():
        folded = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(char for char in folded if not unicodedata.combining(char))
        text = unicodedata.normalize("NFKD", text.casefold()).translate(_UNSPLIT)
    text = _JOINING.sub("", text.lower())
    return _DIVIDING.sub(" ", text).strip()
