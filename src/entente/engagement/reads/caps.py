"""Frequency caps: how much promotional e-mail people got, and from when another may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from entente.engagement.models import Send
from entente.policy.reads.parameters import figure

LONGEST_WAIT_DAYS = 31
PACK = "platform/engagement"
WINDOW = timedelta(days=30)
# The wait is sought day by day, for those listed only.
LOADS = """
    WITH asked AS (
        SELECT unnest(%(hcps)s::uuid[]) AS hcp, %(at)s::timestamptz AS at
    ), loads AS MATERIALIZED (
        SELECT hcp, at,
               app.engagement_sends_since(hcp, 'email', at - interval '30 days', NULL) AS n,
               least(%(cap)s, app.engagement_cap_30d(hcp, 'email', at)) AS cap
        FROM asked
    ), near AS (
        SELECT *, count(*) OVER () AS n_near FROM loads WHERE cap - n <= %(left)s
        ORDER BY cap - n, hcp LIMIT %(most)s
    )
    SELECT hcp, n, cap,
           (SELECT min(at + day * interval '1 day') FROM generate_series(0, %(days)s) day
            WHERE app.engagement_sends_since(
                      hcp, 'email', at + (day - 30) * interval '1 day', NULL) < cap
              AND app.engagement_sends_since(
                      hcp, 'email', at + (day - 3) * interval '1 day', NULL) < %(in_3)s),
           n_near
    FROM near ORDER BY cap - n, hcp
"""


@dataclass(frozen=True)
class Load:
    """How much promotional e-mail a person got lately, from all companies together.

    Parameters
    ----------
    n_emails, cap : int
        Sent or queued in 30 days, and the most that may be.
    next_at : datetime or None
        From when the cap would let another one go; now, if it does so already. None if not
        within 31 days.
    """

    hcp_id: UUID
    n_emails: int
    cap: int
    next_at: datetime | None

    @property
    def is_full(self) -> bool:
        """Whether the cap is reached."""
        return self.n_emails >= self.cap


def _loads(
    hcp_ids: Sequence[UUID], *, at: datetime, left: int, most: int
) -> tuple[list[Load], int]:
    allowed, in_3 = (figure(PACK, f"promotional_emails_{days}d", at.date())[0] for days in (30, 3))
    asked: dict[str, Any] = {
        "hcps": list(hcp_ids), "at": at, "days": LONGEST_WAIT_DAYS, "cap": allowed, "in_3": in_3,
        "left": left, "most": most,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LOADS, asked)
        rows = cursor.fetchall()
    found = [Load(hcp, int(n), int(cap), next_at) for hcp, n, cap, next_at, _ in rows]
    return found, rows[0][4] if rows else 0


def load_of(hcp_id: UUID, *, at: datetime) -> Load:
    """Give how much promotional e-mail a person got in 30 days, over all organisations.

    The database's functions give numbers only, never whose e-mails they were; the caps are
    those of the rule PG-FREQ-1 and the person's own.
    """
    (found,), _ = _loads([hcp_id], at=at, left=2**31 - 1, most=1)
    return found


def near_limit(*, at: datetime, left: int = 1, most: int = 200) -> tuple[list[Load], int]:
    """Give people at their cap or near it, of those my organisation wrote to in 30 days.

    Parameters
    ----------
    left : int
        E-mails that may still go at most.
    most : int
        People listed; the fullest first.

    Returns
    -------
    loads, n_people
        Those listed, and how many there are in all.
    """
    since = at - WINDOW
    written = Send.objects.filter(channel="email", requested_at__gt=since).order_by()
    ids = written.values_list("hcp_id", flat=True).distinct()
    return _loads(list(ids), at=at, left=left, most=most)
