"""Meetings at a congress: nobody twice, each through the gate, and a call of the host once held."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest
from django.db import IntegrityError, transaction

from entente.engagement.actions.meeting_bookings import (
    BUSY,
    TAKEN,
    book_by_link,
    book_meeting,
    cancel_meeting,
    hold_meeting,
    miss_meeting,
    move_meeting,
)
from entente.engagement.actions.meetings import add_meeting_place, close_slot, open_slots
from entente.engagement.domain.calendar import meeting_calendar
from entente.engagement.models import Meeting, MeetingSlot, Touch
from entente.engagement.reads import meetings as reads
from entente.engagement.tests.shell.stand_world import Stand
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

pytestmark = pytest.mark.feature("engagement/booth-and-meetings")


@pytest.fixture
def stand(cast, world, now):
    return Stand(cast, world, now)


def test_hours_are_opened_one_after_the_other_at_a_free_table(stand):
    mine = stand.hours(n=3)
    theirs = stand.hours(stand.partner)
    assert [slot.table for slot in mine] == [1, 1, 1]
    assert [slot.ends_at - slot.starts_at for slot in mine] == [timedelta(minutes=30)] * 3
    assert theirs[0].table == 2
    with pytest.raises(UserError, match="all tables of Stand A12 are taken"):
        stand.hours(stand.cast.scope(Role.MSL))


def test_a_host_sits_at_one_table_at_a_time(cast, stand):
    stand.hours()
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        other = add_meeting_place(stand.event.id, "Quiet room", 1, at=stand.at)
    with pytest.raises(UserError, match="the host has hours"):
        stand.hours(place=other.id)


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"hour": -2}, "outside the congress"), ({"minutes": 2}, "5 to 240"),
     ({"hour": 47, "n": 4}, "outside the congress"), ({"n": 100}, "from 1 to 48")],
)  # fmt: skip
def test_hours_fit_the_congress(stand, changed, said):
    with pytest.raises(UserError, match=said):
        stand.hours(**changed)


def test_only_an_event_manager_opens_the_hours_of_others_and_never_beyond_the_wall(cast, stand):
    def opened(role, host):
        host_id = cast.user(host).id
        with act_as(cast.scope(role)):
            return open_slots(
                stand.place.id, host_id=host_id,
                first_at=stand.begins + timedelta(hours=3), minutes=20, at=stand.at,
            )  # fmt: skip

    assert opened(Role.EVENT_MANAGER, Role.REPRESENTATIVE)[0].sender_role == "sales"
    for role, host, said in (
        (Role.REPRESENTATIVE, Role.MSL, "open your own hours"),
        (Role.EVENT_MANAGER, Role.MSL, "beyond the wall"),
        (Role.EVENT_MANAGER, Role.FINANCE, "who logs calls"),
    ):
        with pytest.raises(UserError, match=said):
            opened(role, host)


def test_an_hcp_is_in_one_meeting_at_a_time_whichever_company_booked(stand, world):
    mine, theirs = stand.hours()[0], stand.hours(stand.partner)[0]
    booked = stand.book(mine, world.willing)
    assert booked.status in {"booked", "referred"}
    assert stand.book(mine, world.willing).id == booked.id
    with pytest.raises(UserError, match=BUSY):
        stand.book(theirs, world.willing, stand.partner)
    with pytest.raises(UserError, match=TAKEN):
        stand.book(mine, world.silent)
    with act_as(stand.partner):
        assert not Meeting.objects.exists()
        assert reads.taken_slots(stand.event.id) == {mine.id}


def test_the_database_itself_lets_nobody_sit_at_two_tables(cast, stand, world):
    first, second = stand.hours(n=2)
    booked = stand.book(first, world.willing)
    with act_as(stand.rep):
        twin = MeetingSlot.objects.get(id=first.id)
        twin.id, twin.table = new_id(), 2
        with pytest.raises(IntegrityError, match="no_host_at_two_tables"), transaction.atomic():
            twin.save(force_insert=True)
        twin.host_id, twin.table = new_id(), 1
        with pytest.raises(IntegrityError, match="no_table_taken_twice"), transaction.atomic():
            twin.save(force_insert=True)
        twin.table = 3
        with pytest.raises(IntegrityError, match="has no table 3"), transaction.atomic():
            twin.save(force_insert=True)
        copy = Meeting.objects.get(id=booked.id)
        copy.id, copy.slot_id = new_id(), second.id
        with pytest.raises(IntegrityError, match="does not fit its slot"), transaction.atomic():
            copy.save(force_insert=True)
    other = stand.hours(cast.scope(Role.MSL))[0]
    with act_as(cast.scope(Role.MSL)):
        copy.slot_id, copy.wall, copy.host_id = other.id, "medical", other.host_id
        with pytest.raises(IntegrityError, match="no_hcp_in_two"), transaction.atomic():
            copy.save(force_insert=True)


def test_a_meeting_is_moved_and_its_calendar_entry_moves_with_it(stand, world):
    first, second = stand.hours(n=2)
    booked = stand.book(first, world.willing)
    with act_as(stand.rep):
        before = meeting_calendar(reads.meeting(booked.id), at=stand.at)
        moved = move_meeting(booked.id, second.id, at=stand.at + timedelta(minutes=1))
        assert moved.starts_at == second.starts_at
        after = meeting_calendar(reads.meeting(booked.id), at=stand.at + timedelta(minutes=1))
        assert {slot.id for slot in reads.bookable(stand.event.id, at=stand.at)} == {first.id}
    old, new = (icalendar.Calendar.from_ical(text).walk("VEVENT")[0] for text in (before, after))
    assert old["UID"] == new["UID"]
    assert new["SEQUENCE"] > old["SEQUENCE"]
    assert new.decoded("DTSTART") == second.starts_at
    assert "Stand A12, table 1" in new["LOCATION"]


def test_a_cancelled_meeting_frees_its_slot_and_a_booked_one_keeps_it(stand, world):
    slot = stand.hours()[0]
    booked = stand.book(slot, world.willing)
    with act_as(stand.rep):
        with pytest.raises(UserError, match="somebody booked it"):
            close_slot(slot.id, at=stand.at)
        with pytest.raises(UserError, match="why it is cancelled"):
            cancel_meeting(booked.id, " ", at=stand.at)
        assert cancel_meeting(booked.id, "He is ill", at=stand.at).status == "cancelled"
    assert stand.book(slot, world.silent).hcp_id == world.silent


def test_a_meeting_that_took_place_is_a_call_of_its_host(cast, stand, world):
    booked = stand.book(stand.hours()[0], world.willing)
    _approve(stand, booked)
    there = booked.starts_at + timedelta(minutes=20)
    with act_as(stand.rep):
        with pytest.raises(UserError, match="not begun"):
            hold_meeting(booked.id, at=stand.at)
        done = hold_meeting(booked.id, note="Asked about dosing", at=there)
        assert hold_meeting(booked.id, at=there).touch_id == done.touch_id
        touch = Touch.objects.get(id=done.touch_id)
        assert (touch.wall, touch.minutes, touch.note) == ("commercial", 30, "Asked about dosing")
        assert touch.happened_at == booked.starts_at
    slot = stand.hours(hour=5)[0]
    other = stand.book(slot, world.silent)
    manager = cast.scope(Role.ACCESS_MANAGER)
    with act_as(manager), pytest.raises(UserError, match="the call is the host’s"):
        hold_meeting(other.id, at=slot.ends_at)
    with act_as(cast.scope(Role.MSL)), pytest.raises(Meeting.DoesNotExist):
        hold_meeting(other.id, at=slot.ends_at)


def _approve(stand, meeting):
    """Let a person say yes where the gate left it to one."""
    with act_as(stand.rep):
        Meeting.objects.filter(id=meeting.id, status="referred").update(status="booked")


def test_what_medical_colleagues_arrange_stays_on_their_side(cast, stand, world):
    msl = cast.scope(Role.MSL)
    slot = stand.hours(msl)[0]
    booked = stand.book(slot, world.willing, msl)
    assert (booked.wall, booked.sender_role) == ("medical", "msl")
    with act_as(stand.rep):
        assert not Meeting.objects.exists()
        with pytest.raises(UserError, match="medical colleagues"):
            book_meeting(slot.id, world.silent, at=stand.at)
    with act_as(msl):
        Meeting.objects.filter(id=booked.id, status="referred").update(status="booked")
        done = hold_meeting(booked.id, at=booked.starts_at + timedelta(minutes=5))
        assert Touch.objects.get(id=done.touch_id).wall == "medical"
    with act_as(stand.rep):
        assert not Touch.objects.exists()


def test_whoever_did_not_come_is_noted_and_may_still_have_come_late(stand, world):
    booked = stand.book(stand.hours()[0], world.willing)
    _approve(stand, booked)
    with act_as(stand.rep):
        with pytest.raises(UserError, match="has begun"):
            miss_meeting(booked.id, at=stand.at)
        assert miss_meeting(booked.id, at=booked.starts_at).status == "no_show"
        assert hold_meeting(booked.id, at=booked.ends_at).status == "done"


def test_a_link_opens_the_hours_of_one_side_of_the_wall_only(cast, stand, world):
    medical, own = stand.hours(cast.scope(Role.MSL))[0], stand.hours()[0]
    with act_as(cast.system()):
        with pytest.raises(UserError, match=TAKEN):
            book_by_link(medical.id, world.willing, wall="commercial", topic="", at=stand.at)
        made = book_by_link(own.id, world.willing, wall="commercial", topic="Dosing", at=stand.at)
    assert made.was_requested
    assert made.booked_by_id is None


def test_a_topic_tells_of_no_patient(stand, world):
    slot = stand.hours()[0]
    with act_as(stand.rep), pytest.raises(UserError, match="looks like"):
        book_meeting(slot.id, world.willing, topic="Patient Mrs. Weber, born 3.4.1961", at=stand.at)
