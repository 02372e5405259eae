"""Whoever owns the database tries to find out who answered what, and does no better than chance."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

import pytest

from entente.directory.actions import add_hcp
from entente.engagement.actions import surveys as actions
from entente.engagement.models import SurveyInvitation
from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id

pytestmark = [pytest.mark.slow, pytest.mark.feature("alliances/partner-feedback")]

N = 40
TABLES = ("engagement_surveyballot", "engagement_surveyresponse", "engagement_surveytext")
ROWS = """
    SELECT xmin::text::bigint AS xmin, ctid::text, t.* FROM {table} t WHERE survey_id = %s
"""


def number(row) -> int:
    """Give the secret that a person wrote, by which the test alone knows whose answer it is."""
    return row["values"]["one"] * 11 + row["values"]["two"]


@pytest.fixture
def answered(committed, noon):
    """Answers of forty people, each with a pattern of its own, committed one by one."""
    cast, at = committed, noon
    with act_as(cast.system()):
        plan = actions.SurveyPlan(
            f"Survey {new_id()}", "hcp", "anonymous", at.date(), by_segment=True,
            closes_on=at.date() + timedelta(days=30),
        )  # fmt: skip
        survey = actions.draft_survey(plan, at=at)
        for code in ("one", "two"):
            question = actions.QuestionPlan(code, "scale10", {"en": code}, required=True)
            actions.save_question(survey.id, question, at=at)
        words = actions.QuestionPlan("words", "text", {"en": "Why?"})
        actions.save_question(survey.id, words, at=at)
        actions.open_survey(survey.id, at=at)
        people = [
            add_hcp(
                family_name=f"Anon{k}", given_name="Test", country="US", profession="physician",
                specialty=["Cardiology", "Neurology"][k % 2], at=at,
            ).id
            for k in range(N)
        ]  # fmt: skip
        actions.invite_hcps(survey.id, people, at=at)
    with act_as(cast.system()):
        invited = list(SurveyInvitation.objects.filter(survey=survey))
    random.Random(4).shuffle(invited)
    truth = {}
    for k, each in enumerate(invited):
        given = {"one": [str(k // 11)], "two": [str(k % 11)], "words": [f"word {k}"]}
        with act_as(cast.system()):
            who = actions.Respondent(invitation=each)
            actions.answer_survey(survey.id, who, given, at=at + timedelta(minutes=k))
        truth[k] = each
    return survey, truth


def read(superuser, survey):
    """Read everything as the owner of the database can, hidden columns too."""
    return {
        table: [dict(row) for row in _rows(superuser, ROWS.format(table=table), survey.id)]
        for table in TABLES
    }


def _rows(superuser, query, *given):
    with superuser.cursor() as cursor:
        cursor.execute(query, given)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def place(ctid: str) -> tuple[int, int]:
    """Give where a row lies in its table's file."""
    block, line = ctid.strip("()").split(",")
    return int(block), int(line)


def right_guesses(responses, by) -> int:
    """Guess that the answers, in an order, are those of the links in the order of their use."""
    return sum(number(row) == k for k, row in enumerate(sorted(responses, key=by)))


def test_no_order_of_the_answers_is_the_order_in_which_links_were_used(answered, superuser):
    survey, _ = answered
    found = read(superuser, survey)["engagement_surveyresponse"]
    assert len(found) == N
    for by in (
        lambda row: row["id"].int,
        lambda row: place(row["ctid"]),
        lambda row: (row["xmin"], place(row["ctid"])),
    ):
        assert right_guesses(found, by) < N // 4, "chance gives one; every order gives no more"


def test_no_transaction_joins_a_used_link_with_its_answers(answered, superuser):
    survey, _ = answered
    found = read(superuser, survey)
    answers = {row["xmin"] for row in found["engagement_surveyresponse"]}
    texts = {row["xmin"] for row in found["engagement_surveytext"]}
    used = {row["xmin"] for row in found["engagement_surveyballot"]}
    assert len(used) == N
    assert len(answers) == len(texts) == 1, "all answers are of the last transaction"


def test_no_column_of_an_answer_holds_a_time_a_person_or_another_rows_id(answered, superuser):
    survey, truth = answered
    found = read(superuser, survey)
    known = {each.id for each in truth.values()} | {each.hcp_id for each in truth.values()}
    known |= {row["id"] for row in found["engagement_surveyballot"]}
    for table in TABLES:
        types = {
            row["column_name"]: row["data_type"]
            for row in _rows(
                superuser,
                "SELECT column_name, data_type FROM information_schema.columns"
                " WHERE table_name = %s",
                table,
            )
        }
        assert not [name for name, kind in types.items() if kind.startswith("timestamp")]
        for row in found[table]:
            assert row["id"].version == 4, "chance alone, and no time"
            assert not {each for each in row.values() if isinstance(each, UUID)} & known - {
                row["id"]
            }
            assert row.get("answered_on") is row.get("hcp_id") is row.get("user_id") is None


def test_a_mark_leads_to_no_invitation_without_the_key(answered, superuser, monkeypatch):
    import hashlib
    from itertools import product

    survey, truth = answered
    marks = {row["mark"] for row in read(superuser, survey)["engagement_surveyballot"]}
    ids = [i for each in truth.values() for i in (each.id, each.hcp_id)]
    guesses = {
        hashlib.sha256(joined).hexdigest()
        for one, other in product(ids, [survey.id, None])
        for joined in (
            one.bytes + (other.bytes if other else b""),
            f"{other.hex}|{one.hex}".encode() if other else one.hex.encode(),
            str(one).encode(),
        )
    }
    assert not marks & guesses


def test_every_label_of_an_answer_is_shared_by_eleven_of_those_invited(answered, superuser):
    survey, truth = answered
    for row in read(superuser, survey)["engagement_surveyresponse"]:
        label = (row["specialty"], row["country"], row["organisation"])
        same = [
            each
            for each in truth.values()
            if (each.specialty, each.country, each.organisation) == label
        ]
        assert len(same) >= 11


def test_the_ledger_says_neither_who_answered_nor_what(answered, superuser):
    survey, truth = answered
    entries = _rows(
        superuser,
        "SELECT body FROM foundation_ledgerentry WHERE object_id = %s"
        " AND verb = 'engagement.survey.answered'",
        survey.id,
    )
    assert len(entries) == N
    for entry in entries:
        for each in truth.values():
            assert str(each.hcp_id) not in entry["body"]
            assert str(each.id) not in entry["body"]
        assert "word " not in entry["body"]
