"""Referrals: the queue of a role, and what became of an object's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from entente.foundation.access.scope import Scope
from entente.policy.domain.roles import roles_of
from entente.policy.models import Referral

# The one whose clock ends first stands first.
ORDER = ("due_at", "id")


def referrals(*, standing: str = "", role: str = "") -> QuerySet[Referral]:
    """Give the referrals of the present organisation.

    Parameters
    ----------
    standing : str
        ``"open"``, ``"answered"``, or empty for both.
    role : str
        Only those that wait, or waited, for this role.
    """
    found = Referral.objects.select_related("decision")
    if standing == "open":
        found = found.filter(answer="")
    elif standing == "answered":
        found = found.exclude(answer="")
    return found.filter(role=role) if role else found


def my_queue(scope: Scope) -> QuerySet[Referral]:
    """Give the open referrals that wait for somebody with these roles."""
    return referrals(standing="open").filter(role__in=roles_of(scope.roles))


def referral(referral_id: UUID) -> Referral:
    """Give one referral of the present organisation.

    Raises
    ------
    Referral.DoesNotExist
    """
    return Referral.objects.select_related("decision", "decision__pack_set").get(id=referral_id)


@dataclass(frozen=True)
class Settled:
    """How the referrals of an object's latest decision ended.

    Parameters
    ----------
    is_approved : bool
        Whether every role approved; False if one declined.
    said : str
        The reason of whoever answered last, with the name.
    """

    is_approved: bool
    said: str
    at: datetime


def settled(object_id: UUID) -> Settled | None:
    """Tell how an object's last referrals ended; None while one of them is open."""
    last = Referral.objects.filter(object_id=object_id).order_by("-opened_at", "-id").first()
    if last is None:
        return None
    # An object may have been asked about for several people at once.
    rows = list(
        Referral.objects.filter(object_id=object_id, opened_at=last.opened_at).order_by(
            "-answered_at", "-id"
        )
    )
    if any(not row.answer for row in rows):
        return None
    told = next((row for row in rows if row.answer == Referral.Answer.DECLINED), rows[0])
    assert told.answered_at is not None
    return Settled(
        all(row.answer == Referral.Answer.APPROVED for row in rows),
        f"{told.answered_by_name}: {told.reason}",
        told.answered_at,
    )
