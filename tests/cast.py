"""The shared cast: a host, two partners, a stranger, and the people who work there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from entente.foundation.access.roles import HOST_ROLES, PARTNER_ROLES, Role
from entente.foundation.access.scope import Scope, act_as, signing_in
from entente.foundation.models import Organisation, User
from entente.foundation.organisations import (
    add_partner,
    add_user,
    found_host,
    record_training,
    scope_of,
    system_scope,
)

PASSWORD = "correct horse battery"
# Rows that are committed stay for the next test: all that write letters give the same address.
POSTAL_ADDRESS = "1 Halden Way, Testford, MA 02100"


def _people(organisation: Organisation, roles: tuple[Role, ...], prefix: str, at: datetime) -> None:
    with act_as(system_scope(organisation.id, is_host=organisation.is_host, name="tests")):
        for role in roles:
            user = add_user(
                email=f"{role.value}@{prefix}.test",
                name=f"{role.value.replace('_', ' ').title()} of {prefix.title()}",
                title=role.value,
                roles=frozenset({role}),
                at=at,
                password=PASSWORD,
            )
            record_training(
                user,
                course="Codes of practice",
                completed_on=at.date() - timedelta(days=30),
                valid_until=at.date() + timedelta(days=335),
                at=at,
            )


def build_cast(at: datetime) -> None:
    """Make the organisations and their people; commits."""
    host = found_host(name="Halden Pharma", country="US", time_zone="America/New_York", at=at)
    partners = []
    with act_as(system_scope(host.id, is_host=True, name="tests")):
        for name, kind in (
            ("Northlake Health System", Organisation.Kind.HEALTH_SYSTEM),
            ("Society of Test Cardiology", Organisation.Kind.MEDICAL_SOCIETY),
            ("Stranger Telehealth", Organisation.Kind.TELEHEALTH),
        ):
            partners.append(add_partner(name=name, kind=kind, country="US", time_zone="UTC", at=at))
    _people(host, HOST_ROLES, "halden", at)
    for partner, prefix in zip(partners, ("northlake", "society", "stranger"), strict=True):
        _people(partner, PARTNER_ROLES, prefix, at)


@dataclass(frozen=True)
class Cast:
    """Organisations by the part they play; people by role and organisation."""

    host: Organisation
    partner: Organisation
    society: Organisation
    stranger: Organisation

    @classmethod
    def found(cls) -> Cast:
        """Find the cast in the database."""
        with signing_in():
            named = {o.name: o for o in Organisation.objects.all()}
        return cls(
            named["Halden Pharma"],
            named["Northlake Health System"],
            named["Society of Test Cardiology"],
            named["Stranger Telehealth"],
        )

    def user(self, role: Role, organisation: Organisation | None = None) -> User:
        """Give the person of an organisation who has this role."""
        with signing_in():
            return (
                User.objects.select_related("org")
                .filter(org=organisation or self.host, grants__role=role)
                .first()
            )

    def scope(self, role: Role, organisation: Organisation | None = None) -> Scope:
        """Give the scope of that person."""
        user = self.user(role, organisation)
        with signing_in():
            return scope_of(user)

    def system(self, organisation: Organisation | None = None) -> Scope:
        """Give the scope of a job of that organisation."""
        who = organisation or self.host
        return system_scope(who.id, is_host=who.is_host, name="tests")
