"""Record how often a person wants to hear from us, and from when again."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from entente.consent.actions.withdraw import person_lock
from entente.consent.models import Preference
from entente.directory import reads as directory
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

MOST_EMAILS_30D = 30


def set_preference(
    hcp_id: UUID,
    *,
    at: datetime,
    emails_30d: int | None = None,
    emails_7d: int | None = None,
    paused_until: date | None = None,
    source: str = "staff",
) -> Preference:
    """Record a person's wishes; they replace the earlier ones as a whole.

    Writes the preference and one ledger entry. A wish lowers what is allowed, never raises it.

    Parameters
    ----------
    hcp_id : UUID
    at : datetime
    emails_30d : int, optional
        At most so many e-mails in any 30 days, 0 to 30; none where not given.
    emails_7d : int, optional
        The same for any 7 days.
    paused_until : date, optional
        Quiet until the end of this day.

    Raises
    ------
    UserError
        If the number cannot be right.
    """
    scope = current_scope()
    scope.require("consent.capture")
    lock(person_lock(hcp_id))
    for name, n_emails in (("emails_30d", emails_30d), ("emails_7d", emails_7d)):
        if n_emails is not None and not 0 <= n_emails <= MOST_EMAILS_30D:
            raise UserError(f"Give a number from 0 to {MOST_EMAILS_30D}.", field=name)
    made = Preference.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        hcp_id=directory.hcp(hcp_id).id,
        emails_30d=emails_30d,
        emails_7d=emails_7d,
        paused_until=paused_until,
        source=source,
        set_at=at,
        actor_id=scope.actor_id,
    )
    ledger.append(
        ledger.Entry(
            "consent.preference.set",
            "consent.preference",
            made.id,
            {
                "hcp": hcp_id,
                "fields": ["emails_30d", "emails_7d", "paused_until"],
                "source": source,
            },
            personal={
                hcp_id: {
                    "emails_30d": emails_30d,
                    "emails_7d": emails_7d,
                    "paused_until": str(paused_until or ""),
                }
            },
        ),
        at=at,
    )
    return made
