"""Found the installation, bring partners in, give people accounts and roles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction

from entente.foundation import ledger
from entente.foundation.access.roles import HOST_ROLES, PARTNER_ROLES, ROLES, Role
from entente.foundation.access.scope import (
    OutOfScope,
    Scope,
    act_as,
    current_scope,
    signing_in,
    switched,
)
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.models import Organisation, RoleGrant, Training, User, new_id


def acting_user() -> User:
    """Give the person who acts.

    Raises
    ------
    OutOfScope
        If a job acts, or nobody.
    """
    actor_id = current_scope().actor_id
    if actor_id is None:
        raise OutOfScope("only a person who is signed in can do this")
    return User.objects.get(id=actor_id)


def host() -> Organisation | None:
    """Give the host of this installation, if it has been founded."""
    with signing_in():
        return Organisation.objects.filter(is_host=True).first()


def system_scope(organisation_id: UUID, *, is_host: bool, name: str) -> Scope:
    """Give the scope of a job or command that acts for an organisation."""
    return Scope(org_id=organisation_id, is_host=is_host, actor_name=name)


def every_system_scope(name: str) -> list[Scope]:
    """Give the scope of a job for every organisation of this installation, the host first."""
    with signing_in():
        found = list(Organisation.objects.order_by("-is_host", "id"))
    return [system_scope(each.id, is_host=each.is_host, name=name) for each in found]


_ORG_FIELDS = [field.attname for field in Organisation._meta.concrete_fields]
_STANDING = f"""
SELECT ARRAY(SELECT g.role FROM foundation_rolegrant g
             WHERE g.user_id = %s AND g.revoked_at IS NULL),
       {", ".join(f'o."{field.column}"' for field in Organisation._meta.concrete_fields)}
