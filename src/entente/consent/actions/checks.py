"""Checks that several acts of consent share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.consent.models.records import Channel, Purpose
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError


def check_controller(controller_id: UUID) -> None:
    """Refuse a controller that is not a legal entity of the organisation that acts.

    Raises
    ------
    UserError
    """
    entities = directory.legal_entities(current_scope().org_id)
    if controller_id not in {entity.id for entity in entities}:
        raise UserError("Choose a legal entity of your own organisation.", field="controller_id")


def check_channel(channel: str, *, any_allowed: bool = False) -> None:
    """Refuse an unknown channel; "any" only where it is allowed.

    Raises
    ------
    UserError
    """
    known = [c for c in Channel.values if any_allowed or c != Channel.ANY]
    if channel not in known:
        raise UserError(f"Choose one of {', '.join(known)}.", field="channel")


def check_purpose(purpose: str) -> None:
    """Refuse an unknown purpose.

    Raises
    ------
    UserError
    """
    if purpose not in Purpose.values:
        raise UserError(f"Choose one of {', '.join(Purpose.values)}.", field="purpose")


def check_not_later(moment: datetime, at: datetime, field: str) -> None:
    """Refuse a moment that lies in the future.

    Raises
    ------
    UserError
    """
    if moment > at:
        raise UserError("This moment has not come yet.", field=field)


def check_product(product_id: UUID | None) -> None:
    """Refuse a product that is not in the directory.

    Raises
    ------
    Product.DoesNotExist
    """
    if product_id is not None:
        directory.product(product_id)
