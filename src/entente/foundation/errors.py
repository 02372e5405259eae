"""Errors that are about what a person gave, not about the program."""

from __future__ import annotations


class UserError(ValueError):
    """What was asked cannot be done; the text says why and what would help.

    Parameters
    ----------
    text : str
    field : str, optional
        The field of the form or request that is at fault.
    """

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field
