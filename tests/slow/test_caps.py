"""Sixteen workers of two companies want the last places of people's caps, on three channels."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import OperationalError, connection

from entente.alliances.actions import CampaignPlan, CharterTerms, draft_campaign, draft_charter
from entente.consent.actions import capture_consent
from entente.content import actions as content
from entente.content.actions import Words
from entente.directory.actions import add_contact_point, add_hcp, add_legal_entity, add_product
from entente.engagement.actions import Call, SendRequest, plan_touch, request_send
from entente.engagement.actions.events import agree_event, open_event, record_need, set_up_event
from entente.engagement.actions.invite import invite
from entente.engagement.domain.gathering import EventPlan
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.administration import _target
from entente.foundation.models import new_id
from entente.policy.reads import Decision
from tests.cast import PASSWORD, POSTAL_ADDRESS

pytestmark = pytest.mark.slow

# 200 before a release: ENTENTE_CAP_PEOPLE=200.
N_PERSONS = int(os.environ.get("ENTENTE_CAP_PEOPLE", "24"))
N_WORKERS = 16
CHANNELS = ("email", "call", "invitation")
# Two campaigns for one product and one for another: of 16 requests on each of three channels
# every cap is reached by somebody.
N_CAMPAIGNS, BRAND_OF = 3, (0, 0, 1)
CAPS = {"PG-FREQ-2": 8, "PG-FREQ-4": 4, "PG-FREQ-5": 4, "PG-FREQ-6": 6}
AT = datetime(2026, 11, 27, 15, tzinfo=UTC)
LAST = date(2027, 9, 30)


def words() -> Words:
    return Words(
        subject="News", html=f"<p>{POSTAL_ADDRESS} <a href='{{{{unsubscribe_url}}}}'>Stop</a></p>"
        "<p>Promotional information</p>",
        text=f"{POSTAL_ADDRESS} Stop: {{{{unsubscribe_url}}}} Promotional information",
        markets=["US"], audiences=["hcp"], channels=["email"], expires_on=LAST,
    )  # fmt: skip


class Company:
    """One of the two: its scopes to ask in, its legal entity, and an approved item a worker."""

    def __init__(self, cast, organisation, reviewer: Role, scope) -> None:
        self.organisation, self.scope = organisation, scope
        at, name = AT - timedelta(days=9), f"{organisation.name} {new_id().hex[-6:]}"
        with act_as(cast.system(organisation)):
            self.entity = add_legal_entity(
                name=name, country="US", postal_address=POSTAL_ADDRESS, at=at
            ).id
        self.versions = [
            self._approved(cast, organisation, reviewer, f"{name} {n}", at)
            for n in range(N_WORKERS // 2)
        ]

    def _approved(self, cast, organisation, reviewer, title, at) -> UUID:
        with act_as(cast.system(organisation)):
            item = content.draft_item(title=title, kind="educational", at=at)
            version = content.save_version(item.id, words(), at=at).id
            content.submit_for_review(version, at=at)
        with act_as(cast.scope(reviewer, organisation)):
            content.decide(version, verdict="approve", comment="", password=PASSWORD, at=at)
        return version

    def agreed(self, cast, person: UUID) -> None:
        """Record that a person takes this company's promotion by e-mail."""
        at = AT - timedelta(days=9)
        with act_as(cast.system(self.organisation)):
            add_contact_point(
                person, channel="email", value=f"{person.hex}@hcp.test", from_on=at.date(), at=at
            )
            for channel in ("email", "phone", "in_person"):
                for purpose in ("promotion", "event"):
                    capture_consent(
                        hcp_id=person, controller_id=self.entity, channel=channel, purpose=purpose,
                        wording_version="1", source="congress", method="form", proof_ref="form",
                        captured_at=at, at=at,
                    )  # fmt: skip


