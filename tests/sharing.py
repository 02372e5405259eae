"""Two parties with lists, and a contract between them."""

from __future__ import annotations

from datetime import date

from django.db import connection

from entente.consent import actions
from entente.consent.actions import ListTerms, ShareTerms
from entente.directory import reads as directory
from entente.directory.actions import add_legal_entity
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.domain.identifiers import npi_check_digit
from entente.foundation.models import new_id
from tests.cast import PASSWORD, POSTAL_ADDRESS

SPECIALTIES = ("Cardiology", "Nephrology", "Neurology")
STATES = ("CT", "MA", "RI", "NY")


def npi(n: int) -> str:
    """Give the n-th invented NPI."""
    payload = f"2{n:08d}"
    return f"{payload}{npi_check_digit(payload)}"


def npis(first: int, last: int) -> list[str]:
    """Give invented NPIs from one number up to but not including another."""
    return [npi(n) for n in range(first, last)]


def register_people(org_id, numbers, *, specialty=None, state=None) -> None:
    """Put people into the public registry; needs an open scope of the organisation."""
    rows = [
        (
            npi(n),
            f"Person{n}",
            specialty(n) if specialty else SPECIALTIES[n % 3],
            state(n) if state else STATES[n % 4],
        )
        for n in numbers
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_hcp (id, org_id, npi, family_name, profession, specialty,"
            " us_state, name_key, search_text, given_name, middle_name, prefix, suffix, credential,"
            " taxonomy_code, licence_number, licence_state, licence_states, address_line,"
            " address_line2, city, postal_code, country, phone, time_zone, identity_status,"
            " covered_recipient_type, bona_fide_employee, source, row_hashes)"
            " SELECT gen_random_uuid(), %s, g.npi, g.name, 'physician', g.specialty, g.state,"
            " lower(g.name), ' ' || lower(g.name), '', '', '', '', '', '', '', '', '{}', '', '',"
            " '', '', 'US', '', '', 'verified', 'none', false, 'test', '{}'"
            " FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])"
            " AS g(npi, name, specialty, state)",
            [org_id, *([row[i] for row in rows] for i in range(4))],
        )


TERMS = ShareTerms(
    name="Follow-up overlap",
    purpose="Find shared accounts for joint education",
    from_on=date(2026, 1, 1),
    to_on=date(2027, 12, 31),
    data_licence="Own records of each party",
    agreement_ref="Charter 2026-1",
)
OPENING = ShareTerms(
    **{
        **TERMS.__dict__,
        "fields": ("npi", "name", "state", "email"),
        "legal_basis": "consent",
        "deidentification": "none",
    }
)


class Parties:
    """The host and one partner, each acting through its own people."""

    def __init__(self, cast, at, partner=None):
        self.cast, self.at = cast, at
        self.partner = partner or cast.partner
        self.privacy = cast.scope(Role.PRIVACY)
        self.theirs = cast.scope(Role.PARTNER_ADMINISTRATOR, self.partner)
        for scope in (cast.system(), cast.system(self.partner)):
            with act_as(scope):
                if not directory.legal_entities(scope.org_id):
                    add_legal_entity(
                        name=f"Entity {new_id()}",
                        country="US",
                        postal_address=POSTAL_ADDRESS,
                        at=at,
                    )

    def scope(self, side):
        """Give the scope of the host (0) or the partner (1)."""
        return self.privacy if side == 0 else self.theirs

    def contract(self, terms=TERMS, *, signed=True, **given):
        """Write and propose a contract, and have both sides sign it."""
        with act_as(self.privacy):
            made = actions.draft_share(terms, partner_id=self.partner.id, at=self.at, **given)
            actions.propose_share(made.id, at=self.at)
        if signed:
            self.sign(made.id)
        return made

    def sign(self, contract_id):
        """Have both sides sign."""
        for side in (0, 1):
            with act_as(self.scope(side)):
                actions.sign_share(contract_id, password=PASSWORD, at=self.at)

    def load(self, side, numbers, *, name="Accounts", fields=("npi", "name", "state", "email")):
        """Load a list of people for a side and give its id."""
        rows = [
            {"npi": n, "name": f"Dr {n}", "state": "CT", "email": f"{n}@clinic.test"}
            for n in numbers
        ]
        with act_as(self.scope(side)):
            _, list_id = actions.load_accounts(
                rows, ListTerms(name, "own records", fields), at=self.at
            )
        return list_id

    def offer(self, contract_id, side, list_id):
        """Offer a list."""
        with act_as(self.scope(side)):
            actions.offer_list(contract_id, list_id, at=self.at)

    def compare(self, contract_id, first, second, *, asks=0):
        """Offer both lists, compare, give the comparison."""
        self.offer(contract_id, 0, first)
        self.offer(contract_id, 1, second)
        with act_as(self.scope(asks)):
            return actions.compare_lists(contract_id, at=self.at)
