"""Panels of the room on its own pages: what a claim stands on, what the pre-check found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from entente.content.models import Claim
from entente.content.reads import labels
from entente.foundation.access.scope import current_scope
from entente.foundation.web import shelf


def _ground(request: HttpRequest, claim: Claim) -> dict[str, Any] | None:
    if claim.product_id is None:
        return None
    scope = current_scope()
    standing = labels.standing_of(claim.id, on=datetime.now(UTC).date())
    needed = "content.write" if standing is None else "content.review"
    return {
        "claim": claim,
        "standing": standing,
        "may_ground": claim.org_id == scope.org_id
        and needed in scope.may
        and claim.withdrawn_at is None,
    }


def register() -> None:
    """Put the panels on the shelf."""
    shelf.add_panel(
        shelf.Panel(10, "content.claim", "content.read", "content/claim_label.html", _ground)
    )
