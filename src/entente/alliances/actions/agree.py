"""Agree for one's own side, with a signature over the terms as they stand."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from entente.alliances.actions.record import record
from entente.alliances.models import Campaign, CampaignSide, Charter, CharterSide
from entente.alliances.reads.terms import campaign_terms, charter_terms
from entente.foundation import signatures
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock

AnySide = TypeVar("AnySide", CharterSide, CampaignSide)


def agree_charter(charter_id: UUID, *, password: str, at: datetime) -> CharterSide:
    """Agree to a charter for the present organisation.

    Writes the signature, the side and a ledger entry per other party. The database
    refuses an agreement that does not cover the present terms.

    Raises
    ------
    NotSigned
        If the password is wrong.
    UserError
        If the organisation has agreed already, or the charter has ended.
    """
    current_scope().require("charter.agree")
    lock(f"alliances.charter:{charter_id}")
    charter = Charter.objects.get(id=charter_id)
    if charter.ended_on:
        raise UserError("this charter was ended")
    terms = charter_terms(charter)
    side = _my_side(charter.sides.select_for_update(), terms)
    _sign(
        side,
        "alliances.charter",
        charter.id,
        terms,
        other=_other(charter),
        password=password,
        at=at,
    )
    return side


def agree_campaign(campaign_id: UUID, *, password: str, at: datetime) -> CampaignSide:
    """Agree to a campaign's plan, shares and budget for the present organisation.

    Raises
    ------
    NotSigned
        If the password is wrong.
    UserError
        If the organisation has agreed already, or the campaign is over.
    """
    current_scope().require("campaign.agree")
    lock(f"alliances.campaign:{campaign_id}")
    campaign = Campaign.objects.get(id=campaign_id)
    if campaign.status in {"closing", "reconciled", "archived"}:
        raise UserError("this campaign is over")
    terms = campaign_terms(campaign)
    side = _my_side(campaign.sides.select_for_update(), terms)
    _sign(
        side,
        "alliances.campaign",
        campaign.id,
        terms,
        other=_other(campaign),
        password=password,
        at=at,
    )
    return side


def _my_side(sides: QuerySet[AnySide], terms: str) -> AnySide:
    side = sides.filter(org_id=current_scope().org_id).first()
    if side is None:
        raise OutOfScope("your organisation has no side in this")
    if side.agreed_at and side.agreed_hash == terms:
        raise UserError("your organisation has already agreed to these terms")
    return side


def _other(header: Charter | Campaign) -> UUID | None:
    """Name the party that may read the signature: the host, or for the host its partner."""
    org_id = current_scope().org_id
    if header.org_id != org_id:
        return header.org_id
    return header.sides.exclude(org_id=org_id).values_list("org_id", flat=True).first()


def _sign(
    side: CharterSide | CampaignSide,
    kind: str,
    object_id: UUID,
    terms: str,
    *,
    other: UUID | None,
    password: str,
    at: datetime,
) -> None:
    signature = signatures.sign(
        password=password,
        meaning="I agree to these terms for my organisation",
        object_kind=kind,
        object_id=object_id,
        content_hash=terms,
        at=at,
        counterparty=other,
    )
    side.agreed_at, side.agreed_hash, side.signature = at, terms, signature
    side.signer_name, side.signer_title = signature.signer_name, signature.signer_title
    side.save(
        update_fields=["agreed_at", "agreed_hash", "signature", "signer_name", "signer_title"]
    )
    parties = type(side).objects.filter(**_header_of(side)).values_list("org_id", flat=True)
    record(f"{kind}.agreed", kind, object_id, list(parties), at=at, details={"terms": terms})


def _header_of(side: CharterSide | CampaignSide) -> dict[str, UUID]:
    if isinstance(side, CharterSide):
        return {"charter_id": side.charter_id}
    return {"campaign_id": side.campaign_id}
