"""The person's own page: topics, companies, how often, what is held, requests, languages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from entente.consent import actions, reads
from entente.consent.models import Preference, SubjectRequest, Withdrawal
from entente.consent.reads.links import confirmation_url
from entente.directory.actions import add_legal_entity
from entente.foundation.access.scope import act_as
from entente.foundation.facts import Act, gather
from entente.foundation.models import LedgerEntry

pytestmark = pytest.mark.feature("consent/hcp-control")
NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Centre:
    """A person's page, its topics and its second company."""

    path: str
    heart: UUID
    asthma: UUID
    sister: UUID


@pytest.fixture
def centre(asked) -> Centre:
    """Permissions to two companies of one organisation, two topics, words in two languages."""
    with act_as(asked.scope):
        sister = add_legal_entity(
            name="Halden Devices Inc", country="US", postal_address="2 Test Way", at=NOW
        )
        heart, asthma = (actions.add_topic(name, at=NOW).id for name in ("Heart failure", "Asthma"))
        for language, text in (("en", "May we?"), ("de", "Dürfen wir?")):
            words = actions.stage_wording(
                version=f"US-{language}",
                country="US",
                language=language,
                text=text,
                controller_id=asked.controller_id,
                at=NOW,
            )
            actions.activate_wording(words.id, at=NOW)
        for controller in (asked.controller_id, sister.id):
            actions.capture_consent(
                hcp_id=asked.hcp_id,
                controller_id=controller,
                channel="email",
                purpose="education",
                wording_version="paper-1",
                source="congress",
                method="form",
                proof_ref="form 17",
                captured_at=NOW - timedelta(days=3),
                at=NOW,
            )
        path = reads.preference_url(asked.hcp_id, asked.controller_id, NOW)
    return Centre(path, heart, asthma, sister.id)


def key(asked, subject=None, controller=None):
    about = f"|{subject}" if subject else ""
    return f"{controller or asked.controller_id}|email|education{about}"


def status(asked, *, controller=None, subject=None):
    with act_as(asked.scope):
        return reads.state_as_of(
            asked.hcp_id,
            controller or asked.controller_id,
            "email",
            "education",
            datetime.now(UTC),
            product_id=subject,
        ).status


def test_a_topic_is_switched_off_and_on_by_itself(asked, centre, client):
    page = client.get(centre.path).content.decode()
    assert "Heart failure" in page
    heart, asthma = key(asked, centre.heart), key(asked, centre.asthma)
    form = {"act": "save", "shown": [heart, asthma], "was_on": [heart, asthma], "on": [asthma]}
    assert client.post(centre.path, form).status_code == 302
    assert status(asked, subject=centre.heart) == "withdrawn"
    assert status(asked, subject=centre.asthma) == "granted"
    form = {"act": "save", "shown": [heart], "was_on": [], "on": [heart]}
    assert client.post(centre.path, form).status_code == 302
    assert status(asked, subject=centre.heart) == "granted"


def test_one_company_is_ended_and_the_other_goes_on(asked, centre, client):
    assert client.post(centre.path, {"act": "save", "end": [str(centre.sister)]}).status_code == 302
    assert status(asked, controller=centre.sister) == "withdrawn"
    assert status(asked) == "granted"
    forged = client.post(centre.path, {"act": "save", "end": [str(asked.hcp_id)]})
    assert forged.status_code == 422


def test_words_are_those_of_the_language_that_the_person_reads(asked, centre, client):
    key_of = f"{asked.controller_id}|email|event"
    client.post(f"{centre.path}?lang=de", {"act": "save", "shown": [key_of], "on": [key_of]})
    with act_as(asked.scope):
        state = reads.state_as_of(
            asked.hcp_id, asked.controller_id, "email", "event", datetime.now(UTC)
        )
    assert (state.status, state.text_version) == ("granted", "US-de")


