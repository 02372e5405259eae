"""Operations on hosted pages, their personal links and counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from entente.content import actions
from entente.content.api.shapes import Country, ReasonIn, now, router
from entente.content.reads import hosted as reads
from entente.foundation.web.api_shapes import In
from entente.foundation.web.doors import operation

Slug = Annotated[str, StringConstraints(max_length=80)]


class PublicationIn(In):
    """Where a version is to be read, and what its page asks of readers."""

    sender_id: UUID
    country: Country
    slug: Slug = ""
    language: Annotated[str, StringConstraints(max_length=8)] = "en"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    asks_declaration: bool = False
    takes_registrations: bool = False
    campaign_id: UUID | None = None


class HostedPageOut(Schema):
    """A hosted page as it stands now."""

    id: UUID
    version_id: UUID
    slug: str | None
    state: str
    reason: str
    outcome: str
    decision_id: UUID
    sender_id: UUID
    country: str
    language: str
    asks_declaration: bool
    takes_registrations: bool
    starts_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    ended_reason: str
    counts: dict[str, int]


class LinkIn(In):
    """For whom a personal link is, and how long it holds."""

    hcp_id: UUID
    valid_days: Annotated[int, Field(ge=1, le=365)] = 90


class LinkOut(Schema):
    """A personal link; its path is for the person alone."""

    path: str


class DayOut(Schema):
    """What was counted on one day."""

    on: date
    counts: dict[str, int]


class DaysAsked(In):
    """How many days back."""

    days: Annotated[int, Field(ge=1, le=366)] = 30


def _out(judged: reads.Judged, counts: dict[str, int]) -> dict[str, Any]:
    own = ("state", "reason", "counts")
    kept = {
        name: getattr(judged.page, name) for name in HostedPageOut.model_fields if name not in own
    }
    return {**kept, "state": judged.state, "reason": judged.reason, "counts": counts}


def _one(page_id: UUID) -> dict[str, Any]:
    judged = reads.hosted_page(page_id, now())
    return _out(judged, reads.totals([page_id]).get(page_id, {}))


@router.get("/hosted-pages", response=list[HostedPageOut], summary="Hosted pages")
@operation("content.read")
def hosted_pages(request: HttpRequest) -> Any:
    """Give the pages of one's own items and of joint ones, the latest 200 first."""
    found = reads.hosted_pages(now())
    counts = reads.totals([each.page.id for each in found])
    return [_out(each, counts.get(each.page.id, {})) for each in found]


@router.get("/hosted-pages/{page_id}", response=HostedPageOut, summary="One hosted page")
@operation("content.read")
def hosted_page(request: HttpRequest, page_id: UUID) -> Any:
    """Give one page as it stands, with its counts in all."""
    return _one(page_id)


@router.get("/hosted-pages/{page_id}/days", response=list[DayOut], summary="Its counts by day")
@operation("content.read")
def hosted_days(request: HttpRequest, page_id: UUID, asked: Query[DaysAsked]) -> Any:
    """Give what was counted on each of the last days on which something was."""
    at = now()
    found = reads.by_day(reads.hosted_page(page_id, at).page.id, last=at.date(), n_days=asked.days)
    return [{"on": on, "counts": counts} for on, counts in found.items()]


@router.post(
    "/versions/{version_id}/hosted-pages", response={201: HostedPageOut}, summary="Publish"
)
@operation("content.publish")
def published(request: HttpRequest, version_id: UUID, given: PublicationIn) -> Any:
    """Publish a version on the web; what the gate refers or refuses is kept and answers nobody."""
    wanted = actions.Publication(version_id=version_id, **given.dict())
    return 201, _one(actions.publish_version(wanted, at=now()).id)


@router.post("/hosted-pages/{page_id}/ask-again", response=HostedPageOut, summary="Ask again")
@operation("content.publish")
def asked_again(request: HttpRequest, page_id: UUID) -> Any:
    """Ask the gate anew about a page that waits or was refused."""
    actions.ask_again(page_id, at=now())
    return _one(page_id)


@router.post("/hosted-pages/{page_id}/end", response=HostedPageOut, summary="End a publication")
@operation("content.publish")
def ended(request: HttpRequest, page_id: UUID, given: ReasonIn) -> Any:
    """End a publication; its address and links say so from now on."""
    actions.end_page(page_id, reason=given.reason, at=now())
    return _one(page_id)


@router.post(
    "/hosted-pages/{page_id}/links", response={201: LinkOut}, summary="Make a personal link"
)
@operation("content.publish")
def link_made(request: HttpRequest, page_id: UUID, given: LinkIn) -> Any:
    """Make a link that opens the page for one health professional."""
    return 201, {"path": actions.make_personal_link(page_id, **given.dict(), at=now())}


@router.delete(
    "/hosted-pages/{page_id}/links/{link_id}", response={204: None}, summary="Revoke a link"
)
@operation("content.publish")
def link_revoked(request: HttpRequest, page_id: UUID, link_id: UUID) -> Any:
    """Take a personal link back."""
    actions.revoke_link(page_id, link_id, at=now())
    return 204, None
