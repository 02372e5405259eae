"""Record what came back for a send."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.engagement.models import Response, Send
from entente.foundation import ledger
from entente.foundation.models import new_id


def record_response(
    send_id: UUID,
    kind: Response.Kind,
    *,
    source: str,
    at: datetime,
    responded_at: datetime | None = None,
) -> bool:
    """Record a response once; give whether it was new.

    Writes the response and one ledger entry. ``responded_at`` is when it came, if earlier.
    """
    send = Send.objects.filter(id=send_id).first()
    if send is None:
        return False
    _, is_new = Response.objects.get_or_create(
        send=send,
        kind=kind,
        defaults={
            "id": new_id(),
            "org_id": send.org_id,
            "responded_at": responded_at or at,
            "source": source,
        },
    )
    if is_new:
        ledger.append(
            ledger.Entry(
                verb=f"engagement.response.{kind}",
                kind="engagement.send",
                object_id=send.id,
                details={"hcp": send.hcp_id, "campaign": send.campaign_id, "source": source},
            ),
            at=at,
        )
    return is_new
