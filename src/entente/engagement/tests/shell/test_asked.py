"""What an HCP starts alone: by signed link, without an account, with the answer at the same place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from entente.engagement.actions import Answer, answer_inquiry
from entente.engagement.actions.question_links import MOST_A_DAY, question_url
from entente.engagement.models import Inquiry
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

pytestmark = pytest.mark.feature("engagement/hcp-initiated")

WORDS = "Is there anything published on use with grapefruit?"


@pytest.fixture
def at(noon):
    return noon + timedelta(hours=4)


@pytest.fixture
def link(world, cast, at):
    with act_as(cast.scope(Role.MSL)):
        return question_url(world.willing, world.entity, at=at)


def _ask(link, wish="question", words=WORDS):
    return Client(enforce_csrf_checks=True).post(link, {"wish": wish, "words": words}, follow=True)


def _rows(cast):
    with act_as(cast.system()):
        return list(Inquiry.objects.order_by("opened_at", "id"))


def test_a_question_asked_by_link_is_routed_with_the_link_as_its_proof(link, cast, world):
    page = _ask(link)
    assert page.status_code == 200
    assert "We have it" in page.text
    assert "Answer by" in page.text
    (row,) = _rows(cast)
    assert (row.desk, row.source, row.is_unsolicited) == ("msl", "link", True)
    assert row.hcp_id == world.willing
    assert row.link_id is not None
    assert row.opened_by_id is None


def test_the_answer_stands_at_the_same_link(link, cast, at):
    _ask(link)
    (row,) = _rows(cast)
    with act_as(cast.scope(Role.MSL)):
        answer_inquiry(row.id, Answer("Nothing was found in the label."), at=at)
    page = Client().get(link).text
    assert "Answered" in page
    assert "Nothing was found in the label." in page


@pytest.mark.parametrize(
    ("wish", "desk"),
    [("visit", "representative"), ("sample", "representative"), ("resource", "representative"),
     ("access", "access")],
)  # fmt: skip
def test_a_visit_a_sample_and_material_are_asked_for_too(link, cast, wish, desk):
    assert _ask(link, wish, "On a Tuesday, please.").status_code == 200
    assert [row.desk for row in _rows(cast)] == [desk]


def test_opening_the_link_changes_nothing_and_a_wrong_one_opens_nothing(link, cast):
    page = Client().get(link)
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"
    assert page.cookies == {}
    assert "<script" not in page.text.split("<main", 1)[1]
    assert Client().get("/ask/nothing/").status_code == 404
    assert _rows(cast) == []


def test_a_text_that_names_a_patient_comes_back_with_what_to_leave_out(link, cast):
    page = _ask(link, words="My patient, born on 3.4.1961, asks")
    assert page.status_code == 422
    assert "a date of birth" in page.text
    assert "My patient" in page.text
    assert _rows(cast) == []


def test_a_side_effect_reaches_drug_safety_and_the_person_is_told_so(link, cast):
    page = _ask(link, words="One of my patients developed a rash.")
    assert "drug safety team" in page.text
    assert sorted(row.desk for row in _rows(cast)) == ["msl", "safety"]


def test_one_person_asks_so_many_things_a_day_and_not_more(link, cast):
    for _ in range(MOST_A_DAY):
        assert _ask(link).status_code == 200
    page = _ask(link)
    assert page.status_code == 422
    assert "wait until tomorrow" in page.text
    assert len(_rows(cast)) == MOST_A_DAY


def test_nobody_sees_what_another_person_asked(link, cast, world, at):
    _ask(link)
    with act_as(cast.scope(Role.MSL)):
        other = question_url(world.silent, world.entity, at=at)
    assert "grapefruit" not in Client().get(other).text


def test_a_colleague_makes_the_link_on_the_persons_page(browser, world):
    client = browser(Role.REPRESENTATIVE)
    assert f"/hcps/{world.willing}/question-link/" in client.get(f"/hcps/{world.willing}/").text
    page = client.post(f"/hcps/{world.willing}/question-link/")
    assert "/ask/" in page.text


def test_an_empty_question_or_an_unknown_wish_is_refused(link):
    assert _ask(link, words=" ").status_code == 422
    assert _ask(link, wish="money").status_code == 422
    assert _ask(link, wish="visit", words="").status_code == 200