@pytest.fixture
def companies(committed):
    # No role of a partner sends yet; its person is given the rights for this race.
    roles = frozenset({Role.REPRESENTATIVE, Role.EVENT_MANAGER})
    host = replace(committed.scope(Role.REPRESENTATIVE), roles=roles)
    partner = committed.scope(Role.PARTNER_MARKETER, committed.partner)
    return [
        Company(committed, committed.host, Role.REVIEWER, host),
        Company(committed, committed.partner, Role.PARTNER_MARKETER, replace(partner, roles=roles)),
    ]


@pytest.fixture
def campaigns(committed, companies) -> list[UUID]:
    """Three live joint campaigns under a charter in force."""
    cast, at = committed, AT - timedelta(days=8)
    with act_as(cast.system()):
        brands = [add_product(f"Brand {new_id().hex[-6:]}", "medicine", at=at).id for _ in range(2)]
        charter = draft_charter(
            CharterTerms(
                name="Together", purpose="Promotion", measures="", way_out="", shared_fields=[],
                emails_30d=4, from_on=date(2026, 1, 1), to_on=LAST,
            ),
            partner_ids=[cast.partner.id], at=at,
        )  # fmt: skip
        made = [
            draft_campaign(
                CampaignPlan(
                    name=f"Race {n}", kind="launch", purpose="promotion", country="US",
                    controller_id=companies[0].entity, product_id=brands[BRAND_OF[n]],
                    launch_on=date(2027, 3, 1), ends_on=LAST, currency="USD", ceiling_minor=0,
                    charter_id=charter.id,
                ),
                shares={cast.host.id: Decimal("0.5"), cast.partner.id: Decimal("0.5")}, at=at,
            ).id
            for n in range(N_CAMPAIGNS)
        ]  # fmt: skip
    _bring_to_life(made, charter.id, at)
    return made


def _bring_to_life(campaign_ids, charter_id, at) -> None:
    """Write the signatures and the gate that a campaign goes live with, without their long way."""
    with psycopg.connect(_target()) as owner:
        # The database insists on that way; this session alone is let off.
        owner.execute("SET session_replication_role = replica")
        owner.execute(
            "UPDATE alliances_charterside s SET agreed_at = %s, agreed_hash = h.terms_hash"
            " FROM alliances_charter h WHERE h.id = s.charter_id AND h.id = %s",
            [at, charter_id],
        )
        owner.execute(
            "UPDATE alliances_campaign SET status = 'live', status_since = %s WHERE id = ANY (%s)",
            [at, campaign_ids],
        )
        owner.execute(
            "INSERT INTO alliances_privacygate"
            " (id, org_id, recorded_at, campaign_id, passed_by, passed_at, note, terms_hash)"
            " SELECT gen_random_uuid(), org_id, %s, id, 'Race', %s, 'Race', terms_hash"
            " FROM alliances_campaign WHERE id = ANY (%s)",
            [at, at, campaign_ids],
        )


