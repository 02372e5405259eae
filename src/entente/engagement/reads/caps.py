"""Frequency caps: how much promotion people got, and from when another e-mail may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from entente.foundation.access.scope import current_scope
from entente.policy.reads.parameters import NoFigure, figure

LONGEST_WAIT_DAYS = 31
PACK = "platform/engagement"
WINDOW = timedelta(days=30)
# The wait is sought day by day, for those listed only. Where no cap over all channels is in force
# there is none to reach.
LOADS = """
    WITH asked AS (
        SELECT unnest(%(hcps)s::uuid[]) AS hcp, %(at)s::timestamptz AS at
    ), loads AS MATERIALIZED (
        SELECT hcp, at, had.emails_30d AS n, had.contacts_30d AS contacts,
               least(%(cap)s, app.engagement_cap_30d(hcp, 'email', at)) AS cap,
               CASE WHEN had.complained_60d THEN %(after_complaint)s::int
                    ELSE %(contacts)s::int END AS most
        FROM asked, app.engagement_contacts(hcp, 'email', at, NULL, NULL, NULL, NULL) had
    ), room AS (
        SELECT *, least(cap - n, most - contacts) AS room FROM loads
    ), near AS (
        SELECT *, count(*) OVER () AS n_near FROM room WHERE room <= %(left)s
        ORDER BY room, hcp LIMIT %(limit)s
    )
    SELECT hcp, n, cap, contacts, most,
           (SELECT min(at + day * interval '1 day') FROM generate_series(0, %(days)s) day,
                   app.engagement_contacts(
                       hcp, 'email', at + day * interval '1 day', NULL, NULL, NULL, NULL) then_had
            WHERE then_had.emails_30d < cap AND then_had.emails_3d < %(in_3)s
              AND (most IS NULL OR then_had.contacts_30d < most)),
           n_near
    FROM near ORDER BY room, hcp
"""
CONTACTED = """
    SELECT hcp_id FROM engagement_send WHERE org_id = %(org)s AND requested_at > %(since)s
    UNION SELECT hcp_id FROM engagement_touch WHERE org_id = %(org)s AND happened_at > %(since)s
    UNION SELECT hcp_id FROM engagement_invitation
    WHERE org_id = %(org)s AND requested_at > %(since)s
"""


@dataclass(frozen=True)
class Load:
    """How much promotion a person got lately, from all companies together.

    Parameters
    ----------
    n_emails, cap : int
        E-mails sent or queued in 30 days, and the most that may be.
    n_contacts : int
        E-mails, calls and invitations together.
    contacts_cap : int or None
        The most of them that may be; None on days on which no such cap was in force.
    next_at : datetime or None
        From when the caps would let another e-mail go; now, if they do so already. None if not
        within 31 days.
    """

    hcp_id: UUID
    n_emails: int
    cap: int
    n_contacts: int
    contacts_cap: int | None
    next_at: datetime | None

    @property
    def is_full(self) -> bool:
        """Whether a cap is reached."""
        return self.n_emails >= self.cap or (
            self.contacts_cap is not None and self.n_contacts >= self.contacts_cap
        )


def _figure(name: str, at: datetime) -> int | None:
    try:
        return figure(PACK, name, at.date())[0]
    except NoFigure:
        return None


def _loads(
    hcp_ids: Sequence[UUID], *, at: datetime, left: int, most: int
) -> tuple[list[Load], int]:
    asked: dict[str, Any] = {
        "hcps": list(hcp_ids), "at": at, "days": LONGEST_WAIT_DAYS, "left": left, "limit": most,
        "cap": figure(PACK, "promotional_emails_30d", at.date())[0],
        "in_3": figure(PACK, "promotional_emails_3d", at.date())[0],
        "contacts": _figure("promotional_contacts_30d", at),
        "after_complaint": _figure("contacts_after_complaint_30d", at),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LOADS, asked)
        rows = cursor.fetchall()
    return [Load(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def load_of(hcp_id: UUID, *, at: datetime) -> Load:
    """Give how much promotion a person got in 30 days, over all organisations.

    The database's functions give numbers only, never whose contacts they were; the caps are
    those of the rules PG-FREQ-1 to 3 and the person's own.
    """
    (found,), _ = _loads([hcp_id], at=at, left=2**31 - 1, most=1)
    return found


def near_limit(*, at: datetime, left: int = 1, most: int = 200) -> tuple[list[Load], int]:
    """Give people at a cap or near it, of those my organisation approached in 30 days.

    Parameters
    ----------
    left : int
        Contacts that may still be made at most.
    most : int
        People listed; the fullest first.

    Returns
    -------
    loads, n_people
        Those listed, and how many there are in all.
    """
    with connection.cursor() as cursor:
        cursor.execute(CONTACTED, {"org": current_scope().org_id, "since": at - WINDOW})
        ids = [row[0] for row in cursor.fetchall()]
    return _loads(ids, at=at, left=left, most=most)
