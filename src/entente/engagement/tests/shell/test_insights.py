"""Insights of medical with owner and answer; advice with the need before the names."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db.utils import DatabaseError

from entente.engagement.actions import (
    answer_insight,
    capture_insight,
    own_insight,
    record_need,
    select_adviser,
    set_criteria,
)
from entente.engagement.models import AdvisoryProgramme, AdvisorySelection, Insight
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

WORDS = "Nothing is published on use in dialysis."


@pytest.fixture
def at(noon):
    return noon + timedelta(hours=4)


@pytest.mark.feature("engagement/insights")
def test_an_insight_has_an_owner_a_state_and_an_answer_back(cast, world, at):
    user, brand_lead = cast.user(Role.MSL), cast.user(Role.BRAND_LEAD)
    with act_as(cast.scope(Role.MSL)):
        made = capture_insight("gap", WORDS, hcp_id=world.willing, at=at)
        assert (made.status, made.owner_id) == ("open", user.id)
        assert own_insight(made.id, user.id, at=at).status == "taken"
        assert answer_insight(made.id, "A study is under way.", at=at).status == "answered"
        with pytest.raises(UserError, match="closed already"):
            answer_insight(made.id, "Again.", at=at)
        loose = capture_insight("challenge", WORDS, at=at)
        with pytest.raises(UserError, match="no HCP is named"):
            answer_insight(loose.id, "Told.", at=at)
        assert answer_insight(loose.id, "Known.", to_hcp=False, at=at).status == "closed"
        with pytest.raises(UserError, match="medical colleague"):
            own_insight(capture_insight("gap", WORDS, at=at).id, brand_lead.id, at=at)
        with pytest.raises(UserError, match="leave out"):
            capture_insight("gap", "Patient, born on 3.4.1961", at=at)


@pytest.mark.feature("engagement/insights")
@pytest.mark.promise("P5")
def test_commercial_roles_see_no_insight(cast, world, at, browser):
    with act_as(cast.scope(Role.MSL)):
        made = capture_insight("gap", WORDS, hcp_id=world.willing, at=at)
    for role in (Role.REPRESENTATIVE, Role.BRAND_LEAD, Role.ACCESS_MANAGER):
        with act_as(cast.scope(role)):
            assert not Insight.objects.exists()
        assert browser(role).get(f"/insights/{made.id}/").status_code == 403
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        capture_insight("gap", WORDS, at=at)


@pytest.mark.feature("engagement/insights")
def test_medical_staff_work_on_insights_by_page_and_by_program(cast, world, browser, program):
    client = browser(Role.MSL)
    given = {"kind": "gap", "words": WORDS}
    page = client.post(f"/insights/new/?hcp={world.willing}", given, follow=True)
    address = page.request["PATH_INFO"]
    assert "Willing" in page.text
    assert client.post("/insights/new/", {}).status_code == 422
    mine = {"act": "own", "assignee": str(cast.user(Role.MSL).id)}
    assert "Being worked on" in client.post(address, mine, follow=True).text
    assert client.post(address, {"act": "answer", "answer": ""}).status_code == 422
    told = {"act": "answer", "answer": "A study is under way.", "to_hcp": "on"}
    assert "Answered to the HCP" in client.post(address, told, follow=True).text
    assert WORDS in client.get("/insights/?status=answered&kind=gap").text
    assert "No insight fits" in client.get("/insights/?status=open").text
    assert "answered" in client.get("/insights/?export=csv").content.decode()
    api, base = program(Role.MSL), "/api/engagement/insights"
    made = api.post(base, json.dumps(given), content_type="application/json").json()
    owner = json.dumps({"owner_id": str(cast.user(Role.MSL).id)})
    owned = api.post(f"{base}/{made['id']}/owner", owner, content_type="application/json")
    assert owned.json()["status"] == "taken"
    told = json.dumps({"answer": "Known.", "to_hcp": False})
    done = api.post(f"{base}/{made['id']}/answer", told, content_type="application/json")
    assert done.json()["status"] == "closed"
    assert len(api.get(f"{base}?status=closed").json()["items"]) == 1


@pytest.mark.feature("engagement/kol")
def test_no_name_is_chosen_before_need_and_criteria_stand(cast, world, at):
    later = at + timedelta(minutes=1)
    with act_as(cast.scope(Role.MSL)):
        need = record_need("Dialysis board", "What would a study have to ask?", 1, at=at)
        with pytest.raises(UserError, match="before choosing a name"):
            select_adviser(need.id, world.willing, "Has published on it.", at=later)
        set_criteria(need.id, "Has published on dialysis in three years.", at=at)
        with pytest.raises(UserError, match="before choosing a name"):
            select_adviser(need.id, world.willing, "Has published on it.", at=at)
        select_adviser(need.id, world.willing, "Has published on it.", at=later)
        with pytest.raises(UserError, match="as many as are needed"):
            select_adviser(need.id, world.silent, "So has this one.", at=later)
        with pytest.raises(UserError, match="criteria are set"):
            set_criteria(need.id, "Prescribes a lot.", at=later)


@pytest.mark.feature("engagement/kol")
def test_the_database_refuses_a_name_without_a_need_before_it(cast, world, at):
    def chosen(programme, moment):
        AdvisorySelection.objects.create(
            id=new_id(), org=cast.host, programme=programme, hcp_id=world.willing, why="x",
            selected_at=moment,
        )  # fmt: skip

    with act_as(cast.system()):
        bare = record_need("Board", "What to ask?", 2, at=at)
    with act_as(cast.system()), pytest.raises(DatabaseError, match="before choosing a name"):
        chosen(bare, at + timedelta(days=1))
    with act_as(cast.system()):
        set_criteria(bare.id, "Published.", at=at)
    with act_as(cast.system()), pytest.raises(DatabaseError, match="before choosing a name"):
        chosen(bare, at - timedelta(days=1))
    with act_as(cast.system()):
        chosen(bare, at + timedelta(days=1))
    with act_as(cast.system()), pytest.raises(DatabaseError, match="do not change"):
        AdvisoryProgramme.objects.filter(id=bare.id).update(criteria="Prescribes a lot.")


@pytest.mark.feature("engagement/kol")
def test_a_programme_of_advice_is_set_up_by_page_and_by_program(cast, world, browser, program):
    client = browser(Role.MSL)
    given = {"title": "Dialysis board", "need": "What to ask?", "n_wanted": 2}
    page = client.post("/advice/new/", given, follow=True)
    address = page.request["PATH_INFO"]
    assert "Choose a person" not in page.text
    page = client.post(address, {"criteria": "Has published."}, follow=True)
    assert "Choose a person" in page.text
    assert "Willing" in client.get(f"{address}?find=Willing").text
    choice = {"hcp": str(world.willing), "why": "Three papers."}
    assert "Three papers." in client.post(address, choice, follow=True).text
    assert client.post(address, choice).status_code == 422
    assert "1 / 2" in client.get("/advice/").text
    api, base = program(Role.MSL), "/api/engagement/advisory"

    def send(path, body):
        return api.post(base + path, json.dumps(body), content_type="application/json").json()

    made = send("", given)
    path = f"/{made['id']}"
    assert send(f"{path}/criteria", {"criteria": "Has published."})["criteria_at"]
    chosen = send(f"{path}/selections", {"hcp_id": str(world.silent), "why": "Two papers."})
    assert [c["why"] for c in chosen["chosen"]] == ["Two papers."]
    assert api.get(base + path).json()["title"] == "Dialysis board"
    assert len(api.get(base).json()["items"]) == 2
