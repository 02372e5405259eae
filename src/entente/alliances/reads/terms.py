"""The terms of a charter or campaign as they stand now, and who has agreed to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entente.alliances.domain.terms import terms_hash
from entente.alliances.models import Campaign, CampaignSide, Charter, CharterSide
from entente.foundation import signatures
from entente.foundation.models import Signature


def charter_terms(charter: Charter) -> str:
    """Hash the charter's terms from its rows, not from what is stored as their hash."""
    return terms_hash(
        {
            "name": charter.name,
            "purpose": charter.purpose,
            "measures": charter.measures,
            "way_out": charter.way_out,
            "shared_fields": sorted(charter.shared_fields),
            "emails_30d": charter.emails_30d,
            "from_on": charter.from_on,
            "to_on": charter.to_on,
        },
        parties=dict.fromkeys(charter.sides.values_list("org_id", flat=True), ""),
    )


def campaign_terms(campaign: Campaign) -> str:
    """Hash the campaign's terms, shares and budget from its rows."""
    return terms_hash(
        {
            "charter": campaign.charter_id,
            "name": campaign.name,
            "purpose": campaign.purpose,
            "kind": campaign.kind,
            "product": campaign.product_id,
            "controller": campaign.controller_id,
            "country": campaign.country,
            "launch_on": campaign.launch_on,
            "ends_on": campaign.ends_on,
            "currency": campaign.currency,
            "ceiling_minor": campaign.ceiling_minor,
        },
        parties={
            org_id: str(share.normalize())
            for org_id, share in campaign.sides.values_list("org_id", "share")
        },
        lines=list(
            campaign.budget_lines.values(
                "id", "payer_id", "category", "rule", "shares", "currency", "estimate_minor"
            )
        ),
    )


@dataclass(frozen=True)
class Agreement:
    """Where one side stands: agreed to the present terms, to earlier ones, or not at all."""

    org_id: UUID
    name: str
    share: float | None
    agreed: bool
    lapsed: bool
    agreed_at: datetime | None
    signer_name: str
    signer_title: str


def agreements(sides: Sequence[CharterSide | CampaignSide], terms: str) -> list[Agreement]:
    """Give each side's agreement; a readable signature that is altered counts for nothing."""
    known = Signature.objects.in_bulk([s.signature_id for s in sides if s.signature_id])
    found = []
    for side in sides:
        signature = known.get(side.signature_id) if side.signature_id else None
        good = signature is None or signatures.is_valid(signature, content_hash=side.agreed_hash)
        agreed = side.agreed_at is not None and side.agreed_hash == terms and good
        share = getattr(side, "share", None)
        found.append(
            Agreement(
                org_id=side.org_id,
                name=side.name,
                share=None if share is None else float(share),
                agreed=agreed,
                lapsed=side.agreed_at is not None and not agreed,
                agreed_at=side.agreed_at,
                signer_name=side.signer_name,
                signer_title=side.signer_title,
            )
        )
    return found
