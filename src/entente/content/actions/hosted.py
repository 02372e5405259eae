"""Publish a released version on the web, end the publication, make and revoke personal links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from entente.content.actions.who import acting_name
from entente.content.domain.hosting import SLUG, needs_declaration
from entente.content.domain.merge import any_field
from entente.content.models import HostedPage, Item, Version
from entente.content.reads.hosted import KIND, PURPOSE
from entente.directory import reads as directory
from entente.foundation import ledger, links
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.locks import lock
from entente.foundation.models import new_id
from entente.policy.actions import decide
from entente.policy.reads import Decision

CHANNEL = "web"
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
LONGEST_LINK_DAYS = 365
# The purpose of a page, in consent's words.
PURPOSES = {
    Item.Kind.PROMO: "promotion",
    Item.Kind.SCIENTIFIC_EXCHANGE: "medical",
    Item.Kind.RESPONSE: "medical",
}
VERBS = {"PERMIT": "published", "REFER": "referred", "FORBID": "refused"}


@dataclass(frozen=True)
class Publication:
    """Where a version is to be read, from when to when, and what the page asks of its readers.

    Parameters
    ----------
    slug : str
        The public address; empty for a page that only personal links open.
    asks_declaration : bool
        Readers are asked if they are health professionals although the version's audience
        does not need it; where it does, they always are.
    """

    version_id: UUID
    sender_id: UUID
    country: str
    slug: str = ""
    language: str = "en"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    asks_declaration: bool = False
    takes_registrations: bool = False
    campaign_id: UUID | None = None


def publish_version(wanted: Publication, *, at: datetime) -> HostedPage:
    """Publish a version on the web, if the gate permits it.

    Guarded by the gate's decision on the act ``publication``, which is kept with the page
    whatever it says: a page that is referred or refused is there and answers nobody. An
    address that showed an earlier version of the item goes over to this one. Writes the page,
    the decision and one ledger entry per party.

    Raises
    ------
    UserError
        If the version is not for the web or the country, holds merge fields, the sender is
        not the organisation's, or the address is taken.
    """
    scope = current_scope()
    scope.require("content.publish")
    # A withdrawal takes the same lock: whichever comes second sees the other.
    lock(f"content.version:{wanted.version_id}")
    version = Version.objects.select_related("item").get(id=wanted.version_id, org_id=scope.org_id)
    _refuse_unfit(wanted, version, at)
    page = HostedPage(
        id=new_id(),
        org_id=scope.org_id,
        item=version.item,
        version=version,
        slug=wanted.slug or None,
        sender_id=wanted.sender_id,
        country=wanted.country,
        language=wanted.language,
        campaign_id=wanted.campaign_id,
        asks_declaration=wanted.asks_declaration or needs_declaration(version.audiences),
        takes_registrations=wanted.takes_registrations,
        starts_at=wanted.starts_at or at,
        ends_at=wanted.ends_at,
        published_at=at,
        published_by_name=acting_name(),
    )
    _ask(page, at, actor_id=scope.actor_id)
    if page.outcome != Decision.Outcome.FORBID:
        _free_address(page, at)
    try:
        with transaction.atomic():
            page.save(force_insert=True)
    except IntegrityError:
        raise UserError("this address is taken; choose another", field="slug") from None
    _record(page, f"content.page.{VERBS[page.outcome]}", {"slug": wanted.slug}, at)
    return page


def ask_again(page_id: UUID, *, at: datetime) -> HostedPage:
    """Ask the gate anew about a page that was referred or refused, after somebody answered.

    Writes the decision, the page and one ledger entry per party.

    Raises
    ------
    UserError
        If the page was permitted or has ended.
    """
    scope = current_scope()
    scope.require("content.publish")
    lock(f"content.page:{page_id}")
    page = HostedPage.objects.select_related("item", "version", "decision").get(
        id=page_id, org_id=scope.org_id
    )
    if page.outcome == Decision.Outcome.PERMIT or page.ended_at:
        raise UserError("the gate was asked about this page and has answered")
    # After an answer a job asks, still on behalf of whoever wanted to publish.
    _ask(page, at, actor_id=scope.actor_id or page.decision.actor_id)
    try:
        with transaction.atomic():
            page.save(update_fields=["decision", "outcome"])
    except IntegrityError:
        raise UserError("meanwhile another page has this address; end that one first") from None
    _record(page, f"content.page.{VERBS[page.outcome]}", {"again": True}, at)
    return page


def end_page(page_id: UUID, *, reason: str, at: datetime) -> HostedPage:
    """End a publication: from now on the address says that it ended.

    Its personal links end with it. Writes the page and one ledger entry per party.

    Raises
    ------
    UserError
        If there is no reason, or it has ended before.
    """
    scope = current_scope()
    scope.require("content.publish")
    lock(f"content.page:{page_id}")
    page = HostedPage.objects.select_related("item").get(id=page_id, org_id=scope.org_id)
    if not reason.strip():
        raise UserError("say why, so that it can be told later", field="reason")
    if page.ended_at:
        raise UserError("this publication has ended already")
    _end(page, reason.strip(), at)
    return page


def make_personal_link(page_id: UUID, *, hcp_id: UUID, valid_days: int, at: datetime) -> str:
    """Make a link that opens a page for one HCP, and give its path.

    Who opens it is not counted by person: a count per person needs that person's consent,
    and there is no purpose of consent for it. Writes the link and one ledger entry.

    Raises
    ------
    UserError
        If the page has ended or the link would hold longer than a year.
    """
    scope = current_scope()
    scope.require("content.publish")
    page = HostedPage.objects.get(id=page_id, org_id=scope.org_id)
    if page.ended_at:
        raise UserError("this publication has ended")
    if not 1 <= valid_days <= LONGEST_LINK_DAYS:
        raise UserError(f"a link holds for 1 to {LONGEST_LINK_DAYS} days", field="valid_days")
    person = directory.hcp(hcp_id)
    token = links.make_link(
        PURPOSE,
        person_id=person.id,
        object_kind=KIND,
        object_id=page.id,
        at=at,
        valid_days=valid_days,
    )
    details = {"hcp": person.id, "valid_days": valid_days}
    ledger.append(ledger.Entry("content.link.made", KIND, page.id, details), at=at)
    return f"/hl/{token}/"


def revoke_link(page_id: UUID, link_id: UUID, *, at: datetime) -> None:
    """Take a personal link back: it says so from now on. Writes one ledger entry.

    Raises
    ------
    UserError
        If no such link to this page is open.
    """
    scope = current_scope()
    scope.require("content.publish")
    if not links.revoke_link(link_id, object_kind=KIND, object_id=page_id, at=at):
        raise UserError("this link is not open any more")
    ledger.append(ledger.Entry("content.link.revoked", KIND, page_id, {"link": link_id}), at=at)


def _refuse_unfit(wanted: Publication, version: Version, at: datetime) -> None:
    if CHANNEL not in version.channels:
        raise UserError("this version is not meant for the web; write one whose channels name it")
    if any_field(version.subject, version.html):
        raise UserError(
            "this version holds merge fields, and a page has no recipient whose name could stand"
            " there; write one without them"
        )
    if wanted.country not in version.markets:
        raise UserError(f"choose one of {', '.join(version.markets)}", field="country")
    if not LANGUAGE.fullmatch(wanted.language):
        raise UserError("give the language as a code such as de or pt-BR", field="language")
    if wanted.slug and not SLUG.fullmatch(wanted.slug):
        raise UserError("an address has 3 to 80 small letters, digits and hyphens", field="slug")
    own = {entity.id for entity in directory.legal_entities(version.org_id)}
    if wanted.sender_id not in own:
        raise UserError("choose a legal entity of your organisation", field="sender")
    if wanted.ends_at and wanted.ends_at <= (wanted.starts_at or at):
        raise UserError("the end lies after the beginning", field="ends_at")


def _ask(page: HostedPage, at: datetime, *, actor_id: UUID | None) -> None:
    act = Act(
        type="publication",
        at=at,
        channel=CHANNEL,
        purpose=PURPOSES.get(Item.Kind(page.item.kind), "education"),
        controller_id=page.sender_id,
        version_id=page.version_id,
        campaign_id=page.campaign_id,
        object_id=page.id,
        actor_id=actor_id,
        country=page.country,
        given={
            "action.sender_role": "marketing",
            "action.promotional": page.item.kind == Item.Kind.PROMO,
        },
    )
    page.decision = decide(act, object_kind=KIND, object_id=page.id)
    page.outcome = page.decision.outcome


def _free_address(page: HostedPage, at: datetime) -> None:
    """End the item's page that has the address now; readers of the address get the new words."""
    before = HostedPage.objects.filter(
        org_id=page.org_id,
        item_id=page.item_id,
        slug=page.slug,
        ended_at__isnull=True,
    ).exclude(outcome=Decision.Outcome.FORBID)
    for old in before if page.slug else ():
        _end(old, f"replaced by version {page.version.number}", at)


def _end(page: HostedPage, reason: str, at: datetime) -> None:
    page.ended_at, page.ended_reason, page.ended_by_name = at, reason, acting_name()
    page.save(update_fields=["ended_at", "ended_reason", "ended_by_name"])
    _record(page, "content.page.ended", {"reason": reason}, at)


def _record(page: HostedPage, verb: str, details: dict[str, object], at: datetime) -> None:
    partners: Sequence[UUID | None] = list(page.item.sides.values_list("org_id", flat=True))
    told = {"version": page.version_id, "outcome": page.outcome, **details}
    ledger.append_many(
        [
            ledger.Entry(verb, KIND, page.id, told, counterparty=partner, decision=page.decision_id)
            for partner in partners or [None]
        ],
        at=at,
    )
