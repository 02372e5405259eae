"""Permissions given and taken, and the words that were shown, in one line each."""

from __future__ import annotations

from entente.consent import actions, reads
from entente.consent.actions import Shown


def give(asked, at, **changes):
    """Record a permission of the person asked about, with changes."""
    given = {
        "hcp_id": asked.hcp_id,
        "controller_id": asked.controller_id,
        "channel": "email",
        "purpose": "promotion",
        "wording_version": "US-1",
        "source": "congress",
        "method": "form",
        "proof_ref": "form 17",
        "captured_at": at,
        "at": at,
    }
    return actions.capture_consent(**given | changes)


def take(asked, at, **changes):
    """Record a withdrawal, with changes."""
    given = {
        "hcp_id": asked.hcp_id,
        "controller_id": asked.controller_id,
        "channel": "email",
        "source": "mail",
        "at": at,
    }
    return actions.withdraw_consent(**given | changes)


def status(asked, at, channel="email", purpose="promotion", **more):
    """Give the state of a permission at a moment."""
    return reads.state_as_of(asked.hcp_id, asked.controller_id, channel, purpose, at, **more).status


def words(at, *, country="US", language="en", version="US-1", controller_id=None, **shown):
    """Stage and activate words."""
    made = actions.stage_wording(
        version=version,
        country=country,
        language=language,
        text="May we write to you?",
        controller_id=controller_id,
        shown=Shown(**shown),
        at=at,
    )
    return actions.activate_wording(made.id, at=at)
