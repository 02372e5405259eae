"""What the pages of consent can do, a program can."""

from __future__ import annotations

import json

from entente.foundation.access.roles import Role


def post(client, address, body):
    return client.post(address, json.dumps(body), content_type="application/json")


def test_a_permission_is_recorded_asked_for_any_moment_and_taken_back(asked, cast, client):
    client.force_login(cast.user(Role.PRIVACY))
    key = {"hcp_id": str(asked.hcp_id), "controller_id": str(asked.controller_id),
           "channel": "email"}  # fmt: skip
    given = key | {
        "purpose": "promotion",
        "wording_version": "US-1",
        "source": "api",
        "method": "web_form",
        "proof_ref": "log 1",
        "captured_at": "2026-03-01T09:00:00Z",
    }
    assert post(client, "/api/consent/captures", given).status_code == 201
    assert post(client, "/api/consent/captures", given | {"proof_ref": ""}).status_code == 422
    assert post(client, "/api/consent/captures", given | {"org_id": "x"}).status_code == 422
    unknown = given | {"product_id": str(asked.hcp_id)}
    assert post(client, "/api/consent/captures", unknown).status_code == 404
    at = f"/api/consent/hcps/{asked.hcp_id}/state?controller_id={asked.controller_id}"
    at += "&channel=email&purpose=promotion"
    assert client.get(f"{at}&at=2026-02-01T00:00:00Z").json()["status"] == "none"
    assert client.get(at).json()["status"] == "granted"
    assert post(client, "/api/consent/withdrawals", key | {"source": "api"}).status_code == 201
    assert client.get(at).json()["status"] == "withdrawn"
    states = client.get(f"/api/consent/hcps/{asked.hcp_id}/states").json()
    assert [s["status"] for s in states] == ["withdrawn"]
    listed = client.get(f"/api/consent/captures?hcp_id={asked.hcp_id}").json()
    assert len(listed["items"]) == 1


def test_wishes_stops_and_words_are_recorded(asked, cast, client):
    client.force_login(cast.user(Role.PRIVACY))
    about = {"hcp_id": str(asked.hcp_id)}
    wish = post(client, "/api/consent/preferences", about | {"emails_30d": 2})
    assert (wish.status_code, wish.json()["emails_30d"]) == (201, 2)
    assert client.get(f"/api/consent/hcps/{asked.hcp_id}/preference").json()["emails_30d"] == 2
    stop = post(client, "/api/consent/suppressions", about | {"reason": "asked"})
    assert stop.status_code == 201
    client.force_login(cast.user(Role.STEWARD))
    words = post(
        client,
        "/api/consent/wordings",
        {"version": "US-1", "country": "US", "language": "en", "text": "May we?"},
    )
    assert words.status_code == 201
    own = post(client, f"/api/consent/wordings/{words.json()['id']}/activate", {})
    assert own.status_code == 422, "nobody activates what he wrote"
    client.force_login(cast.user(Role.PRIVACY))
    active = post(client, f"/api/consent/wordings/{words.json()['id']}/activate", {})
    assert (active.status_code, active.json()["status"]) == (200, "active")
    assert client.get(f"/api/consent/wordings/{words.json()['id']}").json()["n_captures"] == 0
    client.force_login(cast.user(Role.STEWARD))
    assert post(client, "/api/consent/suppressions", about | {"reason": "x"}).status_code == 403


def test_topics_and_what_countries_ask_are_set_and_listed(asked, cast, client):
    client.force_login(cast.user(Role.PRIVACY))
    made = post(client, "/api/consent/topics", {"name": "Heart failure"})
    assert made.status_code == 201
    assert [t["name"] for t in client.get("/api/consent/topics").json()] == ["Heart failure"]
    assert post(client, f"/api/consent/topics/{made.json()['id']}/retire", {}).status_code == 204
    assert client.get("/api/consent/topics").json() == []
    rule = {
        "country": "DE",
        "channel": "email",
        "keeps_months": 24,
        "needs_own_wording": True,
        "needs_confirmation": True,
    }
    assert post(client, "/api/consent/country-rules", rule).status_code == 201
    assert post(client, "/api/consent/country-rules", rule | {"country": "XX"}).status_code == 422
    assert [r["keeps_months"] for r in client.get("/api/consent/country-rules").json()] == [24]


def test_a_request_about_own_data_is_worked_by_program_from_receipt_to_answer(asked, cast, client):
    client.force_login(cast.user(Role.PRIVACY))
    given = {"hcp_id": str(asked.hcp_id), "kind": "access", "source": "letter"}
    made = post(client, "/api/consent/subject-requests", given)
    assert made.status_code == 201
    assert post(client, "/api/consent/subject-requests", given | {"kind": "x"}).status_code == 422
    at = f"/api/consent/subject-requests/{made.json()['id']}"
    early = post(client, f"{at}/answer", {"answer": "sent"})
    assert early.status_code == 422, "the identity was not checked"
    assert post(client, f"{at}/verify", {"how": "called back"}).json()["status"] == "verified"
    assert post(client, f"{at}/start", {}).json()["status"] == "in_progress"
    later = post(client, f"{at}/extend", {"reason": "archives abroad"}).json()
    assert later["due_on"] > made.json()["due_on"]
    held = post(client, f"/api/consent/hcps/{asked.hcp_id}/export", {}).json()
    assert held["held"][0]["name"] == "person"
    assert post(client, f"{at}/answer", {"answer": "sent"}).json()["status"] == "answered"
    assert post(client, f"{at}/refuse", {"reason": "no"}).status_code == 422
    assert post(client, f"{at}/withdraw", {"reason": "no"}).status_code == 422
    listed = client.get("/api/consent/subject-requests").json()["items"]
    assert listed == [], "none is open"
    every = client.get("/api/consent/subject-requests?status=").json()["items"]
    assert [one["status"] for one in every] == ["answered"]
    assert client.get(at).json()["closed_because"] == "sent"
    client.force_login(cast.user(Role.REPRESENTATIVE))
    assert client.get("/api/consent/subject-requests").status_code == 403


def test_rules_of_retention_are_set_and_listed_with_their_proofs(asked, cast, client):
    client.force_login(cast.user(Role.PRIVACY))
    rule = {"what": "ended_link", "purpose": "proof", "keep_days": 10, "because": "our counsel"}
    assert post(client, "/api/consent/retention", rule).status_code == 201
    assert post(client, "/api/consent/retention", rule | {"what": "x"}).status_code == 422
    kept = {one["what"]: one["keep_days"] for one in client.get("/api/consent/retention").json()}
    assert kept["ended_link"] == 10
    assert client.get("/api/consent/retention/proofs").json()["items"] == []


def test_a_second_step_is_asked_for_and_taken_by_program(asked, cast, client):
    client.force_login(cast.user(Role.PRIVACY))
    given = {
        "hcp_id": str(asked.hcp_id), "controller_id": str(asked.controller_id),
        "channel": "email", "purpose": "event", "wording_version": "US-1", "source": "api",
        "method": "web_form", "proof_ref": "log 1", "captured_at": "2026-11-20T09:00:00Z",
        "needs_confirmation": True,
    }  # fmt: skip
    made = post(client, "/api/consent/captures", given)
    assert made.status_code == 201
    at = f"/api/consent/captures/{made.json()['id']}"
    assert post(client, f"{at}/ask", {}).status_code == 204
    assert post(client, f"{at}/confirm", {"source": "telephone"}).status_code == 204
    assert post(client, f"{at}/ask", {}).status_code == 422
