"""Signed links with which a person reaches his own preferences, without signing in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from entente.foundation.access.scope import current_scope
from entente.foundation.links import make_link, make_links, token_of
from entente.foundation.models import SignedLink

PREFERENCES = "preferences"
CONTROLLER = "legal_entity"
CONFIRMATION = "confirmation"
CAPTURE = "consent.capture"
CONFIRM_DAYS = 30
VALID_DAYS = 400
# CAN-SPAM asks that an opt-out works for 30 days after the mail (16 CFR 316.5, 15 USC 7704(a)(3)).
FRESH_DAYS = 90


def _token(hcp_id: UUID, controller_id: UUID, at: datetime) -> str:
    there = (
        SignedLink.objects.filter(
            org_id=current_scope().org_id,
            purpose=PREFERENCES,
            person_id=hcp_id,
            object_kind=CONTROLLER,
            object_id=controller_id,
            revoked_at__isnull=True,
            expires_at__gt=at + timedelta(days=FRESH_DAYS),
        )
        .order_by("-expires_at")
        .first()
    )
    if there is not None:
        return token_of(PREFERENCES, there.id)
    return make_link(
        PREFERENCES,
        person_id=hcp_id,
        object_kind=CONTROLLER,
        object_id=controller_id,
        at=at,
        valid_days=VALID_DAYS,
    )


def preference_url(hcp_id: UUID, controller_id: UUID, at: datetime) -> str:
    """Give the path of a person's preference page; one link serves many mails.

    Returns
    -------
    str
        Valid for at least 90 days from ``at``.
    """
    return f"/p/{_token(hcp_id, controller_id, at)}/"


preference_link = preference_url


def preference_urls(
    hcp_ids: Collection[UUID], controller_id: UUID, at: datetime
) -> dict[UUID, str]:
    """Give the paths of many people's preference pages, with two statements however many."""
    org_id = current_scope().org_id
    there = SignedLink.objects.filter(
        org_id=org_id,
        purpose=PREFERENCES,
        person_id__in=list(hcp_ids),
        object_kind=CONTROLLER,
        object_id=controller_id,
        revoked_at__isnull=True,
        expires_at__gt=at + timedelta(days=FRESH_DAYS),
    ).order_by("expires_at")
    found = dict(there.values_list("person_id", "id"))
    found |= make_links(
        PREFERENCES,
        person_ids=[each for each in hcp_ids if each not in found],
        object_kind=CONTROLLER,
        object_id=controller_id,
        at=at,
        valid_days=VALID_DAYS,
    )
    return {hcp_id: f"/p/{token_of(PREFERENCES, found[hcp_id])}/" for hcp_id in hcp_ids}


def unsubscribe_url(hcp_id: UUID, controller_id: UUID, at: datetime) -> str:
    """Give the path for List-Unsubscribe: a POST there withdraws e-mail for all purposes.

    Notes
    -----
    Source: RFC 8058 (one-click unsubscribe).
    """
    return f"/u/{_token(hcp_id, controller_id, at)}/"


def confirmation_url(hcp_id: UUID, capture_id: UUID, at: datetime) -> str:
    """Give the path of the page on which a person confirms one permission, within 30 days.

    A mail that is prepared again, because its sender failed, carries the same link.
    """
    there = (
        SignedLink.objects.filter(
            org_id=current_scope().org_id,
            purpose=CONFIRMATION,
            object_kind=CAPTURE,
            object_id=capture_id,
            revoked_at__isnull=True,
            expires_at__gt=at + timedelta(days=CONFIRM_DAYS - 1),
        )
        .order_by("-expires_at")
        .first()
    )
    if there is not None:
        return f"/c/{token_of(CONFIRMATION, there.id)}/"
    token = make_link(
        CONFIRMATION,
        person_id=hcp_id,
        object_kind=CAPTURE,
        object_id=capture_id,
        at=at,
        valid_days=CONFIRM_DAYS,
    )
    return f"/c/{token}/"
