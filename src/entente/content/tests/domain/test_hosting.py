"""Whether a page answers: what is wrong comes before what was decided, and nothing is told early."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.content.domain.files import BadFile, media_type_of, name_for
from entente.content.domain.hosting import GONE, WORDS, Facts, needs_declaration, state_of
from entente.content.domain.visitors import is_program

pytestmark = pytest.mark.feature("content/hosted-pages")

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LIVE = Facts("approved", False, False, False, "PERMIT", NOON, None, None)
BROWSER = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) Version/26.1 Safari/604.1",
    "Accept-Language": "de-CH",
}


@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        ({}, "live", ""),
        ({"outcome": "REFER"}, "waiting", ""),
        ({"outcome": "FORBID"}, "refused", ""),
        ({"outcome": ""}, "refused", ""),
        ({"starts_at": NOON + timedelta(seconds=1)}, "planned", ""),
        ({"status": "withdrawn"}, "gone", "withdrawn"),
        ({"status": "superseded"}, "gone", "superseded"),
        ({"status": "rejected"}, "gone", "rejected"),
        ({"status": "in_review"}, "gone", "void"),
        ({"has_withdrawn_claim": True}, "gone", "claim_withdrawn"),
        ({"has_expired_claim": True}, "gone", "claim_expired"),
        ({"is_expired": True}, "gone", "expired"),
        ({"ended_at": NOON}, "ended", "ended"),
        ({"ends_at": NOON}, "over", "over"),
        ({"ends_at": NOON + timedelta(seconds=1)}, "live", ""),
        ({"ended_at": NOON, "status": "withdrawn"}, "gone", "withdrawn"),
    ],
)
def test_each_state_follows_from_its_facts(changes, state, reason):
    assert state_of(replace(LIVE, **changes), NOON) == (state, reason)


@given(
    st.builds(
        Facts,
        status=st.sampled_from(["draft", "in_review", "approved", "rejected", "withdrawn", "?"]),
        is_expired=st.booleans(),
        has_withdrawn_claim=st.booleans(),
        has_expired_claim=st.booleans(),
        outcome=st.sampled_from(["PERMIT", "REFER", "FORBID", ""]),
        starts_at=st.sampled_from([NOON, NOON + timedelta(days=1)]),
        ends_at=st.sampled_from([None, NOON, NOON + timedelta(days=1)]),
        ended_at=st.sampled_from([None, NOON]),
    )
)
def test_only_what_nothing_speaks_against_is_live(facts):
    state, reason = state_of(facts, NOON)
    assert state in WORDS
    assert (reason in GONE) == (state in ("gone", "ended", "over"))
    sound = facts.status == "approved" and not (
        facts.is_expired or facts.has_withdrawn_claim or facts.has_expired_claim
    )
    open_now = facts.outcome == "PERMIT" and facts.starts_at <= NOON and facts.ended_at is None
    assert (state == "live") == (sound and open_now and facts.ends_at != NOON)


@pytest.mark.parametrize(
    ("method", "headers", "program"),
    [
        ("GET", BROWSER, False),
        ("HEAD", BROWSER, True),
        ("GET", {}, True),
        ("GET", BROWSER | {"Accept-Language": ""}, True),
        ("GET", BROWSER | {"Sec-Purpose": "prefetch;prerender"}, True),
        ("GET", BROWSER | {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, True),
        ("GET", BROWSER | {"User-Agent": "Mozilla/5.0 Barracuda Sentinel (EE)"}, True),
        ("GET", BROWSER | {"User-Agent": "Mimecast-URLProtect"}, True),
        ("GET", BROWSER | {"User-Agent": "python-requests/2.32"}, True),
        ("GET", BROWSER | {"User-Agent": "Mozilla/5.0 HeadlessChrome/140"}, True),
    ],
)
def test_programs_are_told_from_people_by_rules(method, headers, program):
    assert is_program(method, headers) is program


def test_professionals_alone_are_asked_what_they_are():
    assert needs_declaration(["hcp", "hco"])
    assert not needs_declaration(["hcp", "patient"])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"<html>%PDF-",
        b"MZ\x90",
        b"%PDF-1.7 /OpenAction << /S /JavaScript >>",
        b"%PDF-1.7 /Launch ",
        b"%PDF-" + b"0" * (5 * 1024 * 1024),
    ],
)
def test_a_file_that_is_none_or_acts_is_refused(data):
    with pytest.raises(BadFile):
        media_type_of(data)


@given(st.text(max_size=300))
def test_a_name_is_safe_whatever_it_was(name):
    made = name_for(name, ".pdf")
    assert made.endswith(".pdf")
    assert len(made) <= 120
    assert not set(made) & set('/\\\r\n"<>;%\0')
    assert made.isascii()
