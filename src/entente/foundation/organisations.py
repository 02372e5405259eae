"""Found the installation, bring partners in, give people accounts and roles."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.foundation import ledger
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import Scope, act_as, current_scope, signing_in
from entente.foundation.models import Organisation, RoleGrant, User, new_id


def host() -> Organisation | None:
    """Give the host of this installation, if it has been founded."""
    with signing_in():
        return Organisation.objects.filter(is_host=True).first()


def system_scope(organisation_id: UUID, *, is_host: bool, name: str) -> Scope:
    """Give the scope of a job or command that acts for an organisation."""
    return Scope(org_id=organisation_id, is_host=is_host, actor_name=name)


def found_host(
    *, name: str, country: str, time_zone: str, at: datetime, kind: str = "industry"
) -> Organisation:
    """Make the host organisation; opens its own transaction, since there is no scope yet."""
    host_id = new_id()
    with act_as(system_scope(host_id, is_host=True, name="command:found")):
        made = Organisation.objects.create(
            id=host_id, name=name, kind=kind, is_host=True, country=country, time_zone=time_zone
        )
        ledger.append(ledger.Entry("foundation.organisation.founded", "organisation", host_id), at=at)
    return made


def add_partner(
    *, name: str, kind: Organisation.Kind, country: str, time_zone: str, at: datetime
) -> Organisation:
    """Bring a partner into the installation; the host does it.

    Writes the organisation and one ledger entry that the partner may read.
    """
    current_scope().require("organisation.write")
    made = Organisation.objects.create(
        id=new_id(), name=name, kind=kind, country=country, time_zone=time_zone
    )
    ledger.append(
        ledger.Entry(
            "foundation.organisation.added", "organisation", made.id, {"kind": kind}, counterparty=made.id
        ),
        at=at,
    )
    return made


def add_user(
    *,
    email: str,
    name: str,
    title: str,
    roles: frozenset[Role],
    at: datetime,
    password: str | None = None,
    person_key: str | None = None,
    time_zone: str = "UTC",
) -> User:
    """Make an account in the present organisation, with its roles."""
    scope = current_scope()
    scope.require("user.write")
    user = User.objects.create_user(
        email,
        password,
        org_id=scope.org_id,
        name=name,
        title=title,
        person_key=person_key or new_id().hex,
        time_zone=time_zone,
    )
    ledger.append(
        ledger.Entry("foundation.user.added", "user", user.id, personal={user.id: {"email": email}}),
        at=at,
    )
    for role in sorted(roles):
        grant_role(user, role, at=at)
    return user


def grant_role(user: User, role: Role, *, at: datetime) -> None:
    """Give a role to a user of the present organisation."""
    scope = current_scope()
    scope.require("user.write")
    RoleGrant.objects.create(
        id=new_id(), org_id=user.org_id, user=user, role=role, granted_by_id=scope.actor_id
    )
    ledger.append(
        ledger.Entry("foundation.role.granted", "user", user.id, {"role": role.value}), at=at
    )


def revoke_role(user: User, role: Role, *, at: datetime) -> None:
    """Take a role away, from the next request on, and end the user's sessions."""
    current_scope().require("user.write")
    RoleGrant.objects.filter(user=user, role=role, revoked_at__isnull=True).update(revoked_at=at)
    ledger.append(
        ledger.Entry("foundation.role.revoked", "user", user.id, {"role": role.value}), at=at
    )
