"""Surveys in a browser and over the API: written, answered by link or signed in, and read."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entente.engagement.actions import surveys as actions
from entente.engagement.models import Survey, SurveyBallot, SurveyResponse, SurveyText
from entente.engagement.reads import surveys as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry

from .test_surveys import answer, drafted, opened, people

pytestmark = pytest.mark.feature("alliances/partner-feedback")
JSON = "application/json"


@pytest.fixture(autouse=True)
def today(noon):
    """Let the doors' clock stand at the tests' day."""
    with time_machine.travel(noon, tick=True):
        yield


@pytest.fixture
def link(cast, noon):
    """Give the path at which one invited HCP answers."""
    with act_as(cast.system()):
        _, (invited,) = opened(noon, 1)
        return reads.link_path(invited.id)


def test_somebody_answers_question_by_question_without_a_script(cast, link):
    client = Client()
    first = client.get(link)
    assert "Was it clear?" in first.text and "Question 1 of 2" in first.text
    assert "Anonymous" in first.text
    second = client.post(link, {"at": "clear", "q-clear": "4", "act": "next"})
    assert "Did it reach you?" in second.text
    assert '<input type="hidden" name="q-clear" value="4">' in second.text
    back = client.post(link, {"at": "came", "q-clear": "4", "act": "back"})
    assert "Was it clear?" in back.text
    third = client.post(link, {"at": "came", "q-clear": "4", "q-came": "no", "act": "next"})
    assert "Why not?" in third.text and "Question 3 of 3" in third.text
    given = {"at": "why", "q-clear": "4", "q-came": "no", "q-why": "no post", "act": "next"}
    with act_as(cast.system()):
        assert not SurveyResponse.objects.exists(), "what is left half way leaves nothing"
    assert "Thank you" in client.post(link, given).text
    assert "You have answered already" in client.get(link).text
    assert "You have answered already" in client.post(link, given).text
    with act_as(cast.system()):
        assert SurveyResponse.objects.get().values == {"clear": 4, "came": "no"}
        assert SurveyText.objects.get().text == "no post"


def test_a_missing_answer_is_asked_for_again(link):
    refused = Client().post(link, {"at": "clear", "act": "next"})
    assert refused.status_code == 422
    assert "Please answer this question." in refused.text


def test_looking_at_a_link_changes_nothing_and_is_kept_nowhere(cast, link):
    client = Client()
    seen = client.get(link, {"q-clear": "5"})
    assert 'value="5" checked' in seen.text, "a mail may propose a rating; only a person gives it"
    assert "no-store" in seen["Cache-Control"]
    assert seen["Referrer-Policy"] == "no-referrer"
    assert seen["X-Robots-Tag"] == "noindex"
    assert "Content-Security-Policy" in seen
    assert not client.cookies
    with act_as(cast.system()):
        assert not SurveyBallot.objects.exists()


@pytest.mark.parametrize("token", ["x", "a:b", "0" * 32 + ":AAAA"])
def test_a_wrong_link_says_that_there_is_nothing(cast, token):
    answered = Client().get(f"/q/{token}/")
    assert answered.status_code == 404
    assert "There is nothing at this address" in answered.text


def test_the_link_of_a_survey_without_an_open_address_opens_nothing(cast, noon):
    with act_as(cast.system()):
        survey, _ = opened(noon)
    assert Client().get(reads.link_path(survey.id)).status_code == 404


def test_a_closed_survey_and_one_that_opens_later_say_so(cast, noon, link):
    with act_as(cast.system()):
        survey = Survey.objects.get()
        actions.close_survey(survey.id, at=noon)
        later = drafted(noon, opens_on=noon.date() + timedelta(days=2), takes_open=True)
        actions.open_survey(later.id, at=noon)
    assert "This survey is closed" in Client().get(link).text
    assert "not open yet" in Client().get(reads.link_path(later.id)).text


def test_the_open_address_takes_anybody_until_a_program_floods_it(cast, noon, monkeypatch):
    monkeypatch.setattr("entente.engagement.pages.survey_answer.MOST_OPEN_A_DAY", 2)
    with act_as(cast.system()):
        survey, _ = opened(noon, takes_open=True)
    given = {"at": "came", "q-clear": "4", "act": "next"}
    said = [Client().post(reads.link_path(survey.id), given).status_code for _ in range(3)]
    assert said == [200, 200, 429]
    with act_as(cast.system()):
        assert SurveyResponse.objects.filter(is_open=True).count() == 2


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Antworten senden"), ("fr", "Envoyer mes réponses"), ("en", "Send my answers")],
)
def test_a_survey_speaks_the_languages_it_was_written_in(cast, noon, language, said):
    texts = {"de": "Wie nützlich?", "fr": "Utile ?", "en": "How useful?"}
    with act_as(cast.system()):
        plan = actions.SurveyPlan(
            "Nutzen", "hcp", "anonymous", noon.date(), takes_open=True, languages=tuple(texts)
        )
        made = actions.draft_survey(plan, at=noon)
        actions.save_question(made.id, actions.QuestionPlan("useful", "useful", texts), at=noon)
        actions.open_survey(made.id, at=noon)
    path = reads.link_path(made.id)
    for seen in (
        Client().get(path, {"lang": language}),
        Client(headers={"Accept-Language": f"xx,{language};q=0.5"}).get(path),
    ):
        assert texts[language] in seen.text and said in seen.text
        assert seen["Content-Language"] == language


def test_partners_people_answer_signed_in_and_leave_no_name(cast, noon, browser):
    with act_as(cast.system()):
        survey = drafted(noon, audience="partner", asked_ids=[cast.partner.id])
        actions.open_survey(survey.id, at=noon)
    client = browser(Role.PARTNER_SELLER, cast.partner)
    assert "Joint news" in client.get("/").text
    address = f"/surveys/{survey.id}/answer/"
    assert "Was it clear?" in client.get(address).text
    assert "Thank you" in client.post(address, {"at": "came", "q-clear": "2", "act": "next"}).text
    assert "You have answered already" in client.get(address).text
    assert browser(Role.PARTNER_SELLER, cast.society).get(address).status_code == 404
    user = cast.user(Role.PARTNER_SELLER, cast.partner)
    with act_as(cast.system()):
        row = SurveyResponse.objects.get()
        assert (row.user_id, row.answered_on) == (None, None)
        entry = LedgerEntry.objects.get(verb="engagement.survey.answered")
        assert entry.actor_id is None and str(user.id) not in entry.body


def test_a_brand_lead_writes_opens_and_reads_a_survey(cast, noon, browser):
    client = browser(Role.BRAND_LEAD)
    plan = {
        "title": "Launch", "audience": "hcp", "promise": "anonymous", "languages": ["en"],
        "opens_on": "2026-11-20", "least": "11", "takes_open": "on",
    }  # fmt: skip
    made = client.post("/surveys/new/", plan, follow=True)
    assert "No question yet" in made.text
    with act_as(cast.system()):
        survey = Survey.objects.get()
    question = {"text_en": "How useful?", "kind": "useful", "code": "useful", "required": "on"}
    shown = client.post(f"/surveys/{survey.id}/questions/new/", question, follow=True)
    assert "How useful?" in shown.text
    wrong = client.post(f"/surveys/{survey.id}/questions/new/", question | {"kind": "single"})
    assert wrong.status_code == 422 and "has this code" in wrong.text
    act = f"/surveys/{survey.id}/act/"
    assert "It is open" in client.post(act, {"act": "open"}, follow=True).text
    assert (
        "no HCP has the NPI" in client.post(act, {"act": "invite", "npis": "1"}, follow=True).text
    )
    for _ in range(11):
        Client().post(reads.link_path(survey.id), {"at": "useful", "q-useful": "5", "act": "next"})
    told = client.get(f"/surveys/{survey.id}/results/")
    assert "mean 5.0" in told.text and "11 by the open address" in told.text
    assert "Launch" in browser(Role.COMPLIANCE).get("/surveys/").text
    file = client.get(f"/surveys/{survey.id}/results/", {"export": "csv"}).content.decode()
    assert "useful,How useful?,,,5,11,1.0000,11" in file
    with act_as(cast.system()):
        assert LedgerEntry.objects.filter(verb="engagement.survey_results.exported").exists()


def test_an_export_holds_no_group_that_is_not_told(cast, noon, browser):
    last = noon.date() + timedelta(days=3)
    with act_as(cast.system()):
        survey, _ = opened(noon, closes_on=last, by_segment=True)
        known = people(30, noon) + people(11, noon, specialty="Neurology")
        invited = actions.invite_hcps(survey.id, known, at=noon)
        for each in invited[:-3]:
            answer(each, noon)
        actions.close_survey(survey.id, at=noon)
    client = browser(Role.BRAND_LEAD)
    file = client.get(f"/surveys/{survey.id}/results/", {"export": "csv"}).content.decode()
    assert "Neurology" not in file and "Cardiology" not in file
    assert "2 groups not told" in file
    assert "2 groups" in client.get(f"/surveys/{survey.id}/results/").text


def test_links_are_taken_out_with_an_entry(cast, noon, browser, link):
    with act_as(cast.system()):
        survey = Survey.objects.get()
    file = browser(Role.BRAND_LEAD).get(f"/surveys/{survey.id}/links/").content.decode()
    assert link in file
    assert browser(Role.COMPLIANCE).get(f"/surveys/{survey.id}/links/").status_code == 403
    with act_as(cast.system()):
        assert LedgerEntry.objects.filter(verb="engagement.survey.links_read").exists()


def test_a_program_does_all_but_answer(cast, noon, program):
    client = program(Role.ALLIANCE_MANAGER)

    def send(address, given, method="post"):
        return getattr(client, method)(
            f"/api/engagement/surveys{address}", json.dumps(given), content_type=JSON
        )

    plan = {"title": "Gap", "audience": "hcp", "promise": "anonymous", "opens_on": "2026-11-20"}
    made = send("", plan).json()
    clear = {"code": "clear", "kind": "scale5", "texts": {"en": "Clear?"}}
    assert send(f"/{made['id']}/questions", clear).status_code == 201
    other = send(f"/{made['id']}/questions", clear | {"code": "other"}).json()
    moved = send(f"/{made['id']}/questions/{other['questions'][1]['id']}/move", {"up": True}).json()
    assert [q["code"] for q in moved["questions"]] == ["other", "clear"]
    removed = client.delete(
        f"/api/engagement/surveys/{made['id']}/questions/{moved['questions'][0]['id']}"
    ).json()
    assert [q["code"] for q in removed["questions"]] == ["clear"]
    assert send(f"/{made['id']}", plan | {"title": "Other"}, "put").json()["title"] == "Other"
    assert send("", plan | {"least": 5}).status_code == 422
    assert send("", plan | {"extra": 5}).status_code == 422
    assert send(f"/{made['id']}/open", {}).json()["status"] == "open"
    assert send(f"/{made['id']}/open", {}).status_code in {409, 422, 400}
    with act_as(cast.system()):
        known = people(11, noon)
    links = send(f"/{made['id']}/invitations", {"hcp_ids": [str(i) for i in known]}).json()
    assert len(links) == 11
    for each in links:
        path = each["link"].split("//", 1)[-1].partition("/")[2]
        Client().post(f"/{path}", {"at": "clear", "q-clear": "3", "act": "next"})
    told = client.get(f"/api/engagement/surveys/{made['id']}/results").json()
    assert told["results"][0]["cell"] == {
        "group": "", "n": 11, "mean": 3.0, "counts": {"1": 0, "2": 0, "3": 11, "4": 0, "5": 0},
    }  # fmt: skip
    shared = {"partner_id": str(cast.partner.id), "shared": True}
    assert send(f"/{made['id']}/results/share", shared).status_code == 200
    assert send(f"/{made['id']}/close", {}).json()["status"] == "closed"
    assert send(f"/{made['id']}/versions", {"opens_on": "2026-12-01"}).json()["number"] == 2
    theirs = program(Role.PARTNER_MARKETER, cast.partner)
    listed = theirs.get("/api/engagement/surveys").json()["items"]
    assert [each["id"] for each in listed] == [made["id"]]


def test_the_list_and_the_results_ask_as_many_queries_for_many(cast, noon, browser):
    client = browser(Role.BRAND_LEAD)
    with act_as(cast.system()):
        survey, invited = opened(noon, 30)
        for each in invited[:11]:
            answer(each, noon)

    def asked():
        with CaptureQueriesContext(connection) as caught:
            client.get("/surveys/")
            client.get(f"/surveys/{survey.id}/results/")
            client.get(f"/surveys/{survey.id}/")
        return len(caught)

    client.get("/surveys/")
    few = asked()
    with act_as(cast.system()):
        for each in invited[11:]:
            answer(each, noon)
        opened(noon)
    assert asked() == few
