"""Operations on the words people are asked with, on topics, and on what countries ask."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from entente.consent import actions, reads
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, listing
from entente.foundation.web.doors import operation

router = Router(tags=["consent"])
Code = Annotated[str, StringConstraints(max_length=16)]
Words = Annotated[str, StringConstraints(max_length=64)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Codes = Annotated[list[Code], Field(max_length=20)]
Ids = Annotated[list[UUID], Field(max_length=200)]


class WordingIn(In):
    """A new version of the words, and what they show; all channels and purposes by default."""

    version: Words
    country: Country
    language: Code
    text: LongText
    controller_id: UUID | None = None
    controllers: Ids = []
    channels: Codes = list(actions.ALL_CHANNELS)
    purposes: Codes = list(actions.ALL_PURPOSES)
    topics: Ids = []


class WordingOut(Schema):
    """A version of the words, what they show, and how many permissions were given with it."""

    id: UUID
    version: str
    country: str
    language: str
    text: str
    status: str
    controller_id: UUID | None
    controllers: list[UUID]
    channels: list[str]
    purposes: list[str]
    topics: list[UUID]
    activated_at: datetime | None
    retired_at: datetime | None
    n_captures: int = 0


class TopicIn(In):
    """A name for a topic."""

    name: Annotated[str, StringConstraints(max_length=120)]


class TopicOut(Schema):
    """A topic that people choose or refuse."""

    id: UUID
    name: str
    retired_at: datetime | None


class CountryRuleIn(In):
    """What permissions on a channel need in a country, from now on."""

    country: Country
    channel: Code
    keeps_months: Annotated[int, Field(ge=1, le=120)] | None
    needs_own_wording: bool
    needs_confirmation: bool


class CountryRuleOut(Schema):
    """What permissions on a channel need in a country."""

    country: str
    channel: str
    keeps_months: int | None
    needs_own_wording: bool
    needs_confirmation: bool
    set_at: datetime


@router.get("/wordings", response=Listing[WordingOut])
@operation("wording.read")
def list_wordings(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List the versions of the words."""
    return listing(reads.wordings(), ("version", "id"), asked)


@router.post("/wordings", response={201: WordingOut})
@operation("wording.write")
def add_wording(request: HttpRequest, given: WordingIn) -> Any:
    """Write a new version of the words."""
    values = given.dict()
    shown = actions.Shown(
        **{name: values.pop(name) for name in ("controllers", "channels", "purposes", "topics")}
    )
    return 201, actions.stage_wording(**values, shown=shown, at=datetime.now(UTC))


@router.get("/wordings/{uuid:wording_id}", response=WordingOut)
@operation("wording.read")
def get_wording(request: HttpRequest, wording_id: UUID) -> Any:
    """Give one version of the words."""
    return reads.wording(wording_id)


@router.post("/wordings/{uuid:wording_id}/activate", response=WordingOut)
@operation("wording.write")
def activate_wording(request: HttpRequest, wording_id: UUID) -> Any:
    """Put a version into use in place of the one before it; not by whoever wrote it."""
    return actions.activate_wording(wording_id, at=datetime.now(UTC))


@router.post("/wordings/{uuid:wording_id}/retire", response={204: None})
@operation("wording.write")
def retire_wording(request: HttpRequest, wording_id: UUID) -> Any:
    """Take a version out of use."""
    actions.retire_wording(wording_id, at=datetime.now(UTC))
    return 204, None


@router.get("/topics", response=list[TopicOut])
@operation("consent.read")
def list_topics(request: HttpRequest) -> Any:
    """List the topics on offer."""
    return reads.topics()


@router.post("/topics", response={201: TopicOut})
@operation("wording.write")
def add_topic(request: HttpRequest, given: TopicIn) -> Any:
    """Name a topic."""
    return 201, actions.add_topic(given.name, at=datetime.now(UTC))


@router.post("/topics/{uuid:topic_id}/retire", response={204: None})
@operation("wording.write")
def retire_topic(request: HttpRequest, topic_id: UUID) -> Any:
    """Offer a topic no more."""
    actions.retire_topic(topic_id, at=datetime.now(UTC))
    return 204, None


@router.get("/country-rules", response=list[CountryRuleOut])
@operation("wording.read")
def list_country_rules(request: HttpRequest) -> Any:
    """List what was set for countries; elsewhere the defaults hold."""
    return reads.country_rules()


@router.post("/country-rules", response={201: CountryRuleOut})
@operation("retention.write")
def set_country_rule(request: HttpRequest, given: CountryRuleIn) -> Any:
    """Set what permissions on a channel need in a country."""
    return 201, actions.set_country_rule(**given.dict(), at=datetime.now(UTC))
