"""What has ended and since when, for rules that delete it on time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time
from uuid import UUID

from django.db.models import Min

from entente.consent.models import SubjectRequest
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.models import SignedLink


def closed_requests(before: datetime) -> Collection[UUID]:
    """Give the requests of people that were closed before a moment."""
    return list(SubjectRequest.objects.filter(closed_at__lt=before).values_list("id", flat=True))


def oldest_closed_request() -> datetime | None:
    """Give when the earliest request was closed that is still held."""
    found: datetime | None = SubjectRequest.objects.aggregate(first=Min("closed_at"))["first"]
    return found


def ended_links(before: datetime) -> Collection[UUID]:
    """Give the signed links of the present organisation that ended before a moment."""
    mine = SignedLink.objects.filter(org_id=current_scope().org_id)
    return list(mine.filter(expires_at__lt=before).values_list("id", flat=True))


def oldest_link() -> datetime | None:
    """Give when the first of the links that are still held ends."""
    mine = SignedLink.objects.filter(org_id=current_scope().org_id)
    found: datetime | None = mine.aggregate(first=Min("expires_at"))["first"]
    return found


def ended_addresses(before: datetime) -> Collection[UUID]:
    """Give the addresses that ended on a day before that of a moment, in UTC."""
    return directory.ended_contact_points(before.astimezone(UTC).date())


def oldest_ended_address() -> datetime | None:
    """Give when the earliest address ended that is still held."""
    day = directory.first_end_of_contact_points()
    return datetime.combine(day, time.min, UTC) if day else None
