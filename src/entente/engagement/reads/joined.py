"""What the room holds about records that are joined; sends and meals stay with their record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Count

from entente.directory.followers import Follower
from entente.engagement.models import (
    Attendee,
    EventSpeaker,
    ExpenseShare,
    HandOver,
    Invitation,
    Lead,
    Meeting,
    SampleRequest,
    Send,
    SurveyInvitation,
    SurveyResponse,
    Touch,
)

KINDS = (
    ("sends", Send),
    ("meals and other expenses", ExpenseShare),
    ("calls", Touch),
    ("invitations to events", Invitation),
    ("registrations for events", Attendee),
    ("parts in events", EventSpeaker),
    ("meetings at congresses", Meeting),
    ("leads of stands", Lead),
    ("samples and items handed over", HandOver),
    ("written requests for samples", SampleRequest),
    ("invitations to surveys", SurveyInvitation),
    ("named answers to surveys", SurveyResponse),
)


def counts(ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Count what the present organisation holds about each record."""
    found: dict[UUID, dict[str, int]] = {}
    for kind, model in KINDS:
        rows = model.objects.filter(hcp_id__in=list(ids)).values("hcp_id").annotate(n=Count("id"))
        for row in rows:
            found.setdefault(row["hcp_id"], {})[kind] = row["n"]
    return found


def locks(_ids: Collection[UUID]) -> Sequence[str]:
    """Nothing beyond consent's locks, under which sends are decided as well."""
    return ()


FOLLOWER = Follower("engagement", counts, locks)
