"""Medical cases: answered by medical staff, invisible beyond the wall, felt there as a wait."""

from __future__ import annotations

import json

import pytest

from entente.engagement.actions import close_case, open_case
from entente.engagement.models import Inquiry
from entente.engagement.reads.inquiries import is_case_open
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.models import LedgerEntry

QUESTION = "Does the label say anything about grapefruit?"
JSON = "application/json"


@pytest.fixture
def opened(world, cast, noon):
    with act_as(cast.scope(Role.MSL)):
        return open_case(world.willing, QUESTION, at=noon)


@pytest.mark.promise("P5")
@pytest.mark.feature("engagement/role-wall")
def test_a_representative_learns_only_that_he_has_to_wait(world, opened, browser, program, cast):
    client = browser(Role.REPRESENTATIVE)
    page = client.get(f"/hcps/{world.willing}/")
    assert "Please do not contact" in page.text
    assert "grapefruit" not in page.text
    assert "Please do not contact" not in client.get(f"/hcps/{world.silent}/").text
    assert "grapefruit" not in client.get("/questions/").text
    assert client.get(f"/questions/{opened.id}/").status_code == 404
    api = program(Role.REPRESENTATIVE)
    assert api.get(f"/api/engagement/medical-cases/{opened.id}").status_code == 403


@pytest.mark.promise("P5")
def test_the_wall_stands_in_the_database_too(opened, cast, noon):
    with act_as(cast.scope(Role.COMPLIANCE)):
        assert Inquiry.objects.exists()
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert not Inquiry.objects.exists()
        assert is_case_open(opened.hcp_id)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert not Inquiry.objects.exists()
        # Another company's open case is nobody else's business.
        assert not is_case_open(opened.hcp_id)
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(OutOfScope):
        open_case(opened.hcp_id, QUESTION, at=noon)


def test_commercial_colleagues_may_act_again_once_the_case_is_answered(opened, cast, noon):
    with act_as(cast.scope(Role.MSL)):
        close_case(opened.id, "Nothing.", at=noon)
        assert not is_case_open(opened.hcp_id)


@pytest.mark.promise("P6")
def test_every_look_at_a_case_leaves_an_entry(opened, browser, cast):
    browser(Role.MSL).get(f"/questions/{opened.id}/")
    with act_as(cast.system()):
        verbs = LedgerEntry.objects.filter(object_id=opened.id).values_list("verb", flat=True)
        assert sorted(verbs) == ["engagement.inquiry.captured", "engagement.inquiry.read"]


def test_a_program_opens_reads_and_closes_a_case(world, program):
    api = program(Role.MSL)
    body = json.dumps({"hcp_id": str(world.silent), "question": QUESTION})
    made = api.post("/api/engagement/medical-cases", body, content_type=JSON)
    assert made.status_code == 201, made.text
    address = f"/api/engagement/medical-cases/{made.json()['id']}"
    assert api.get(address).json()["question"] == QUESTION
    (listed,) = api.get("/api/engagement/medical-cases?standing=open").json()["items"]
    assert "question" not in listed
    closed = api.post(f"{address}/answer", json.dumps({"answer": "No."}), content_type=JSON)
    assert closed.json()["closed_at"]
    assert api.get("/api/engagement/medical-cases?standing=odd").status_code == 422
