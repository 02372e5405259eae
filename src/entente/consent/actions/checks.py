"""Checks that several acts of consent share."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from entente.consent.models import Topic, Wording
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


def check_topic(product_id: UUID | None, topic_id: UUID | None) -> None:
    """Refuse a topic of nobody here, and a record about a product and a topic at once.

    Raises
    ------
    UserError
    """
    if topic_id is None:
        return
    if product_id is not None:
        raise UserError("Record a product and a topic one by one.", field="topic_id")
    if not Topic.objects.filter(id=topic_id).exists():
        raise UserError("Choose one of your topics.", field="topic_id")


def check_subjects(ids: Collection[UUID]) -> None:
    """Refuse what is neither a product of the directory nor a topic.

    Raises
    ------
    UserError
    """
    if not ids:
        return
    known = {*Topic.objects.filter(id__in=ids).values_list("id", flat=True)}
    known |= {product.id for product in directory.products() if product.id in set(ids)}
    if set(ids) - known:
        raise UserError("Choose products of the directory and topics of yours.", field="topics")


def check_shown(
    words: Wording | None,
    *,
    controller_id: UUID,
    channel: str,
    purpose: str,
    subject_id: UUID | None,
) -> None:
    """Refuse a permission for what its own words did not show.

    Words that are only named, and were not written here, cannot be checked.

    Raises
    ------
    UserError
    """
    if words is None:
        return
    for shown, asked, field in (
        (words.controllers, controller_id, "controller_id"),
        (words.channels, channel, "channel"),
        (words.purposes, purpose, "purpose"),
        (words.topics, subject_id, "product_id"),
    ):
        if shown and asked not in shown:
            raise UserError(
                f"Version {words.version} of the words does not show this; nobody agreed to it.",
                field=field,
            )
