"""The directory's pages: who may open them, what they show, what they leave alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.directory import actions
from entente.directory.models import Hcp, Product, SourceLoad
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from tests.registry_rows import person


@pytest.fixture
def loaded(cast, noon, nppes):
    """Three people, of whom one has an address that only the host knows."""
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(n) for n in range(1, 4)]), at=noon)
        found = Hcp.objects.order_by("name_key").first()
        actions.add_contact_point(
            found.id, channel="email", value="m@clinic.test", from_on=noon.date(), at=noon
        )
        hco = actions.add_hco(name="Test Hospital", country="US", kind="Hospital", at=noon)
        actions.affiliate(found.id, hco.id, at=noon)
        actions.add_product(
            "Testolol", "medicine", [actions.ApprovedIn("US", noon.date(), "Testing")], at=noon
        )
    return found, hco


def test_every_page_opens_for_those_who_may(cast, loaded, client):
    found, hco = loaded
    client.force_login(cast.user(Role.STEWARD))
    with act_as(cast.system()):
        load, product = SourceLoad.objects.get(), Product.objects.get()
    for address, words in {
        "/hcps/": "Testwell1",
        "/hcps/?q=testwell2&sort=-state": "Testwell2",
        "/hcps/?q=nobody": "Nobody fits",
        f"/hcps/{found.id}/": "Test Hospital",
        "/hcos/": "Test Hospital",
        f"/hcos/{hco.id}/": "Testwell1",
        "/organisations/": "Northlake",
        f"/organisations/{cast.partner.id}/": "Northlake",
        "/products/": "Testolol",
        f"/products/{product.id}/": "In force",
        "/products/new/": "Add product",
        "/imports/": "npidata.csv",
        f"/imports/{load.id}/": "Every row",
    }.items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert words in answer.content.decode(), address


@pytest.mark.promise("P1")
def test_a_partner_sees_the_person_and_not_the_hosts_address(cast, loaded, client):
    found, _ = loaded
    client.force_login(cast.user(Role.PARTNER_MARKETER, cast.partner))
    page = client.get(f"/hcps/{found.id}/").content.decode()
    assert "Testwell1" in page
    assert "m@clinic.test" not in page
    assert client.get("/imports/").status_code == 403


def test_the_list_asks_as_often_for_three_people_as_for_many(cast, noon, loaded, nppes, client):
    client.force_login(cast.user(Role.STEWARD))
    client.get("/hcps/")
    with CaptureQueriesContext(connection) as few:
        client.get("/hcps/")
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(n) for n in range(10, 80)]), at=noon)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/hcps/").content.decode()
    assert len(many) == len(few)
    assert "after=" in page


def test_an_export_holds_what_the_list_holds_and_leaves_an_entry(cast, loaded, client):
    client.force_login(cast.user(Role.STEWARD))
    answer = client.get("/hcps/?export=csv&q=testwell1")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("npi,family_name")
    assert len(lines) == 2


@pytest.mark.feature("directory/products")
def test_a_product_is_entered_by_a_form_and_a_wrong_country_is_named(cast, loaded, client):
    client.force_login(cast.user(Role.STEWARD))
    given = {"name": "Newtest", "kind": "device", "country": "ZQ", "approved_on": "2026-01-01",
             "indication": "Testing"}  # fmt: skip
    refused = client.post("/products/new/", given)
    assert refused.status_code == 422
    assert "is no country" in refused.content.decode()
    assert client.post("/products/new/", given | {"country": "DE"}).status_code == 302
    with act_as(cast.system()):
        assert Product.objects.filter(name="Newtest").exists()
