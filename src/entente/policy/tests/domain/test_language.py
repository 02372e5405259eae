"""What the language of conditions takes, and all that it does not."""

import json
import time

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.policy.commands import gate
from entente.policy.domain.facts import FACTS
from entente.policy.domain.language import Refused, admit, parse_condition

ADMITTED = [
    "recipient.licence_active",
    "NOT suppression.active",
    "not (recipient.excluded) and content.cobranded",
    "action.type = 'email' AND action.country IN ('US', 'DE')",
    "action.country NOT IN ('US')",
    "action.amount_minor <= 1382",
    "action.amount_minor + tally.tov_year > :cap",
    "(action.amount_minor + 5) - 5 <= meal.cost_per_head_minor",
    "tally.emails_30d BETWEEN 1 AND 4",
    "tally.emails_30d NOT BETWEEN :low AND :high",
    "action.date >= DATE '2026-01-01'",
    "action.date - consent.captured_at > 730",
    "action.date - 30 < content.approval_expires",
    "consent.expires_at IS NULL OR consent.expires_at >= action.date",
    "consent.proof_ref IS NOT NULL",
    "contains(recipient.us_licence_states, 'NY')",
    "contains(recipient.us_licence_states, action.us_state)",
    "param('cap', action.country) > meal.cost_per_head_minor",
    "revshare.share BETWEEN 0.1 AND 0.15",
    "revshare.share <= 1",
    "action.local_time >= TIME '08:00' AND action.local_time < 1200",
    "recipient.excluded = FALSE",
    "500 < action.amount_minor",
    "tally.emails_30d > -1",
]

HOSTILE = [
    "", " ", "TRUE", "FALSE", "NULL", "1", "'a'", "1 = 1", "'a' = 'a'", "TRUE = TRUE", ":x", ":x = 1",
    "action.country", "action.amount_minor", "recipient.us_licence_states", "action.date",
    "action.country > 5", "action.country > 'A'", "action.country = 5", "action.amount_minor = 'x'",
    "action.amount_minor = tally.emails_30d", "action.date = '2026-01-01'", "action.date > 5",
    "action.date = DATE '2026-02-30'", "action.date = DATE '26-01-01'", "action.local_time = TIME '25:00'",
    "recipient.excluded > FALSE", "recipient.excluded + 1 = 2", "action.date + action.date > action.date",
    "action.country + 'x' = 'y'", "revshare.share + revshare.share > 1", "revshare.share = 5",
    "tally.emails_30d * 2 > 1", "tally.emails_30d / 0 > 1", "tally.emails_30d % 2 = 0",
    "action.country || 'x' = 'y'", "action.country = NULL", "action.country IS 5", "action.country IS TRUE",
    "action.country LIKE '%'", "action.country ILIKE 'u%'", "action.country ~ '.*'", "action.country = ANY('x')",
    "action.country IN (SELECT 1)", "action.country IN ()", "action.country IN (action.us_state)",
    "EXISTS (SELECT 1)", "(SELECT 1) = 1", "SELECT 1", "DROP TABLE hcp", "no.such = 1", "hcp = 1",
    "pg_catalog.pg_class = 1", "information_schema.tables IS NULL", "action.type.x = 'a'", "Action.Type = 'a'",
    '"action.type" = \'email\'', "`action.type` = 'email'", "[action.type] = 'email'",
    "action.type = 'email'; SELECT 1", "action.type = 'email' -- x", "action.type = 'email' /* x */",
    "/*+ x */ action.type = 'email'", "action.type = 'email' # x", "action.type = 'a''b'", "action.type = 'a\\'b'",
    "action.type = 'a' OR 1=1", "action.type = 'a' OR TRUE", "action.type = 'a' UNION SELECT 1",
    "action.type = E'\\x41'", "action.type = U&'x'", "action.type = N'x'", "action.type = x'41'",
    "action.type = $$a$$", "action.type == 'a'", "action.type != 'a'", "action.type <=> 'a'",
    "pg_sleep(10) IS NULL", "pg_read_file('/etc/passwd') = 'x'", "read_csv('x') = 1", "eval('1')",
    "__import__('os')", "random() > 1", "now() > action.date", "CURRENT_DATE > action.date",
    "count(action.type) > 1", "lower(action.country) = 'us'", "coalesce(action.country, 'US') = 'US'",
    "CAST(action.amount_minor AS TEXT) = 'x'", "action.amount_minor::text = 'x'",
    "CASE WHEN TRUE THEN recipient.excluded END", "param('cap', action.date) > 1", "param(:x, action.country) = 1",
    "param('cap') = tally.emails_30d", "contains('NY', recipient.us_licence_states)",
    "contains(action.country, 'U')", "contains(recipient.us_licence_states, 5)", "recipient.us_licence_states = 'NY'",
    "action.country = action.country", "action.type = 'email' AND", "AND action.type = 'email'", "(action.type = 'email'",
    "action.type = 'email')", "()", "NOT", "action.amount_minor = 99999999999999999999", "tally.emails_30d = 1e9",
    "tally.emails_30d = 0x10", "tally.emails_30d = 1_000", "tally.emails_30d = 1.5", "tally.emails_30d = .5",
    "action.type = '\u0430'", "action.type\u00a0= 'a'", "action.type = 'a'\x00", "\ufeffrecipient.excluded",
    "recipient.excluded\u2028OR recipient.excluded", "action.type = '" + "a" * 200 + "'",
    "NOT " * 400 + "recipient.excluded", "(" * 26 + "recipient.excluded" + ")" * 26,
    "(" * 900 + "recipient.excluded" + ")" * 900, "-" * 1500 + "1 = tally.emails_30d",
    "tally.emails_30d" + " + 1" * 200 + " = 1", "recipient.excluded OR " * 100 + "recipient.excluded",
    "x" * 5_000_000, "(" * 5_000_000, "'" * 1999, "action.country IN (" + "'A'," * 400 + "'B')",
]  # fmt: skip


