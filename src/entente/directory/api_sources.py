"""Operations on sources: how good each is, how far it is believed, what its licence allows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from entente.directory import actions
from entente.directory.domain.sources import FULL_BP
from entente.directory.reads import sources as reads
from entente.foundation.web.api_shapes import In
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])
Trust = Annotated[int, Field(ge=0, le=100)]
Allows = Annotated[str, StringConstraints(pattern=r"^(internal|partners|public)$")]
Name = Annotated[str, StringConstraints(max_length=32)]


class SourceIn(In):
    """What the company says of a source; the bar in hundredths of a per cent."""

    trust: Trust
    licence: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    allows: Allows
    bar_bp: Annotated[int, Field(ge=0, le=FULL_BP)]
    field_trust: Annotated[dict[Name, Trust], Field(max_length=50)] = {}
    field_allows: Annotated[dict[Name, Allows], Field(max_length=50)] = {}


class SourceOut(Schema):
    """A source with what its loads came to; shares in hundredths of a per cent."""

    key: str
    name: str
    trust: int
    licence: str
    allows: str
    bar_bp: int
    field_trust: dict[str, int]
    field_allows: dict[str, str]
    score_bp: int | None
    n_loads: int
    last_load_id: UUID | None
    last_loaded_at: datetime | None
    n_last_read: int
    n_last_refused: int
    is_used: bool
    not_used_because: str
    last_load_not_used_because: str


def source_out(seen: reads.SourceSeen) -> dict[str, Any]:
    """Give a source in the shape of ``SourceOut``."""
    source = seen.source
    return {
        "key": source.key, "name": source.name, "trust": source.trust, "licence": source.licence,
        "allows": source.allows, "bar_bp": source.bar_bp, "field_trust": dict(source.field_trust),
        "field_allows": dict(source.field_allows), "score_bp": seen.score_bp,
        "n_loads": seen.n_loads, "last_load_id": seen.last_id, "last_loaded_at": seen.last_at,
        "n_last_read": seen.last_read, "n_last_refused": seen.last_refused,
        "is_used": seen.is_used, "not_used_because": seen.why_not,
        "last_load_not_used_because": seen.last_not_used,
    }  # fmt: skip


def _seen(key: str) -> dict[str, Any]:
    seen = reads.source_seen(key)
    if seen is None:
        raise Http404
    return source_out(seen)


@router.get("/sources", response=list[SourceOut])
@operation("directory.import")
def list_sources(request: HttpRequest) -> Any:
    """List the sources, the most trusted first, with what their loads came to."""
    return [source_out(each) for each in reads.sources()]


@router.get("/sources/{key}", response=SourceOut)
@operation("directory.import")
def get_source(request: HttpRequest, key: Name) -> Any:
    """Give one source."""
    return _seen(key)


@router.put("/sources/{key}", response=SourceOut)
@operation("source.write")
def describe_source(request: HttpRequest, key: Name, given: SourceIn) -> Any:
    """Say how far a source is believed, what its licence allows and where its bar lies."""
    _seen(key)
    actions.describe_source(key, actions.Terms(**given.dict()), at=datetime.now(UTC))
    return _seen(key)
