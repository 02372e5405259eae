"""What the directory's pages can do, a program can."""

from __future__ import annotations

import json

import pytest

from entente.directory import actions
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from tests.registry_rows import npi_of, person


@pytest.fixture
def loaded(cast, noon, nppes):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(n) for n in range(1, 6)]), at=noon)


def post(client, address, body):
    return client.post(address, json.dumps(body), content_type="application/json")


@pytest.mark.feature("directory/integration")
def test_people_are_listed_in_parts_searched_and_given_one_by_one(cast, loaded, client):
    client.force_login(cast.user(Role.STEWARD))
    first = client.get("/api/directory/hcps?limit=3").json()
    second = client.get(f"/api/directory/hcps?limit=3&after={first['next']}").json()
    listed = [p["npi"] for p in first["items"] + second["items"]]
    assert listed == [npi_of(n) for n in range(1, 6)]
    assert second["next"] is None
    found = client.get("/api/directory/hcps?q=testwell4").json()["items"]
    assert [p["npi"] for p in found] == [npi_of(4)]
    one = client.get(f"/api/directory/hcps/{found[0]['id']}").json()
    assert one["identity_status"] == "verified"
    assert client.get(f"/api/directory/hcps/{cast.host.id}").status_code == 404


def test_entries_are_made_and_wrong_or_undeclared_fields_named(cast, loaded, client):
    client.force_login(cast.user(Role.STEWARD))
    given = {"family_name": "Newman", "country": "DE", "city": "Teststadt"}
    made = post(client, "/api/directory/hcps", given)
    assert (made.status_code, made.json()["identity_status"]) == (201, "unverified")
    for wrong, status in (
        (given | {"org_id": str(cast.partner.id)}, 422),
        (given | {"npi": "1234567890"}, 422),
        (given | {"country": "ZQ"}, 422),
    ):
        assert post(client, "/api/directory/hcps", wrong).status_code == status
    hco = post(
        client, "/api/directory/hcos", {"name": "Klinik", "country": "DE", "kind": "Hospital"}
    )
    at = f"/api/directory/hcps/{made.json()['id']}/affiliations"
    assert post(client, at, {"hco_id": hco.json()["id"]}).status_code == 201
    assert len(client.get(at).json()["items"]) == 1
    assert client.get("/api/directory/loads").json()["items"][0]["n_new"] == 5


@pytest.mark.feature("directory/products")
def test_a_product_carries_its_approvals(cast, client):
    client.force_login(cast.user(Role.STEWARD))
    made = post(
        client,
        "/api/directory/products",
        {"name": "Testolol", "kind": "medicine",
         "approvals": [{"country": "US", "approved_on": "2020-01-01", "indication": "Testing"}]},
    )  # fmt: skip
    assert made.status_code == 201
    one = client.get(f"/api/directory/products/{made.json()['id']}").json()
    assert one["approvals"][0]["country"] == "US"


@pytest.mark.promise("P1")
def test_who_may_not_is_refused_and_addresses_stay_with_their_organisation(
    cast, loaded, noon, client
):
    client.force_login(cast.user(Role.REPRESENTATIVE))
    person_id = client.get("/api/directory/hcps?limit=1").json()["items"][0]["id"]
    at = f"/api/directory/hcps/{person_id}/contact-points"
    point = {"channel": "email", "value": "a@b.test", "from_on": "2026-01-01"}
    assert post(client, at, point).status_code == 201
    assert post(client, at, point | {"value": "a@b.test, z@z.test"}).status_code == 422
    assert post(client, "/api/directory/hcos", {}).status_code in {403, 422}
    assert client.get("/api/directory/loads").status_code == 403
    client.force_login(cast.user(Role.PARTNER_MARKETER, cast.partner))
    assert client.get(at).json()["items"] == []
