"""What engagement's tests stand on: a person, a company, an approved item, working hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from entente.consent.actions import capture_consent
from entente.content import actions as content
from entente.content.actions import Words
from entente.directory.actions import add_contact_point, add_hcp, add_legal_entity
from entente.engagement.actions import hear_mail
from entente.engagement.adapters.mail_events import told_of
from entente.engagement.tests.shell.mail_world import ask, leave
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.outbox.deliver import deliver_due
from entente.foundation.outbox.mailer import Attempt, Outcome
from tests.cast import PASSWORD

ADDRESS = "1 Halden Way, Testford, MA 02100"


@dataclass(frozen=True)
class World:
    """Ids of what a send needs; ``willing`` agreed to e-mail, ``silent`` never said anything."""

    willing: UUID
    silent: UUID
    entity: UUID
    version: UUID


@pytest.fixture
def working_hours(noon):
    """The clock at the doors stands at eleven in the morning of the tests' day in Massachusetts."""
    with time_machine.travel(noon + timedelta(hours=4), tick=True):
        yield


@pytest.fixture
def world(cast, noon, working_hours) -> World:
    """Build what a send needs."""
    with act_as(cast.system()):
        entity = add_legal_entity(name="Halden Inc", country="US", postal_address=ADDRESS, at=noon)
        people = [_person(name, noon) for name in ("Willing", "Silent")]
        capture_consent(
            hcp_id=people[0], controller_id=entity.id, channel="email", purpose="education",
            wording_version="1", source="congress", method="form", proof_ref="form 17",
            captured_at=noon - timedelta(days=30), at=noon,
        )  # fmt: skip
    return World(*people, entity.id, _approved(cast, noon))


def _person(name, at) -> UUID:
    made = add_hcp(
        family_name=name, given_name="Test", country="US", profession="physician", at=at,
        us_state="MA", city="Testford", identity_status="verified", licence_active=True,
    )  # fmt: skip
    add_contact_point(
        made.id, channel="email", value=f"{name.lower()}@hcp.test", from_on=date(2026, 1, 1), at=at
    )
    return made.id


def _approved(cast, at) -> UUID:
    with act_as(cast.scope(Role.BRAND_LEAD)):
        item = content.draft_item(title="Heart failure news", kind="educational", at=at)
        made = content.save_version(
            item.id,
            Words(
                subject="News",
                html=f"<p>Dear {{{{family_name}}}}</p><p>{ADDRESS}"
                " <a href='{{unsubscribe_url}}'>Stop</a></p>",
                text=f"Dear {{{{family_name}}}}\n{ADDRESS}\nStop: {{{{unsubscribe_url}}}}",
                markets=["US"],
                audiences=["hcp"],
                channels=["email"],
                expires_on=date(2027, 11, 20),
                support_statement="",
            ),
            at=at,
        )
        content.submit_for_review(made.id, at=at)
    with act_as(cast.scope(Role.REVIEWER)):
        content.decide(made.id, verdict="approve", comment="", password=PASSWORD, at=at)
    return made.id


class Postman:
    """A mail server that takes every mail, or refuses every one, and keeps what it saw."""

    def __init__(self, outcome: str) -> None:
        self.outcome, self.seen = outcome, []

    def trouble(self) -> str:
        return ""

    def close(self) -> None:
        pass

    def send(self, email) -> Attempt:
        self.seen.append(email)
        return Attempt(Outcome(self.outcome), "as the test wants it")


@pytest.fixture
def mailed(db):
    """Deliver what waits at a moment and give the mails that were handed to the server."""

    def deliver(at, *, outcome="sent"):
        postman = Postman(outcome)
        deliver_due(postman, clock=lambda: at)
        return postman.seen

    return deliver


@pytest.fixture
def now(working_hours):
    return datetime.now(UTC)


@pytest.fixture
def left(cast, world, now):
    """A send that left two hours ago."""
    return leave(cast, ask(cast, world, now), now - timedelta(hours=2))


@pytest.fixture
def hear(cast, now):
    """Tell events to the platform; give what became of them."""

    def tell(*events, at=now):
        with act_as(cast.system()):
            return hear_mail([told_of(e, n) for n, e in enumerate(events, start=1)], at=at)

    return tell
