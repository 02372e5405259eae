"""What people do with charters and campaigns, a program can do."""

from __future__ import annotations

import pytest

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.web.tokens import make_token

PASSWORD = "correct horse battery"


@pytest.fixture
def call(client, cast, noon):
    """Give a caller with the token of somebody."""

    def as_somebody(role, organisation=None):
        user, scope = cast.user(role, organisation), cast.scope(role, organisation)
        with act_as(scope):
            token = make_token(user, "test", at=noon)
        headers = {"Authorization": f"Bearer {token}"}

        def ask(path, body=None):
            if body is None:
                return client.get(f"/api/alliances{path}", headers=headers)
            return client.post(
                f"/api/alliances{path}", body, content_type="application/json", headers=headers
            )

        return ask

    return as_somebody


@pytest.mark.feature("alliances/joint-campaigns")
def test_two_companies_take_a_campaign_from_charter_to_live_by_program(
    cast, call, entity, released
):
    manager, lead = call(Role.ALLIANCE_MANAGER), call(Role.BRAND_LEAD)
    partner = call(Role.PARTNER_MARKETER, cast.partner)
    signed = {"password": PASSWORD}
    charter = manager(
        "/charters",
        {"name": "Heart", "purpose": "Follow-up", "partner_ids": [str(cast.partner.id)],
         "from_on": "2026-01-01", "to_on": "2099-12-31"},
    ).json()["id"]  # fmt: skip
    assert manager(f"/charters/{charter}/agree", {"password": "x"}).status_code == 403
    assert manager(f"/charters/{charter}/agree", signed).json()["in_force"] is False
    assert partner(f"/charters/{charter}/agree", signed).json()["in_force"] is True
    made = lead(
        "/campaigns",
        {"name": "Spring", "kind": "thought", "purpose": "education", "country": "US",
         "controller_id": str(entity.id), "launch_on": "2027-03-01", "ends_on": "2099-05-31",
         "currency": "USD", "ceiling_minor": 100_000, "charter_id": charter,
         "version_id": str(released.id),
         "shares": [{"org_id": str(cast.host.id), "share": "0.5"},
                    {"org_id": str(cast.partner.id), "share": "0.5"}]},
    )  # fmt: skip
    assert made.status_code == 201, made.content
    one = f"/campaigns/{made.json()['id']}"
    for state in ("planning", "privacy"):
        assert lead(f"{one}/move", {"status": state}).status_code == 200
    refused = lead(f"{one}/move", {"status": "content"})
    assert refused.status_code == 422
    assert "privacy officer" in refused.json()["detail"]
    assert call(Role.PRIVACY)(f"{one}/privacy", {"note": "Counts only"}).status_code == 201
    line = lead(
        f"{one}/lines",
        {"payer_id": str(cast.partner.id), "category": "media", "rule": "equal",
         "estimate_minor": 1_001},
    )  # fmt: skip
    assert line.status_code == 201
    assert manager(f"{one}/agree", signed).status_code == 200
    assert partner(f"{one}/agree", signed).status_code == 200
    for state in ("content", "funded", "ready", "live"):
        answer = lead(f"{one}/move", {"status": state})
        assert answer.status_code == 200, answer.content
    line_id = line.json()["id"]
    assert lead(f"/lines/{line_id}/commit", {"amount_minor": 1_001}).status_code == 200
    cost = {"amount_minor": 999, "evidence": "inv 1"}
    assert partner(f"/lines/{line_id}/actual", cost).status_code == 200
    money = partner(f"{one}/budget").json()
    assert sum(side["actual_minor"] for side in money["sides"]) == 999
    assert sum(side["owes_minor"] for side in money["sides"]) == 0
    steps = partner(f"{one}/tasks").json()
    mine = next(step for step in steps if step["org_id"] == str(cast.partner.id))
    assert partner(f"/tasks/{mine['id']}/done", {}).status_code == 204
    shown = partner(one).json()
    assert shown["status"] == "live"
    assert {move["status"] for move in shown["moves"]} == {"paused", "closing"}
    stranger = call(Role.PARTNER_MARKETER, cast.stranger)
    for path in (one, f"{one}/budget", f"{one}/tasks", f"/charters/{charter}"):
        assert stranger(path).status_code == 404
    assert stranger("/campaigns").json()["items"] == []
    assert stranger("/charters").json()["items"] == []


def test_a_partner_may_not_write_what_is_the_hosts(cast, call, campaign):
    partner = call(Role.PARTNER_MARKETER, cast.partner)
    one = f"/campaigns/{campaign.id}"
    assert partner(f"{one}/move", {"status": "planning"}).status_code == 403
    replan = {"launch_on": "2027-04-01", "ends_on": "2027-05-01"}
    assert partner(f"{one}/replan", replan).status_code == 403
    assert call(Role.BRAND_LEAD)(f"{one}/replan", replan).json()["launch_on"] == "2027-04-01"
