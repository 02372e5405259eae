"""The state of permissions at a moment, and how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from entente.consent.models import Capture, Confirmation, Preference, Suppression, Withdrawal

_FIELDS = (
    "status", "captured_on", "proof_ref", "text_version", "expires_on", "withdrawn_on",
    "paused_until", "captured_at", "withdrawn_at", "capture_id", "withdrawal_id",
)  # fmt: skip


@dataclass(frozen=True)
class ConsentState:
    """What may be said about one permission at one moment.

    ``status`` is none, pending, granted, expired, withdrawn or never; days are days in the
    person's own time zone.
    """

    status: str
    captured_on: date | None = None
    proof_ref: str | None = None
    text_version: str | None = None
    expires_on: date | None = None
    withdrawn_on: date | None = None
    paused_until: date | None = None
    captured_at: datetime | None = None
    withdrawn_at: datetime | None = None
    capture_id: UUID | None = None
    withdrawal_id: UUID | None = None
    controller_id: UUID | None = None
    channel: str = ""
    purpose: str = ""
    subject_id: UUID | None = None


def state_as_of(
    hcp_id: UUID,
    controller_id: UUID,
    channel: str,
    purpose: str,
    at: datetime,
    *,
    product_id: UUID | None = None,
) -> ConsentState:
    """Give the state of one permission at a moment.

    Parameters
    ----------
    product_id : UUID, optional
        What it is about: a product or a topic. Without it, and for several products at once,
        a permission for one product does not count and a withdrawal for one product does.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_FIELDS)} FROM app.consent_state(%s, %s, %s, %s, %s, %s)",  # noqa: S608
            [hcp_id, controller_id, channel, purpose, at, product_id],
        )
        row = cursor.fetchone()
    found = dict(zip(_FIELDS, row, strict=True))
    return ConsentState(**found, controller_id=controller_id, channel=channel, purpose=purpose)


_KEYS_AND_STATES = """
WITH keyed AS (
    SELECT DISTINCT controller_id, channel, purpose FROM consent_capture WHERE hcp_id = %s
    UNION
    SELECT w.controller_id, w.channel, w.purpose FROM consent_withdrawal w
    WHERE w.hcp_id = %s AND w.channel <> 'any' AND w.purpose <> ''
)
SELECT k.controller_id, k.channel, k.purpose, {fields}
FROM keyed k CROSS JOIN LATERAL app.consent_state(%s, k.controller_id, k.channel, k.purpose, %s) s
ORDER BY k.controller_id, k.channel, k.purpose
"""


def states_of(hcp_id: UUID, at: datetime) -> list[ConsentState]:
    """Give the state of every permission of a person that was ever recorded, one query."""
    sql = _KEYS_AND_STATES.format(fields=", ".join(f"s.{name}" for name in _FIELDS))
    with connection.cursor() as cursor:
        cursor.execute(sql, [hcp_id, hcp_id, hcp_id, at])
        rows = cursor.fetchall()
    return [
        ConsentState(
            **dict(zip(_FIELDS, row[3:], strict=True)),
            controller_id=row[0],
            channel=row[1],
            purpose=row[2],
        )
        for row in rows
    ]


_SUBJECTS_AND_STATES = """
WITH keyed AS (
    SELECT controller_id, channel, purpose, coalesce(product_id, topic_id) AS subject
    FROM consent_capture WHERE hcp_id = %(hcp)s
    UNION
    SELECT controller_id, channel, purpose, coalesce(product_id, topic_id)
    FROM consent_withdrawal WHERE hcp_id = %(hcp)s AND channel <> 'any' AND purpose <> ''
    UNION
    SELECT c.controller_id, c.channel, c.purpose, t.id
    FROM consent_capture c JOIN consent_topic t ON t.retired_at IS NULL AND t.org_id = c.org_id
         LEFT JOIN consent_wording w ON w.org_id = c.org_id AND w.version = c.wording_version
    WHERE c.hcp_id = %(hcp)s AND c.purpose IN ('promotion', 'education')
      AND c.product_id IS NULL AND c.topic_id IS NULL
      AND (w.id IS NULL OR cardinality(w.topics) = 0 OR t.id = ANY (w.topics))
)
SELECT k.controller_id, k.channel, k.purpose, k.subject, {fields}
FROM keyed k CROSS JOIN LATERAL app.consent_state(
    %(hcp)s, k.controller_id, k.channel, k.purpose, %(at)s, k.subject) s
WHERE k.subject IS NOT NULL
ORDER BY k.controller_id, k.channel, k.purpose, k.subject
"""


