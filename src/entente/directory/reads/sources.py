"""Sources as the company sees them, and what their loads say about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from entente.directory.domain.sources import (
    FULL_BP,
    KNOWN,
    LOADS_SCORED,
    Source,
    known_as,
    passes_bar,
    quality_bp,
)
from entente.directory.models import SourceLoad, SourceTerms

BELOW_BAR = -1
# Of each source: the sums of its last loads, its last load, and the last one that was used.
_FIGURES = """
SELECT k.kind, s.n_read, s.n_refused, s.n_judged, s.n_complete, s.n_loads,
       l.id, l.loaded_at, l.n_read, l.n_refused, l.outcome, l.not_used_because,
       u.id, u.n_read, u.n_refused
FROM (SELECT DISTINCT org_id, kind FROM directory_sourceload WHERE kind = ANY(%(kinds)s)) k
CROSS JOIN LATERAL (
    SELECT coalesce(sum(x.n_read), 0)::bigint, coalesce(sum(x.n_refused), 0)::bigint,
           coalesce(sum(x.n_judged), 0)::bigint, coalesce(sum(x.n_complete), 0)::bigint, count(*)
    FROM (SELECT * FROM directory_sourceload d WHERE d.org_id = k.org_id AND d.kind = k.kind
          ORDER BY d.loaded_at DESC, d.id DESC LIMIT %(scored)s) x
) s(n_read, n_refused, n_judged, n_complete, n_loads)
CROSS JOIN LATERAL (
    SELECT * FROM directory_sourceload d WHERE d.org_id = k.org_id AND d.kind = k.kind
    ORDER BY d.loaded_at DESC, d.id DESC LIMIT 1
) l
LEFT JOIN LATERAL (
    SELECT * FROM directory_sourceload d
    WHERE d.org_id = k.org_id AND d.kind = k.kind AND d.outcome = 'used'
    ORDER BY d.loaded_at DESC, d.id DESC LIMIT 1
) u ON true
"""


@dataclass(frozen=True)
class SourceSeen:
    """A source with what its loads came to.

    ``is_used`` is false where more rows of the file that the directory holds were refused than
    the bar lets through; whatever another source says then goes before.
    """

    source: Source
    score_bp: int | None = None
    n_loads: int = 0
    last_id: UUID | None = None
    last_at: datetime | None = None
    last_read: int = 0
    last_refused: int = 0
    last_not_used: str = ""
    used_read: int = 0
    used_refused: int = 0
    is_used: bool = True

    @property
    def why_not(self) -> str:
        """Say in words why the source is not used; empty if it is."""
        if self.is_used:
            return ""
        return (
            f"{share(self.used_refused, self.used_read)} of the rows of its last file were refused;"
            f" the bar is {share(self.source.bar_bp, FULL_BP)}. Whatever another source says goes"
            " before. Load a better file, or raise the bar."
        )


def share(part: int, whole: int) -> str:
    """Write a share in per cent, with at most one decimal.

    Examples
    --------
    >>> share(1, 3), share(2500, 10000), share(0, 0)
    ('33.3 %', '25 %', '0 %')
    """
    tenths = 1000 * part // whole if whole else 0
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"


def _source_of(row: SourceTerms) -> Source:
    return replace(
        known_as(row.key), name=row.name, trust=row.trust, licence=row.licence, allows=row.allows,
        bar_bp=row.bar_bp, field_trust=row.field_trust, field_allows=row.field_allows,
    )  # fmt: skip


def source_terms() -> dict[str, Source]:
    """Give every source as the present organisation sees it, by key; one query."""
    return {**KNOWN, **{row.key: _source_of(row) for row in SourceTerms.objects.all()}}


def source_of(key: str) -> Source:
    """Give one source as the present organisation sees it."""
    row = SourceTerms.objects.filter(key=key).first()
    return _source_of(row) if row else known_as(key)


def sources() -> list[SourceSeen]:
    """Give every source with its figures, the most trusted first; two queries."""
    terms = source_terms()
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"kinds": list(terms), "scored": LOADS_SCORED})
        figures = {row[0]: row for row in cursor.fetchall()}
    seen = [_seen(source, figures.get(key)) for key, source in terms.items()]
    return sorted(seen, key=lambda each: (-each.source.trust, each.source.name))


def source_seen(key: str) -> SourceSeen | None:
    """Give one source with its figures; None if there is no such source."""
    return next((each for each in sources() if each.source.key == key), None)


def _seen(source: Source, row: tuple[Any, ...] | None) -> SourceSeen:
    if row is None:
        return SourceSeen(source)
    used_id, used_read, used_refused = row[12:]
    return SourceSeen(
        source,
        score_bp=quality_bp(*row[1:5]),
        n_loads=row[5],
        last_id=row[6],
        last_at=row[7],
        last_read=row[8],
        last_refused=row[9],
        last_not_used=row[11] if row[10] == SourceLoad.Outcome.NOT_USED else "",
        used_read=used_read or 0,
        used_refused=used_refused or 0,
        is_used=used_id is None or passes_bar(used_read, used_refused, source.bar_bp),
    )


def loads_of(key: str) -> QuerySet[SourceLoad]:
    """Give the loads of a source."""
    return SourceLoad.objects.filter(kind=key)


def trust_by_source() -> dict[str, int]:
    """Give how far each source is believed; one that is below its bar is believed least."""
    return {each.source.key: each.source.trust if each.is_used else BELOW_BAR for each in sources()}
