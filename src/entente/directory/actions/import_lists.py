"""Merge lists: the provider taxonomy, and products with their approvals."""

from __future__ import annotations

from entente.directory.actions.import_hcps import search_of
from entente.directory.actions.loading import Load, fates
from entente.directory.adapters.chunks import Refusal

_TAXONOMY = """
CREATE TEMP TABLE stage_taxonomy_fate ON COMMIT DROP AS
SELECT DISTINCT ON (s.taxonomy_code) s.*, t.id AS known_id,
       coalesce(s.display_name, concat_ws(' – ', s.classification, s.specialization)) AS shown,
       CASE WHEN t.id IS NULL THEN 'new' WHEN t.row_hash = s.row_hash THEN 'unchanged'
            ELSE 'changed' END AS fate
FROM stage_taxonomy s LEFT JOIN directory_taxonomy t ON t.code = s.taxonomy_code
ORDER BY s.taxonomy_code, s.line DESC
"""


def merge_taxonomy(load: Load) -> None:
    """Insert and change codes, then name the specialty of the people who hold them."""
    cursor = load.cursor
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_taxonomy_fate")
    cursor.execute(_TAXONOMY)
    load.counts.add(fates(load, "stage_taxonomy_fate"))
    if load.dry_run:
        return
    cursor.execute(
        """
        INSERT INTO directory_taxonomy (id, org_id, code, grouping, classification, specialization,
                                        display_name, section, profession, row_hash)
        SELECT id, %s, taxonomy_code, coalesce(grouping, ''), coalesce(classification, ''),
               coalesce(specialization, ''), shown, coalesce(section, ''), profession, row_hash
        FROM stage_taxonomy_fate WHERE fate <> 'unchanged'
        ON CONFLICT (code) DO UPDATE SET grouping = excluded.grouping,
            classification = excluded.classification, specialization = excluded.specialization,
            display_name = excluded.display_name, section = excluded.section,
            profession = excluded.profession, row_hash = excluded.row_hash
        """,
        [load.org_id],
    )
    for change in ("specialty = f.shown", f"search_text = {search_of('h')}"):
        cursor.execute(
            f"""
            UPDATE directory_hcp h SET {change} FROM stage_taxonomy_fate f
            WHERE f.fate <> 'unchanged' AND h.taxonomy_code = f.taxonomy_code
            """  # noqa: S608
        )


_KIND = "This product is new here: say its kind (medicine, device, diagnostic, service, software)."
_TWICE = "This product, country and day stand twice in the file; the last row was taken."
_PRODUCTS = """
CREATE TEMP TABLE stage_product_fate ON COMMIT DROP AS
SELECT DISTINCT ON (lower(s.product), s.country, s.approved_on) s.*, p.id AS product_id,
       CASE WHEN p.id IS NULL AND max(s.kind) OVER (PARTITION BY lower(s.product)) IS NULL
            THEN 'no_kind'
            WHEN a.id IS NULL THEN 'new' WHEN a.row_hash = s.row_hash THEN 'unchanged'
            ELSE 'changed' END AS fate
FROM stage_products s
LEFT JOIN directory_product p ON lower(p.name) = lower(s.product) AND p.org_id = %s
LEFT JOIN directory_productapproval a ON a.product_id = p.id AND a.country = s.country
    AND a.approved_on = s.approved_on
ORDER BY lower(s.product), s.country, s.approved_on, s.line DESC
"""


def merge_products(load: Load) -> None:
    """Insert products not known yet, then their approvals; a changed approval is changed."""
    cursor = load.cursor
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_product_fate")
    cursor.execute(_PRODUCTS, [load.org_id])
    load.counts.add(fates(load, "stage_product_fate"))
    cursor.execute(
        "SELECT s.line, s.product FROM stage_products s WHERE NOT EXISTS"
        " (SELECT FROM stage_product_fate f WHERE f.id = s.id) ORDER BY s.line"
    )
    load.refused.refuse(Refusal(line, "product", name, _TWICE) for line, name in cursor.fetchall())
    cursor.execute(
        "SELECT line, product FROM stage_product_fate WHERE fate = 'no_kind' ORDER BY line"
    )
    load.refused.refuse(Refusal(line, "kind", name, _KIND) for line, name in cursor.fetchall())
    if not load.dry_run:
        _write_products(load)


def _write_products(load: Load) -> None:
    load.cursor.execute(
        """
        INSERT INTO directory_product (id, org_id, name, kind, owner_name, nature)
        SELECT DISTINCT ON (lower(product)) gen_random_uuid(), %s, product,
               max(kind) OVER (PARTITION BY lower(product)), coalesce(owner, ''),
               coalesce(max(nature) OVER (PARTITION BY lower(product)), 'brand')
        FROM stage_product_fate WHERE product_id IS NULL AND fate = 'new'
        ORDER BY lower(product), line
        """,
        [load.org_id],
    )
    load.cursor.execute(
        """
        INSERT INTO directory_productapproval (id, org_id, product_id, country, approved_on,
                                               ended_on, indication, authority_ref, row_hash,
                                               boxed_warning, accelerated)
        SELECT f.id, %s, p.id, f.country, f.approved_on, f.ended_on, coalesce(f.indication, ''),
               coalesce(f.authority_ref, ''), f.row_hash,
               coalesce(f.boxed_warning IN ('yes', 'true'), false),
               coalesce(f.accelerated IN ('yes', 'true'), false)
        FROM stage_product_fate f
        JOIN directory_product p ON lower(p.name) = lower(f.product) AND p.org_id = %s
        WHERE f.fate IN ('new', 'changed')
        ON CONFLICT (product_id, country, approved_on) DO UPDATE SET
            ended_on = excluded.ended_on, indication = excluded.indication,
            authority_ref = excluded.authority_ref, row_hash = excluded.row_hash,
            boxed_warning = excluded.boxed_warning, accelerated = excluded.accelerated
        """,
        [load.org_id, load.org_id],
    )