def test_a_weekly_wish_is_kept_and_the_gate_is_told_when_the_week_is_full(asked, centre, client):
    client.post(centre.path, {"act": "save", "emails_7d": "0"})
    with act_as(asked.scope):
        wish = Preference.objects.get()
        assert (wish.emails_7d, wish.emails_30d) == (0, None)
        assert reads.own_cap_7d(asked.hcp_id, datetime.now(UTC)) == 0
        (facts,) = gather(
            [
                Act(
                    "email",
                    datetime.now(UTC),
                    recipient_id=asked.hcp_id,
                    channel="email",
                    purpose="education",
                    controller_id=asked.controller_id,
                )
            ]
        )
    assert facts["tally.emails_cap_30d"] == facts["tally.emails_30d"] == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Ihre Einstellungen"), ("fr", "Vos choix"), ("es", "Sus preferencias")],
)
def test_the_page_speaks_the_language_asked_for_and_keeps_it(centre, client, language, words):
    chosen = client.get(f"{centre.path}?lang={language}")
    page = chosen.content.decode()
    assert f'lang="{language}"' in page
    assert words in page
    assert "Your choices" not in page
    assert chosen["Content-Language"] == language
    asked = client.get(centre.path, headers={"Accept-Language": f"{language}-CH,en;q=0.5"})
    assert words in asked.content.decode()
    saved = client.post(f"{centre.path}?lang={language}", {"act": "save"}, follow=True)
    assert words in saved.content.decode()
    wrong = client.post(f"{centre.path}?lang={language}", {"act": "save", "emails_7d": "99"})
    assert wrong.status_code == 422
    assert "Give a number" not in wrong.content.decode()


def test_an_unknown_language_is_english_and_an_unknown_link_speaks_too(centre, client):
    assert "Your choices" in client.get(f"{centre.path}?lang=xx").content.decode()
    assert "Dieser Link funktioniert nicht" in client.get("/p/nothing/?lang=de").content.decode()


def test_pages_for_staff_stay_in_english(cast, browser):
    from entente.foundation.access.roles import Role

    page = browser(Role.PRIVACY).get("/", headers={"Accept-Language": "de"}).content.decode()
    assert 'lang="en"' in page


def test_all_that_is_held_comes_as_a_file_and_as_a_page_with_addresses_masked(
    asked, centre, client
):
    answer = client.post(centre.path, {"act": "file"})
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Referrer-Policy"] == "no-referrer"
    found = json.loads(answer.content)
    held = {part["name"]: part["rows"] for part in found["held"]}
    assert len(held["permissions"]) == 2
    assert held["addresses"][0]["address"] == "m…@clinic.test"
    page = client.post(f"{centre.path}?lang=de", {"act": "read"}).content.decode()
    assert "Erteilte Einwilligungen" in page
    assert "m.testwell@clinic.test" not in page + answer.content.decode()
    with act_as(asked.scope):
        assert LedgerEntry.objects.filter(verb="consent.person.exported").count() == 2


def test_an_erasure_is_asked_for_once_and_waits_for_an_identity_check(asked, centre, client):
    for _ in range(2):
        done = client.post(centre.path, {"act": "ask", "kind": "erasure", "words": "All of it"})
        assert done.status_code == 302
    with act_as(asked.scope):
        found = SubjectRequest.objects.get()
        assert (found.kind, found.status, found.source) == (
            "erasure", "received", "preference_page",
        )  # fmt: skip
    assert "A request of yours is open" in client.get(centre.path).content.decode()
    assert client.post(centre.path, {"act": "ask", "kind": "everything"}).status_code == 422


@pytest.mark.promise("P24")
def test_a_mail_scanner_that_gets_and_heads_every_public_link_changes_nothing(
    asked, centre, client
):
    with act_as(asked.scope):
        waiting = actions.capture_consent(
            hcp_id=asked.hcp_id,
            controller_id=asked.controller_id,
            channel="email",
            purpose="event",
            wording_version="US-en",
            source="web",
            method="web_form",
            proof_ref="log 1",
            captured_at=NOW,
            at=NOW,
            needs_confirmation=True,
        )
        paths = [
            centre.path,
            reads.unsubscribe_url(asked.hcp_id, asked.controller_id, NOW),
            confirmation_url(asked.hcp_id, waiting.id, NOW),
        ]

    def seen():
        with act_as(asked.scope), connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
                " AND c.relkind = 'r' AND c.relrowsecurity ORDER BY 1"
            )
            told = {}
            for (table,) in cursor.fetchall():
                cursor.execute(
                    f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), ''))"
                    f" FROM {table} t"
                )
                told[table] = cursor.fetchone()[0]
            return told

    before = seen()
    for path in paths:
        for query in (
            "",
            "?lang=de",
            "?act=save",
            "?act=stop",
            "?act=file",
            "?act=ask&kind=erasure",
        ):
            assert client.get(path + query).status_code == 200
            assert client.head(path + query).status_code == 200
        assert client.put(path).status_code == 405
    assert seen() == before
    with act_as(asked.scope):
        assert not Withdrawal.objects.exists()


def test_an_unknown_link_says_nothing_about_anybody(asked, centre, client):
    pages = {
        re.search(r"<main.*</main>", client.get(path).content.decode(), re.S).group()
        for path in ("/p/x/", "/u/x/", "/c/x/", centre.path[:-2] + "/")
    }
    assert len(pages) == 1
    assert "Testwell" not in pages.pop()
