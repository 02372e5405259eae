"""A version as its checks and its fingerprint see it."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count

from entente.content.domain.checks import ClaimFacts, Finding, Material, check
from entente.content.domain.fingerprint import content_hash
from entente.content.models import Claim, Version
from entente.content.reads.parts import tool_findings
from entente.directory import reads as directory


def claims_of(version: Version) -> list[Claim]:
    """Give the claims of a version with ``n_references``, in one query."""
    return list(
        Claim.objects.filter(uses__version=version)
        .annotate(n_references=Count("references", distinct=True))
        .order_by("text", "id")
    )


def party_names(version: Version) -> list[str]:
    """Give the names of all parties of the item, the owner first."""
    owner = next((o.name for o in directory.organisations_visible() if o.id == version.org_id), "")
    sides = version.item.sides.order_by("name").values_list("name", flat=True)
    return [name for name in (owner, *sides) if name]


def material_of(version: Version) -> Material:
    """Gather what the checks of a version need; only its owner sees the postal address."""
    try:
        address = directory.main_legal_entity(version.org_id).postal_address
    except ObjectDoesNotExist:
        address = ""
    return Material(
        kind=version.item.kind,
        subject=version.subject,
        html=version.html,
        text=version.text,
        markets=version.markets,
        audiences=version.audiences,
        channels=version.channels,
        expires_on=version.expires_on,
        cobranded=version.item.cobranded,
        support_statement=version.support_statement,
        party_names=party_names(version),
        postal_address=address,
        claims=[
            ClaimFacts(
                text=claim.text,
                in_label=claim.in_label,
                n_references=claim.n_references,  # type: ignore[attr-defined]
                expires_on=claim.expires_on,
                withdrawn=claim.withdrawn_at is not None,
            )
            for claim in claims_of(version)
        ],
    )


def checks_of(version: Version, *, today: date) -> list[Finding]:
    """Run the checks of a version as of a day."""
    return check(material_of(version), today=today) + tool_findings(version)


def fingerprint_of(version: Version) -> str:
    """Compute the hash of the version's bytes anew, instead of trusting what is stored."""
    return content_hash(
        subject=version.subject,
        html=version.html,
        text=version.text,
        markets=version.markets,
        audiences=version.audiences,
        channels=version.channels,
        expires_on=version.expires_on,
        support_statement=version.support_statement,
        claims=[(claim.id, claim.text) for claim in claims_of(version)],
        holds=version.holds,
    )
