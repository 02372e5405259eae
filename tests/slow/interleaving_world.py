"""The world of the interleavings: a company, an approved item, and people who agreed to e-mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from entente.consent.actions import capture_consent
from entente.content import actions as content
from entente.content.actions import Words
from entente.directory.actions import add_contact_point, add_hcp, add_legal_entity
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.administration import _target
from tests.cast import PASSWORD, POSTAL_ADDRESS

N_RECORDS = 4


def now() -> datetime:
    """Give the present moment of the play, the same that the pages see."""
    return datetime.now(UTC)


@dataclass
class World:
    """What a send needs, and the people of every plan: ``people[plan][record]``."""

    cast: Any
    entity: UUID
    version: UUID
    people: dict[int, list[tuple[UUID, str]]]

    def __post_init__(self) -> None:
        self.asker, self.system = self.cast.scope(Role.REPRESENTATIVE), self.cast.system()


def build_world(cast: Any, seeds: Sequence[int], *, name: str) -> World:
    """Make a company, an approved item, and four records for each plan; commits."""
    at = now() - timedelta(minutes=5)
    with act_as(cast.system()):
        entity = add_legal_entity(name=name, country="US", postal_address=POSTAL_ADDRESS, at=at).id
    version = _approved(cast, name, at)
    return World(cast, entity, version, _people(cast, entity, seeds, name, at))


def _approved(cast: Any, name: str, at: datetime) -> UUID:
    with act_as(cast.scope(Role.BRAND_LEAD)):
        item = content.draft_item(title=name, kind="educational", at=at)
        made = content.save_version(
            item.id,
            Words(
                subject="News",
                html=f"<p>{POSTAL_ADDRESS} <a href='{{{{unsubscribe_url}}}}'>Stop</a></p>",
                text=f"{POSTAL_ADDRESS} Stop: {{{{unsubscribe_url}}}}",
                markets=["US"], audiences=["hcp"], channels=["email"],
                expires_on=at.date() + timedelta(days=300),
            ),
            at=at,
        )  # fmt: skip
        content.submit_for_review(made.id, at=at)
    with act_as(cast.scope(Role.REVIEWER)):
        content.decide(made.id, verdict="approve", comment="", password=PASSWORD, at=at)
    return made.id


# Rows that only differ by their person are copied from the first one's, as a load would write them.
COPY = """
INSERT INTO {table}
SELECT (jsonb_populate_record(t, {changes})).* FROM {table} t, generate_series(0, {n} - 1) AS k
WHERE t.id = '{first}'
"""


def _people(
    cast: Any, entity: UUID, seeds: Sequence[int], name: str, at: datetime
) -> dict[int, list[tuple[UUID, str]]]:
    """Write so many people who agreed to educational e-mail.

    The fourth of each plan is somebody else, whose address is that of the first.
    """
    with act_as(cast.system()):
        one = add_hcp(
            family_name=name, given_name="Test", country="US", profession="physician",
            at=at, us_state="MA", city="Testford", identity_status="verified",
            licence_active=True,
        )  # fmt: skip
        point = add_contact_point(
            one.id, channel="email", value="x@hcp.test", from_on=date(2026, 1, 1), at=at
        )
        capture = capture_consent(
            hcp_id=one.id, controller_id=entity, channel="email", purpose="education",
            wording_version="1", source="congress", method="form", proof_ref="form",
            captured_at=at - timedelta(days=30), at=at,
        )  # fmt: skip
    n = len(seeds) * N_RECORDS
    person = f"md5('{name}' || k)::uuid::text"
    address = f"'{name}.' || k / 4 || '.' || (k % 4) % 3 || '@hcp.test'"
    with psycopg.connect(_target(), autocommit=True) as session:
        for table, first, changes in (
            ("directory_hcp", one.id, f"jsonb_build_object('id', {person})"),
            (
                "directory_contactpoint", point.id,
                f"jsonb_build_object('id', gen_random_uuid(), 'hcp_id', {person},"
                f" 'value', {address})",
            ),
            (
                "consent_capture", capture.id,
                f"jsonb_build_object('id', gen_random_uuid(), 'hcp_id', {person},"
                f" 'import_hash', md5('{name} consent' || k))",
            ),
        ):  # fmt: skip
            session.execute(COPY.format(table=table, changes=changes, n=n, first=first))
            session.execute(f"ANALYZE {table}")
        rows = session.execute(
            f"SELECT md5('{name}' || k)::uuid, {address} FROM generate_series(0, {n} - 1) k"
            " ORDER BY k"
        ).fetchall()
    return {seed: rows[4 * k : 4 * k + 4] for k, seed in enumerate(seeds)}
