"""The invented organisations and people of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from entente.directory import reads as directory
from entente.directory.actions import add_legal_entity
from entente.foundation.access.roles import ROLES, Role
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

if TYPE_CHECKING:
    from entente.directory.models import LegalEntity

PASSWORD = "invented people only"  # noqa: S105 - printed by the demo, valid nowhere else
HOST, PARTNER, SOCIETY = (
    "Halden Pharma",
    "Northlake Health System",
    "Society of Invented Cardiology",
)

HOST_PEOPLE = {
    Role.REPRESENTATIVE: "Rhea Fieldgate",
    Role.MSL: "Milo Evidenz",
    Role.BRAND_LEAD: "Brenna Markwell",
    Role.ALLIANCE_MANAGER: "Alba Pactum",
    Role.REVIEWER: "Remy Lawson",
    Role.COMPLIANCE: "Cora Rulebrook",
    Role.STEWARD: "Stellan Recordson",
    Role.FINANCE: "Fia Ledgerly",
    Role.PRIVACY: "Pia Quietly",
    Role.EVENT_MANAGER: "Eva Gathering",
    Role.ACCESS_MANAGER: "Avis Coverwell",
    Role.SAFETY: "Saskia Watchman",
    Role.ADMINISTRATOR: "Ada Keyring",
}
PARTNER_PEOPLE = {
    PARTNER: {
        Role.PARTNER_MARKETER: "Nora Lakeside",
        Role.PARTNER_SELLER: "Nils Dealwright",
        Role.PARTNER_ADMINISTRATOR: "Nadia Keyholder",
    },
    SOCIETY: {Role.PARTNER_MARKETER: "Soren Chapterly"},
}


@dataclass(frozen=True)
class Cast:
    """The organisations of the demo, and how to act as one of their people."""

    host: Organisation
    partner: Organisation
    society: Organisation

    @classmethod
    def found(cls) -> Cast | None:
        """Find the cast, if the demo world has been built."""
        with signing_in():
            named = {each.name: each for each in Organisation.objects.all()}
        if not {HOST, PARTNER, SOCIETY} <= set(named):
            return None
        return cls(named[HOST], named[PARTNER], named[SOCIETY])

    def user(self, role: Role, organisation: Organisation | None = None) -> User:
        """Give the person with a role."""
        with signing_in():
            return User.objects.select_related("org").get(
                org=organisation or self.host, grants__role=role
            )

    def scope(self, role: Role, organisation: Organisation | None = None) -> Scope:
        """Give that person's scope."""
        user = self.user(role, organisation)
        with signing_in():
            return scope_of(user)

    def system(self, organisation: Organisation | None = None) -> Scope:
        """Give the scope of a command of an organisation."""
        who = organisation or self.host
        return system_scope(who.id, is_host=who.is_host, name="command:demo")

    def everybody(self) -> list[tuple[str, str, User]]:
        """Give organisation, role in words, and user, for the list of sign-in links."""
        found = []
        for organisation in (self.host, self.partner, self.society):
            with signing_in():
                users = (
                    User.objects.filter(org=organisation)
                    .prefetch_related("grants")
                    .order_by("recorded_at", "id")
                )
                found += [
                    (organisation.name, ROLES[grant.as_role].title, user)
                    for user in users
                    for grant in user.grants.all()
                ]
        return found


def build_cast(at: datetime) -> Cast:
    """Make the organisations, their legal entities and their people."""
    host = found_host(name=HOST, country="US", time_zone="America/New_York", at=at)
    with act_as(system_scope(host.id, is_host=True, name="command:demo")):
        partner = add_partner(
            name=PARTNER, kind=Organisation.Kind.HEALTH_SYSTEM, country="US",
            time_zone="America/New_York", at=at,
        )  # fmt: skip
        society = add_partner(
            name=SOCIETY, kind=Organisation.Kind.MEDICAL_SOCIETY, country="US",
            time_zone="America/New_York", at=at,
        )  # fmt: skip
    made = Cast(host, partner, society)
    _staff(made, host, HOST_PEOPLE, "halden", at)
    _staff(made, partner, PARTNER_PEOPLE[PARTNER], "northlake", at)
    _staff(made, society, PARTNER_PEOPLE[SOCIETY], "society", at)
    return made


def _staff(
    made: Cast, organisation: Organisation, people: dict[Role, str], domain: str, at: datetime
) -> None:
    with act_as(made.system(organisation)):
        add_legal_entity(
            name=organisation.name,
            country="US",
            postal_address=f"1 Invented Way, Sampleton, CT 06000 ({domain})",
            at=at,
            time_zone="America/New_York",
        )
        for role, name in people.items():
            user = add_user(
                email=f"{name.split()[0].lower()}@{domain}.test",
                name=name,
                title=ROLES[role].title,
                roles=frozenset({role}),
                at=at,
                password=PASSWORD,
                time_zone="America/New_York",
                qualification="doctor" if role == Role.REVIEWER else "",
            )
            record_training(
                user,
                course="Codes of practice, law and science (invented course)",
                completed_on=at.date() - timedelta(days=40),
                # One course is over, so that one sees what the platform makes of it.
                valid_until=at.date() + timedelta(days=-10 if role == Role.FINANCE else 325),
                at=at,
            )


def entity_of(organisation: Organisation) -> LegalEntity:
    """Give an organisation's main legal entity; needs an open scope that sees it."""
    return directory.main_legal_entity(organisation.id)
