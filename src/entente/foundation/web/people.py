"""The people of one's own organisation: their roles and whether their training counts today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from entente.foundation.access.roles import HOST_ROLES, PARTNER_ROLES, ROLES, Role
from entente.foundation.models import RoleGrant, Training, User

ORDER = ("name", "id")


def people(*, role: str = "", training: str = "", on: date) -> QuerySet[User]:
    """Give the people of the present organisation.

    Parameters
    ----------
    role : str
        Only those who have it now.
    training : str
        ``"valid"`` or ``"missing"`` on the day; empty for both.
    """
    counts = Training.objects.filter(user=OuterRef("pk"), completed_on__lte=on, valid_until__gte=on)
    held = RoleGrant.objects.filter(user=OuterRef("pk"), revoked_at__isnull=True, role=role)
    found = User.objects.annotate(
        has_record=Exists(counts),
        is_trained=Q(Exists(counts)) & Q(_lacks_no_course(on)),
        trained_until=Max("trainings__valid_until"),
    )
    if role:
        found = found.filter(Exists(held))
    if training:
        found = found.filter(is_trained=training == "valid")
    return found


def _lacks_no_course(on: date) -> RawSQL:
    """Ask what the gate asks: whether some demanded course has no certificate on the day."""
    return RawSQL(
        "NOT EXISTS (SELECT 1 FROM app.courses_lacking(foundation_user.id, %s::date))",
        [on],
        output_field=BooleanField(),
    )


def with_roles(rows: Sequence[Any]) -> list[Any]:
    """Put the titles of each person's roles beside the person; one query for all."""
    grants = RoleGrant.objects.filter(user__in=rows, revoked_at__isnull=True).order_by("role")
    titles: dict[UUID, list[str]] = {}
    for grant in grants:
        titles.setdefault(grant.user_id, []).append(ROLES[grant.as_role].title)
    for row in rows:
        row.role_titles = titles.get(row.id, [])
    return list(rows)


@dataclass(frozen=True)
class Person:
    """A person's account as its page shows it."""

    user: User
    roles: Sequence[Role]
    trainings: Sequence[Training]
    is_trained: bool


def person(user_id: UUID, *, on: date) -> Person:
    """Give one person of the present organisation.

    Raises
    ------
    User.DoesNotExist
    """
    user = (
        User.objects.select_related("org").annotate(complete=_lacks_no_course(on)).get(id=user_id)
    )
    grants = RoleGrant.objects.filter(user=user, revoked_at__isnull=True).order_by("role")
    trainings = list(Training.objects.filter(user=user).order_by("-valid_until", "-id")[:50])
    return Person(
        user,
        [grant.as_role for grant in grants],
        trainings,
        user.complete and any(t.completed_on <= on <= t.valid_until for t in trainings),
    )


def roles_for(*, is_host: bool) -> list[tuple[str, str]]:
    """Give the roles that people of such an organisation may have, with their titles."""
    return [(role.value, ROLES[role].title) for role in (HOST_ROLES if is_host else PARTNER_ROLES)]