def events_of(cast, company, campaigns) -> list[UUID]:
    """Give one open symposium for each of a company's workers, each of some campaign."""
    made = []
    for n in range(N_WORKERS // 2):
        plan = EventPlan(
            "symposium", f"Full house {n}", "Heart failure", company.entity, "US", "UTC",
            AT + timedelta(days=60), AT + timedelta(days=60, hours=3), "hospital", 500,
            venue="Testford General", campaign_id=campaigns[n % N_CAMPAIGNS],
        )  # fmt: skip
        at = AT - timedelta(days=7)
        with act_as(company.scope):
            event = set_up_event(plan, at=at)
            record_need(event.id, "Guideline changed", "Published", at=at)
            agree_event(event.id, password=PASSWORD, at=at)
            open_event(event.id, at=at)
        made.append(event.id)
    return made


def people(cast, companies) -> list[UUID]:
    made = []
    with act_as(cast.system()):
        for n in range(N_PERSONS):
            made.append(
                add_hcp(
                    family_name=f"Race {n}", given_name="Test", country="US",
                    profession="physician", at=AT - timedelta(days=9), us_state="MA",
                    city="Testford", identity_status="verified", licence_active=True,
                ).id
            )  # fmt: skip
    for company in companies:
        for person in made:
            company.agreed(cast, person)
    return made


class Wish(NamedTuple):
    """What a worker wants: to reach a person on a channel for a campaign."""

    person: UUID
    side: int
    worker: int
    channel: str
    campaign: int


class Race:
    """Asks for what is wanted, as the pages would."""

    def __init__(self, companies, campaigns, events) -> None:
        self.companies, self.campaigns, self.events = companies, campaigns, events

    def ask(self, wish: Wish) -> tuple[Wish, Decision]:
        """Ask until there is an answer; whoever waits too long for a lock is told to try again."""
        while True:
            try:
                with act_as(self.companies[wish.side].scope):
                    return wish, getattr(self, f"_{wish.channel}")(wish).decision
            except OperationalError:
                continue
            finally:
                connection.close()

    def _email(self, wish: Wish):
        company = self.companies[wish.side]
        return request_send(
            SendRequest(wish.person, company.versions[wish.worker], company.entity, "promotion",
                        self.campaigns[wish.campaign]),
            at=AT,
        )  # fmt: skip

    def _call(self, wish: Wish):
        call = Call(
            client_id=uuid4(), hcp_id=wish.person, kind="visit", happened_at=AT,
            controller_id=self.companies[wish.side].entity,
            campaign_id=self.campaigns[wish.campaign],
        )  # fmt: skip
        return plan_touch(call, at=AT)

    def _invitation(self, wish: Wish):
        event = self.events[wish.side][wish.worker]
        entity = self.companies[wish.side].entity
        return invite(event, [wish.person], controller_id=entity, at=AT)[0]


def refusals(taken: list[Wish], wish: Wish) -> set[str]:
    """Say which caps are full, by counting what was let through before."""
    brand = BRAND_OF[wish.campaign]
    on_channel = sum(each.channel == wish.channel for each in taken)
    full = {
        "PG-FREQ-1": wish.channel == "email" and on_channel >= 1,
        "PG-FREQ-2": len(taken) >= CAPS["PG-FREQ-2"],
        "PG-FREQ-4": wish.channel != "email" and on_channel >= CAPS["PG-FREQ-4"],
        "PG-FREQ-5": sum(each.campaign == wish.campaign for each in taken) >= CAPS["PG-FREQ-5"],
        "PG-FREQ-6": sum(BRAND_OF[each.campaign] == brand for each in taken) >= CAPS["PG-FREQ-6"],
    }
    return {rule for rule, is_full in full.items() if is_full}


@pytest.mark.promise("P13")
@pytest.mark.feature("planning/frequency-caps")
def test_no_cap_is_exceeded_and_none_refuses_while_there_is_room(committed, companies, campaigns):
    events = [events_of(committed, company, campaigns) for company in companies]
    race = Race(companies, campaigns, events)
    wanted = [
        Wish(person, side, worker, channel, worker % N_CAMPAIGNS)
        for person in people(committed, companies)
        for side in (0, 1)
        for worker in range(N_WORKERS // 2)
        for channel in CHANNELS
    ]
    Random(13).shuffle(wanted)
    with ThreadPoolExecutor(N_WORKERS) as threads:
        answers = list(threads.map(race.ask, wanted))
    assert len(answers) == N_WORKERS * N_PERSONS * len(CHANNELS)
    # Decisions of one person were made one after the other, under the lock of the person's caps.
    answers.sort(key=lambda answer: answer[1].id)
    taken, met = defaultdict(list), Counter()
    for wish, decision in answers:
        expected = refusals(taken[wish.person], wish)
        assert set(decision.rule_ids) == expected, (wish, decision.facts)
        met.update(expected)
        if not expected:
            taken[wish.person].append(wish)
    assert set(met) == {"PG-FREQ-1", *CAPS}, "every cap was reached by somebody"
    assert all(0 < len(each) <= CAPS["PG-FREQ-2"] for each in taken.values())
