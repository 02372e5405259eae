"""An event from need to certificate by page; the HCP's side needs no sign-in and no script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from entente.engagement.actions.events import (
    agree_event,
    cancel_event,
    open_event,
    record_need,
    set_up_event,
)
from entente.engagement.actions.invite import PURPOSE
from entente.engagement.domain.gathering import EventPlan
from entente.engagement.models import Attendee, Invitation
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.links import make_link
from tests.cast import PASSWORD

JSON = "application/json"


@pytest.fixture
def at(noon):
    return noon + timedelta(hours=4)


@pytest.fixture
def opened(cast, world, at):
    plan = EventPlan(
        "symposium", "Heart failure in practice", "Heart failure", world.entity, "US",
        "America/New_York", at + timedelta(days=30), at + timedelta(days=30, hours=3),
        "hospital", 1, venue="Testford General",
    )  # fmt: skip
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        event = set_up_event(plan, at=at)
        record_need(event.id, "Guideline changed in June", "Published on the topic", at=at)
        agree_event(event.id, password=PASSWORD, at=at)
        return open_event(event.id, at=at)


@pytest.fixture
def link(cast, opened, at):
    def made(hcp_id):
        with act_as(cast.scope(Role.EVENT_MANAGER)):
            token = make_link(
                PURPOSE, person_id=hcp_id, object_kind="engagement.event", object_id=opened.id,
                at=at, valid_days=90,
            )  # fmt: skip
        return f"/events/register/{token}/"

    return made


@pytest.mark.feature("engagement/joint-education")
def test_an_event_goes_from_need_to_certificates_by_page(browser, cast, world, at, client):
    manager, partner = browser(Role.EVENT_MANAGER), browser(Role.PARTNER_MARKETER, cast.partner)
    filled = {
        "title": "Heart failure in practice", "kind": "webinar", "topic": "Heart failure",
        "places": 10, "starts_at": "2026-12-20T10:00", "ends_at": "2026-12-20T12:00",
        "time_zone": "America/New_York", "country": "US", "setting": "virtual",
        "venue_class": "modest", "controller": world.entity, "partner": cast.partner.id,
        "partner_share": "40", "has_representative": "on",
    }  # fmt: skip
    page = manager.post("/events/new/", filled, follow=True)
    address = page.request["PATH_INFO"]
    assert "the need is not recorded" in page.text
    page = manager.post(
        f"{address}need/", {"need": "Guideline changed", "criteria": "Published"}, follow=True
    )
    assert "waits for" in page.text
    manager.post(f"{address}agree/", {"password": PASSWORD})
    assert "not to it as it is" in partner.get(address).text
    partner.post(f"{address}agree/", {"password": "not mine"})
    assert "waits for Northlake" in manager.get(address).text
    partner.post(f"{address}agree/", {"password": PASSWORD})
    assert "Everything is in place" in manager.get(address).text
    assert "Open for registration" in manager.post(f"{address}open/", follow=True).text
    found = manager.get(f"{address}invite/?find=Willing")
    assert "Willing" in found.text
    page = manager.post(f"{address}invite/", {"hcps": [str(world.willing)]}, follow=True)
    assert "Willing" in page.text


@pytest.mark.feature("engagement/joint-education")
def test_an_hcp_registers_by_link_waits_and_moves_up(client, cast, link, world, opened, browser):
    first, second = link(world.willing), link(world.silent)
    page = client.get(first)
    assert "Heart failure in practice" in page.text
    assert "Halden Pharma" in page.text
    taken = client.post(first, {"name": "W. Willing", "email": ""}, follow=True)
    assert "You have a place" in taken.text
    assert "<svg" in taken.text
    full = client.get(second)
    assert "All places are taken" in full.text
    waits = client.post(second, {"name": "S. Silent", "email": "s@hcp.test"}, follow=True)
    assert "waiting list" in waits.text
    assert "BEGIN:VEVENT" in client.get(f"{first}event.ics").text
    assert client.get(f"{first}certificate.pdf").status_code == 404
    assert "Register" in client.post(f"{first}cancel/", follow=True).text
    assert "You have a place" in client.get(second).text


def test_a_broken_link_and_a_cancelled_event_say_so(client, cast, link, world, opened, at):
    assert client.get("/events/register/nonsense/").status_code == 404
    address = link(world.willing)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        cancel_event(opened.id, "the speaker is ill", at=at)
    gone = client.get(address)
    assert gone.status_code == 410
    assert "cancelled" in gone.text


@pytest.mark.feature("engagement/joint-education")
def test_the_square_of_a_ticket_checks_somebody_in_and_a_certificate_follows(
    client, cast, link, world, opened, browser
):
    address = link(world.willing)
    client.post(address, {"name": "W. Willing", "email": ""})
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        attendee = Attendee.objects.get()
    square = f"/events/{opened.id}/check-in/{attendee.id}/"
    with time_machine.travel(opened.starts_at, tick=True):
        desk = browser(Role.EVENT_MANAGER)
        assert "W. Willing" in desk.get(square).text
        assert desk.post(square, {"drawing": "<script>"}).status_code == 422
        done = desk.post(square, {"drawing": "M0 0L5 5"}, follow=True)
        assert "is checked in" in done.text
        walked = desk.post(f"/events/{opened.id}/check-in/", {"name": "Passer By"}, follow=True)
        assert "Passer By" in walked.text
        desk.post(f"/events/{opened.id}/hold/")
        desk.post(f"/events/{opened.id}/certify/", {"least_minutes": "0"})
        pdf = client.get(f"{address}certificate.pdf")
        assert pdf.content[:4] == b"%PDF"
        export = desk.get(f"/events/{opened.id}/?tab=attendees&export=csv")
        assert "W. Willing" in export.text
    for tab in ("speakers", "invitations", "attendees", "costs"):
        assert browser(Role.EVENT_MANAGER).get(f"/events/{opened.id}/?tab={tab}").status_code == 200


def test_a_platform_s_list_gives_minutes(client, cast, link, world, opened, browser):
    client.post(link(world.willing), {"name": "W. Willing", "email": "w@hcp.test"})
    begin = opened.starts_at
    rows = (
        "Meeting,Heart failure\n\nEmail,Join Time,Leave Time\n"
        f"W@hcp.test,{begin:%Y-%m-%d %H:%M:%S},{begin + timedelta(minutes=45):%Y-%m-%d %H:%M:%S}\n"
    )
    with time_machine.travel(begin, tick=True):
        desk = browser(Role.EVENT_MANAGER)
        file = SimpleUploadedFile("list.csv", rows.encode())
        page = desk.post(f"/events/{opened.id}/presence/", {"file": file}, follow=True)
        assert "1 attendees have new minutes" in page.text
        bad = SimpleUploadedFile("list.csv", b"Email,Join Time,Leave Time\na@b.test,soon,later\n")
        page = desk.post(f"/events/{opened.id}/presence/", {"file": bad}, follow=True)
        assert "is no time such as" in page.text


def test_a_speaker_is_chosen_by_page_and_a_dear_one_refused(browser, opened, world, cast):
    manager = browser(Role.EVENT_MANAGER)
    filled = {
        "npi": "Willing", "part": "speaker", "chosen_because": "Led the trial", "fee": "900.00",
        "fair_value": "1000.00", "currency": "USD", "contract_ref": "C-1",
        "contract_signed_on": "2026-11-01", "providers_needed": "1", "fair_value_ref": "FMV-7",
        "contract_days": "400", "pay_set_in_advance": "true", "varies_with_referrals": "false",
        "keeps_records": "true", "has_disclosure_clause": "true",
    }  # fmt: skip
    dear = manager.post(f"/events/{opened.id}/speakers/", filled | {"fee": "5000.00"}, follow=True)
    assert "Not chosen" in dear.text
    fair = manager.post(f"/events/{opened.id}/speakers/", filled, follow=True)
    assert "Chosen." in fair.text
    speaker_id = re.search(rf"/events/{opened.id}/speakers/([0-9a-f-]{{36}})/", fair.text).group(1)
    address = f"/events/{opened.id}/speakers/{speaker_id}/"
    said = manager.post(address, {"declare": "1", "conflicts": "none"}, follow=True)
    assert "none" in said.text
    assert "takes no part" in manager.post(address, {}, follow=True).text


@pytest.mark.feature("engagement/joint-education")
def test_a_program_sets_up_agrees_opens_invites_and_reads(program, cast, world, at):
    api = program(Role.EVENT_MANAGER)
    given = {
        "kind": "symposium", "title": "Lipids", "topic": "Lipids", "country": "US",
        "controller_id": str(world.entity), "time_zone": "UTC", "setting": "virtual",
        "starts_at": (at + timedelta(days=9)).isoformat(),
        "ends_at": (at + timedelta(days=9, hours=1)).isoformat(), "places": 5,
    }  # fmt: skip
    made = api.post("/api/engagement/events", given, content_type=JSON)
    assert made.status_code == 201, made.text
    base = f"/api/engagement/events/{made.json()['id']}"
    changed = api.put(base, given | {"places": 7}, content_type=JSON)
    assert changed.json()["places"] == 7
    assert api.post(f"{base}/opening", {}, content_type=JSON).status_code == 422
    need = {"need": "Asked for", "criteria": "Published"}
    api.post(f"{base}/need", need, content_type=JSON)
    api.post(f"{base}/agreement", {"password": PASSWORD}, content_type=JSON)
    assert api.post(f"{base}/opening", {}, content_type=JSON).json()["status"] == "open"
    invited = api.post(
        f"{base}/invitations",
        {"hcp_ids": [str(world.willing)], "controller_id": str(world.entity)},
        content_type=JSON,
    )
    assert invited.status_code == 201
    assert len(invited.json()) == 1
    assert api.get(f"{base}/attendees").json() == []
    gone = api.post(f"{base}/cancellation", {"reason": "no speaker"}, content_type=JSON)
    assert gone.json()["status"] == "cancelled"
    assert [e["title"] for e in api.get("/api/engagement/events").json()["items"]] == ["Lipids"]
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        assert Invitation.objects.count() == 1
