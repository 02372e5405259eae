"""Claims and the references that support them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from entente.content.models import Claim, Reference
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError


def add_claim(
    *,
    text: str,
    market: str,
    at: datetime,
    product_id: UUID | None = None,
    in_label: bool = False,
    label_section: str = "",
    expires_on: date | None = None,
) -> Claim:
    """Add a claim to the library of the present organisation.

    Writes the claim and one ledger entry.

    Raises
    ------
    UserError
        If the text is empty, the market no country, or a label claim names no section.
    """
    scope = current_scope()
    scope.require("content.write")
    words = " ".join(text.split())
    if not words or len(words) > 1500:
        raise UserError("write the claim in 1 to 1,500 characters", field="text")
    if not is_country(market):
        raise UserError("give the market as a country code such as US", field="market")
    if in_label and not label_section.strip():
        raise UserError("name the section of the label that says it", field="label_section")
    claim = Claim.objects.create(
        org_id=scope.org_id,
        text=words,
        product_id=product_id,
        market=market,
        in_label=in_label,
        label_section=label_section.strip(),
        expires_on=expires_on,
    )
    ledger.append(
        ledger.Entry(
            "content.claim.added",
            "content.claim",
            claim.id,
            {"market": market, "in_label": in_label, "product": product_id},
        ),
        at=at,
    )
    return claim


def add_reference(
    claim_id: UUID, *, title: str, source: str, anchor: str, at: datetime, url: str = ""
) -> Reference:
    """Add what supports a claim, and where in it.

    Raises
    ------
    Claim.DoesNotExist
        If the claim is not the organisation's own.
    UserError
        If title, source or place is missing.
    """
    scope = current_scope()
    scope.require("content.write")
    claim = Claim.objects.get(id=claim_id, org_id=scope.org_id)
    for name, value in (("title", title), ("source", source), ("anchor", anchor)):
        if not value.strip():
            raise UserError(f"give the {name} of the reference", field=name)
    if url and not url.startswith("https://"):
        raise UserError("the address of a reference begins with https://", field="url")
    made = Reference.objects.create(
        org_id=scope.org_id,
        claim=claim,
        title=title.strip(),
        source=source.strip(),
        anchor=anchor.strip(),
        url=url,
    )
    ledger.append(
        ledger.Entry("content.reference.added", "content.claim", claim.id, {"reference": made.id}),
        at=at,
    )
    return made


def withdraw_claim(claim_id: UUID, *, at: datetime) -> Claim:
    """Take a claim back: from now on the gate refuses every version that uses it."""
    scope = current_scope()
    scope.require("content.write")
    claim = Claim.objects.select_for_update().get(id=claim_id, org_id=scope.org_id)
    if claim.withdrawn_at:
        raise UserError("the claim is already withdrawn")
    claim.withdrawn_at = at
    claim.save(update_fields=["withdrawn_at"])
    ledger.append(ledger.Entry("content.claim.withdrawn", "content.claim", claim.id), at=at)
    return claim
