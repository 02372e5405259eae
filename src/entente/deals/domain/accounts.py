"""When two organisations of a registry are the same account, and two sites the same site."""

from __future__ import annotations

import re
import unicodedata


def folded(text: str) -> str:
    """Fold a name for comparison: case, accents, punctuation and spaces do not matter.

    Examples
    --------
    >>> folded("  Göttingen, North-Campus ")
    'gottingen north campus'
    """
    split = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in split if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", plain.casefold()).strip()


def account_key(account_id: str, parent_name: str) -> str:
    """Give the key under which an account is protected: its family if it names one, else itself.

    Parameters
    ----------
    account_id : str
        Id of the organisation in the directory.
    parent_name : str
        The organisation it belongs to, as the registry writes it; may be empty.

    Examples
    --------
    >>> account_key("7f1c", "NORTHLAKE HEALTH, INC.") == account_key("9a22", "Northlake Health Inc")
    True
    >>> account_key("7f1c", "")
    'hco:7f1c'
    """
    parent = folded(parent_name)
    return f"family:{parent}" if parent else f"hco:{account_id}"


def near_keys(account_id: str, name: str, parent_name: str) -> tuple[str, ...]:
    """Give further keys that may mean the same account: by name alone nobody can be sure.

    Examples
    --------
    >>> near_keys("7f1c", "Northlake Health", "")
    ('family:northlake health',)
    """
    own = account_key(account_id, parent_name)
    near = {f"family:{folded(name)}", f"hco:{account_id}"} - {own, "family:"}
    return tuple(sorted(near))
