"""Certificates: what was certified by whom, kept as it was on the day."""

from __future__ import annotations

from datetime import datetime

from entente.content.domain.panels import WORDS as FUNCTIONS
from entente.content.domain.panels import Function
from entente.content.domain.states import Verdict, meaning_of
from entente.content.models import Certificate, Version
from entente.content.reads.co_authors import co_authors_of
from entente.content.reads.material import claims_of, party_names
from entente.content.reads.modules import parts_of
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import canonical, sha256_hex


def issue_certificate(version: Version, *, at: datetime) -> Certificate:
    """Keep the certificate of a version that was released just now.

    It holds everything in words, so that it can be read when item, people and partnership are
    gone. Writes the certificate and one ledger entry.

    Notes
    -----
    Source: UK-CERT-1; certificates are kept for three years after the last use, here for good.
    """
    body = _body(version)
    made = Certificate.objects.create(
        org_id=current_scope().org_id,
        item=version.item,
        version=version,
        body=body,
        body_hash=sha256_hex(canonical(body)),
        issued_at=at,
    )
    ledger.append(
        ledger.Entry(
            "content.certificate.issued",
            "content.version",
            version.id,
            {"certificate": made.id, "body_hash": made.body_hash},
        ),
        at=at,
    )
    return made


def _body(version: Version) -> dict[str, object]:
    item = version.item
    return {
        "title": item.title,
        "kind": item.get_kind_display(),
        "product": item.product.name if item.product else "",
        "parties": party_names(version),
        "version": version.number,
        "content_hash": version.content_hash,
        "subject": version.subject,
        "markets": version.released_markets,
        "audiences": version.released_audiences,
        "channels": version.released_channels,
        "last_day": f"{version.released_until:%Y-%m-%d}",
        "lane": version.lane,
        "lane_reasons": [each["words"] for each in version.lane_reasons],
        "support_statement": version.support_statement,
        "claims": [
            {"text": claim.text, "market": claim.market, "label": claim.label_section}
            for claim in claims_of(version)
        ],
        "co_authors": [
            {
                "name": each.name,
                "part": each.part,
                "rights": each.rights,
                "agreement": each.agreement,
                "used_until": f"{each.used_until:%Y-%m-%d}",
                "interests": each.interests,
            }
            for each in co_authors_of(version)
        ],
        "modules": [part.name for part in parts_of(version)],
        "authors": version.author_name,
        "signatures": [
            {
                "function": FUNCTIONS[Function(each.function)],
                "name": each.signer_name,
                "title": each.signer_title,
                "qualification": each.qualification,
                "deputy_for": each.deputy_for,
                "verdict": each.verdict,
                "meaning": meaning_of(Verdict(each.verdict), each.function),
                "signed_at": f"{each.signed_at:%Y-%m-%d %H:%M:%S} UTC",
                "content_hash": each.content_hash,
                "markets": each.markets,
                "signature": str(each.signature_id),
            }
            for each in version.approvals.order_by("signed_at", "id")
        ],
    }
