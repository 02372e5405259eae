"""Blank the address in what was sent to a person who is erased."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.engagement.models import Send
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope


def forget_address(hcp_id: UUID, at: datetime) -> int:
    """Blank the addresses of all sends to a person; give how many.

    That something was sent, when, and under which decision stays: it is the proof that the
    rules were followed. Writes one ledger entry.
    """
    current_scope().require("person.erase")
    n_blanked = Send.objects.filter(hcp_id=hcp_id).exclude(address="").update(address="")
    if n_blanked:
        ledger.append(
            ledger.Entry("engagement.addresses.blanked", "hcp", hcp_id, {"n": n_blanked}), at=at
        )
    return n_blanked
