"""A version as its checks and its fingerprint see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count

from entente.content.domain.checks import ClaimFacts, Finding, Material, RightsFacts, check
from entente.content.domain.fingerprint import content_hash
from entente.content.models import Claim, Item, Version
from entente.content.reads.co_authors import co_authors_of
from entente.content.reads.modules import part_ids, parts_of, rules_broken
from entente.content.reads.parts import attachment_hashes, picture_sizes, tool_findings, tool_hashes
from entente.content.reads.precheck import Precheck, run_over
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


def material_of(version: Version, claims: Sequence[Claim] | None = None) -> Material:
    """Gather what the checks of a version need; only its owner sees the postal address."""
    claims = claims_of(version) if claims is None else claims
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
            for claim in claims
        ],
        is_module=version.item.form == Item.Form.MODULE,
        pictures=picture_sizes(version),
        broken_rules=[each.words for each in rules_broken(parts_of(version))],
        co_authors=[
            RightsFacts(each.name, each.used_until, each.ended_at is not None)
            for each in co_authors_of(version)
        ],
    )


def checks_of(version: Version, *, today: date) -> list[Finding]:
    """Run the checks of a version as of a day: those that always pass or fail, then the pack's.

    Of the pack only the checks that found something are given.
    """
    claims = claims_of(version)
    material = material_of(version, claims)
    found = run_over(version, material, claims, today=today)
    return [*check(material, today=today), *tool_findings(version), *found.answers()]


def precheck_of(version: Version, *, today: date) -> Precheck:
    """Run the pack of checks over a version as of a day, with places and quotes."""
    claims = claims_of(version)
    return run_over(version, material_of(version, claims), claims, today=today)


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
        parts=part_ids(version),
        rules=version.rules,
        files=attachment_hashes(version),
        tools=tool_hashes(version),
    )
