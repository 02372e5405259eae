"""A claim used in 200 items is recalled while workers deliver 5,000 e-mails of them.

A quarter of the items stand on the web, where 50 addresses and 250 personal links lead to them.

A process of its own with a database of its own, real SMTP to a catcher, and four workers; prints
what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import django

N_ITEMS, N_ON_WEB, N_SENDS, N_WORKERS = 200, 50, 5_000, 4
N_LINKS_EACH = 5
CLAIM = "Lowers pressure within a week."
# The race is run in the morning of the recipients, whatever the hour here.
MORNING = datetime(2026, 11, 20, 16, tzinfo=UTC)


def main() -> None:
    """Build the world, deliver, recall in the middle, wait for rest, count."""
    from entente.foundation import keys
    from entente.foundation.database import private_server
    from entente.foundation.supervisor import Supervisor, free_port

    server = private_server()
    server.start()
    port = free_port(24_500)
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    django.setup()
    from django.db import connections

    from entente.foundation.administration import initialise
    from tests.cast import Cast, build_cast

    running, mail = Supervisor({}), keys.home() / "mail"
    running.start("catcher", [sys.executable, "-m", "entente.demo.catcher", str(port), str(mail)])
    running.await_port("catcher", port)
    try:
        initialise()
        build_cast(MORNING)
        print(json.dumps(_race(Cast.found(), mail)))
    finally:
        running.stop()
        connections.close_all()
        server.stop()


def _released(cast):
    """Give the claim, the company and 200 released versions that make the claim."""
    from entente.content import actions
    from entente.directory.actions import add_legal_entity
    from entente.foundation.access.roles import Role
    from entente.foundation.access.scope import act_as
    from tests.cast import PASSWORD, POSTAL_ADDRESS

    with act_as(cast.system()):
        entity = add_legal_entity(
            name="Halden Inc", country="US", postal_address=POSTAL_ADDRESS, at=MORNING
        )
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = actions.add_claim(
            text=CLAIM, market="US", in_label=True, label_section="14", at=MORNING
        )
        actions.add_reference(claim.id, title="T", source="S", anchor="p. 1", at=MORNING)
        versions = [_written(n, claim.id, web=n >= N_ITEMS - N_ON_WEB) for n in range(N_ITEMS)]
    for version in versions:
        with act_as(cast.scope(Role.REVIEWER)):
            actions.decide(version, verdict="approve", comment="", password=PASSWORD, at=MORNING)
    return claim, entity, versions


def _written(n: int, claim, *, web: bool):
    from entente.content import actions
    from entente.content.actions import Words
    from tests.cast import POSTAL_ADDRESS

    item = actions.draft_item(title=f"News {n}", kind="educational", at=MORNING)
    body = f"{CLAIM} {POSTAL_ADDRESS}"
    way_out = "" if web else "<a href='{{unsubscribe_url}}'>Stop</a>"
    version = actions.save_version(
        item.id,
        Words(
            subject=f"News {n}",
            html=f"<p>{body} {way_out}</p>",
            text=body if web else f"{body} {{{{unsubscribe_url}}}}",
            markets=["US"], audiences=["hcp"], channels=["web" if web else "email"],
            expires_on=MORNING.date() + timedelta(days=300), claim_ids=[claim],
        ),
        at=MORNING,
    )  # fmt: skip
    return actions.submit_for_review(version.id, at=MORNING).id


class _Morning(datetime):
    """A clock that stands at the moment of the race, for pages that ask for the hour."""

    @classmethod
    def now(cls, tz=None) -> datetime:
        return MORNING


def _published(cast, versions, entity, people) -> list[str]:
    """Publish versions, with an address and personal links each, and give where they are read."""
    from entente.content import actions
    from entente.content.actions import Publication
    from entente.content.pages import hosted
    from entente.foundation.access.roles import Role
    from entente.foundation.access.scope import act_as

    hosted.datetime = _Morning
    addresses = []
    for n, version in enumerate(versions):
        with act_as(cast.scope(Role.BRAND_LEAD)):
            page = actions.publish_version(
                Publication(version, entity.id, "US", slug=f"news-{n}"), at=MORNING
            )
            addresses.append(f"/h/news-{n}/")
            addresses += [
                actions.make_personal_link(page.id, hcp_id=people[k], valid_days=300, at=MORNING)
                for k in range(N_LINKS_EACH)
            ]
    return addresses


def _answers(addresses: list[str]) -> dict[str, int]:
    """Count how the addresses answer a reader who has a browser."""
    from django.test import Client

    client = Client(headers={"user-agent": "Mozilla/5.0 (race)"})
    return dict(Counter(str(client.get(address).status_code) for address in addresses))


# Rows that only differ by their person are copied from the first one's, as a load would write them.
COPY = """
INSERT INTO {table}
SELECT (jsonb_populate_record(t, {changes})).* FROM {table} t, generate_series(2, {n}) AS k
WHERE t.id = '{first}'
"""


def _people(cast, entity) -> list:
    """Give so many HCPs who agreed to educational e-mail."""
    import psycopg

    from entente.consent.actions import capture_consent
    from entente.directory.actions import add_contact_point, add_hcp
    from entente.foundation.access.scope import act_as
    from entente.foundation.database import NAME, private_server

    with act_as(cast.system()):
        one = add_hcp(
            family_name="Reader", given_name="Test", country="US", profession="physician",
            at=MORNING, us_state="MA", city="Testford", identity_status="verified",
            licence_active=True,
        )  # fmt: skip
        point = add_contact_point(
            one.id, channel="email", value="reader@hcp.test", from_on=date(2026, 1, 1), at=MORNING
        )
        capture = capture_consent(
            hcp_id=one.id, controller_id=entity.id, channel="email", purpose="education",
            wording_version="1", source="congress", method="form", proof_ref="form",
            captured_at=MORNING - timedelta(days=30), at=MORNING,
        )  # fmt: skip
    person = "md5('reader' || k)::uuid::text"
    with psycopg.connect(private_server().dsn(NAME), autocommit=True) as session:
        for table, first, changes in (
            ("directory_hcp", one.id, f"jsonb_build_object('id', {person})"),
            (
                "directory_contactpoint", point.id,
                f"jsonb_build_object('id', gen_random_uuid(), 'hcp_id', {person},"
                " 'value', 'reader' || k || '@hcp.test')",
            ),
            (
                "consent_capture", capture.id,
                f"jsonb_build_object('id', gen_random_uuid(), 'hcp_id', {person},"
                " 'import_hash', md5('consent' || k))",
            ),
        ):  # fmt: skip
            session.execute(COPY.format(table=table, changes=changes, n=N_SENDS, first=first))
            # As a load does: without it the first questions are planned for an empty table.
            session.execute(f"ANALYZE {table}")
        found = session.execute("SELECT id FROM directory_hcp WHERE family_name = 'Reader'")
        return [row[0] for row in found.fetchall()]


def _race(cast, mail: Path) -> dict:
    from django.db import connections

    from entente.content import actions, reads
    from entente.engagement.actions import SendRequest, request_sends
    from entente.engagement.models import Send
    from entente.foundation.access.roles import Role
    from entente.foundation.access.scope import act_as
    from entente.foundation.outbox.deliver import deliver_due
    from entente.foundation.outbox.mailer import Mailer

    claim, entity, versions = _released(cast)
    people, n_mailed = _people(cast, entity), N_ITEMS - N_ON_WEB
    addresses = _published(cast, versions[n_mailed:], entity, people)
    links_before = _answers(addresses)
    requests = [
        SendRequest(
            hcp_id=person, version_id=versions[n % n_mailed], controller_id=entity.id,
            purpose="education",
        )
        for n, person in enumerate(people)
    ]  # fmt: skip
    for start in range(0, N_SENDS, 1_000):
        with act_as(cast.scope(Role.REPRESENTATIVE)):
            request_sends(requests[start : start + 1_000], at=MORNING)
    queued = _states(cast)
    stop = Event()

    def work(_: int) -> None:
        mailer = Mailer()
        try:
            while not stop.is_set():
                deliver_due(
                    mailer, clock=lambda: MORNING, wanted=50, keep_on=lambda: not stop.is_set()
                )
        finally:
            mailer.close()
            connections.close_all()

    with ThreadPoolExecutor(N_WORKERS) as pool:
        working = [pool.submit(work, n) for n in range(N_WORKERS)]
        _await(lambda: len(list(mail.glob("*.eml"))) > 200)
        asked = time.time()
        with act_as(cast.scope(Role.BRAND_LEAD)):
            recall = actions.withdraw_claim(claim.id, reason="A death", cause="safety", at=MORNING)
        decided = time.time()
        links_after = _answers(addresses)
        links_asked = time.time()
        _await(lambda: not _n_waiting(cast))
        quiet = time.time()
        time.sleep(1)
        stop.set()
        for each in working:
            each.result()
    caught = [each.stat().st_mtime for each in mail.glob("*.eml")]
    with act_as(cast.system()):
        found = reads.standing(recall.id)
        return {
            "queued": queued,
            "states": dict(Counter(Send.objects.values_list("status", flat=True))),
            "caught": len(caught),
            "late": sum(moment > decided for moment in caught),
            "versions": len(found.versions),
            "copies_out": found.n_copies_out,
            "closed": bool(found.recall.closed_at),
            "links_before": links_before,
            "links_after": links_after,
            "links_s": links_asked - decided,
            "recall_s": decided - asked,
            "rest_s": quiet - decided,
        }


def _states(cast) -> dict:
    from entente.engagement.models import Send
    from entente.foundation.access.scope import act_as

    with act_as(cast.system()):
        return dict(Counter(Send.objects.values_list("status", flat=True)))


def _n_waiting(cast) -> int:
    from django.db import connection

    from entente.foundation.access.scope import act_as
    from entente.foundation.models import OutboxMessage

    with act_as(cast.system()):
        waiting = OutboxMessage.objects.filter(state__in=["pending", "claimed"]).count()
    connection.close()
    return waiting


def _await(holds, patience_s: float = 900.0) -> None:
    until = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.02)


if __name__ == "__main__":
    main()