def topic_states_of(hcp_id: UUID, at: datetime) -> list[ConsentState]:
    """Give the state of a person's permissions per product and topic, one query.

    Those that were ever recorded, and those that a general permission covers.
    """
    sql = _SUBJECTS_AND_STATES.format(fields=", ".join(f"s.{name}" for name in _FIELDS))
    with connection.cursor() as cursor:
        cursor.execute(sql, {"hcp": hcp_id, "at": at})
        rows = cursor.fetchall()
    return [
        ConsentState(
            **dict(zip(_FIELDS, row[4:], strict=True)),
            controller_id=row[0],
            channel=row[1],
            purpose=row[2],
            subject_id=row[3],
        )
        for row in rows
    ]


@dataclass(frozen=True)
class HistoryRow:
    """One record about a person's permissions, for reading."""

    at: datetime
    kind: str
    record: Any
    superseded: bool = False


def history(hcp_id: UUID) -> Sequence[HistoryRow]:
    """Give all that was ever recorded about a person's permissions, newest first.

    A capture that a later one for the same key has replaced is marked superseded.
    """
    rows: list[HistoryRow] = []
    seen: set[tuple[Any, ...]] = set()
    captures = Capture.objects.filter(hcp_id=hcp_id).select_related(
        "controller", "product", "topic"
    )
    for capture in captures.order_by("-captured_at", "-recorded_at", "-id"):
        key = (
            capture.controller_id,
            capture.channel,
            capture.purpose,
            capture.product_id,
            capture.topic_id,
        )
        rows.append(HistoryRow(capture.captured_at, "capture", capture, key in seen))
        if capture.proof_ref:
            seen.add(key)
    for confirmation in Confirmation.objects.filter(capture__hcp_id=hcp_id).select_related(
        "capture"
    ):
        rows.append(HistoryRow(confirmation.confirmed_at, "confirmation", confirmation))
    for withdrawal in Withdrawal.objects.filter(hcp_id=hcp_id).select_related(
        "controller", "product", "topic"
    ):
        rows.append(HistoryRow(withdrawal.withdrawn_at, "withdrawal", withdrawal))
    for stop in Suppression.objects.filter(hcp_id=hcp_id).select_related("controller"):
        rows.append(HistoryRow(stop.suppressed_at, "suppression", stop))
    for wish in Preference.objects.filter(hcp_id=hcp_id):
        rows.append(HistoryRow(wish.set_at, "preference", wish))
    return sorted(rows, key=lambda row: row.at, reverse=True)


def preference(hcp_id: UUID, at: datetime) -> Preference | None:
    """Give a person's wishes in force at a moment."""
    return (
        Preference.objects.filter(hcp_id=hcp_id, set_at__lte=at)
        .order_by("-set_at", "-recorded_at", "-id")
        .first()
    )


def own_cap_30d(hcp_id: UUID, at: datetime) -> int | None:
    """Give the person's own limit of e-mails in 30 days; None where none was set."""
    found = preference(hcp_id, at)
    return found.emails_30d if found else None


def own_cap_7d(hcp_id: UUID, at: datetime) -> int | None:
    """Give the person's own limit of e-mails in 7 days; None where none was set."""
    found = preference(hcp_id, at)
    return found.emails_7d if found else None


def paused_until(hcp_id: UUID, at: datetime) -> date | None:
    """Give the last day of the quiet a person asked for; None where none was asked."""
    found = preference(hcp_id, at)
    return found.paused_until if found else None


def is_stopped(hcp_id: UUID, at: datetime) -> bool:
    """Tell whether everything from the whole organisation was stopped by a moment."""
    return Suppression.objects.filter(
        hcp_id=hcp_id, controller_id__isnull=True, suppressed_at__lte=at
    ).exists()


def is_unsubscribed(hcp_id: UUID, controller_id: UUID, channel: str, at: datetime) -> bool:
    """Tell whether a channel was ended for all purposes and nothing was permitted since."""
    ended = (
        Withdrawal.objects.filter(
            hcp_id=hcp_id,
            controller_id=controller_id,
            channel__in=[channel, "any"],
            purpose="",
            product_id__isnull=True,
            topic_id__isnull=True,
            withdrawn_at__lte=at,
        )
        .order_by("-withdrawn_at")
        .first()
    )
    if ended is None:
        return False
    return not Capture.objects.filter(
        hcp_id=hcp_id,
        controller_id=controller_id,
        channel=channel,
        captured_at__gt=ended.withdrawn_at,
        captured_at__lte=at,
    ).exists()