FROM foundation_organisation o WHERE o.id = %s
"""  # noqa: S608 - names of columns only


def scope_of(user: User, *, name: str = "user") -> Scope:
    """Give the scope of a user, with the roles he has now."""
    with connection.cursor() as cursor:
        # Asked by every request, so in one question and without the detour over models.
        cursor.execute(_STANDING, [user.id, user.org_id])
        found = cursor.fetchone()
    if found is None:
        raise Organisation.DoesNotExist
    roles, *values = found
    user.org = Organisation.from_db(user._state.db, _ORG_FIELDS, values)
    return Scope(
        org_id=user.org_id,
        actor_id=user.id,
        roles=frozenset(Role(role) for role in roles),
        is_host=user.org.is_host,
        actor_name=name,
        person_key=user.person_key,
    )


def scope_of_user(user_id: UUID, *, name: str) -> Scope:
    """Give the scope in which a job does what a user asked for, with the roles he has now."""
    with signing_in():
        return scope_of(User.objects.select_related("org").get(id=user_id), name=name)


def found_host(
    *, name: str, country: str, time_zone: str, at: datetime, kind: str = "industry"
) -> Organisation:
    """Make the host organisation; opens its own transaction, since there is no scope yet."""
    host_id = new_id()
    with act_as(system_scope(host_id, is_host=True, name="command:found")):
        made = Organisation.objects.create(
            id=host_id, name=name, kind=kind, is_host=True, country=country, time_zone=time_zone
        )
        ledger.append(
            ledger.Entry("foundation.organisation.founded", "organisation", host_id), at=at
        )
    return made


def add_partner(
    *, name: str, kind: Organisation.Kind, country: str, time_zone: str, at: datetime
) -> Organisation:
    """Bring a partner into the installation; the host does it.

    Writes the organisation and one ledger entry that the partner may read.

    Raises
    ------
    UserError
        If a field is empty or unknown, or an organisation of that name is there already.
    """
    current_scope().require("organisation.write")
    name = name.strip()
    if not name:
        raise UserError("give the organisation's name", field="name")
    if not is_country(country):
        raise UserError("write the country as two capitals, for example GB", field="country")
    _check_zone(time_zone)
    if Organisation.objects.filter(name__iexact=name).exists():
        raise UserError(f"{name} is there already", field="name")
    made = Organisation.objects.create(
        id=new_id(), name=name, kind=kind, country=country, time_zone=time_zone
    )
    ledger.append(
        ledger.Entry(
            "foundation.organisation.added",
            "organisation",
            made.id,
            {"kind": kind},
            counterparty=made.id,
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
    qualification: str = "",
) -> User:
    """Make an account in the present organisation, with its roles.

    Without a password the person sets one by way of "Forgot your password?".

    Raises
    ------
    UserError
        If the address is none or has an account already, the name is missing, the zone is
        unknown, or a role belongs to the other kind of organisation.
    """
    scope = current_scope()
    scope.require("user.write")
    email = _new_address(email)
    if not name.strip():
        raise UserError("give the person's name", field="name")
    _check_zone(time_zone)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email,
                password,
                org_id=scope.org_id,
                name=name.strip(),
                title=title.strip(),
                person_key=person_key or new_id().hex,
                time_zone=time_zone,
                qualification=qualification,
            )
    except IntegrityError:
        # The address is the name to sign in with, so it is one for the whole installation.
        raise UserError("this address has an account already", field="email") from None
    ledger.append(
        ledger.Entry(
            "foundation.user.added", "user", user.id, personal={user.id: {"email": email}}
        ),
        at=at,
    )
    for role in sorted(roles):
        grant_role(user, role, at=at)
    return user


def invite_partner(
    organisation_id: UUID, *, email: str, name: str, title: str, role: Role, at: datetime
) -> User:
    """Make an account at a partner, by the host: the first one, who then makes the others.

    Writes the account and its role in the partner's name, with the host's administrator as
    the one who did it.

    Raises
    ------
    UserError
        As ``add_user``.
    """
    scope = current_scope()
    scope.require("organisation.write")
    partner = Organisation.objects.get(id=organisation_id, is_host=False)
    with switched(replace(scope, org_id=partner.id, is_host=False)):
        return add_user(
            email=email,
            name=name,
            title=title,
            roles=frozenset({role}),
            at=at,
            time_zone=partner.time_zone,
        )


def _check_zone(time_zone: str) -> None:
    if time_zone not in available_timezones():
        raise UserError("write the time zone as Europe/Berlin", field="time_zone")


def _new_address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise UserError("write one address, such as a.hale@example.org", field="email") from None
    return email


def grant_role(user: User, role: Role, *, at: datetime) -> None:
    """Give a role to a user of the present organisation.

    Raises
    ------
    UserError
        If the user has it, or it belongs to the other kind of organisation.
    """
    scope = current_scope()
    scope.require("user.write")
    if role not in (HOST_ROLES if scope.is_host else PARTNER_ROLES):
        raise UserError(f"{role.value} is no role of this organisation", field="role")
    if RoleGrant.objects.filter(user=user, role=role, revoked_at__isnull=True).exists():
        raise UserError("this person has the role already", field="role")
    RoleGrant.objects.create(
        id=new_id(), org_id=user.org_id, user=user, role=role, granted_by_id=scope.actor_id
    )
    ledger.append(
        ledger.Entry("foundation.role.granted", "user", user.id, {"role": role.value}), at=at
    )


def revoke_role(user: User, role: Role, *, at: datetime) -> None:
    """Take a role away, from the next request on.

    Raises
    ------
    UserError
        If it is one's own right to manage accounts: somebody else has to take that.
    """
    scope = current_scope()
    scope.require("user.write")
    if user.id == scope.actor_id and "user.write" in ROLES[role].may:
        raise UserError("ask a colleague to take your right to manage accounts", field="role")
    RoleGrant.objects.filter(user=user, role=role, revoked_at__isnull=True).update(revoked_at=at)
    ledger.append(
        ledger.Entry("foundation.role.revoked", "user", user.id, {"role": role.value}), at=at
    )


def record_training(
    user: User, *, course: str, completed_on: date, valid_until: date, at: datetime
) -> Training:
    """Record that a user has completed a course; without a valid one he may not approach HCPs.

    Raises
    ------
    UserError
        If the course ends before it begins to count, or was completed in the future.
    """
    scope = current_scope()
    scope.require("user.write")
    if valid_until < completed_on:
        raise UserError("the course counts until a day after its completion", field="valid_until")
    if completed_on > at.date():
        raise UserError("a course is recorded once it is completed", field="completed_on")
    made = Training.objects.create(
        id=new_id(),
        org_id=user.org_id,
        user=user,
        course=course,
        completed_on=completed_on,
        valid_until=valid_until,
        recorded_by_id=scope.actor_id,
    )
    details = {"course": course, "valid_until": valid_until}
    ledger.append(ledger.Entry("foundation.training.recorded", "user", user.id, details), at=at)
    return made


def record_passed_courses(*, courses: list[str], valid_until: date, at: datetime) -> Training:
    """Record that the person who acts has passed every course demanded of him.

    It counts from today until the first of the certificates ends. Writes the record and one
    ledger entry; what was passed is proved by the caller's certificates.

    Raises
    ------
    OutOfScope
        If a job acts: nobody else takes a person's courses.
    """
    user = acting_user()
    made = Training.objects.create(
        id=new_id(),
        org_id=user.org_id,
        user=user,
        course=", ".join(courses)[:200],
        completed_on=at.date(),
        valid_until=valid_until,
        recorded_by=user,
    )
    details = {"courses": courses, "valid_until": valid_until}
    ledger.append(ledger.Entry("foundation.training.passed", "user", user.id, details), at=at)
    return made
