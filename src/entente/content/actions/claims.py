"""Claims and the references that support them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from entente.content.models import Claim, Reference
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country, is_language
from entente.foundation.errors import UserError

POLICY_DAYS = 730
"""Days after which every claim is looked at again, unless its support ends earlier."""


def add_claim(
    *,
    text: str,
    market: str,
    at: datetime,
    product_id: UUID | None = None,
    in_label: bool = False,
    label_section: str = "",
    expires_on: date | None = None,
    kind: str = Claim.Kind.EFFICACY,
    language: str = "en",
    indication: str = "",
    line_of_therapy: str = "",
    label_version: str = "",
) -> Claim:
    """Add a claim to the library of the present organisation.

    It holds until the earliest of the day given, the last day of what supports it, and the day
    by which the company's policy wants every claim looked at again. Writes the claim and one
    ledger entry.

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
    if kind not in Claim.Kind.values:
        raise UserError("choose what the claim is about", field="kind")
    if not is_language(language):
        raise UserError("give the language as a code such as en", field="language")
    latest = at.date() + timedelta(days=POLICY_DAYS)
    claim = Claim.objects.create(
        org_id=scope.org_id,
        text=words,
        product_id=product_id,
        market=market,
        in_label=in_label,
        label_section=label_section.strip(),
        expires_on=min(expires_on, latest) if expires_on else latest,
        kind=kind,
        language=language,
        indication=indication.strip(),
        line_of_therapy=line_of_therapy.strip(),
        label_version=label_version.strip(),
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
    claim_id: UUID,
    *,
    title: str,
    source: str,
    anchor: str,
    at: datetime,
    url: str = "",
    valid_until: date | None = None,
) -> Reference:
    """Add what supports a claim, and where in it.

    A claim holds no longer than what supports it.

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
        valid_until=valid_until,
    )
    if valid_until and (claim.expires_on is None or valid_until < claim.expires_on):
        claim.expires_on = valid_until
        claim.save(update_fields=["expires_on"])
    ledger.append(
        ledger.Entry("content.reference.added", "content.claim", claim.id, {"reference": made.id}),
        at=at,
    )
    return made
