"""The last place goes to exactly one of many: real sends of two companies, asked for at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from django.db import OperationalError, connection

from entente.consent.actions import capture_consent
from entente.content import actions as content
from entente.content.actions import Words
from entente.directory.actions import add_contact_point, add_hcp, add_legal_entity
from entente.engagement.actions import SendRequest, request_send
from entente.engagement.models import Send
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id
from tests.cast import PASSWORD, POSTAL_ADDRESS

pytestmark = pytest.mark.slow

N_WORKERS, N_PERSONS = 16, 200


def words(day) -> Words:
    return Words(
        subject="News", html=f"<p>{POSTAL_ADDRESS} <a href='{{{{unsubscribe_url}}}}'>Stop</a></p>"
        "<p>Promotional information</p>",
        text=f"{POSTAL_ADDRESS} Stop: {{{{unsubscribe_url}}}} Promotional information",
        markets=["US"], audiences=["hcp"], channels=["email"],
        expires_on=day + timedelta(days=300),
    )  # fmt: skip


class Company:
    """One of the two that write: its scope to ask in, its legal entity, its approved item."""

    def __init__(self, cast, organisation, reviewer: Role, at) -> None:
        name = f"{organisation.name} {new_id().hex[-6:]}"
        with act_as(cast.system(organisation)):
            self.entity = add_legal_entity(
                name=name, country="US", postal_address=POSTAL_ADDRESS, at=at
            ).id
            item = content.draft_item(title=name, kind="educational", at=at)
            self.version = content.save_version(item.id, words(at.date()), at=at).id
            self._address_is_the_main_one(organisation)
            content.submit_for_review(self.version, at=at)
        with act_as(cast.scope(reviewer, organisation)):
            content.decide(self.version, verdict="approve", comment="", password=PASSWORD, at=at)
        self.organisation = organisation

    def _address_is_the_main_one(self, organisation) -> None:
        from entente.directory.models import LegalEntity

        assert LegalEntity.objects.filter(org=organisation, postal_address=POSTAL_ADDRESS).exists()

    def agreed(self, cast, person: UUID, at) -> None:
        """Record that a person takes this company's promotion by e-mail."""
        with act_as(cast.system(self.organisation)):
            add_contact_point(
                person, channel="email", value=f"{person.hex}@hcp.test", from_on=at.date(), at=at
            )
            capture_consent(
                hcp_id=person, controller_id=self.entity, channel="email", purpose="promotion",
                wording_version="1", source="congress", method="form", proof_ref="form",
                captured_at=at - timedelta(days=9), at=at,
            )  # fmt: skip


@pytest.fixture
def companies(committed, noon):
    made = [
        Company(committed, committed.host, Role.REVIEWER, noon),
        Company(committed, committed.partner, Role.PARTNER_MARKETER, noon),
    ]
    host = committed.scope(Role.REPRESENTATIVE)
    partner = committed.scope(Role.PARTNER_MARKETER, committed.partner)
    # No role of a partner sends yet; its person is given the right for this race.
    scopes = [host, replace(partner, roles=frozenset({Role.REPRESENTATIVE}))]
    return list(zip(made, scopes, strict=True))


def people(cast, companies, at) -> list[UUID]:
    made = []
    with act_as(cast.system()):
        for n in range(N_PERSONS):
            made.append(
                add_hcp(
                    family_name=f"Race {n}", given_name="Test", country="US",
                    profession="physician", at=at, us_state="MA", city="Testford",
                    identity_status="verified", licence_active=True,
                ).id
            )  # fmt: skip
    for company, _ in companies:
        for person in made:
            company.agreed(cast, person, at)
    return made


@pytest.mark.promise("P13")
def test_of_sixteen_workers_of_two_companies_exactly_one_gets_the_place(committed, companies, noon):
    at = noon + timedelta(hours=4)
    persons = people(committed, companies, noon)
    wanted = [(person, n % 2) for person in persons for n in range(N_WORKERS)]
    Random(13).shuffle(wanted)

    def ask(what: tuple[UUID, int]) -> tuple[UUID, str, tuple[str, ...]]:
        person, side = what
        company, scope = companies[side]
        request = SendRequest(person, company.version, company.entity, "promotion")
        while True:
            try:
                with act_as(scope):
                    made = request_send(request, at=at)
                    return person, made.status, tuple(made.decision.rule_ids)
            except OperationalError:
                # Whoever waits too long for the lock is told to try again.
                continue
            finally:
                connection.close()

    with ThreadPoolExecutor(N_WORKERS) as threads:
        answers = list(threads.map(ask, wanted))
    queued = Counter(person for person, status, _ in answers if status == Send.Status.QUEUED)
    refused = [rules for _, status, rules in answers if status != Send.Status.QUEUED]
    assert len(answers) == N_WORKERS * N_PERSONS
    # One promotional e-mail in three days, all companies together: never two, never none.
    assert set(queued) == set(persons)
    assert set(queued.values()) == {1}
    assert all("PG-FREQ-1" in rules for rules in refused)
