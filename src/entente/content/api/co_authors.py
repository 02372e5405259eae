"""Operations on the co-authors of an item."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema
from pydantic import StringConstraints

from entente.content import actions, reads
from entente.content.actions import Authorship
from entente.content.api.shapes import ReasonIn, now, router
from entente.content.reads import co_authors
from entente.foundation.web.api_shapes import In, Text
from entente.foundation.web.doors import operation


class CoAuthorIn(In):
    """A co-author with the terms."""

    name: Text
    part: Annotated[str, StringConstraints(max_length=300)]
    rights: Annotated[str, StringConstraints(max_length=500)]
    agreement: Text
    used_until: date
    interests: Annotated[str, StringConstraints(max_length=5_000)] = ""
    hcp_id: UUID | None = None


class CoAuthorOut(Schema):
    """A co-author; ``item_id`` may be that of a module which the version holds."""

    id: UUID
    item_id: UUID
    name: str
    hcp_id: UUID | None
    part: str
    rights: str
    agreement: str
    used_until: date
    interests: str
    ended_at: datetime | None
    ended_because: str


class RenewIn(In):
    """Until when, and under which agreement."""

    used_until: date
    agreement: Text


class EndedOut(Schema):
    """The recalls that an end of rights began."""

    recall_ids: list[UUID]


@router.get(
    "/versions/{version_id}/co-authors", response=list[CoAuthorOut], summary="Its co-authors"
)
@operation("content.read")
def co_authors_of_version(request: HttpRequest, version_id: UUID) -> Any:
    """Give the co-authors whose part a version holds."""
    return co_authors.co_authors_of(reads.version(version_id))


@router.post("/items/{item_id}/co-authors", response={201: CoAuthorOut}, summary="Add a co-author")
@operation("content.write")
def co_author_added(request: HttpRequest, item_id: UUID, given: CoAuthorIn) -> Any:
    """Put a co-author on an item; no version of it is valid longer than the rights."""
    return 201, actions.add_co_author(item_id, Authorship(**given.dict()), at=now())


@router.post("/co-authors/{co_author_id}/renew", response=CoAuthorOut, summary="Renew the rights")
@operation("content.write")
def rights_renewed(request: HttpRequest, co_author_id: UUID, given: RenewIn) -> Any:
    """Record that the part may be used longer."""
    return actions.renew_rights(co_author_id, at=now(), **given.dict())


@router.post("/co-authors/{co_author_id}/end", response=EndedOut, summary="End the rights")
@operation("content.write")
def rights_ended(request: HttpRequest, co_author_id: UUID, given: ReasonIn) -> Any:
    """End rights before their day: what holds the part is withdrawn."""
    begun = actions.end_rights(co_author_id, reason=given.reason, at=now())
    return {"recall_ids": [each.id for each in begun]}
