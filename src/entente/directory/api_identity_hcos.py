"""Operations on organisations' identity: pairs that may be one, merges and their undoing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from entente.directory import actions
from entente.directory.api_identity import MAY, MergeIn, ReasonIn, SuspectOut, SuspectsAsked
from entente.directory.models import HcoMerge, HcoSuspect
from entente.directory.reads import identity_hcos as reads
from entente.foundation.web.api_shapes import Asked, Listing, listing
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])


class HcoMergeOut(Schema):
    """A merge of organisations: both records, why, what it changed, and how it was undone."""

    id: UUID
    survivor_id: UUID
    loser_id: UUID
    reason: str
    plan: dict[str, Any]
    merged_at: datetime
    undone_at: datetime | None
    undo_reason: str
    since: list[Annotated[str, StringConstraints(max_length=500)]]

    @staticmethod
    def resolve_survivor_id(merge: HcoMerge) -> UUID:
        """Give the record that stays."""
        return merge.link.survivor_id

    @staticmethod
    def resolve_loser_id(merge: HcoMerge) -> UUID:
        """Give the record that was joined to it."""
        return merge.link.loser_id


@router.get("/hco-suspects", response=Listing[SuspectOut])
@operation(MAY)
def list_hco_suspects(request: HttpRequest, asked: Query[SuspectsAsked]) -> Any:
    """List pairs that may be one organisation, the likeliest first."""
    return listing(reads.hco_suspects(asked.status), ("-score_bp", "id"), asked)


@router.post("/hco-suspects/{uuid:suspect_id}/keep-apart", response=SuspectOut)
@operation(MAY)
def keep_hcos_apart(request: HttpRequest, suspect_id: UUID, given: ReasonIn) -> Any:
    """Record that a pair is two organisations."""
    get_object_or_404(HcoSuspect, id=suspect_id)
    return actions.keep_hcos_apart(suspect_id, reason=given.reason, at=datetime.now(UTC))


@router.get("/hco-merges", response=Listing[HcoMergeOut])
@operation(MAY)
def list_hco_merges(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List merges of organisations, the newest first."""
    return listing(reads.hco_merges(), ("-merged_at", "-id"), asked)


@router.post("/hco-merges", response={201: HcoMergeOut})
@operation(MAY)
def merge_hcos(request: HttpRequest, given: MergeIn) -> Any:
    """Join two records of one organisation; it can be undone."""
    made = actions.merge_hcos(**given.dict(), at=datetime.now(UTC))
    return 201, reads.hco_merges().get(id=made.id)


@router.post("/hco-merges/{uuid:merge_id}/undo", response=HcoMergeOut)
@operation(MAY)
def unmerge_hcos(request: HttpRequest, merge_id: UUID, given: ReasonIn) -> Any:
    """Part two records again; ``since`` lists what a person has to look at."""
    get_object_or_404(HcoMerge, id=merge_id)
    actions.unmerge_hcos(merge_id, reason=given.reason, at=datetime.now(UTC))
    return reads.hco_merges().get(id=merge_id)
