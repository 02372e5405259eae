"""Write items and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from entente.content.actions.carry import carry_parts
from entente.content.domain.checks import (
    has_postal_address,
    has_support_statement,
    has_unsubscribe_link,
    is_ad_identified,
)
from entente.content.domain.fingerprint import content_hash
from entente.content.domain.holds import unknown_holds
from entente.content.domain.markup import sanitise
from entente.content.domain.merge import FIELDS, unknown_fields
from entente.content.domain.modules import ModuleKind, Part, Rules, compose
from entente.content.domain.states import Status
from entente.content.models import Claim, ClaimUse, Item, ItemSide, Version, VersionPart
from entente.content.reads.material import material_of
from entente.content.reads.modules import parts_named
from entente.directory import reads as directory
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country, is_language
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import User

AUDIENCES = ("hcp", "hco", "patient", "public", "payer", "partner")
CHANNELS = ("email", "in_person", "web", "post", "phone", "sms", "app", "social")


@dataclass(frozen=True)
class Words:
    """All that a version says and where it may say it."""

    subject: str
    html: str
    text: str
    markets: Sequence[str]
    audiences: Sequence[str]
    channels: Sequence[str]
    expires_on: date
    support_statement: str = ""
    claim_ids: Sequence[UUID] = ()
    holds: Sequence[str] = ()
    parts: Sequence[UUID] = ()
    rules: Rules | None = None


def draft_item(
    *,
    title: str,
    kind: str,
    at: datetime,
    product_id: UUID | None = None,
    partner_ids: Sequence[UUID] = (),
    cobranded: bool | None = None,
    module_kind: str = "",
    language: str = "en",
    translated_from: UUID | None = None,
) -> Item:
    """Begin an item of the present organisation.

    Writes the item, a side for each partner that must approve it, and one ledger entry.

    Parameters
    ----------
    partner_ids : sequence of UUID
        Organisations whose name stands on it.
    cobranded : bool, optional
        By default true if there is a partner.
    module_kind : str
        Makes it a module, a block of other items; blank for an item of its own.
    translated_from : UUID, optional
        The item in another language that it is a translation of.

    Raises
    ------
    UserError
    """
    scope = current_scope()
    scope.require("content.write")
    if not title.strip():
        raise UserError("give the item a title", field="title")
    if kind not in Item.Kind.values:
        raise UserError("choose what kind of item it is", field="kind")
    if kind == Item.Kind.PROMO and product_id is None:
        raise UserError("a promotional item names its product", field="product")
    if module_kind and module_kind not in set(ModuleKind):
        raise UserError("choose what the module is for", field="module_kind")
    if not is_language(language):
        raise UserError("give the language as a code such as en", field="language")
    product = directory.product(product_id) if product_id else None
    source = Item.objects.get(id=translated_from) if translated_from else None
    item = Item.objects.create(
        org_id=scope.org_id,
        title=title.strip(),
        kind=kind,
        product=product,
        cobranded=bool(partner_ids) if cobranded is None else cobranded,
        form=Item.Form.MODULE if module_kind else Item.Form.ITEM,
        module_kind=module_kind,
        language=language,
        translated_from=source,
    )
    _add_sides(item, partner_ids)
    ledger.append(
        ledger.Entry(
            "content.item.drafted",
            "content.item",
            item.id,
            {"kind": kind, "product": product_id, "partners": sorted(str(p) for p in partner_ids)},
            counterparty=next(iter(partner_ids), None),
        ),
        at=at,
    )
    return item


def _add_sides(item: Item, partner_ids: Sequence[UUID]) -> None:
    known = {o.id: o.name for o in directory.organisations_visible()}
    for partner_id in dict.fromkeys(partner_ids):
        if partner_id == item.org_id or partner_id not in known:
            raise UserError("choose partners among the organisations you know", field="partners")
        ItemSide.objects.create(org_id=partner_id, item=item, name=known[partner_id])


def add_side(item_id: UUID, partner_id: UUID, *, at: datetime) -> None:
    """Bring in a partner that must approve the item, before anything of it was submitted."""
    scope = current_scope()
    scope.require("content.write")
    lock(f"content.item:{item_id}")
    item = Item.objects.get(id=item_id, org_id=scope.org_id)
    if item.versions.exclude(status=Status.DRAFT).exists():
        raise UserError("a version was already submitted: begin a new item for more parties")
    _add_sides(item, [partner_id])
    item.cobranded = True
    item.save(update_fields=["cobranded"])
    ledger.append(
        ledger.Entry(
            "content.side.added",
            "content.item",
            item.id,
            {"partner": partner_id},
            counterparty=partner_id,
        ),
        at=at,
    )


def save_version(item_id: UUID, words: Words, *, at: datetime) -> Version:
    """Save the words of an item: into its draft, or into a new version.

    HTML is stored as sanitised. Whoever saves is an author from then on, of this version
    and all later ones. Writes the version, its claims and one ledger entry.

    Raises
    ------
    UserError
        If a merge field is unknown, a market is no country, or a claim is not known.
    """
    scope = current_scope()
    scope.require("content.write")
    lock(f"content.item:{item_id}")
    item = Item.objects.get(id=item_id, org_id=scope.org_id)
    words, parts = _assembled(item, words)
    claims = _claims(words)
    _refuse_bad(words)
    versions = list(item.versions.order_by("-number"))
    version = versions[0] if versions and versions[0].status == Status.DRAFT else None
    if version is None:
        version = Version(org_id=scope.org_id, item=item, number=len(versions) + 1)
        version.author_keys = versions[0].author_keys if versions else []
    sign_as_author(version)
    _write(version, words, claims)
    is_next = version._state.adding and bool(versions)
    version.save()
    if is_next:
        carry_parts(version, versions[0])
    version.parts.all().delete()
    VersionPart.objects.bulk_create(
        VersionPart(
            org_id=scope.org_id,
            item=item,
            version=version,
            module_version_id=part.version,
            position=position,
        )
        for position, part in enumerate(parts)
    )
    version.claim_uses.all().delete()
    ClaimUse.objects.bulk_create(
        ClaimUse(org_id=scope.org_id, item=item, version=version, claim=claim) for claim in claims
    )
    _keep_checks(version)
    ledger.append(
        ledger.Entry(
            "content.version.saved",
            "content.version",
            version.id,
            {"item": item.id, "number": version.number, "content_hash": version.content_hash},
        ),
        at=at,
    )
    return version


def _assembled(item: Item, words: Words) -> tuple[Words, list[Part]]:
    """Put the claims of the modules to those named, and compose what has no words of its own."""
    is_module = item.form == Item.Form.MODULE
    if is_module and words.parts:
        raise UserError("a module is not made of modules", field="parts")
    if words.rules and not is_module:
        raise UserError("only a module has rules for what stands beside it", field="rules")
    try:
        parts = parts_named(words.parts)
    except KeyError:
        raise UserError("choose modules from the library", field="parts") from None
    if not parts:
        return words, []
    html, text = compose(parts)
    claims = ClaimUse.objects.filter(version_id__in=words.parts).values_list("claim_id", flat=True)
    return replace(
        words,
        html=words.html if words.html.strip() else html,
        text=words.text if words.text.strip() else text,
        claim_ids=[*words.claim_ids, *claims],
    ), parts


def sign_as_author(version: Version) -> None:
    """Name whoever acts as an author of a version; he cannot approve it."""
    scope = current_scope()
    author = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    version.author, version.author_name = author, author.name if author else scope.actor_name
    if author and author.person_key not in version.author_keys:
        version.author_keys = [*version.author_keys, author.person_key]


def _claims(words: Words) -> list[Claim]:
    wanted = set(words.claim_ids)
    claims = list(Claim.objects.filter(id__in=wanted, org_id=current_scope().org_id).order_by("id"))
    if len(claims) != len(wanted):
        raise UserError("choose claims from the library", field="claims")
    return claims


def _refuse_bad(words: Words) -> None:
    unknown = unknown_fields(words.subject, words.html, words.text)
    if unknown:
        raise UserError(
            f"{', '.join(unknown)}: no such merge field; there are {', '.join(FIELDS)}",
            field="html",
        )
    if not all(is_country(market) for market in words.markets):
        raise UserError("give markets as country codes such as US", field="markets")
    if set(words.audiences) - set(AUDIENCES):
        raise UserError(f"audiences are {', '.join(AUDIENCES)}", field="audiences")
    if set(words.channels) - set(CHANNELS):
        raise UserError(f"channels are {', '.join(CHANNELS)}", field="channels")
    if unknown := unknown_holds(words.holds):
        raise UserError(f"{', '.join(unknown)}: nothing is called so", field="holds")
    if "\n" in words.subject or len(words.subject) > 200:
        raise UserError("a subject is one line of at most 200 characters", field="subject")


def _write(version: Version, words: Words, claims: Sequence[Claim]) -> None:
    version.subject = words.subject.strip()
    version.html = sanitise(words.html)
    version.text = words.text.strip().replace("\r\n", "\n")
    version.markets = sorted(set(words.markets))
    version.audiences = sorted(set(words.audiences))
    version.channels = sorted(set(words.channels))
    version.expires_on = words.expires_on
    version.support_statement = words.support_statement.strip().replace("\r\n", "\n")
    version.holds = sorted(set(words.holds))
    version.rules = words.rules.as_data() if words.rules else {}
    version.content_hash = content_hash(
        subject=version.subject,
        html=version.html,
        text=version.text,
        markets=version.markets,
        audiences=version.audiences,
        channels=version.channels,
        expires_on=version.expires_on,
        support_statement=version.support_statement,
        claims=[(claim.id, claim.text) for claim in claims],
        holds=version.holds,
        parts=list(words.parts),
        rules=version.rules,
    )


def _keep_checks(version: Version) -> None:
    material = material_of(version)
    version.has_unsubscribe_link = has_unsubscribe_link(material)
    version.has_postal_address = has_postal_address(material)
    version.has_support_statement = has_support_statement(material)
    version.is_ad_identified = is_ad_identified(material)
    version.save(
        update_fields=[
            "has_unsubscribe_link",
            "has_postal_address",
            "has_support_statement",
            "is_ad_identified",
        ]
    )
