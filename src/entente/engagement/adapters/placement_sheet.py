"""The sheet for an outlet: what is to be published where, and the hash that proves the words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from entente.content import reads as content
from entente.content.domain.merge import any_field
from entente.engagement.domain.placements import CHANNELS
from entente.engagement.models import Placement
from entente.engagement.reads.placements import why_fallen
from entente.foundation.errors import UserError

HEAD = ("reference", "channel", "outlet", "markets", "audience", "from", "to", "target_url",
        "media_line", "item", "version", "language", "headline", "text", "support_statement",
        "content_hash")  # fmt: skip
_READY = (Placement.Status.CLEARED, Placement.Status.LIVE)


def sheet_of(row: Placement, at: datetime) -> dict[str, Any]:
    """Give what the outlet needs, after bytes and signatures of the words were checked again.

    Raises
    ------
    UserError
        If it is not cleared, its content fell, or its words are for one person.
    """
    if row.status not in _READY:
        raise UserError("the sheet is given once the gate has cleared the publication")
    if reason := why_fallen(row, at):
        raise UserError(f"nothing is published any more: {reason[:1].lower()}{reason[1:]}")
    words = content.version_for_send(row.version_id)
    if any_field(words.subject, words.text):
        raise UserError("these words hold merge fields; an outlet has nobody's name to put there")
    return {
        "reference": row.reference,
        "channel": CHANNELS[row.channel].words,
        "outlet": row.outlet,
        "markets": row.markets,
        "audience": row.audience,
        "from": row.from_on.isoformat(),
        "to": row.to_on.isoformat() if row.to_on else "",
        "target_url": row.target_url,
        "media_line": row.media_line,
        "item": row.version.item.title,
        "version": row.version.number,
        "language": words.language,
        "headline": words.subject,
        "text": words.text,
        "support_statement": row.version.support_statement,
        "content_hash": words.content_hash,
    }
