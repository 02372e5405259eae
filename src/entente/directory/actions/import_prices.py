"""Load a price book: each price ends the one before it; none that was entered is rewritten."""

# ruff: noqa: S608 - the SQL is written here; whatever a file says is data

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from entente.directory.actions.loading import (
    FileKind,
    ImportCounts,
    Load,
    Progress,
    fates,
    run_load,
)
from entente.directory.adapters import schemas
from entente.directory.adapters.chunks import Refusal
from entente.directory.adapters.prices import read_prices

_KEY = "product_id, country, currency, unit"
# One's own product of that name, else one of another organisation that has it alone.
_FATES = f"""
CREATE TEMP TABLE stage_price_fate ON COMMIT DROP AS
WITH named AS (
    SELECT s.*, (SELECT p.id FROM directory_product p WHERE lower(p.name) = lower(s.product)
                 ORDER BY p.org_id <> %(org)s, p.recorded_at, p.id LIMIT 1) AS product_id
    FROM stage_prices s
), once AS (
    SELECT *, row_number() OVER (PARTITION BY {_KEY}, from_on ORDER BY line DESC) AS nth
    FROM named
)
SELECT o.*, CASE WHEN o.product_id IS NULL THEN 'no_product' WHEN o.nth > 1 THEN 'twice'
                 WHEN same.amount_minor = o.amount_minor THEN 'unchanged'
                 WHEN same.id IS NOT NULL THEN 'entered' WHEN later.n > 0 THEN 'early'
                 ELSE 'new' END AS fate
FROM once o
LEFT JOIN directory_productprice same ON same.org_id = %(org)s AND same.product_id = o.product_id
    AND same.country = o.country AND same.currency = o.currency AND same.unit = o.unit
    AND same.from_on = o.from_on AND (same.to_on IS NULL OR same.to_on > same.from_on)
CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM directory_productprice l
    WHERE l.org_id = %(org)s AND l.product_id = o.product_id AND l.country = o.country
      AND l.currency = o.currency AND l.unit = o.unit AND l.from_on > o.from_on
) later
"""
_REFUSALS = {
    "no_product": ("product", "No product of this name is in the directory; enter it first."),
    "twice": ("from_on", "This price stands twice in the file; its last row was taken."),
    "entered": ("amount", "Another price is entered for this day; give a later day."),
    "early": ("from_on", "A price of a later day is entered; give a day after it."),
}


def merge_prices(load: Load) -> None:
    """Add prices, each from its day to the next one's."""
    cursor = load.cursor
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_price_fate")
    cursor.execute(_FATES, {"org": load.org_id})
    load.counts.add(fates(load, "stage_price_fate"))
    cursor.execute(
        "SELECT line, fate, product, from_on::text, amount_minor::text FROM stage_price_fate"
        " WHERE fate = ANY(%s) ORDER BY line",
        [list(_REFUSALS)],
    )
    names = ("product", "from_on", "amount")
    load.refused.refuse(
        Refusal(
            line,
            _REFUSALS[fate][0],
            dict(zip(names, values, strict=True))[_REFUSALS[fate][0]],
            _REFUSALS[fate][1],
        )
        for line, fate, *values in cursor.fetchall()
    )
    if load.dry_run:
        return
    cursor.execute(
        f"""
        UPDATE directory_productprice p SET to_on = f.begun
        FROM (SELECT {_KEY}, min(from_on) AS begun FROM stage_price_fate WHERE fate = 'new'
              GROUP BY {_KEY}) f
        WHERE p.org_id = %s AND p.product_id = f.product_id AND p.country = f.country
          AND p.currency = f.currency AND p.unit = f.unit AND p.to_on IS NULL
        """,
        [load.org_id],
    )
    cursor.execute(
        f"""
        INSERT INTO directory_productprice
            (id, org_id, product_id, country, currency, unit, amount_minor, from_on, to_on)
        SELECT id, %s, product_id, country, currency, unit, amount_minor, from_on,
               lead(from_on) OVER (PARTITION BY {_KEY} ORDER BY from_on)
        FROM stage_price_fate WHERE fate = 'new'
        """,
        [load.org_id],
    )


_KIND = FileKind(
    "prices", "product.write", {"prices": schemas.PRICES}, read_prices, merge_prices, {}
)


def import_prices(
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load prices of the organisation's own book, by product, country, currency and unit."""
    return run_load(
        _KIND, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )
