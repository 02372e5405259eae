"""A congress stand by page, by link and by program: hours, meetings, leads, meals, calendars."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from entente.consent import reads as consent
from entente.engagement.actions.attend import walk_in
from entente.engagement.actions.meeting_bookings import give_meeting_link
from entente.engagement.models import CalendarEntry, EventMeal, Lead, Meeting, MeetingSlot
from entente.engagement.tests.shell.stand_world import Stand
from entente.engagement.tests.shell.test_calendars import WEEKLY
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

pytestmark = pytest.mark.feature("engagement/booth-and-meetings")
JSON = "application/json"


@pytest.fixture
def stand(cast, world, now):
    return Stand(cast, world, now)


@pytest.fixture
def during(stand):
    """The clock at the doors stands two hours into the congress."""
    with time_machine.travel(stand.begins + timedelta(hours=2), tick=True):
        yield


def test_a_stand_is_laid_out_booked_moved_and_cancelled_by_page(browser, stand, world):
    manager, rep = browser(Role.EVENT_MANAGER), browser(Role.REPRESENTATIVE)
    base = f"/events/{stand.event.id}/meetings/"
    assert "Stand A12" in manager.get(base).text
    assert (
        "Laid out"
        in manager.post(f"{base}stand/", {"name": "Quiet room", "n_tables": 1}, follow=True).text
    )
    opened = rep.post(
        f"{base}stand/",
        {"place": stand.place.id, "host": stand.rep.actor_id, "minutes": 20, "n_slots": 2,
         "pause_minutes": 0, "first_at": f"{stand.begins + timedelta(hours=1):%Y-%m-%dT%H:%M}"},
        follow=True,
    )  # fmt: skip
    assert "Open: they can be booked" in opened.text
    assert "no table" not in opened.text
    first, second = _slots(stand)
    assert "Willing" in rep.get("/leads/people/?q=Willing").text
    booked = rep.post(
        f"/meetings/slots/{first}/", {"hcp": world.willing, "topic": "Dosing"}, follow=True
    )
    assert "Dosing" in booked.text
    meeting = _only(stand)
    assert "taken" in browser(Role.PARTNER_MARKETER, stand.cast.partner).get(base).text
    address = f"/meetings/{meeting.id}/"
    assert "BEGIN:VEVENT" in rep.get(f"{address}meeting.ics").text
    rep.post(f"{address}move/", {"slot": second})
    assert _only(stand).slot_id == second
    assert "why it is cancelled" in rep.post(f"{address}cancel/", {"reason": ""}, follow=True).text
    assert "Cancelled." in rep.post(f"{address}cancel/", {"reason": "Ill"}, follow=True).text
    assert "Ill" in rep.get(base).text
    closed = rep.post(f"{base}stand/", {"close": second}, follow=True)
    assert "Closed." in closed.text
    assert "Willing" in rep.get(f"{base}?export=csv").text


def _slots(stand):
    with act_as(stand.rep):
        return list(MeetingSlot.objects.order_by("starts_at").values_list("id", flat=True))


def _only(stand):
    with act_as(stand.rep):
        return Meeting.objects.get()


def test_a_meeting_becomes_a_call_by_page(browser, stand, world):
    booked = stand.book(stand.hours()[0], world.willing)
    with act_as(stand.rep):
        Meeting.objects.filter(id=booked.id, status="referred").update(status="booked")
    assert "Your meetings" in browser(Role.REPRESENTATIVE).get("/").text
    with time_machine.travel(booked.ends_at, tick=True):
        rep = browser(Role.REPRESENTATIVE)
        page = rep.get(f"/meetings/{booked.id}/")
        assert "It took place" in page.text
        wrong = rep.post(
            f"/meetings/{booked.id}/hold/", {"note": "Patient Mrs. Weber, born 3.4.1961"}
        )
        assert wrong.status_code == 422
        done = rep.post(
            f"/meetings/{booked.id}/hold/", {"note": "Asked about a rash", "reaction": ""},
            follow=True,
        )  # fmt: skip
        assert "It stands among your calls" in done.text
        assert "sounds like a side effect" in done.text
        assert str(booked.id) not in rep.get("/calls/").text


def test_an_hcp_books_moves_and_cancels_by_link_and_looking_changes_nothing(client, stand, world):
    first, second = stand.hours(n=2)
    medical = stand.hours(stand.cast.scope(Role.MSL), hour=5)[0]
    with act_as(stand.rep):
        address = give_meeting_link(stand.event.id, world.willing, at=stand.at)
    page = client.get(address)
    assert str(first.id) in page.text
    assert str(medical.id) not in page.text
    assert not page.cookies
    with act_as(stand.rep):
        assert not Meeting.objects.exists()
    booked = client.post(address, {"slot": first.id, "topic": "Dosing"}, follow=True)
    assert "table 1" in booked.text
    meeting = _only(stand)
    assert (meeting.was_requested, meeting.topic) == (True, "Dosing")
    assert "BEGIN:VEVENT" in client.get(f"{address}{meeting.id}/meeting.ics").text
    moved = client.post(
        f"{address}?move={meeting.id}", {"slot": second.id, "moves": meeting.id}, follow=True
    )
    assert moved.status_code == 200
    assert _only(stand).slot_id == second.id
    assert client.get(f"{address}{meeting.id}/cancel/").status_code == 405
    client.post(f"{address}{meeting.id}/cancel/")
    assert _only(stand).status == "cancelled"
    assert client.get("/meetings/book/nonsense/").status_code == 404
    assert client.get(f"{address}{uuid4()}/meeting.ics").status_code == 404


def test_no_permission_is_ticked_beforehand_and_each_company_has_its_own(
    browser, stand, world, during
):
    stand.words()
    rep = browser(Role.REPRESENTATIVE)
    page = rep.get(f"/leads/new/?event={stand.event.id}")
    assert "Halden Inc" in page.text
    assert "Northlake Trust" in page.text
    boxes = [line for line in page.text.split("<input") if 'name="ticks"' in line]
    assert len(boxes) == 4
    assert not any("checked" in box.split(">")[0] for box in boxes)
    filled = {
        "event": stand.event.id, "hcp": world.willing, "interest": "Heart failure",
        "note": "One patient had a rash", "channel": "email", "origin": "joint",
        "side": stand.cast.host.id, "email": "w@hcp.test", "client_id": uuid4(),
        "ticks": [f"{stand.partner_entity.id}|education|US-9"],
    }  # fmt: skip
    kept = rep.post("/leads/new/", filled, follow=True)
    assert "is written down" in kept.text
    assert "sounds like a side effect" in kept.text
    again = rep.post("/leads/new/", filled, headers={"Accept": JSON})
    with act_as(stand.rep):
        lead = Lead.objects.get()
        assert again.json()["id"] == str(lead.id)
        assert {tick.party_id for tick in lead.consents.all()} == {stand.cast.partner.id}
    partner = browser(Role.PARTNER_SELLER, stand.cast.partner)
    page = partner.get(f"/leads/{lead.id}/")
    assert "Permitted to us" in page.text
    assert "Recorded among" in partner.post(f"/leads/{lead.id}/record/", follow=True).text
    with act_as(stand.partner):
        assert any(row.record.proof_ref == f"lead {lead.id}"
                   for row in consent.history(world.willing))  # fmt: skip
    rep.post(f"/leads/{lead.id}/unshare/", {"party": stand.cast.partner.id})
    assert partner.get(f"/leads/{lead.id}/").status_code == 404


def test_a_device_is_told_what_does_not_fit(browser, stand, during):
    rep = browser(Role.REPRESENTATIVE)
    answer = rep.post(
        "/leads/new/",
        {"event": stand.event.id, "interest": "x", "channel": "email", "origin": "joint",
         "side": stand.cast.host.id},
        headers={"Accept": JSON},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "say who it is" in str(answer.json()["errors"])
    ready = rep.get(f"/leads/ready/?event={stand.event.id}").json()
    assert ready["user"] == str(stand.rep.actor_id)
    assert "leads-1" in rep.get("/leads/worker.js").text


def test_a_badge_says_who_somebody_is(browser, stand, world, during):
    with act_as(stand.cast.scope(Role.EVENT_MANAGER)):
        came = walk_in(
            stand.event.id, name="", hcp_id=world.silent, seen_by=(),
            at=stand.begins + timedelta(hours=1),
        )  # fmt: skip
    rep = browser(Role.REPRESENTATIVE)
    facts = {"event": stand.event.id, "interest": "Trials", "channel": "email",
             "origin": "joint", "side": stand.cast.host.id}  # fmt: skip
    square = f"https://site.test/events/{stand.event.id}/check-in/{came.id}/"
    for badge in (str(came.ticket), square):
        rep.post("/leads/new/", {**facts, "badge": badge, "client_id": uuid4()})
    with act_as(stand.cast.scope(Role.EVENT_MANAGER)):
        assert [lead.hcp_id for lead in Lead.objects.all()] == [world.silent] * 2


def test_a_lead_is_linked_taken_and_settled_by_page(browser, stand, world, during):
    lead = stand.lead(hcp_id=None, name="Dr. Unknown", at=stand.begins + timedelta(hours=1))
    rep, address = browser(Role.REPRESENTATIVE), f"/leads/{lead.id}/"
    assert "nobody took it yet" in rep.get("/").text
    assert "Willing" in rep.get(f"{address}?find=Willing").text
    assert "Linked." in rep.post(f"{address}link/", {"hcp": world.willing}, follow=True).text
    rep.post(f"{address}take/", {"owner": stand.rep.actor_id, "due_on": ""})
    assert "What became of it" in rep.get(address).text
    assert rep.post(f"{address}settle/", {"status": "done", "outcome": ""}).status_code == 422
    done = rep.post(f"{address}settle/", {"status": "done", "outcome": "Visited"}, follow=True)
    assert "Followed up" in done.text
    page = rep.get(f"/leads/?event={stand.event.id}")
    assert "By stand" in page.text
    assert "Visited" in rep.get("/leads/?export=csv").text


def test_a_steward_enters_a_candidate_by_page(browser, stand, during):
    lead = stand.lead(hcp_id=None, name="Dr. New", at=stand.begins + timedelta(hours=1))
    steward = browser(Role.STEWARD)
    page = steward.post(
        f"/leads/{lead.id}/candidate/",
        {"family_name": "New", "given_name": "Nora", "profession": "physician", "country": "US"},
        follow=True,
    )  # fmt: skip
    assert "Noted." in page.text


@pytest.mark.feature("engagement/joint-education")
def test_a_meal_is_recorded_from_the_list_of_attendees(browser, stand, world, during):
    manager = browser(Role.EVENT_MANAGER)
    new = f"/events/{stand.event.id}/meals/new/"
    assert "Nobody is checked in yet" in manager.get(new).text
    with act_as(stand.cast.scope(Role.EVENT_MANAGER)):
        came = walk_in(
            stand.event.id, name="", hcp_id=world.willing, seen_by=(),
            at=stand.begins + timedelta(hours=1),
        )  # fmt: skip
    facts = {
        "client_id": uuid4(), "kind": "lunch", "spent_on": stand.begins.date(),
        "venue": "Hall restaurant", "total": "100.00", "currency": "USD", "payer": world.entity,
        "attendees": [came.id], "staff": "Rep One\nRep Two",
    }  # fmt: skip
    assert manager.post(new, {**facts, "total": "much"}).status_code == 422
    page = manager.post(new, facts, follow=True)
    assert "Against a rule" in page.text
    assert "33.34" in page.text
    assert "counts in the division only" in page.text
    manager.post(new, facts)
    with act_as(stand.cast.scope(Role.EVENT_MANAGER)):
        assert EventMeal.objects.count() == 1
    listed = manager.get(f"/events/{stand.event.id}/?tab=attendees")
    assert "Hall restaurant" in listed.text


def test_a_calendar_is_loaded_by_page_and_says_what_was_refused(browser, stand):
    manager = browser(Role.EVENT_MANAGER)
    broken = WEEKLY.replace(
        "END:VCALENDAR", "BEGIN:VEVENT\nSUMMARY:No day\nEND:VEVENT\nEND:VCALENDAR"
    )
    file = SimpleUploadedFile("../../etc/weekly.ics", broken.encode(), "text/calendar")
    page = manager.post("/calendars/?month=2026-03", {"file": file})
    assert "3 new, 0 changed, 0 as they were, 1 refused" in page.text
    assert "Give the event a DTSTART" in page.text
    assert page.text.count("Journal club, cardiology") == 2
    assert "2026-04" in manager.get("/calendars/?month=2026-05").text
    assert "10:00–12:00" in manager.get("/calendars/?month=2026-04&q=journal").text
    assert "No entry fits" in manager.get("/calendars/?month=2026-04&q=nothing").text
    wrong = SimpleUploadedFile("x.ics", b"hello", "text/calendar")
    assert manager.post("/calendars/", {"file": wrong}).status_code == 422
    rep = browser(Role.REPRESENTATIVE)
    assert "Load a calendar" not in rep.get("/calendars/").text
    again = SimpleUploadedFile("x.ics", WEEKLY.encode(), "text/calendar")
    assert rep.post("/calendars/", {"file": again}).status_code == 403
    with act_as(stand.rep):
        assert CalendarEntry.objects.count() == 3


def test_programs_do_the_same(program, stand, world, during):
    rep, manager = program(Role.REPRESENTATIVE), program(Role.EVENT_MANAGER)
    base = "/api/engagement"
    made = rep.post(
        f"{base}/meeting-slots",
        {"place_id": str(stand.place.id), "host_id": str(stand.rep.actor_id), "minutes": 30,
         "first_at": (stand.begins + timedelta(hours=6)).isoformat()},
        content_type=JSON,
    )  # fmt: skip
    assert made.status_code == 201
    slot = made.json()[0]["id"]
    booked = rep.post(
        f"{base}/meeting-slots/{slot}/meeting", {"hcp_id": str(world.willing)}, content_type=JSON
    )
    assert booked.status_code == 201
    seen = rep.get(f"{base}/events/{stand.event.id}/meeting-slots").json()
    assert [each["is_taken"] for each in seen] == [True]
    assert rep.delete(f"{base}/meeting-slots/{slot}").status_code == 422
    body = {
        "client_id": str(uuid4()), "event_id": str(stand.event.id), "origin": "own",
        "hcp_id": str(world.silent), "interest": "Trials",
    }  # fmt: skip
    lead = rep.post(f"{base}/leads", body, content_type=JSON)
    assert (lead.status_code, lead.json()["state"]) == (201, "open")
    assert rep.post(f"{base}/leads", body, content_type=JSON).json()["id"] == lead.json()["id"]
    counts = rep.get(f"{base}/lead-counts", {"event_id": str(stand.event.id)}).json()
    assert [(each["origin"], each["n_leads"]) for each in counts] == [("own", 1)]
    loaded = manager.post(
        f"{base}/calendar-entries", {"name": "weekly.ics", "text": WEEKLY}, content_type=JSON
    )
    assert (loaded.status_code, loaded.json()["n_new"]) == (201, 3)
    march = manager.get(f"{base}/calendar-entries", {"month": "2026-03"}).json()
    assert len(march["items"]) == 2
    assert manager.get(f"{base}/calendar-entries", {"month": "x"}).status_code == 422
    meal = manager.post(
        f"{base}/events/{stand.event.id}/meals",
        {"client_id": str(uuid4()), "kind": "lunch", "venue": "Hall", "currency": "USD",
         "total_minor": 1_000, "attendee_ids": []},
        content_type=JSON,
    )  # fmt: skip
    assert meal.status_code == 422
