"""Merge fields: a closed list, so that nothing else about a person can slip into a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

FIELDS = (
    "given_name",
    "family_name",
    "unsubscribe_url",
    "preferences_url",
    "survey_url",
    "ask_url",
)

_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def unknown_fields(*texts: str) -> list[str]:
    """Give the merge fields that are not in the closed list, each once, in order.

    Examples
    --------
    >>> unknown_fields("Dear {{given_name}}", "{{ diagnosis }} and {{npi}}")
    ['diagnosis', 'npi']
    """
    found = [name for text in texts for name in _FIELD.findall(text)]
    return list(dict.fromkeys(name for name in found if name not in FIELDS))


def has_field(text: str, name: str) -> bool:
    """Tell whether a text holds a merge field.

    Examples
    --------
    >>> has_field("Stop: {{ unsubscribe_url }}", "unsubscribe_url")
    True
    """
    return name in _FIELD.findall(text)


def any_field(*texts: str) -> bool:
    """Tell whether any text holds a merge field at all.

    Examples
    --------
    >>> any_field("Lipids", "<p>Dear {{given_name}}</p>")
    True
    """
    return any(_FIELD.search(text) for text in texts)


def fill(template: str, values: Mapping[str, str], *, html: bool) -> str:
    """Put values in place of merge fields.

    Parameters
    ----------
    template : str
    values : mapping of str to str
        One value per field of the closed list that the template uses.
    html : bool
        Whether the template is HTML, in which case values are escaped.

    Raises
    ------
    KeyError
        If the template uses a field that has no value; nothing goes out half filled.

    Examples
    --------
    >>> fill("Dear {{given_name}}", {"given_name": "A & B"}, html=True)
    'Dear A &amp; B'
    """
    return _FIELD.sub(
        lambda found: escape(values[found.group(1)]) if html else values[found.group(1)], template
    )
