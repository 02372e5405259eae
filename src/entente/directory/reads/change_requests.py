"""Change requests that the present person may see, and what has become of their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from entente.directory.models import ChangeEvidence, ChangeLine, ChangeRequest, Hcp
from entente.directory.reads.identity import survivor_of
from entente.foundation.access.scope import current_scope

ORDER = ("-asked_at", "-id")


@dataclass(frozen=True)
class LineSeen:
    """A line beside what the record says now.

    ``is_stale`` says that the record was changed since, to something that nobody asked for.
    """

    line: ChangeLine
    now: str
    is_stale: bool


def changes(status: str = "") -> QuerySet[ChangeRequest]:
    """Give the requests that one may see: all of them to who decides, else one's own."""
    scope = current_scope()
    rows = ChangeRequest.objects.select_related("hcp", "asked_by")
    if scope.actor_id is not None and "change.decide" not in scope.may:
        rows = rows.filter(asked_by_id=scope.actor_id)
    return rows.filter(status=status) if status else rows


def change(request_id: UUID) -> ChangeRequest:
    """Give one request that one may see.

    Raises
    ------
    ChangeRequest.DoesNotExist
    """
    return changes().get(id=request_id)


def fields_asked(ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Give the fields of several requests; one query."""
    found: dict[UUID, list[str]] = {}
    rows = ChangeLine.objects.filter(request_id__in=ids).order_by("field")
    for request_id, name in rows.values_list("request_id", "field"):
        found.setdefault(request_id, []).append(name)
    return found


def record_of(found: ChangeRequest, at: datetime) -> Hcp:
    """Give the record that a request is about: the one that stands for the person today."""
    stands = survivor_of(found.hcp_id, at)
    return found.hcp if stands == found.hcp_id else Hcp.objects.get(id=stands)


def lines_seen(found: ChangeRequest, record: Hcp) -> list[LineSeen]:
    """Give the lines beside what the record says now."""
    seen = []
    for line in ChangeLine.objects.filter(request=found).order_by("id"):
        now = getattr(record, line.field)
        stale = line.verdict == "open" and now not in (line.old_value, line.new_value)
        seen.append(LineSeen(line, now, stale))
    return seen


def evidence_of(found: ChangeRequest) -> Sequence[ChangeEvidence]:
    """Give the files that prove a request, without their content."""
    rows = ChangeEvidence.objects.filter(request=found).defer("content")
    return list(rows.order_by("added_at", "id"))


def counts_by_status() -> dict[str, int]:
    """Count the requests that one may see by status."""
    rows = changes().order_by().values_list("status").annotate(n=Count("id"))
    return dict(rows)
