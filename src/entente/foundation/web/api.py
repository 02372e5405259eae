"""Operations that belong to no room: myself, tokens, search, evidence, outbox."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.foundation.errors import UserError
from entente.foundation.models import ApiToken, OutboxMessage, User
from entente.foundation.outbox.deliver import retry_parked
from entente.foundation.web import evidence, pages, pages_outbox
from entente.foundation.web.api_people import router as people_router
from entente.foundation.web.api_shapes import Asked, In, Listing, Text, listing
from entente.foundation.web.doors import operation
from entente.foundation.web.lists import part_of
from entente.foundation.web.tokens import make_token, revoke_token

router = Router(tags=["foundation"])
router.add_router("", people_router)


class MeOut(Schema):
    """Who asks."""

    id: UUID
    name: str
    email: str
    organisation: str
    is_host: bool
    roles: list[str]
    may: list[str]


class TokenIn(In):
    """What a token is for."""

    name: Text


class TokenOut(Schema):
    """A token, without its secret."""

    id: UUID
    name: str
    prefix: str
    expires_at: datetime


class TokenMade(Schema):
    """A token's secret, for the only time."""

    token: str


class HitOut(Schema):
    """One result of a search."""

    group: str
    label: str
    detail: str
    url: str


class EntryOut(Schema):
    """An entry of the ledger."""

    id: UUID
    seq: int
    at: datetime
    verb: str
    kind: str
    object_id: UUID | None
    organisation: str
    who: str
    details: dict[str, Any]
    decision: UUID | None


class EvidenceAsked(Asked):
    """Which entries."""

    kind: Text = ""
    object_id: UUID | None = None
    verb: Text = ""
    actor_id: UUID | None = None
    on: date | None = None


class ReportOut(Schema):
    """What a check of the ledger found."""

    sound: bool
    n_entries: int
    n_batches: int
    n_unsealed: int
    faults: list[dict[str, Any]]


class OutboxOut(Schema):
    """A message."""

    id: UUID
    kind: str
    topic: str
    object_kind: str
    object_id: UUID
    message_id: str
    state: str
    attempts: int
    due_at: datetime
    settled_at: datetime | None
    outcome: str


class OutboxAsked(Asked):
    """Which messages."""

    state: Text = ""


@router.get("/me", response=MeOut, summary="Who I am")
@operation("account.read")
def me(request: HttpRequest) -> dict[str, Any]:
    """Give the account, its organisation, roles and capabilities."""
    user, scope = request.user, request.scope  # type: ignore[attr-defined]
    assert isinstance(user, User)
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "organisation": user.org.name,
        "is_host": scope.is_host,
        "roles": sorted(scope.roles),
        "may": sorted(scope.may),
    }


@router.get("/me/tokens", response=list[TokenOut], summary="My tokens")
@operation("account.read")
def tokens(request: HttpRequest) -> Any:
    """Give my tokens that are not revoked."""
    assert isinstance(request.user, User)
    found = ApiToken.objects.filter(user=request.user, revoked_at__isnull=True)
    return list(found.order_by("-recorded_at", "-id")[:200])


@router.post("/me/tokens", response={201: TokenMade}, summary="Make a token")
@operation("account.read")
def token_made(request: HttpRequest, given: TokenIn) -> Any:
    """Make a token; its secret is given this once, so there is no Idempotency-Key here."""
    if request.headers.get("Idempotency-Key"):
        # The kept answer would hold the secret.
        raise UserError("a token's secret is given once: send this without Idempotency-Key")
    assert isinstance(request.user, User)
    return 201, {"token": make_token(request.user, given.name, at=datetime.now(UTC))}


@router.delete("/me/tokens/{uuid:token_id}", response={204: None}, summary="Revoke a token")
@operation("account.read")
def token_revoked(request: HttpRequest, token_id: UUID) -> Any:
    """End one of my tokens at once."""
    assert isinstance(request.user, User)
    ApiToken.objects.get(id=token_id, user=request.user)
    revoke_token(token_id, at=datetime.now(UTC))
    return 204, None


