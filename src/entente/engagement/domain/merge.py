"""Fill an approved text with the recipient's values: a closed list of fields, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

FIELD = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


def merged(text: str, fields: Mapping[str, str], *, html: bool) -> str:
    """Replace ``{{ field }}`` by its value; values are data and never become markup.

    Parameters
    ----------
    text : str
        With merge fields.
    fields : mapping of str to str
    html : bool
        Whether the text is HTML, so that values are escaped.

    Raises
    ------
    KeyError
        If the text asks for a field that does not exist; review refuses such a text.

    Examples
    --------
    >>> merged("Dear {{given_name}}", {"given_name": "<b>"}, html=True)
    'Dear &lt;b&gt;'
    """

    def value(found: re.Match[str]) -> str:
        given = fields[found.group(1)]
        # A line break in a subject would begin a new header.
        return escape(given) if html else " ".join(given.splitlines())

    return FIELD.sub(value, text)
