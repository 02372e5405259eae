"""Operations on what came back for e-mails, and on the doors of mail services."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from entente.engagement.actions import add_mail_hook, end_mail_hook, release_address
from entente.engagement.models import MailEvent, MailHook
from entente.engagement.reads import mail_events as reads
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])


class MailEventOut(Schema):
    """One thing that a mail service told; an open names no send."""

    id: UUID
    provider: str
    kind: str
    happened_at: datetime
    heard_at: datetime
    send_id: UUID | None
    version_id: UUID | None
    campaign_id: UUID | None
    found_by: str
    address_shown: str
    message_ref: str
    group: str
    url: str
    agent: str
    said: str
    stops_address: bool
    machine_rule: str
    refused_field: str
    refused_because: str


class MailEventsAsked(Asked):
    """Which events."""

    kind: Text = ""
    by: Text = ""
    state: Text = ""
    send_id: UUID | None = None
    campaign_id: UUID | None = None


class CountsAsked(In):
    """Of which campaign; of all without one."""

    campaign_id: UUID | None = None


class CameOut(Schema):
    """What came back, as numbers; programs apart from people, opens of nobody."""

    delivered: int
    bounced: int
    opt_outs: int
    clicked: int
    clicks: int
    machine_clicks: int
    opens: int
    machine_opens: int


class ReleaseIn(In):
    """Why an address may be written to again."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class HookOut(Schema):
    """A door of a mail service; its key is never told."""

    id: UUID
    provider: str
    address: str
    key_mark: str
    made_at: datetime
    made_by_name: str
    ended_at: datetime | None
    last_heard_at: datetime | None


class HookIn(In):
    """Which mail service, and the key that proves what it tells."""

    provider: Text
    key: str = Field(min_length=1, max_length=1_000)


@router.get("/mail-events", response=Listing[MailEventOut], summary="What came back for e-mails")
@operation("send.read")
def mail_events(request: HttpRequest, asked: Query[MailEventsAsked]) -> Any:
    """Give what mail services told, the latest first."""
    for name, allowed in (
        ("kind", MailEvent.Kind.values),
        ("by", [value for value, _ in reads.WHO]),
        ("state", [value for value, _ in reads.STATES]),
    ):
        given = getattr(asked, name)
        if given and given not in allowed:
            raise UserError(f"{name} is one of {', '.join(allowed)}", field=name)
    found = reads.mail_events(
        kind=asked.kind,
        by=asked.by,
        state=asked.state,
        send_id=asked.send_id,
        campaign_id=asked.campaign_id,
    )
    return listing(found, reads.ORDER, asked)


@router.get("/mail-events/counts", response=CameOut, summary="Counts of what came back")
@operation("send.read")
def mail_counts(request: HttpRequest, asked: Query[CountsAsked]) -> Any:
    """Give what came back as numbers, for a campaign or for all."""
    return vars(reads.came_back(asked.campaign_id))


@router.get("/mail-events/{uuid:event_id}", response=MailEventOut, summary="One mail event")
@operation("send.read")
def mail_event(request: HttpRequest, event_id: UUID) -> Any:
    """Give one event."""
    return reads.mail_event(event_id)


@router.post(
    "/mail-events/{uuid:event_id}/release",
    response={201: MailEventOut},
    summary="Let an address be written to again",
)
@operation("consent.capture")
def address_released(request: HttpRequest, event_id: UUID, given: ReleaseIn) -> Any:
    """Let the address of an event be written to again; it gives no permission."""
    release_address(event_id, reason=given.reason, at=datetime.now(UTC))
    return 201, reads.mail_event(event_id)


def _hook(hook: MailHook, last: datetime | None) -> dict[str, Any]:
    told = {n: getattr(hook, n) for n in HookOut.model_fields if hasattr(hook, n)}
    address = reverse("engagement:hook_door", args=[hook.provider, hook.id])
    return told | {"address": settings.SITE_URL + address, "last_heard_at": last}


@router.get("/mail-hooks", response=list[HookOut], summary="Doors of mail services")
@operation("response.record")
def mail_hooks(request: HttpRequest) -> Any:
    """Give the addresses at which mail services tell their events, without the keys."""
    return [_hook(hook, last) for hook, last in reads.hooks()]


@router.post("/mail-hooks", response={201: HookOut}, summary="Let a mail service tell its events")
@operation("response.record")
def mail_hook_added(request: HttpRequest, given: HookIn) -> Any:
    """Make an address for a mail service; the key is sealed and never told again."""
    return 201, _hook(add_mail_hook(**given.model_dump(), at=datetime.now(UTC)), None)


@router.post("/mail-hooks/{uuid:hook_id}/end", response={204: None}, summary="End a door")
@operation("response.record")
def mail_hook_ended(request: HttpRequest, hook_id: UUID) -> Any:
    """End an address: nothing is heard there any more."""
    end_mail_hook(hook_id, at=datetime.now(UTC))
    return 204, None
