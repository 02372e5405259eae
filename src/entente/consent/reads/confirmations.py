"""Permissions that wait for the second step of a double opt-in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.consent.models import Capture, Confirmation
from entente.consent.reads.states import state_as_of
from entente.directory import reads as directory


def confirmation_address(capture: Capture, at: datetime) -> str:
    """Give where to ask: the address of the permission, else the one in use; none if they differ.

    Whoever owns the address now has to be the one who agreed.
    """
    known = directory.contact_points([capture.hcp_id], "email", at.date()).get(capture.hcp_id, "")
    if capture.address and known and capture.address.lower() != known.lower():
        return ""
    return capture.address or known


def is_confirmed(capture: Capture) -> bool:
    """Tell whether a permission needed no second step or has had it."""
    return not capture.needs_confirmation or Confirmation.objects.filter(capture=capture).exists()


def awaits(capture: Capture, at: datetime) -> bool:
    """Tell whether a confirmation would still turn this permission on.

    Not where it was confirmed already, where everything is stopped, or where the person
    withdrew since.
    """
    if is_confirmed(capture):
        return False
    state = state_as_of(
        capture.hcp_id,
        capture.controller_id,
        capture.channel,
        capture.purpose,
        at,
        product_id=capture.product_id or capture.topic_id,
    )
    return state.status not in ("never", "withdrawn")


def capture_to_confirm(capture_id: UUID) -> Capture:
    """Give the permission that a confirmation link opens, with its company and subject.

    Raises
    ------
    Capture.DoesNotExist
    """
    return Capture.objects.select_related("controller", "product", "topic").get(id=capture_id)
