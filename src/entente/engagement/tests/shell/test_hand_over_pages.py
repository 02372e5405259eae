"""Stock and hand-overs by page and by program: lists, forms, the account, the files."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from entente.engagement.models import HandOver, SampleRequest
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

from .hand_world import SIGNED, build

pytestmark = pytest.mark.feature("engagement/interactions")
JSON = "application/json"


@pytest.fixture
def hands(cast, noon, working_hours):
    return build(cast, noon + timedelta(hours=4))


def test_stock_is_added_given_out_and_changed_by_page(hands, browser):
    client = browser(Role.COMPLIANCE)
    made = client.post("/stock/new/", {
        "kind": "sample", "name": "Cardivale 5 mg, 7 tablets", "product": hands.product,
        "amount": "9.00", "currency": "usd", "tax_basis": "with_tax", "is_marked_free": "true",
    }, follow=True)  # fmt: skip
    assert "not known" in made.text
    address = made.request["PATH_INFO"]
    wrong = client.post(address, {"holder": hands.giver, "number": "A1", "n_units": 5})
    assert wrong.status_code == 422
    until = (hands.at.date() + timedelta(days=90)).isoformat()
    given = client.post(
        address, {"holder": hands.giver, "number": "A1", "n_units": 5, "expires_on": until},
        follow=True,
    )  # fmt: skip
    assert "A1" in given.text
    changed = client.post(f"{address}change/", {
        "name": "Cardivale 5 mg", "amount": "9.50", "currency": "USD", "tax_basis": "",
        "is_marked_free": "false",
    }, follow=True)  # fmt: skip
    assert "Cardivale 5 mg" in changed.text
    assert "$9.50" in changed.text
    assert "things are not known" in client.get("/stock/?kind=sample").text
    assert "Cardivale 5 mg" in client.get("/stock/?export=csv").text
    mine = browser(Role.REPRESENTATIVE).get("/stock/mine/")
    assert "A1" in mine.text


def test_a_brand_lead_does_not_list_an_item_as_inexpensive_by_page(hands, browser):
    client = browser(Role.BRAND_LEAD)
    made = client.post("/stock/new/", {
        "kind": "item:educational", "name": "Anatomy atlas", "amount": "40", "currency": "USD",
        "is_inexpensive": "true", "is_for_practice": "true",
    }, follow=True)  # fmt: skip
    assert made.status_code == 200
    assert "Listed as inexpensive" in made.text
    assert "not known" in made.text


def test_a_receipt_is_signed_later_and_a_referral_cancelled_by_page(hands, browser):
    person, stock = hands.person(), hands.stock()
    lot, request = hands.lot(stock, 10), hands.asked(person, stock)
    row = hands.hand(hands.handing(person, lot, 1, request_id=request))
    client = browser(Role.REPRESENTATIVE)
    page = client.get(f"/hand-overs/{row.id}/")
    assert "Receipt missing" in page.text
    assert "Get them signed" in client.get("/stock/mine/").text
    assert "missing" in client.get("/hand-overs/?unsigned=1&mine=1").text
    signed = client.post(
        f"/hand-overs/{row.id}/receipt/",
        {"signer_name": SIGNED, "signed_on": hands.at.date().isoformat(), "drawing": "M1 2L3 4"},
        follow=True,
    )
    assert 'd="M1 2L3 4"' in signed.text
    again = client.post(f"/hand-overs/{row.id}/receipt/", {"signer_name": SIGNED,
                        "signed_on": hands.at.date().isoformat()})  # fmt: skip
    assert again.status_code == 422
    waiting = hands.hand(hands.handing(hands.person("DE"), lot, 1))
    given_up = client.post(
        f"/hand-overs/{waiting.id}/cancel/", {"reason": "not needed"}, follow=True
    )
    assert "Cancelled" in given_up.text
    assert str(waiting.id) in client.get("/hand-overs/?export=csv").text


def test_the_account_tells_what_came_went_and_is_missing(hands, browser):
    person, stock = hands.person(), hands.stock()
    lot, request = hands.lot(stock, 10), hands.asked(person, stock)
    hands.hand(hands.handing(person, lot, 2, request_id=request))
    client = browser(Role.REPRESENTATIVE)
    address = f"/stock/lots/{lot}/held/{hands.giver}/"
    for kind, n in (("returned", 1), ("lost", 3), ("counted", 3)):
        moved = client.post(address, {"kind": kind, "n_units": n, "reason": "stolen from the car"})
        assert moved.status_code == 302
    refused = client.post(address, {"kind": "returned", "n_units": 9, "reason": ""})
    assert refused.status_code == 422
    assert "are there" in refused.text
    file = browser(Role.COMPLIANCE).get("/stock/account/?export=csv").content.decode("utf-8-sig")
    line = file.splitlines()[1].split(",")
    assert line[4:] == ["10", "2", "1", "3", "-1", "3", "1"]
    account = browser(Role.COMPLIANCE).get(f"/stock/account/?holder={hands.giver}&kind=sample")
    assert "Domestic sales" in account.text
    stated = browser(Role.COMPLIANCE).post(
        "/stock/account/", {"country": "in", "year": 2026, "amount": "1000", "currency": "inr"}
    )
    assert stated.status_code == 302


def test_the_account_goes_on_behind_its_first_part(hands, program):
    stock = hands.stock()
    for n in range(3):
        hands.lot(stock, n + 1)
    client = program(Role.COMPLIANCE)
    first = client.get("/api/engagement/stock/account?limit=2").json()
    rest = client.get(f"/api/engagement/stock/account?limit=2&after={first['next']}").json()
    assert len(first["items"]) == 2
    assert [row["n_received"] for row in first["items"] + rest["items"]].count(0) == 0
    assert len(rest["items"]) == 1


def test_a_program_asks_hands_over_and_signs(hands, program):
    person, stock = hands.person(), hands.stock()
    lot = hands.lot(stock, 5)
    client = program(Role.REPRESENTATIVE)
    day = hands.at.date().isoformat()

    def post(address, **given):
        return client.post(f"/api/engagement/{address}", given, content_type=JSON)

    asked = post("sample-requests", hcp_id=str(person), stock_id=str(stock.id), n_packs=2,
                 signer_name=SIGNED, signed_on=day)  # fmt: skip
    assert asked.status_code == 201, asked.text
    handing = {"hcp_id": str(person), "controller_id": str(hands.entity), "lot_id": str(lot),
               "n_units": 1, "request_id": asked.json()["id"], "client_id": str(uuid4())}  # fmt: skip
    done = post("hand-overs", **handing)
    assert done.json()["status"] == "done", done.text
    assert post("hand-overs", **handing).json()["id"] == done.json()["id"]
    signed = post(f"hand-overs/{done.json()['id']}/receipt", signer_name=SIGNED, signed_on=day)
    assert signed.json()["receipt_signed_on"] == day
    assert post("hand-overs", **handing, price=3).status_code == 422
    refused = post("hand-overs", **{**handing, "client_id": str(uuid4()), "request_id": None})
    assert refused.json()["status"] == "forbidden"
    assert refused.json()["reasons"]
    moved = post("stock/moves", lot_id=str(lot), kind="returned", n_units=1)
    assert moved.json()["n_units"] == -1


def test_a_hand_over_from_a_call_names_the_call(hands, browser, cast):
    from entente.engagement.actions import Call, log_touch

    person, lot = hands.person(), hands.lot(hands.stock("item"))
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        call = log_touch(
            Call(uuid4(), person, hands.entity, "visit", hands.at - timedelta(hours=1)),
            at=hands.at,
        )
    client = browser(Role.REPRESENTATIVE)
    assert f"/hcps/{person}/hand-over/?call={call.id}" in client.get(f"/calls/{call.id}/").text
    client.post(f"/hcps/{person}/hand-over/?call={call.id}", {
        "lot": lot, "n_units": 1, "request": "", "place": "practice", "call": call.id,
        "controller": hands.entity, "signer_name": "", "drawing": "",
    })  # fmt: skip
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert HandOver.objects.get(hcp_id=person).touch_id == call.id


def test_what_is_asked_for_and_handed_over_stands_on_the_hcps_page(hands, browser, cast):
    person, stock = hands.person(), hands.stock()
    request = hands.asked(person, stock, 3)
    client = browser(Role.REPRESENTATIVE)
    page = client.get(f"/hcps/{person}/")
    assert "are asked for in writing" in page.text
    form = client.get(f"/hcps/{person}/hand-over/")
    assert "You carry nothing" in form.text
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert SampleRequest.objects.filter(id=request).exists()
