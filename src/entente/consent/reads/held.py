"""What this room and the directory hold about a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from entente.consent.models import (
    Capture,
    Confirmation,
    Preference,
    SubjectRequest,
    Suppression,
    Withdrawal,
)
from entente.directory import reads as directory

Row = dict[str, Any]


def person(hcp_id: UUID, at: datetime) -> Sequence[Row]:
    """Give who the person is, as registries publish it."""
    found = directory.hcp(hcp_id)
    return [
        {
            "name": found.display_name,
            "npi": found.npi or "",
            "profession": found.profession_words,
            "specialty": found.specialty,
            "licence": " ".join(
                part for part in (found.licence_number, found.licence_state) if part
            ),
            "practice": found.place,
            "country": found.country,
            "time_zone": found.time_zone,
            "record": found.identity_status,
            "source": found.source or "hand",
        }
    ]


def addresses(hcp_id: UUID, at: datetime) -> Sequence[Row]:
    """Give every address that the organisation knows."""
    return [
        {
            "channel": point.channel,
            "address": point.value,
            "from": point.from_on,
            "to": point.to_on,
            "source": point.source,
        }
        for point in directory.contact_points_of(hcp_id)
    ]


def _key(record: Capture | Withdrawal) -> Row:
    subject = record.product or record.topic
    return {
        "company": record.controller.name,
        "channel": record.channel,
        "purpose": record.purpose or "all",
        "about": subject.name if subject else "all",
        "address": record.address,
        "source": record.source,
    }


def permissions(hcp_id: UUID, at: datetime) -> Sequence[Row]:
    """Give every permission that was given, with the words, the proof and its end."""
    confirmed = dict(
        Confirmation.objects.filter(capture__hcp_id=hcp_id).values_list(
            "capture_id", "confirmed_at"
        )
    )
    return [
        _key(capture)
        | {
            "given_at": capture.captured_at,
            "confirmed_at": confirmed.get(capture.id),
            "last_day": capture.expires_on,
            "words": capture.wording_version,
            "method": capture.method,
            "proof": capture.proof_ref,
        }
        for capture in Capture.objects.filter(hcp_id=hcp_id)
        .select_related("controller", "product", "topic")
        .order_by("captured_at", "id")
    ]


def withdrawals(hcp_id: UUID, at: datetime) -> Sequence[Row]:
    """Give every withdrawal."""
    return [
        _key(taken) | {"withdrawn_at": taken.withdrawn_at, "reason": taken.reason}
        for taken in Withdrawal.objects.filter(hcp_id=hcp_id)
        .select_related("controller", "product", "topic")
        .order_by("withdrawn_at", "id")
    ]


def stops(hcp_id: UUID, at: datetime) -> Sequence[Row]:
    """Give every stop."""
    return [
        {
            "company": stop.controller.name if stop.controller else "all",
            "kind": stop.kind,
            "reason": stop.reason,
            "stopped_at": stop.suppressed_at,
            "source": stop.source,
        }
        for stop in Suppression.objects.filter(hcp_id=hcp_id)
        .select_related("controller")
        .order_by("suppressed_at", "id")
    ]


def wishes(hcp_id: UUID, at: datetime) -> Sequence[Row]:
    """Give every wish about how often and from when again."""
    return [
        {
            "emails_in_30_days": wish.emails_30d,
            "emails_in_7_days": wish.emails_7d,
            "quiet_until": wish.paused_until,
            "set_at": wish.set_at,
            "source": wish.source,
        }
        for wish in Preference.objects.filter(hcp_id=hcp_id).order_by("set_at", "id")
    ]


def requests(hcp_id: UUID, at: datetime) -> Sequence[Row]:
    """Give every request that the person made about his own data."""
    return [
        {
            "kind": asked.kind,
            "status": asked.status,
            "words": asked.words,
            "received_at": asked.received_at,
            "due_on": asked.due_on,
            "closed_at": asked.closed_at,
            "answer": asked.closed_because,
        }
        for asked in SubjectRequest.objects.filter(hcp_id=hcp_id).order_by("received_at", "id")
    ]
