"""What the room tells the gate about the content of an act."""

from __future__ import annotations

from entente.content.domain.holds import HOLDS
from entente.foundation.facts import Columns, register_columns

# One row per version and moment is worked out once, however many recipients it goes to; only
# the market depends on the recipient. States are as of the moment of the act.
CONTENT = """
    WITH asked AS (
        SELECT DISTINCT a.version_id, a.at, a.on_day FROM act a WHERE a.version_id IS NOT NULL
    ), known AS MATERIALIZED (
        SELECT k.at, k.on_day, v.id, v.item_id,
               -- Until it is released, what it asks for; then what all parties agree to.
               coalesce(v.released_markets, v.markets) AS markets,
               coalesce(v.released_audiences, v.audiences) AS audiences,
               coalesce(v.released_channels, v.channels) AS channels,
               coalesce(v.released_until, v.expires_on) AS expires_on,
               i.product_id, i.cobranded, i.kind, v.content_hash,
               v.has_unsubscribe_link, v.has_postal_address, v.has_support_statement,
               v.is_ad_identified, v.holds,
               (SELECT f.filed_on FROM content_filing f
                WHERE f.version_id = v.id AND f.authority = 'fda')
                   AS filed_with_fda_on,
               signed.certifier_qualification, signed.certified_on,
               CASE WHEN v.withdrawn_at <= k.at THEN 'withdrawn'
                    WHEN v.cancelled_at <= k.at THEN 'cancelled'
                    WHEN EXISTS (SELECT 1 FROM content_versionpart p
                                 JOIN content_version m ON m.id = p.module_version_id
                                 WHERE p.version_id = v.id AND m.withdrawn_at <= k.at)
                         THEN 'withdrawn'
                    -- A draft was reached only to be flagged: what it makes is asked at its
                    -- submission. A recall that one may not read counts from the beginning.
                    WHEN claimed.claim_gone OR EXISTS (
                         SELECT FROM content_recalledversion r
                         LEFT JOIN content_recall d ON d.id = r.recall_id
                         WHERE r.version_id = v.id AND r.status_then <> 'draft'
                         AND coalesce(d.decided_at <= k.at, true))
                         THEN 'recalled'
                    WHEN v.approved_at <= k.at AND claimed.claim_over THEN 'expired'
                    WHEN v.superseded_at <= k.at THEN 'superseded'
                    WHEN v.approved_at <= k.at
                         AND coalesce(v.released_until, v.expires_on) < k.on_day THEN 'expired'
                    WHEN v.approved_at <= k.at THEN 'approved'
                    WHEN v.rejected_at <= k.at THEN 'rejected'
                    WHEN v.submitted_at <= k.at THEN 'in_review'
                    ELSE 'draft' END AS approval_status,
               app.content_missing(v.id, k.at) AS approvals_missing,
               signed.approved_hash, signed.author_is_approver, signed.approvals,
               claimed.claims_in_label, claimed.claims_without_reference
        FROM asked k JOIN content_version v ON v.id = k.version_id
        JOIN content_item i ON i.id = v.item_id
        CROSS JOIN LATERAL (
            SELECT (array_agg(p.qualification ORDER BY p.signed_at DESC)
                       FILTER (WHERE p.is_given AND p.org_id = v.org_id))[1]
                       AS certifier_qualification,
                   max(p.signed_at AT TIME ZONE 'UTC') FILTER (WHERE p.is_given)::date
                       AS certified_on,
                   CASE WHEN min(p.content_hash) FILTER (WHERE p.is_given)
                             = max(p.content_hash) FILTER (WHERE p.is_given)
                        THEN min(p.content_hash) FILTER (WHERE p.is_given) END AS approved_hash,
                   coalesce(bool_or(p.person_key = ANY (v.author_keys)), false)
                       AS author_is_approver,
                   array_agg(DISTINCT p.org_id::text)
                       FILTER (WHERE p.is_given AND p.content_hash = v.content_hash) AS approvals
            FROM (SELECT a.*, a.verdict = 'approve' AND a.signed_at <= k.at AS is_given
                  FROM content_approval a WHERE a.version_id = v.id) p
        ) signed
        CROSS JOIN LATERAL (
            SELECT coalesce(bool_and(c.in_label AND coalesce(c.withdrawn_at > k.at, true)
                                     AND coalesce(c.expires_on >= k.on_day, true))
                       FILTER (WHERE c.id IS NOT NULL), true) AS claims_in_label,
                   count(*) FILTER (WHERE NOT EXISTS (
                       SELECT FROM content_reference r WHERE r.claim_id = u.claim_id))
                       AS claims_without_reference,
                   bool_or(c.withdrawn_at <= k.at) AS claim_gone,
                   bool_or(c.expires_on < k.on_day) AS claim_over
            FROM content_claimuse u LEFT JOIN content_claim c ON c.id = u.claim_id
            WHERE u.version_id = v.id
        ) claimed
    )
    SELECT act.n, known.*,
           CASE WHEN 'hcp' = ANY (known.audiences) THEN 'hcp' ELSE known.audiences[1] END
               AS audience,
           place.country = ANY (known.markets) AND act.channel = ANY (known.channels)
               AND (act.recipient_id IS NULL OR 'hcp' = ANY (known.audiences))
               AND NOT EXISTS (SELECT 1 FROM content_superseded s WHERE s.version_id = known.id
                               AND s.market = place.country AND s.at <= known.at) AS market_ok,
           CASE WHEN known.product_id IS NOT NULL
                THEN label.approved_on IS NOT NULL END AS product_approved,
           label.approved_on AS product_approved_on, label.boxed_warning, label.accelerated,
           CASE WHEN known.product_id IS NOT NULL THEN made.kind = 'device' END AS device_only,
           nullif(known.certifier_qualification, '') AS certified_by,
           known.author_is_approver AS certifier_is_author{declared}
    FROM act
    JOIN known ON known.id = act.version_id AND known.at = act.at AND known.on_day = act.on_day
    LEFT JOIN directory_hcp h ON h.id = act.recipient_id
    CROSS JOIN LATERAL (SELECT nullif(coalesce(act.country, h.country), '') AS country) place
    LEFT JOIN directory_product made ON made.id = known.product_id
    LEFT JOIN LATERAL (
        SELECT p.approved_on, p.boxed_warning, p.accelerated FROM directory_productapproval p
        WHERE p.product_id = known.product_id AND p.country = place.country
          AND p.approved_on <= act.on_day AND (p.ended_on IS NULL OR p.ended_on >= act.on_day)
        ORDER BY p.approved_on LIMIT 1
    ) label ON true
"""
# One column per thing that a version may hold; null where nobody was asked.
DECLARED = "".join(f",\n           '{code}' = ANY (known.holds) AS {code}" for code in HOLDS)


