"""Sends: found, counted, followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from entente.engagement.models import Response, Send
from entente.foundation.models import OutboxMessage
from entente.policy.reads.parameters import figure

LONGEST_WAIT_DAYS = 31
ORDER = ("-requested_at", "-id")
PACK = "platform/engagement"
LOAD = """
    WITH asked AS (
        SELECT %(hcp)s::uuid AS hcp, %(at)s::timestamptz AS at
    ), capped AS (
        SELECT asked.*, least(%(cap)s, app.engagement_cap_30d(hcp, 'email', at)) AS cap FROM asked
    )
    SELECT app.engagement_sends_since(hcp, 'email', at - interval '30 days', NULL), cap,
           (SELECT min(at + day * interval '1 day') FROM generate_series(0, %(days)s) day
            WHERE app.engagement_sends_since(
                      hcp, 'email', at + (day - 30) * interval '1 day', NULL) < cap
              AND app.engagement_sends_since(
                      hcp, 'email', at + (day - 3) * interval '1 day', NULL) < %(in_3)s)
    FROM capped
"""


def send(send_id: UUID) -> Send:
    """Give a send of the present organisation.

    Raises
    ------
    Send.DoesNotExist
    """
    return Send.objects.select_related(
        "hcp", "version", "controller", "decision", "delivery_decision", "campaign"
    ).get(id=send_id)


def sends(
    *,
    status: str = "",
    hcp_id: UUID | None = None,
    campaign_id: UUID | None = None,
    requested_by_id: UUID | None = None,
) -> QuerySet[Send]:
    """Give the sends of the present organisation, narrowed as asked; order them by ``ORDER``."""
    found = Send.objects.select_related("decision").defer("decision__facts")
    if status:
        found = found.filter(status=status)
    if hcp_id:
        found = found.filter(hcp_id=hcp_id)
    if campaign_id:
        found = found.filter(campaign_id=campaign_id)
    if requested_by_id:
        found = found.filter(requested_by_id=requested_by_id)
    return found


def counts(found: QuerySet[Send]) -> dict[str, int]:
    """Count sends by where they stand, every state named."""
    counted = found.order_by().values_list("status").annotate(n=Count("id"))
    return dict.fromkeys(Send.Status.values, 0) | dict(counted)


def counts_by_status(campaign_id: UUID) -> dict[str, int]:
    """Count a campaign's sends by where they stand."""
    counted = Send.objects.filter(campaign_id=campaign_id).values_list("status")
    return dict(counted.annotate(n=Count("id")))


def hcp_ids_with_status(campaign_id: UUID, status: str, *, most: int) -> list[UUID]:
    """Give some HCPs whose send of a campaign stands there."""
    found = Send.objects.filter(campaign_id=campaign_id, status=status).order_by("id")
    return list(found.values_list("hcp_id", flat=True)[:most])


def addresses_by_status(campaign_id: UUID) -> dict[str, list[tuple[str, UUID]]]:
    """Give the addresses and ids of a campaign's sends by where they stand."""
    found: dict[str, list[tuple[str, UUID]]] = {}
    rows = Send.objects.filter(campaign_id=campaign_id).values_list("status", "address", "id")
    for status, address, send_id in rows.iterator(chunk_size=5_000):
        found.setdefault(status, []).append((address, send_id))
    return found


def message_of(send_id: UUID) -> OutboxMessage | None:
    """Give the message that carries a send; None if it was never permitted to leave."""
    return OutboxMessage.objects.filter(object_kind="engagement.send", object_id=send_id).first()


def responses_of(send_id: UUID) -> list[Response]:
    """Give what came back for a send, the first first."""
    return list(Response.objects.filter(send_id=send_id).order_by("responded_at", "id"))


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

    n_emails: int
    cap: int
    next_at: datetime | None

    @property
    def is_full(self) -> bool:
        """Whether the cap is reached."""
        return self.n_emails >= self.cap


def load_of(hcp_id: UUID, *, at: datetime) -> Load:
    """Give how much promotional e-mail a person got in 30 days, over all organisations.

    The database's functions give numbers only, never whose e-mails they were; the caps are
    those of the rule PG-FREQ-1 and the person's own.
    """
    most, most_in_3 = (
        figure(PACK, f"promotional_emails_{days}d", at.date())[0] for days in (30, 3)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            LOAD,
            {"hcp": hcp_id, "at": at, "days": LONGEST_WAIT_DAYS, "cap": most, "in_3": most_in_3},
        )
        n_emails, cap, next_at = cursor.fetchone()
    return Load(int(n_emails), int(cap), next_at)
