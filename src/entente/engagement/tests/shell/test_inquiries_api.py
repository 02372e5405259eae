"""Questions for programs: what pages can do, and not one word more across the wall."""

from __future__ import annotations

import json

import pytest

from entente.foundation.access.roles import Role

WORDS = "Does the label say anything about grapefruit?"
EVENT = "One of his patients developed a rash."
BASE = "/api/engagement"

pytestmark = pytest.mark.feature("engagement/medical-inquiries")


def _send(api, path, body, method="post"):
    return getattr(api, method)(BASE + path, json.dumps(body), content_type="application/json")


def test_a_program_captures_hands_on_and_answers(world, program, cast):
    rep, msl = program(Role.REPRESENTATIVE), program(Role.MSL)
    given = {"hcp_id": str(world.willing), "words": WORDS, "signed_by": "T. Willing"}
    made = _send(rep, "/inquiries", given)
    assert made.status_code == 201, made.text
    assert "grapefruit" not in made.text
    path = f"/inquiries/{made.json()['id']}"
    assert rep.get(BASE + path).status_code == 404
    (clock,) = rep.get(BASE + "/inquiries/mine").json()
    assert set(clock) == {"id", "hcp_id", "opened_at", "due_at", "closed_at"}
    assert msl.get(BASE + path).json()["question"] == WORDS
    user = str(cast.user(Role.MSL).id)
    assert _send(msl, f"{path}/assignee", {"assignee_id": user}).json()["assignee_id"] == user
    done = _send(msl, f"{path}/answer", {"words": "No."})
    assert done.json()["answer_state"] == "given"
    assert _send(msl, f"{path}/answer", {"words": "No."}).status_code == 422
    assert _send(rep, f"{path}/answer", {"words": "Yes."}).status_code == 404


def test_a_program_acknowledges_a_case_report_and_sets_routes(world, program):
    rep, officer = program(Role.REPRESENTATIVE), program(Role.SAFETY)
    _send(rep, "/inquiries", {"hcp_id": str(world.willing), "words": EVENT, "source": "phone"})
    assert rep.get(BASE + "/case-reports").status_code == 403
    (report,) = officer.get(BASE + "/case-reports").json()["items"]
    assert report["status"] == "unaddressed"
    path = f"/case-reports/{report['id']}"
    assert officer.get(BASE + path).json()["contents"]["words_as_said"] == EVENT
    assert _send(officer, f"{path}/acknowledgement", {"reference": "7"}).json()["reference"] == "7"
    assert len(officer.get(BASE + "/inquiry-routes").json()) == 5
    route = {"desk": "safety", "normal_hours": 12, "urgent_hours": 12}
    set_ = _send(officer, "/inquiry-routes/safety", route, "put")
    assert set_.json()["normal_hours"] == 12
    assert _send(officer, "/inquiry-routes/odd", route, "put").status_code == 422


def test_a_program_makes_a_link_and_hands_a_question_over(world, program):
    rep = program(Role.REPRESENTATIVE)
    assert "/ask/" in _send(rep, f"/hcps/{world.willing}/question-link", {}).json()["url"]
    given = {"hcp_id": str(world.willing), "words": "Please visit", "kind": "commercial",
             "source": "phone"}  # fmt: skip
    made = _send(rep, "/inquiries", given).json()
    path = f"/inquiries/{made['id']}"
    over = _send(rep, f"{path}/hand-over", {"kind": "scientific", "reason": "Dosing"})
    assert over.status_code == 200, over.text
    assert rep.get(BASE + path).status_code == 404
    assert len(program(Role.MSL).get(BASE + "/inquiries?standing=open").json()["items"]) == 1
