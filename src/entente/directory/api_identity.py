"""Operations on identity: pairs that may be one person, merges and their undoing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from entente.directory import actions
from entente.directory.models import Merge, Suspect
from entente.directory.reads import identity as reads
from entente.foundation.web.api_shapes import Asked, In, Listing, listing
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])
MAY = "identity.decide"
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class SuspectsAsked(Asked):
    """How the list of pairs is narrowed."""

    status: Annotated[str, StringConstraints(pattern=r"^(open|joined|apart)$")] = "open"


class SuspectOut(Schema):
    """Two records that may be one person; the score in hundredths of a per cent."""

    id: UUID
    one_id: UUID
    other_id: UUID
    score_bp: int
    key_agrees: bool
    status: str
    reasons: list[dict[str, Any]]
    found_at: datetime


class MergeOut(Schema):
    """A merge: both records, why, what it changed, and how it was undone."""

    id: UUID
    survivor_id: UUID
    loser_id: UUID
    basis: str
    reason: str
    plan: dict[str, Any]
    merged_at: datetime
    undone_at: datetime | None
    undo_reason: str
    since: list[str]

    @staticmethod
    def resolve_survivor_id(merge: Merge) -> UUID:
        """Give the record that stays."""
        return merge.link.survivor_id

    @staticmethod
    def resolve_loser_id(merge: Merge) -> UUID:
        """Give the record that was joined to it."""
        return merge.link.loser_id


class SearchOut(Schema):
    """A search for pairs: when it was asked for, when done, what it came to."""

    id: UUID
    asked_at: datetime
    done_at: datetime | None
    n_records: int | None
    n_queued: int | None
    n_joined: int | None


class MergeIn(In):
    """Two records to be joined, why, and which fields the survivor takes over."""

    survivor_id: UUID
    loser_id: UUID
    reason: Reason
    take: list[Annotated[str, StringConstraints(max_length=40)]] = []
    two_keys_known: bool = False


class ReasonIn(In):
    """Why."""

    reason: Reason


@router.get("/suspects", response=Listing[SuspectOut])
@operation(MAY)
def list_suspects(request: HttpRequest, asked: Query[SuspectsAsked]) -> Any:
    """List pairs that may be one person, the likeliest first."""
    return listing(reads.suspects(asked.status), reads.SUSPECT_ORDERS["score"], asked)


@router.get("/suspects/searches", response=Listing[SearchOut])
@operation(MAY)
def list_searches(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List the searches for pairs, the newest first."""
    return listing(reads.searches(), ("-asked_at", "-id"), asked)


@router.post("/suspects/searches", response={202: SearchOut})
@operation(MAY)
def ask_search(request: HttpRequest) -> Any:
    """Ask for a search of all records for pairs; a worker does it."""
    return 202, actions.ask_search(at=datetime.now(UTC))


@router.post("/suspects/{uuid:suspect_id}/keep-apart", response=SuspectOut)
@operation(MAY)
def keep_apart(request: HttpRequest, suspect_id: UUID, given: ReasonIn) -> Any:
    """Record that a pair is two people."""
    get_object_or_404(Suspect, id=suspect_id)
    return actions.keep_apart(suspect_id, reason=given.reason, at=datetime.now(UTC))


@router.get("/merges", response=Listing[MergeOut])
@operation(MAY)
def list_merges(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List merges, the newest first."""
    return listing(reads.merges(), ("-merged_at", "-id"), asked)


@router.post("/merges", response={201: MergeOut})
@operation(MAY)
def merge(request: HttpRequest, given: MergeIn) -> Any:
    """Join two records of one person; it can be undone."""
    made = actions.merge_hcps(**given.dict(), at=datetime.now(UTC))
    return 201, reads.merges().get(id=made.id)


@router.post("/merges/{uuid:merge_id}/undo", response=MergeOut)
@operation(MAY)
def unmerge(request: HttpRequest, merge_id: UUID, given: ReasonIn) -> Any:
    """Part two records again; ``since`` lists what a person has to look at."""
    get_object_or_404(Merge, id=merge_id)
    actions.unmerge_hcps(merge_id, reason=given.reason, at=datetime.now(UTC))
    return reads.merges().get(id=merge_id)
