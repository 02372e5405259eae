"""What the parts of one page ask alike is read once for that page, and forgotten with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from entente.foundation.access.scope import _current

Given = ParamSpec("Given")
Found = TypeVar("Found")

_kept: ContextVar[dict[Any, Any] | None] = ContextVar("kept_for_this_page", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """Keep answers while one page is written; only around requests that change nothing."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once_per_page(read: Callable[Given, list[Found]]) -> Callable[Given, list[Found]]:
    """Ask a read once per page for each scope and each set of arguments; elsewhere, every time.

    Every caller gets a list of its own. The scope is part of the question, so that what one may
    see is never shown to another.
    """

    @wraps(read)
    def asked(*args: Given.args, **kwargs: Given.kwargs) -> list[Found]:
        kept = _kept.get()
        if kept is None:
            return read(*args, **kwargs)
        key = (read, _current.get(), args, tuple(sorted(kwargs.items())))
        if key not in kept:
            kept[key] = read(*args, **kwargs)
        return list(kept[key])

    return asked
