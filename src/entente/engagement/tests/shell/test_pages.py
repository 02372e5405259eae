"""Sends and expenses at the browser and over the API: reasons either way, nothing of others."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.engagement.models import Expense, Send
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

JSON = "application/json"


def ask(client, world, hcp_id, purpose="education"):
    return client.post(
        f"/hcps/{hcp_id}/send/",
        {"version": world.version, "purpose": purpose, "controller": world.entity},
        follow=True,
    )


def the_send(cast, hcp_id):
    with act_as(cast.system()):
        return Send.objects.get(hcp_id=hcp_id)


def test_a_refused_request_is_kept_and_says_which_rule_and_what_would_change_it(
    world, browser, cast
):
    answer = ask(browser(Role.REPRESENTATIVE), world, world.silent)
    assert the_send(cast, world.silent).status == Send.Status.FORBIDDEN
    assert "Nothing was sent; the reasons stand below" in answer.text
    assert "Must not go" in answer.text
    assert (
        "State of the consent for this controller, channel and purpose on the day (none)"
        in answer.text
    )
    assert "No message was made" in answer.text


def test_a_request_that_waits_shows_its_message_and_its_decision(world, browser, cast):
    client = browser(Role.REPRESENTATIVE)
    answer = ask(client, world, world.willing)
    row = the_send(cast, world.willing)
    assert row.status in {Send.Status.QUEUED, Send.Status.REFERRED}
    if row.status == Send.Status.QUEUED:
        assert "@entente.test&gt;" in answer.text
    assert client.get(f"/decisions/{row.decision_id}/").status_code == 200


def test_nobody_asks_for_a_send_without_the_role(world, browser, cast):
    assert browser(Role.COMPLIANCE).get(f"/hcps/{world.willing}/send/").status_code == 403
    assert ask(browser(Role.STEWARD), world, world.willing).status_code == 403
    with act_as(cast.system()):
        assert not Send.objects.exists()


def test_a_form_that_is_wrong_comes_back_with_the_reason_and_writes_nothing(world, browser, cast):
    client = browser(Role.REPRESENTATIVE)
    answer = client.post(f"/hcps/{world.willing}/send/", {"version": uuid4(), "purpose": "love"})
    assert answer.status_code == 422
    assert "Select a valid choice" in answer.text
    assert client.get(f"/hcps/{uuid4()}/send/").status_code == 404


@pytest.mark.promise("P2")
def test_another_organisation_s_send_and_expense_look_like_none(world, browser, program, cast):
    ask(browser(Role.REPRESENTATIVE), world, world.silent)
    row = the_send(cast, world.silent)
    partner = browser(Role.PARTNER_MARKETER, cast.partner)
    pairs = [
        (f"/decisions/{row.decision_id}/", f"/decisions/{uuid4()}/"),
        (f"/evidence/{row.id}/", f"/evidence/{uuid4()}/"),
    ]
    for theirs, unknown in pairs:
        one, other = partner.get(theirs), partner.get(unknown)
        assert (one.status_code, one.content) == (other.status_code, other.content)
        assert one.status_code == 404
    api = program(Role.PARTNER_SELLER, cast.partner)
    one, other = (api.get(f"/api/policy/decisions/{i}") for i in (row.decision_id, uuid4()))
    assert (one.status_code, one.content) == (other.status_code, other.content)
    assert api.get("/api/engagement/sends").status_code == 403


def meal(world, hcp_ids, **changes):
    return {
        "hcps": [str(i) for i in hcp_ids], "kind": "lunch", "setting": "office",
        "spent_on": "2026-11-19", "total": "60.00", "headcount": "3", "with_discussion": "on",
        "guests": "0", "payer": str(world.entity), "country": "us", "currency": "usd", **changes,
    }  # fmt: skip


def test_a_meal_is_recorded_with_everybody_s_part_and_the_gate_s_answer(world, browser, cast):
    client = browser(Role.REPRESENTATIVE)
    answer = client.post("/expenses/new/", meal(world, [world.willing, world.silent]), follow=True)
    assert answer.status_code == 200
    with act_as(cast.system()):
        row = Expense.objects.get()
        assert (row.total_minor, row.currency, row.shares.count()) == (6000, "USD", 2)
    assert answer.text.count("$20.00") == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hcps": []}, "name at least one HCP"),
        ({"total": "sixty"}, "is not an amount"),
        ({"total": "60.001"}, "decimals of USD"),
        ({"headcount": "1"}, "everybody who partook"),
        ({"spent_on": "2030-01-01"}, "after it took place"),
        ({"currency": "XXX"}, "not a currency"),
    ],
)
def test_a_meal_that_contradicts_itself_comes_back_with_the_reason(
    changes, words, world, browser, cast
):
    client = browser(Role.REPRESENTATIVE)
    given = meal(world, [world.willing, world.silent]) | changes
    answer = client.post("/expenses/new/", given)
    assert answer.status_code == 422
    assert words in answer.text
    with act_as(cast.system()):
        assert not Expense.objects.exists()


def test_the_search_for_people_keeps_those_chosen_without_a_script(world, browser, cast):
    client = browser(Role.REPRESENTATIVE)
    given = meal(world, [world.willing], find="silent", look="1")
    answer = client.post("/expenses/new/", given)
    assert answer.status_code == 200
    assert f'value="{world.willing}" checked' in answer.text
    assert f'value="{world.silent}"' in answer.text
    assert f'value="{world.silent}" checked' not in answer.text
    assert 'value="60.00"' in answer.text
    with act_as(cast.system()):
        assert not Expense.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_sends(world, browser, cast):
    client = browser(Role.REPRESENTATIVE)
    counts = []
    for n in (1, 29):
        for _ in range(n):
            ask(client, world, world.silent)
        with CaptureQueriesContext(connection) as seen:
            client.get("/sends/")
            client.get("/decisions/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.promise("P18")
def test_the_api_asks_once_under_one_key_and_answers_with_reasons(world, program, cast):
    client = program(Role.REPRESENTATIVE)
    given = json.dumps({"hcp_id": str(world.silent), "version_id": str(world.version),
                        "controller_id": str(world.entity), "purpose": "education"})  # fmt: skip
    asked = {"content_type": JSON, "headers": {"Idempotency-Key": "one"}}
    first = client.post("/api/engagement/sends", given, **asked)
    second = client.post("/api/engagement/sends", given, **asked)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert first.json()["status"] == "forbidden"
    assert first.json()["reasons"][0]["sentence"]
    with act_as(cast.system()):
        assert Send.objects.count() == 1


@pytest.mark.promise("P4")
@pytest.mark.parametrize("field", ["org_id", "status", "decision_id", "id", "requested_by_id"])
def test_a_field_that_is_not_declared_is_refused(field, world, program):
    given = {"hcp_id": str(world.silent), "version_id": str(world.version),
             "controller_id": str(world.entity), "purpose": "education", field: "x"}  # fmt: skip
    answer = program(Role.REPRESENTATIVE).post(
        "/api/engagement/sends", json.dumps(given), content_type=JSON
    )
    assert answer.status_code == 422


def test_the_api_records_a_meal_and_lists_it(world, program):
    client = program(Role.REPRESENTATIVE)
    given = {"hcp_ids": [str(world.willing)], "payer_id": str(world.entity), "kind": "lunch",
             "setting": "office", "spent_on": "2026-11-19", "country": "US", "currency": "USD",
             "total_minor": 3000, "headcount": 2, "with_discussion": True}  # fmt: skip
    made = client.post("/api/engagement/expenses", json.dumps(given), content_type=JSON)
    assert made.status_code == 201, made.content
    assert made.json()["shares"][0]["amount_minor"] == 1500
    listed = client.get("/api/engagement/expenses").json()
    assert [one["id"] for one in listed["items"]] == [made.json()["id"]]
    wrong = given | {"total_minor": 10**20}
    assert (
        client.post("/api/engagement/expenses", json.dumps(wrong), content_type=JSON).status_code
        == 422
    )


def test_the_page_of_a_person_tells_when_the_next_may_go(world, browser):
    text = browser(Role.REPRESENTATIVE).get(f"/hcps/{world.willing}/").text
    assert "0 of 4" in text
    assert "would let another e-mail go today" in text
    assert f"/hcps/{world.willing}/send/" in text
