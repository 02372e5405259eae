"""Hosted pages: how each stands at a moment, how often it was read, and what leads to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Sum

from entente.content.domain.hosting import Facts, state_of
from entente.content.domain.performance import in_steps
from entente.content.models import ClaimUse, HostedCount, HostedPage, Registration, Superseded
from entente.content.reads.release import why_not_released
from entente.directory import reads as directory
from entente.directory.domain.cohorts import LEAST
from entente.foundation.access.scope import current_scope
from entente.foundation.links import links_to
from entente.foundation.models import SignedLink

PURPOSE = "hosted"
KIND = "content.hosted_page"


@dataclass(frozen=True)
class Judged:
    """A page with its state and, where it is gone, the reason's code."""

    page: HostedPage
    state: str
    reason: str

    @property
    def is_live(self) -> bool:
        """Whether it answers."""
        return self.state == "live"

    @property
    def is_hidden(self) -> bool:
        """Whether it answers like an address that never was."""
        return self.state in ("waiting", "refused", "planned")


def door_of(slug: str) -> tuple[UUID, UUID] | None:
    """Give organisation and page behind an address, for somebody who has no account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT org_id, page_id FROM app.hosted_door(%s)", [slug])
        row = cursor.fetchone()
    return None if row is None else (row[0], row[1])


def page_rows(at: datetime) -> QuerySet[HostedPage]:
    """Select the pages that one may see, with what is wrong with their claims at a moment."""
    uses = ClaimUse.objects.filter(version=OuterRef("version_id"))
    found: QuerySet[Any] = HostedPage.objects.select_related("version", "item", "sender").annotate(
        has_withdrawn_claim=Exists(uses.filter(claim__withdrawn_at__isnull=False)),
        has_expired_claim=Exists(uses.filter(claim__expires_on__lt=at.date())),
        # A later version may have taken this one's place in the page's country alone.
        is_replaced=Exists(
            Superseded.objects.filter(
                version=OuterRef("version_id"), market=OuterRef("country"), at__lte=at
            )
        ),
    )
    return found


def judge(page: HostedPage, at: datetime) -> Judged:
    """Judge one page of `page_rows` at the moment for which it was asked."""
    version = page.version
    is_replaced = version.status == "approved" and page.is_replaced  # type: ignore[attr-defined]
    facts = Facts(
        status="superseded" if is_replaced else version.status,
        is_expired=(version.released_until or version.expires_on) < at.date(),
        has_withdrawn_claim=page.has_withdrawn_claim,  # type: ignore[attr-defined]
        has_expired_claim=page.has_expired_claim,  # type: ignore[attr-defined]
        outcome=page.outcome,
        starts_at=page.starts_at,
        ends_at=page.ends_at,
        ended_at=page.ended_at,
    )
    return Judged(page, *state_of(facts, at))


def hosted_page(page_id: UUID, at: datetime) -> Judged:
    """Give one page as it stands.

    Raises
    ------
    HostedPage.DoesNotExist
    """
    return judge(page_rows(at).get(id=page_id), at)


def hosted_pages(at: datetime, *, version_id: UUID | None = None, limit: int = 200) -> list[Judged]:
    """Give the pages that one may see, the latest first."""
    found = page_rows(at)
    if version_id is not None:
        found = found.filter(version_id=version_id)
    return [judge(page, at) for page in found.order_by("-id")[:limit]]


def for_visitor(page_id: UUID, at: datetime) -> Judged:
    """Give a page as a reader gets it: live only if bytes and signatures hold at this moment.

    Raises
    ------
    HostedPage.DoesNotExist
    """
    judged = hosted_page(page_id, at)
    if judged.is_live and why_not_released(judged.page.version, at=at):
        return Judged(judged.page, "gone", "void")
    return judged


def totals(page_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Count what happened on pages with one query; of others' pages as ``in_steps`` says."""
    rows = (
        HostedCount.objects.filter(page_id__in=list(page_ids))
        .values("page_id", "org_id", "what")
        .annotate(total=Sum("n"))
    )
    found: dict[UUID, dict[str, int]] = {}
    owners: dict[UUID, UUID] = {}
    for row in rows:
        found.setdefault(row["page_id"], {})[row["what"]] = int(row["total"])
        owners[row["page_id"]] = row["org_id"]
    return {page: _as_told(counts, owners[page]) for page, counts in found.items()}


def _as_told(counts: dict[str, int], owner: UUID) -> dict[str, int]:
    return counts if owner == current_scope().org_id else in_steps(counts, LEAST)


def by_day(page_id: UUID, *, last: date, n_days: int = 30) -> dict[date, dict[str, int]]:
    """Count what happened on a page on each of its last days; days with nothing are left out.

    Of another's page as ``in_steps`` says.
    """
    first = date.fromordinal(last.toordinal() - n_days + 1)
    rows = HostedCount.objects.filter(page_id=page_id, on__range=(first, last)).order_by("on")
    found: dict[date, dict[str, int]] = {}
    owner = None
    for row in rows:
        found.setdefault(row.on, {})[row.what] = row.n
        owner = row.org_id
    return {on: _as_told(counts, owner) for on, counts in found.items()} if owner else {}


def links_of(page_id: UUID) -> list[tuple[SignedLink, str]]:
    """Give the personal links to a page, each with whom it was made for."""
    links = links_to(object_kind=KIND, object_id=page_id)
    people = directory.hcps([link.person_id for link in links])
    return [
        (link, people[link.person_id].display_name if link.person_id in people else "")
        for link in links
    ]


def registrations_of(page_id: UUID, *, limit: int = 500) -> list[Registration]:
    """Give who asked to be told more, the latest first."""
    return list(Registration.objects.filter(page_id=page_id).order_by("-id")[:limit])


def registrations_before(moment: datetime) -> Collection[UUID]:
    """Give the registrations made before a moment, for retention."""
    rows = Registration.objects.filter(registered_at__lt=moment)
    return list(rows.values_list("id", flat=True))


def oldest_registration() -> datetime | None:
    """Give when the oldest registration still held was made, if any is."""
    rows = Registration.objects.order_by("registered_at")
    return rows.values_list("registered_at", flat=True).first()


def registrations_by(person_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give what a person left on pages that a personal link opened, for an export."""
    return [
        {
            "page": row.page.version.subject,
            "name": row.name,
            "email": row.email,
            "words": row.words,
            "registered_at": row.registered_at,
        }
        for row in Registration.objects.filter(person_id=person_id)
        .select_related("page__version")
        .order_by("registered_at", "id")
    ]
