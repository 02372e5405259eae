"""Calendars and agendas: clock times kept, recurrences written out, the same twice is nothing new."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entente.engagement.actions import import_calendar
from entente.engagement.adapters.calendars import read_calendar
from entente.engagement.models import CalendarEntry
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

REAL = Path(__file__).resolve().parents[6] / "shared/data/engagement-events"
WEEKLY = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:weekly
SUMMARY:Journal club\\, cardiology
LOCATION:Room 4
DTSTART;TZID=Europe/Vienna:20260310T100000
DTEND;TZID=Europe/Vienna:20260310T120000
RRULE:FREQ=WEEKLY;UNTIL=20260407T080000Z
EXDATE;TZID=Europe/Vienna:20260317T100000
EXDATE;TZID=Europe/Vienna:20260331T100000
END:VEVENT
END:VCALENDAR
"""
FLOATING = """BEGIN:VEVENT
SUMMARY:Rounds
DTSTART:20260401T080000
DTEND:20260401T090000
RRULE:FREQ=DAILY;COUNT=5
EXDATE:20260402T080000Z
END:VEVENT
"""
AGENDA = {
    "schedule": {
        "conference": {
            "title": "Congress", "time_zone_name": "Europe/Berlin",
            "days": [{"rooms": {"Hall 1": [
                {"guid": "s-1", "title": "Late", "date": "2026-08-21T23:30:00+02:00",
                 "duration": "01:30", "track": "Heart",
                 "persons": [{"public_name": "A. Speaker"}]},
                {"guid": "s-2", "title": "No day", "duration": "00:30"},
            ]}}],
        }
    }
}  # fmt: skip


@pytest.fixture
def load(cast, noon, tmp_path):
    def loaded(text, name="file.ics", **more):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", newline="")
        with act_as(cast.scope(Role.EVENT_MANAGER)):
            counts = import_calendar(path, at=noon, **more)
            return counts, list(CalendarEntry.objects.order_by("starts_local", "id"))

    return loaded


@pytest.mark.feature("engagement/booth-and-meetings")
def test_a_recurrence_is_written_out_without_its_exclusions_on_the_venue_s_clock(load):
    counts, rows = load(WEEKLY)
    assert counts.new == 3
    assert [row.starts_local for row in rows] == [
        "2026-03-10T10:00:00", "2026-03-24T10:00:00", "2026-04-07T10:00:00",
    ]  # fmt: skip
    # The clock changed at the end of March; the club still meets at ten.
    assert [f"{row.starts_at:%H:%M}" for row in rows] == ["09:00", "09:00", "08:00"]
    assert {row.zone for row in rows} == {"Europe/Vienna"}
    assert rows[0].title == "Journal club, cardiology"


def test_a_time_without_a_zone_stays_without_one_and_is_no_moment(load):
    counts, rows = load(FLOATING.replace("\n", "\r\n"))
    assert counts.new == 4
    assert {(row.zone, row.starts_at) for row in rows} == {("", None)}
    assert "2026-04-02T08:00:00" not in {row.starts_local for row in rows}


def test_the_same_file_again_changes_nothing_and_a_moved_room_changes_one(load):
    load(WEEKLY)
    again, _ = load(WEEKLY)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    moved, rows = load(WEEKLY.replace("Room 4", "Room 5"))
    assert (moved.new, moved.changed) == (0, 3)
    assert {row.place for row in rows} == {"Room 5"}


def test_a_dry_run_counts_and_keeps_nothing(load):
    counts, rows = load(WEEKLY, dry_run=True)
    assert (counts.new, rows) == (3, [])


def test_an_agenda_keeps_its_zone_past_midnight_and_refuses_what_has_no_day(load):
    counts, rows = load(json.dumps(AGENDA), "agenda.json")
    assert (counts.new, counts.refused) == (1, 1)
    assert rows[0].ends_local == "2026-08-22T01:00:00"
    assert (rows[0].room, rows[0].people, rows[0].zone) == ("Hall 1", "A. Speaker", "Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n", "DTSTART"),
        ("BEGIN:VEVENT\nDTSTART:20260402\nDTEND:20260401\nEND:VEVENT\n", "DTEND"),
    ],
)
def test_an_event_that_does_not_fit_is_refused_by_its_field(load, tmp_path, text, said):
    counts, rows = load(text, refused_path=tmp_path / "refused.csv")
    assert (counts.refused, rows) == (1, [])
    assert said in (tmp_path / "refused.csv").read_text()


@pytest.mark.skipif(not REAL.is_dir(), reason="the real calendars are not here")
def test_the_real_calendars_and_the_agenda_are_read_and_read_again(cast, noon):
    told = {}
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        for path in [*sorted((REAL / "icalendar").glob("*.ics")), REAL / "agenda_camp2019.json"]:
            first = import_calendar(path, at=noon)
            again = import_calendar(path, at=noon)
            assert (again.new, again.changed) == (0, 0), path.name
            told[path.name] = (first.new, first.refused)
    assert told["agenda_camp2019.json"] == (79, 0)
    # 100 days but for the three excluded; 15 Tuesdays but for the five excluded.
    assert told["event_with_recurrence.ics"] == (97, 0)
    assert told["event_with_recurrence_exdates_on_different_lines.ics"] == (10, 0)
    assert told["event_with_rsvp.ics"] == (0, 1)
    assert len(told) == 11


def test_zones_are_kept_as_named(tmp_path):
    path = tmp_path / "zones.ics"
    path.write_text(WEEKLY)
    (chunk,) = read_calendar(path)
    assert set(chunk.tables["calendar"].column("zone").to_pylist()) == {"Europe/Vienna"}
