"""A publication by page and by program, from plan to result; each side sees its own."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from entente.content.actions import withdraw_version
from entente.engagement.models import MessageList, Placement, Send
from entente.engagement.tests.shell.placed_world import (
    campaign_of,
    plan_of,
    put_live,
    reachable,
    released,
)
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry

pytestmark = pytest.mark.feature("engagement/digital-channels")
JSON = "application/json"


@pytest.fixture
def at(working_hours):
    return datetime.now(UTC)


def _given(version, entity_id, at, **changed):
    return {
        "version": version.id, "channel": "search", "outlet": "Test Search", "audience": "hcp",
        "markets": "us", "controller": entity_id, "from_on": at.date(), "to_on": "",
        "target_url": "https://heart.example.org/", "campaign": "", "budget_line": "",
        "media_line": "IO 7", "planned": "1200.50", "currency": "USD", "shows_spend": "on",
    } | changed  # fmt: skip


def _own(cast):
    with act_as(cast.system()):
        return Placement.objects.get()


def _step(client, row, step, **given):
    return client.post(f"/placements/{row.id}/{step}/", given, follow=True).content.decode()


def test_a_publication_is_planned_cleared_put_live_and_ended_by_page(cast, world, browser, at):
    version, client = released(cast, at), browser(Role.BRAND_LEAD)
    assert "Nothing is placed yet" in client.get("/placements/").content.decode()
    assert client.get("/placements/new/").status_code == 200
    wrong = client.post("/placements/new/", _given(version, world.entity, at, target_url="ftp://x"))
    assert (wrong.status_code, "begin with https://" in wrong.content.decode()) == (422, True)
    made = client.post("/placements/new/", _given(version, world.entity, at), follow=True)
    row = _own(cast)
    assert (row.planned_minor, row.markets) == (120_050, ["US"])
    assert "Nobody has asked the gate yet" in made.content.decode()
    changed = client.post(
        f"/placements/{row.id}/change/", _given(version, world.entity, at, outlet="Other Search")
    )
    assert changed.status_code == 302
    assert "Cleared in every market" in _step(client, row, "clear")
    sheet = client.post(f"/placements/{row.id}/sheet/", {"form": "csv"})
    [told] = csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig")))
    assert told["outlet"] == "Other Search" and len(told["content_hash"]) == 64
    assert json.loads(client.post(f"/placements/{row.id}/sheet/", {"form": "json"}).content)
    assert "Live from now on" in _step(client, row, "live")
    assert "Ended" in _step(client, row, "end")
    assert row.reference in client.get("/placements/", {"export": "csv"}).content.decode()
    with act_as(cast.system()):
        assert LedgerEntry.objects.filter(verb="engagement.placement.exported").count() == 3


def test_a_report_is_taken_by_page_and_refused_rows_are_shown(cast, world, browser, at):
    row = put_live(cast, plan_of(released(cast, at), world.entity, at.date()), at)
    client = browser(Role.BRAND_LEAD)
    assert client.get("/placements/results/").status_code == 200
    text = f"Date,Reference,Clicks,Spend\n{at.date()},{row.reference},4,9.99\nnever,x,1,\n"
    file = SimpleUploadedFile("report.csv", text.encode())
    page = client.post("/placements/results/", {"file": file}).content.decode()
    assert "Write an existing day" in page
    shown = client.get(f"/placements/{row.id}/", {"tab": "results"}).content.decode()
    assert "9.99" in shown and "2.50" in shown
    bad = client.post("/placements/results/", {"file": SimpleUploadedFile("r.csv", b"a,b\n1,2\n")})
    assert bad.status_code == 422


def test_what_has_to_come_down_is_said_on_every_page_until_it_is_confirmed(
    cast, world, browser, at
):
    version = released(cast, at)
    row = put_live(cast, plan_of(version, world.entity, at.date()), at)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        withdraw_version(version.id, reason="A figure is wrong", at=at)
    client = browser(Role.BRAND_LEAD)
    assert "has to be taken down" in client.get("/placements/").content.decode()
    assert "Take down: Test Search" in client.get("/").content.decode()
    assert "Take this down." in client.get(f"/placements/{row.id}/").content.decode()
    assert "Say it in at most" in _step(client, row, "gone", reason="")
    assert "Confirmed: it is gone" in _step(client, row, "gone", reason="Seen with own eyes")
    assert "Take down: Test Search" not in client.get("/").content.decode()


def test_people_are_chosen_handed_out_and_reported_on_by_page(cast, world, browser, at):
    version = released(cast, at, text="=Dear {{family_name}}, know your heart.")
    row = put_live(cast, plan_of(version, world.entity, at.date(), channel="sms"), at)
    with act_as(cast.system()):
        texted = reachable("Texted", world.entity, at)
        mailed = reachable("Mailed", world.entity, at, channels=("email",))
    client = browser(Role.BRAND_LEAD)
    assert client.get(f"/placements/{row.id}/people/", {"find": "Texted"}).status_code == 200
    nobody = client.post(f"/placements/{row.id}/people/", {})
    assert nobody.status_code == 422
    page = client.post(
        f"/placements/{row.id}/people/", {"hcps": [texted, mailed]}, follow=True
    ).content.decode()
    assert "Left out of the last list" in page and "Mailed" in page
    with act_as(cast.system()):
        made = MessageList.objects.get()
        send = Send.objects.get(hcp_id=texted)
    assert client.get(f"/sends/{send.id}/").status_code == 200
    file = client.post(f"/placements/lists/{made.id}/").content.decode("utf-8-sig")
    [told] = csv.DictReader(io.StringIO(file))
    assert told["address"] == "12035550100"
    assert told["text"].startswith("'=Dear Texted")
    report = SimpleUploadedFile("out.csv", f"message_id,status\n{send.id},STOP\n".encode())
    page = client.post("/placements/results/", {"file": report, "kind": "messages"})
    assert page.status_code == 200
    shown = client.get(f"/placements/{row.id}/", {"tab": "lists"}).content.decode()
    assert "Delivered" in shown


def test_the_partner_sees_the_campaigns_panel_and_not_the_other_sides_steps(
    cast, world, browser, at
):
    campaign = campaign_of(cast, world.entity, at)
    joint = released(cast, at, joint=True)
    plan = plan_of(joint, world.entity, at.date(), campaign_id=campaign.id)
    row = put_live(cast, plan, at)
    theirs = browser(Role.PARTNER_MARKETER, cast.partner)
    panel = theirs.get(f"/campaigns/{campaign.id}/", {"tab": "work"}).content.decode()
    assert "IO 2026-7" in panel and "Test Search" in panel
    page = theirs.get(f"/placements/{row.id}/").content.decode()
    assert "It has ended" not in page
    assert theirs.post(f"/placements/{row.id}/end/").status_code == 404
    stranger = browser(Role.PARTNER_MARKETER, cast.stranger)
    assert stranger.get(f"/placements/{row.id}/").status_code == 404


def test_a_program_does_what_the_pages_do(cast, world, program, at):
    version, client = released(cast, at), program(Role.BRAND_LEAD)
    asked = {
        "version_id": str(version.id), "controller_id": str(world.entity), "channel": "social",
        "markets": ["US"], "audience": "public", "outlet": "@heart", "from_on": str(at.date()),
        "media_line": "IO 9", "planned_minor": 5000, "currency": "USD",
    }  # fmt: skip
    made = client.post("/api/engagement/placements", asked, content_type=JSON).json()
    place = f"/api/engagement/placements/{made['id']}"
    assert client.post(f"{place}/clear", {}, content_type=JSON).json()["status"] == "cleared"
    assert (
        client.post(f"{place}/sheet", {}, content_type=JSON).json()["reference"]
        == made["reference"]
    )
    assert client.post(f"{place}/live", {}, content_type=JSON).json()["status"] == "live"
    rows = [{"reference": made["reference"], "on": str(at.date()), "counts": {"clicks": 3},
             "spend": "1.00"}, {"reference": "PL-X", "on": str(at.date()), "spend": "1.00"}]  # fmt: skip
    address = "/api/engagement/placements/results"
    told = client.post(address, rows, content_type=JSON).json()
    assert (told["new"], [each["line"] for each in told["refused"]]) == (1, [2])
    assert client.get(place).json()["totals"]["click_minor"] == 33
    bad = [{"reference": "PL-X", "on": str(at.date()), "counts": {"likes": 3}}]
    assert client.post(address, bad, content_type=JSON).status_code == 422
    assert client.get("/api/engagement/placements?status=live").json()["items"]
    assert client.get("/api/engagement/placements/take-downs").json() == []
    assert (
        client.post(f"{place}/lists", {"hcp_ids": [made["id"]]}, content_type=JSON).status_code
        == 422
    )
    unknown = [{"message_id": "x", "outcome": "stop"}]
    outcome = client.post(
        "/api/engagement/placements/message-results", unknown, content_type=JSON
    ).json()
    assert len(outcome["refused"]) == 1
    assert client.post(f"{place}/end", {}, content_type=JSON).json()["status"] == "ended"
