"""The pages and the API of deals, as people and programs use them."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as, signing_in
from entente.foundation.models import LedgerEntry, User

pytestmark = pytest.mark.feature("deals/deal-registration")


@pytest.fixture
def signed_in(cast):
    def sign_in(role, organisation=None):
        client = Client()
        with signing_in():
            found = User.objects.filter(org=organisation or cast.host, grants__role=role)
            client.force_login(found.first())
        return client

    return sign_in


def posted(world, **changes):
    return {
        "solution": str(world.solution_id),
        "site": "",
        "value": "120000 USD",
        "buyer": "Ada Example",
        "confirmed": [
            "buyer",
            "budget",
            "need",
            "meeting",
            "not_customer",
            "no_own_activity",
            "not_tender",
        ],
        "accept": "on",
        **changes,
    }


def test_a_seller_registers_and_the_manager_accepts_by_page(world, signed_in):
    seller = signed_in(Role.PARTNER_SELLER, world.cast.partner)
    address = f"/deals/register/?account={world.account_id}&kind=new"
    assert b"Estimated value" in seller.get(address).content
    answer = seller.post(address, posted(world))
    assert answer.status_code == 302, answer.content
    assert b"Accepted by the partner" in seller.get(answer.url).content
    manager = signed_in(Role.ALLIANCE_MANAGER)
    page = manager.get(answer.url).content.decode()
    assert "Ada Example" not in page
    assert "Accept</button>" in page
    assert manager.post(f"{answer.url}accept").status_code == 302
    assert "180 days left" in manager.get(answer.url).content.decode()
    assert "180 days left" in manager.get("/deals/").content.decode()


def test_a_mistake_stands_next_to_its_field(world, signed_in):
    seller = signed_in(Role.PARTNER_SELLER, world.cast.partner)
    answer = seller.post(
        f"/deals/register/?account={world.account_id}", posted(world, value="a lot")
    )
    assert answer.status_code == 200
    assert b"120000 USD" in answer.content


def test_a_refused_registration_says_so_on_its_page(world, signed_in):
    seller = signed_in(Role.PARTNER_SELLER, world.cast.partner)
    address = f"/deals/register/?account={world.account_id}"
    answer = seller.post(address, posted(world, confirmed=["buyer"]))
    assert b"The gate refused" in seller.get(answer.url).content


def test_the_preview_names_a_day_and_nobody(world, signed_in):
    seller = signed_in(Role.PARTNER_SELLER, world.cast.society)
    address = f"/deals/preview/?account={world.account_id}&solution={world.solution_id}"
    assert b"Free" in seller.get(address).content
    owner = signed_in(Role.PARTNER_SELLER, world.cast.partner)
    made = owner.post(f"/deals/register/?account={world.account_id}", posted(world)).url
    signed_in(Role.ALLIANCE_MANAGER).post(f"{made}accept")
    page = seller.get(address).content.decode()
    assert "protected until" in page
    assert "Northlake" not in page


@pytest.mark.promise("P2")
def test_a_deal_of_others_answers_like_none(world, signed_in):
    made = world.register()
    stranger = signed_in(Role.PARTNER_SELLER, world.cast.stranger)
    ours = stranger.get(f"/deals/{made.id}/")
    none = stranger.get(f"/deals/{world.account_id}/")
    assert (ours.status_code, ours.content) == (none.status_code, none.content)
    assert ours.status_code == 404
    assert stranger.post(f"/deals/{made.id}/accept").status_code == 404


def test_the_export_holds_the_list_and_is_recorded(world, signed_in):
    world.register(site="=cmd()")
    seller = signed_in(Role.PARTNER_SELLER, world.cast.partner)
    text = seller.get("/deals/?export=csv").content.decode()
    assert "'=cmd()" in text
    with act_as(world.seller()):
        assert LedgerEntry.objects.filter(verb="deals.deal.exported").exists()


def test_lists_home_and_search_name_the_deal(world, signed_in):
    made = world.register()
    manager = signed_in(Role.ALLIANCE_MANAGER)
    assert str(made.id) in manager.get("/deals/?q=Lakeside&sort=-value").content.decode()
    assert str(made.id) in manager.get("/").content.decode()
    assert str(made.id) in manager.get("/search?q=Lakeside").content.decode()
    assert b"Elm" not in manager.get("/deals/register/?q=zzz").content


def api(client, method, path, body=None):
    return getattr(client, method)(
        f"/api/deals/{path}",
        data=json.dumps(body) if body else None,
        content_type="application/json",
    )


def test_a_program_registers_reads_and_closes_a_deal(world, signed_in):
    seller = signed_in(Role.PARTNER_SELLER, world.cast.partner)
    body = {
        "account_id": str(world.account_id),
        "solution_id": str(world.solution_id),
        "kind": "new",
        "confirmed": posted(world)["confirmed"],
        "value_minor": 12_000_000,
        "currency": "USD",
        "buyer": "Ada Example",
        "accept": True,
    }
    answer = api(seller, "post", "deals", body)
    assert answer.status_code == 201, answer.content
    deal = answer.json()
    assert deal["status"] == "accepted_by_partner"
    assert "Ada" not in answer.content.decode()
    manager = signed_in(Role.ALLIANCE_MANAGER)
    accepted = api(manager, "post", f"deals/{deal['id']}/accept")
    assert accepted.json()["status"] == "protected"
    assert [row["id"] for row in api(seller, "get", "deals").json()["items"]] == [deal["id"]]
    where = f"conflict?account_id={world.account_id}&solution_id={world.solution_id}"
    assert api(seller, "get", where).json()["status"] == "taken"
    lost = api(seller, "post", f"deals/{deal['id']}/lost", {"reason": "Price"})
    assert lost.json()["status"] == "lost"
    assert (
        api(seller, "post", "deals", {**body, "org_id": str(world.cast.host.id)}).status_code == 422
    )
