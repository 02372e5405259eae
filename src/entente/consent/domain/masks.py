"""Addresses as their owner knows them and nobody else does."""

from __future__ import annotations


def mask(address: str) -> str:
    """Show enough of an address for its owner to know it.

    Examples
    --------
    >>> mask("m.testwell@clinic.test")
    'm…@clinic.test'
    >>> mask("+41 31 000 00 00")
    '+4…'
    """
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}" if domain else f"{address[:2]}…"
