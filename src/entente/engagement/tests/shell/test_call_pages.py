"""The call log by page and by program: five fields, errors at their field, the wall kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from entente.engagement.actions import Call, log_touch
from entente.engagement.models import Touch
from entente.engagement.reads import touches as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

JSON = "application/json"


@pytest.fixture
def filled(world):
    return {
        "hcp": world.willing, "kind": "visit", "about": "", "reaction": "positive",
        "note": "Asked about renal dosing.", "controller": world.entity, "client_id": uuid4(),
    }  # fmt: skip


@pytest.mark.feature("engagement/interactions")
def test_a_call_is_logged_by_page_and_shows_what_the_gate_said(world, browser, filled):
    client = browser(Role.REPRESENTATIVE)
    page = client.post("/calls/log/", filled, follow=True)
    assert "Asked about renal dosing." in page.text
    assert "In order" in page.text
    assert "Willing" in client.get("/calls/?kind=visit&mine=1").text
    assert "Visit" in client.get(f"/hcps/{world.willing}/").text
    assert "Calls this week" in client.get("/").text


def test_a_device_hears_what_became_of_its_record_and_sends_it_once(world, browser, filled, cast):
    client = browser(Role.REPRESENTATIVE)
    answers = [
        client.post("/calls/log/", filled, headers={"Accept": JSON}).json() for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert answers[0]["standing"] == "cleared"
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert Touch.objects.count() == 1


def test_a_record_that_does_not_fit_names_its_field(browser, filled):
    client = browser(Role.REPRESENTATIVE)
    wrong = client.post(
        "/calls/log/", filled | {"note": "Patient Mrs. Weber"}, headers={"Accept": JSON}
    )
    assert wrong.status_code == 422
    assert "leave out" in wrong.json()["errors"]["note"][0]["message"]
    page = client.post("/calls/log/", filled | {"hcp": ""})
    assert page.status_code == 422
    assert "Choose the HCP" in page.text


def test_a_side_effect_in_a_note_is_pointed_to_drug_safety(browser, filled):
    client = browser(Role.REPRESENTATIVE)
    page = client.post(
        "/calls/log/", filled | {"note": "One patient developed a rash"}, follow=True
    )
    assert "report it to drug safety" in page.text


def test_without_a_script_the_person_is_found_by_a_button(world, browser):
    client = browser(Role.REPRESENTATIVE)
    page = client.post("/calls/log/", {"find": "Willing", "look": "1", "kind": "visit"})
    assert page.status_code == 200
    assert str(world.willing) in page.text


def test_a_call_is_planned_and_cancelled_and_amended_by_page(world, browser, filled, noon):
    client = browser(Role.REPRESENTATIVE)
    tomorrow = (noon + timedelta(days=1)).isoformat()
    plan = client.post("/calls/plan/", filled | {"happened_at": tomorrow}, follow=True)
    assert "Planned" in plan.text
    address = plan.request["PATH_INFO"]
    gone = client.post(f"{address}cancel/", {"reason": "practice closed"}, follow=True)
    assert "practice closed" in gone.text
    done = client.post("/calls/log/", filled | {"client_id": uuid4()}, follow=True)
    address = done.request["PATH_INFO"]
    again = filled | {"client_id": uuid4(), "note": "Asked about dosing.", "reason": "wrong word"}
    amended = client.post(f"{address}amend/", again, follow=True)
    assert "All records of this call" in amended.text
    assert client.post(f"{address}amend/", again | {"client_id": uuid4()}).status_code == 422


def test_what_a_device_keeps_is_whom_one_met(world, browser, filled):
    client = browser(Role.REPRESENTATIVE)
    client.post("/calls/log/", filled)
    ready = client.get("/calls/ready/").json()
    assert [person["id"] for person in ready["people"]] == [str(world.willing)]
    found = client.get("/calls/people/?q=Silent").json()["people"]
    assert [person["id"] for person in found] == [str(world.silent)]


@pytest.mark.promise("P5")
def test_a_medical_call_has_no_page_for_commercial_colleagues(world, browser, cast, noon, program):
    with act_as(cast.scope(Role.MSL)):
        made = log_touch(
            Call(uuid4(), world.willing, world.entity, "visit", noon, note="Marked words"), at=noon
        )
    for role in (Role.REPRESENTATIVE, Role.BRAND_LEAD):
        client = browser(role)
        assert client.get(f"/calls/{made.id}/").status_code == 404
        for address in ("/calls/", "/calls/?export=csv", f"/hcps/{world.willing}/"):
            assert "Marked words" not in client.get(address).text
        assert program(role).get(f"/api/engagement/calls/{made.id}").status_code == 404
    assert "Marked words" in browser(Role.MSL).get(f"/calls/{made.id}/").text
    assert (
        "A medical colleague was last in touch"
        in browser(Role.REPRESENTATIVE).get(f"/hcps/{world.willing}/").text
    )


@pytest.mark.feature("engagement/interactions")
def test_a_program_plans_logs_amends_and_cancels(world, program, noon):
    api = program(Role.REPRESENTATIVE)
    given = {
        "hcp_id": str(world.willing), "controller_id": str(world.entity), "kind": "phone",
        "happened_at": noon.isoformat(), "note": "Rang back", "was_requested": True,
        "shown": [{"version_id": str(world.version), "seconds": 40, "reaction": "neutral"}],
    }  # fmt: skip
    made = api.post("/api/engagement/calls", given, content_type=JSON)
    assert made.status_code == 201, made.text
    assert made.json()["shown"][0]["seconds"] == 40
    amended = api.post(
        f"/api/engagement/calls/{made.json()['id']}/amendment",
        given | {"note": "Rang back twice", "reason": "there were two"}, content_type=JSON,
    )  # fmt: skip
    assert amended.json()["number"] == 2
    tomorrow = (noon + timedelta(days=1)).isoformat()
    plan = api.post(
        "/api/engagement/calls/plans",
        given | {"happened_at": tomorrow, "shown": []},
        content_type=JSON,
    )
    assert plan.status_code == 201
    gone = api.post(
        f"/api/engagement/calls/{plan.json()['id']}/cancellation", {"reason": "ill"},
        content_type=JSON,
    )  # fmt: skip
    assert gone.json()["status"] == "cancelled"
    listed = api.get(f"/api/engagement/calls?hcp_id={world.willing}&status=done").json()["items"]
    assert [row["note"] for row in listed] == ["Rang back twice"]


@pytest.mark.feature("engagement/detailing")
def test_several_items_are_logged_each_with_its_minutes_and_reaction(world, browser, filled, cast):
    client = browser(Role.REPRESENTATIVE)
    item = f"item:{world.version}"
    assert "further items shown" in client.get("/calls/log/").text
    answer = client.post(
        "/calls/log/",
        filled
        | {"about": item, "first_minutes": "3:25", "item_2": item, "minutes_2": "2",
           "reaction_2": "negative"},
        headers={"Accept": JSON},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        shown = reads.shown_in(answer.json()["id"])
    assert [(each.seconds, each.reaction) for each in shown] == [
        (205, "positive"),
        (120, "negative"),
    ]
    page = client.get(answer.json()["url"]).text
    assert "3:25" in page
    assert "2:00" in page


@pytest.mark.feature("engagement/detailing")
def test_an_amendment_keeps_every_item_that_was_shown(world, program, browser, filled, cast):
    given = {
        "hcp_id": str(world.willing), "controller_id": str(world.entity), "kind": "visit",
        "happened_at": "2026-11-20T15:00:00Z",
        "shown": [{"version_id": str(world.version), "seconds": n, "reaction": ""}
                  for n in range(41, 49)],
    }  # fmt: skip
    made = program(Role.REPRESENTATIVE).post("/api/engagement/calls", given, content_type=JSON)
    client = browser(Role.REPRESENTATIVE)
    address = f"/calls/{made.json()['id']}/amend/"
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    values |= {"reason": "a word was missing", "client_id": uuid4(), "was_requested": ""}
    done = client.post(address, values)
    assert done.status_code == 302, done.text
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        shown = reads.shown_in(done.url.strip("/").split("/")[-1])
    assert [each.seconds for each in shown] == list(range(41, 49))


@pytest.mark.feature("engagement/detailing")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minutes_1": "3"}, "item_1"),
        ({"reaction_3": "positive"}, "item_3"),
        ({"first_minutes": "3"}, "first_minutes"),
        ({"first_minutes": "three"}, "first_minutes"),
    ],
)
def test_minutes_without_an_item_come_back_at_their_field(browser, filled, wrong, field):
    client = browser(Role.REPRESENTATIVE)
    answer = client.post("/calls/log/", filled | wrong, headers={"Accept": JSON})
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert "open" in client.post("/calls/log/", filled | wrong).text
