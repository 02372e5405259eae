"""Requests of people about their own data: the queue, one request, its steps."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from entente.consent.domain.request_clock import OPEN
from entente.consent.models import SubjectRequest, SubjectRequestStep


def subject_requests(*, status: str = "open", kind: str = "") -> QuerySet[SubjectRequest]:
    """Give requests: the open ones, all of them, or those in one state."""
    found = SubjectRequest.objects.select_related("hcp")
    if status == "open":
        found = found.filter(status__in=OPEN)
    elif status:
        found = found.filter(status=status)
    return found.filter(kind=kind) if kind else found


def subject_request(request_id: UUID) -> SubjectRequest:
    """Give one request.

    Raises
    ------
    SubjectRequest.DoesNotExist
    """
    return SubjectRequest.objects.select_related("hcp").get(id=request_id)


def steps_of(request_id: UUID) -> Sequence[SubjectRequestStep]:
    """Give the steps of a request, the first one first."""
    return list(SubjectRequestStep.objects.filter(request_id=request_id).order_by("at", "id"))


def open_requests_of(hcp_id: UUID) -> set[str]:
    """Give which kinds of request of a person are open."""
    return set(
        SubjectRequest.objects.filter(hcp_id=hcp_id, status__in=OPEN).values_list("kind", flat=True)
    )


def names_of_actors(steps: Sequence[SubjectRequestStep]) -> dict[UUID, str]:
    """Give the names of those who took the steps, with one query."""
    from entente.foundation.models import User

    ids = {step.actor_id for step in steps if step.actor_id}
    return dict(User.objects.filter(id__in=ids).values_list("id", "name"))