@router.get("/search", response=list[HitOut], summary="Search from anywhere")
@operation("search")
def search(request: HttpRequest, q: Text, limit: Annotated[int, Field(ge=1, le=50)] = 10) -> Any:
    """Search all that I may search."""
    groups = pages.found_for(request.scope, q, limit)  # type: ignore[attr-defined]
    return [
        {"group": group["title"], "label": hit.label, "detail": hit.detail, "url": hit.url}
        for group in groups
        for hit in group["hits"]
    ]


def _entries_out(rows: list[Any]) -> list[dict[str, Any]]:
    made = []
    for row, line in zip(rows, evidence.lines(rows), strict=True):
        body = json.loads(row.body)
        made.append(
            {
                "id": line.id,
                "seq": line.seq,
                "at": line.at,
                "verb": line.verb,
                "kind": line.object_kind,
                "object_id": line.object_id,
                "organisation": line.organisation,
                "who": line.who,
                "details": body["details"],
                "decision": body.get("decision"),
            }
        )
    return made


@router.get("/evidence", response=Listing[EntryOut], summary="Entries of the ledger")
@operation("evidence.read")
def evidence_list(request: HttpRequest, asked: Query[EvidenceAsked]) -> Any:
    """Give entries that my organisation may read, the latest first."""
    rows = evidence.entries(
        kind=asked.kind,
        object_id=asked.object_id,
        verb=asked.verb,
        actor_id=asked.actor_id,
        on=asked.on,
    )
    part = part_of(rows, evidence.ORDER, {"after": asked.after}, limit=asked.limit)
    return {"items": _entries_out(part.rows), "next": part.after or None}


@router.get("/evidence/{uuid:entry_id}", response=EntryOut, summary="One entry")
@operation("evidence.read")
def evidence_entry(request: HttpRequest, entry_id: UUID) -> Any:
    """Give one entry of the ledger."""
    return _entries_out([evidence.entry(entry_id)])[0]


@router.get("/evidence/{uuid:entry_id}/proof", response=dict[str, Any], summary="Proof of an entry")
@operation("evidence.read")
def evidence_proof(request: HttpRequest, entry_id: UUID) -> Any:
    """Give what a third person needs to check the entry alone; 404 until it is sealed."""
    evidence.entry(entry_id)
    proof = evidence.proof_of(entry_id)
    if proof is None:
        raise Http404
    return proof


@router.post("/evidence/verify", response=ReportOut, summary="Verify the whole ledger")
@operation("ledger.verify")
def evidence_verify(request: HttpRequest) -> Any:
    """Check every entry, batch, link, signature and anchor."""
    report = evidence.verify_all(at=datetime.now(UTC))
    return {
        "sound": report.sound,
        "n_entries": report.n_entries,
        "n_batches": report.n_batches,
        "n_unsealed": report.n_unsealed,
        "faults": [vars(fault) for fault in report.faults[:100]],
    }


@router.get("/outbox", response=Listing[OutboxOut], summary="Messages of the outbox")
@operation("outbox.read")
def outbox(request: HttpRequest, asked: Query[OutboxAsked]) -> Any:
    """Give messages, the latest first."""
    rows = OutboxMessage.objects.filter(state=asked.state) if asked.state else OutboxMessage.objects
    return listing(rows.all(), pages_outbox.ORDER, asked)


@router.get("/outbox/counts", response=dict[str, int], summary="Messages by state")
@operation("outbox.read")
def outbox_counts(request: HttpRequest) -> Any:
    """Count messages by state."""
    return {each["state"]: each["n"] for each in pages_outbox.counts()}


@router.post(
    "/outbox/{uuid:message_id}/retry", response=OutboxOut, summary="Send a parked message again"
)
@operation("outbox.write")
def outbox_retry(request: HttpRequest, message_id: UUID) -> Any:
    """Put a parked message back, because a person has found that it did not arrive."""
    OutboxMessage.objects.get(id=message_id)
    retry_parked(message_id, at=datetime.now(UTC))
    return OutboxMessage.objects.get(id=message_id)