def register() -> None:
    """Register the facts of the grain ``content_market``."""
    register_columns(
        Columns(
            room="content",
            grain="content_market",
            keys=("n",),
            facts={
                "content.approval_status": "approval_status",
                "content.approval_expires": "expires_on",
                "content.final_form_hash": "content_hash",
                "content.approved_hash": "approved_hash",
                "content.cobranded": "cobranded",
                "content.support_statement": "has_support_statement",
                "content.partner_approvals": "approvals",
                "content.partner_approvals_missing": "approvals_missing",
                "content.claims_in_label": "claims_in_label",
                "content.claims_without_reference": "claims_without_reference",
                "content.market_ok": "market_ok",
                "content.audience": "audience",
                "content.kind": "kind",
                "content.unsubscribe_link": "has_unsubscribe_link",
                "content.postal_address": "has_postal_address",
                "content.author_is_approver": "author_is_approver",
                "content.ad_identified": "is_ad_identified",
                "content.form2253_date": "filed_with_fda_on",
                "content.certified_by_qualification": "certified_by",
                "content.certified_on": "certified_on",
                "content.certifier_is_author": "certifier_is_author",
                "product.approved_in_country": "product_approved",
                "product.approved_on": "product_approved_on",
                "product.boxed_warning": "boxed_warning",
                "product.accelerated_approval": "accelerated",
                "product.is_device_only": "device_only",
                **{fact: code for code, (_, fact) in HOLDS.items()},
            },
            select=CONTENT.replace("{declared}", DECLARED),
        )
    )
