"""What consent tells the gate about a recipient, a controller, a channel and a purpose."""

from __future__ import annotations

from entente.foundation.facts import Columns, register_columns

RECIPIENT_CHANNEL = """
    SELECT a.recipient_id, a.controller_id, a.channel, a.purpose, a.at, s.*
    FROM (SELECT DISTINCT recipient_id, controller_id, channel, purpose, at FROM act
          WHERE recipient_id IS NOT NULL AND controller_id IS NOT NULL) a
    CROSS JOIN LATERAL app.consent_state(
        a.recipient_id, a.controller_id, a.channel, a.purpose, a.at) s
"""
RECIPIENT = """
    SELECT a.recipient_id, a.controller_id, a.at,
           EXISTS (SELECT FROM consent_suppression s
                   WHERE s.hcp_id = ANY (a.records)
                     AND s.suppressed_at <= a.at
                     AND (s.controller_id IS NULL OR s.controller_id = a.controller_id)) AS active
    FROM (SELECT DISTINCT recipient_id, controller_id, at, records FROM act
          WHERE recipient_id IS NOT NULL AND controller_id IS NOT NULL) a
"""


def register() -> None:
    """Register the facts of the grains ``recipient_channel`` and ``recipient``."""
    register_columns(
        Columns(
            room="consent",
            grain="recipient_channel",
            keys=("recipient_id", "controller_id", "channel", "purpose", "at"),
            facts={
                "consent.status": "status",
                "consent.channel": "consent_channel",
                "consent.purpose": "consent_purpose",
                "consent.captured_at": "captured_on",
                "consent.proof_ref": "proof_ref",
                "consent.text_version": "text_version",
                "consent.expires_at": "expires_on",
                "consent.withdrawn_at": "withdrawn_on",
                "consent.paused_until": "paused_until",
                "lawful_basis": "lawful_basis",
            },
            select=RECIPIENT_CHANNEL,
        )
    )
    register_columns(
        Columns(
            room="consent",
            grain="recipient",
            keys=("recipient_id", "controller_id", "at"),
            facts={"suppression.active": "active"},
            select=RECIPIENT,
        )
    )