@pytest.mark.parametrize("text", ADMITTED)
def test_a_sound_condition_is_admitted(text):
    assert admit(text) == (True, "admitted")


@pytest.mark.promise("P20")
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:40]))
def test_a_hostile_condition_is_refused_at_once(text):
    start = time.perf_counter()
    ok, why = admit(text)
    assert not ok
    assert why.startswith("COND-")
    assert len(why) < 200
    assert time.perf_counter() - start < 0.25


@pytest.mark.parametrize("value", [None, 5, True, ["recipient.excluded"], {"expr": "x"}])
def test_what_is_no_text_is_refused(value):
    assert admit(value)[0] is False


def test_every_fact_can_be_asked_in_some_way():
    for name, fact in FACTS.items():
        assert admit(f"{name} IS NULL")[0], fact


def test_a_refusal_names_the_character():
    with pytest.raises(Refused) as refused:
        parse_condition("action.type = 'email' AND no.such = 1")
    assert (refused.value.code, refused.value.column) == ("COND-005", 27)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
def test_no_text_makes_the_language_crash(text):
    admit(text)


PIECES = ["action.type", "recipient.excluded", "tally.emails_30d", "= ", "<", "'x'", "5", "(", ")",
          "AND", "OR", "NOT", "IN", "IS NULL", "BETWEEN", "+", "-", ":p", "contains", ",", "DATE",
          "'2026-01-01'", "param", "TRUE", ";", "--", "/*", "::text"]  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_no_mutant_of_the_grammar_crashes_or_smuggles_a_foreign_sign(text):
    ok, _ = admit(text)
    assert not (ok and any(sign in text for sign in (";", "--", "/*", "::")))


def test_the_command_answers_each_line_and_survives_bad_ones():
    lines = ['{"expr": "recipient.excluded"}', "nonsense", "[1]", '{"expr": 5}', '{"expr": "1=1"}',
             '{"expr": "recipient.excluded", "x": 1}', "[" * 50_000, '{"expr": "' + "a" * 200_000 + '"}']  # fmt: skip
    result = CliRunner().invoke(gate, ["admit"], input="\n".join(lines) + "\n\xff\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [answer["ok"] for answer in answers] == [True] + [False] * 8
