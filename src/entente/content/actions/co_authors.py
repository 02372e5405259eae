"""Co-authors of an item: added, their rights renewed, their rights ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from entente.content.actions.recall import version_lock, withdraw_version
from entente.content.actions.who import acting_name
from entente.content.domain.states import Status
from entente.content.models import CoAuthor, Item, PrintRun, Recall, Version
from entente.content.reads.co_authors import released_longest, versions_holding
from entente.directory import reads as directory
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock

LONGEST = {"name": 200, "part": 300, "rights": 500, "agreement": 200}
_ASKED = {
    "name": "name the co-author",
    "part": "say which part is the co-author's",
    "rights": "say what the co-author lets be done with it",
    "agreement": "give the reference of the agreement",
}


@dataclass(frozen=True)
class Authorship:
    """Who wrote which part of an item, and on which terms it may be used."""

    name: str
    part: str
    rights: str
    agreement: str
    used_until: date
    interests: str = ""
    hcp_id: UUID | None = None


def add_co_author(item_id: UUID, given: Authorship, *, at: datetime) -> CoAuthor:
    """Put a co-author on an item; no version of it is used longer than the rights last.

    Writes the co-author and one ledger entry per party of the item.

    Raises
    ------
    UserError
        If something is missing, the last day is over or earlier than that of a released
        version, a version is in review, or the person is not in the directory.
    Item.DoesNotExist
    """
    current_scope().require("content.write")
    item = _own_item(item_id)
    words = {name: _words(given, name) for name in LONGEST}
    if len(given.interests) > 5_000:
        raise UserError("declare the interests in at most 5,000 characters", field="interests")
    if given.used_until < at.date():
        raise UserError("the last day is today or later", field="used_until")
    if given.hcp_id is not None and given.hcp_id not in directory.hcps([given.hcp_id]):
        raise UserError("choose a person from the directory", field="hcp")
    _refuse_in_review(item)
    longest = released_longest(item.id)
    if longest and given.used_until < longest[1]:
        version, last_day = longest
        raise UserError(
            f"{version.item.title}, version {version.number}, is released until {last_day}:"
            " withdraw it first, or agree on that day",
            field="used_until",
        )
    made = CoAuthor.objects.create(
        org_id=item.org_id,
        item=item,
        hcp_id=given.hcp_id,
        used_until=given.used_until,
        interests=given.interests.strip(),
        **words,
    )
    _tell(item, "content.co_author.added", made, {"used_until": made.used_until}, at)
    return made


def _words(given: Authorship, name: str) -> str:
    words = " ".join(str(getattr(given, name)).split())
    if not words or len(words) > LONGEST[name]:
        raise UserError(f"{_ASKED[name]}, in at most {LONGEST[name]} characters", field=name)
    return words


def _own_item(item_id: UUID) -> Item:
    """Lock an item and all that holds its words, so that nothing of it is submitted meanwhile."""
    lock(f"content.item:{item_id}")
    item = Item.objects.get(id=item_id, org_id=current_scope().org_id)
    live = versions_holding(item.id).exclude(status__in=[Status.REJECTED, Status.CANCELLED])
    lock(*(version_lock(each) for each in live.values_list("id", flat=True)))
    return item


def _refuse_in_review(item: Item) -> None:
    version = versions_holding(item.id).filter(status=Status.IN_REVIEW).first()
    if version:
        raise UserError(
            f"{version.item.title}, version {version.number}, is in review: co-authors do not"
            " change until it is decided"
        )


def renew_rights(co_author_id: UUID, *, used_until: date, agreement: str, at: datetime) -> CoAuthor:
    """Record that a co-author's rights last longer, and under which agreement.

    Versions already released keep their last day; new ones may last longer.

    Raises
    ------
    UserError
        If the day is not later than before, no agreement is named, a version is in review, or
        the rights have ended.
    CoAuthor.DoesNotExist
    """
    found = _own_co_author(co_author_id)
    words = " ".join(agreement.split())
    if not words or len(words) > LONGEST["agreement"]:
        raise UserError("give the reference of the agreement", field="agreement")
    if used_until <= found.used_until:
        raise UserError(
            f"give a day after {found.used_until}; rights that end sooner are ended on their day",
            field="used_until",
        )
    _refuse_in_review(found.item)
    before, found.used_until, found.agreement = found.used_until, used_until, words
    found.save(update_fields=["used_until", "agreement"])
    details = {"before": before, "used_until": used_until}
    _tell(found.item, "content.co_author.renewed", found, details, at)
    return found


def end_rights(co_author_id: UUID, *, reason: str, at: datetime) -> list[Recall]:
    """End a co-author's rights before their day: nothing that holds the part leaves any more.

    Every version of the item that is released or in review is withdrawn, and earlier ones of
    which printed copies are out; with a module, all that holds it. Writes the end, a recall per
    version, and their ledger entries.

    Raises
    ------
    UserError
        If there is no reason, or the rights have ended already.
    CoAuthor.DoesNotExist
    """
    found = _own_co_author(co_author_id)
    if not reason.strip():
        raise UserError("say why, so that the other party can act on it", field="reason")
    begun = [
        withdraw_version(version_id, reason=reason, cause=Recall.Cause.RIGHTS, at=at)
        for version_id in _still_used(found.item_id)
    ]
    found.ended_at, found.ended_because = at, reason.strip()
    found.ended_by_name = acting_name()
    found.save(update_fields=["ended_at", "ended_because", "ended_by_name"])
    details = {"recalls": [each.id for each in begun]}
    _tell(found.item, "content.co_author.ended", found, details, at)
    return begun


def _own_co_author(co_author_id: UUID) -> CoAuthor:
    scope = current_scope()
    scope.require("content.write")
    item_id = CoAuthor.objects.values_list("item_id", flat=True).get(
        id=co_author_id, org_id=scope.org_id
    )
    _own_item(item_id)
    found = CoAuthor.objects.select_related("item").get(id=co_author_id)
    if found.ended_at:
        raise UserError(f"the rights of {found.name} ended on {found.ended_at:%Y-%m-%d}")
    return found


def _still_used(item_id: UUID) -> list[UUID]:
    printed = PrintRun.objects.filter(version=OuterRef("pk"))
    return list(
        Version.objects.filter(
            Q(status__in=[Status.IN_REVIEW, Status.APPROVED])
            | Q(Exists(printed), status=Status.SUPERSEDED),
            item_id=item_id,
        )
        .order_by("number")
        .values_list("id", flat=True)
    )


def _tell(
    item: Item, verb: str, found: CoAuthor, details: Mapping[str, object], at: datetime
) -> None:
    others: list[UUID | None] = [*item.sides.order_by("org_id").values_list("org_id", flat=True)]
    told = {"co_author": found.id, **details}
    ledger.append_many(
        [
            ledger.Entry(verb, "content.item", item.id, told, counterparty=other)
            for other in others or [None]
        ],
        at=at,
    )
