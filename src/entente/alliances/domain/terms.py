"""The hash of what two sides agree to: when the terms change, nobody has agreed any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from entente.foundation.domain.canonical import canonical, sha256_hex


def terms_hash(
    terms: Mapping[str, Any],
    *,
    parties: Mapping[UUID, str],
    lines: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Give the SHA-256 of terms, parties and budget lines.

    Parameters
    ----------
    terms : mapping
        Plain values, ids and days by name.
    parties : mapping of UUID to str
        Each side with its share as text, or empty where there is none.
    lines : sequence of mapping
        Budget lines; their order changes nothing.

    Examples
    --------
    >>> one, two = UUID(int=1), UUID(int=2)
    >>> given, turned = {one: "", two: ""}, {two: "", one: ""}
    >>> terms_hash({"a": 1}, parties=given) == terms_hash({"a": 1}, parties=turned)
    True
    """
    return sha256_hex(
        canonical(
            {
                "terms": dict(terms),
                "parties": {str(party): share for party, share in parties.items()},
                "lines": sorted(canonical(dict(line)) for line in lines),
            }
        )
    )
