"""Calendars (iCalendar, RFC 5545) and conference agendas (the Frab schedule as JSON).

Every entry keeps its clock time and zone as they were written: a time that names no zone stays
without one, and only the others are moments too. Recurrences are written out, exclusions left
out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pyarrow as pa
from dateutil.rrule import rruleset, rrulestr

from entente.directory.adapters.chunks import Chunk, RegistryFileError

MOST_BYTES = 32 * 1024 * 1024
# A rule without an end is written out for so long from its first day, and so often.
HORIZON, MOST_TIMES = timedelta(days=2 * 366), 1_000
NO_START = "Give the event a DTSTART."
NO_END = "End it after it starts: mend DTEND or DURATION."

_TEXTS = ("uid", "title", "place", "zone", "starts_local", "ends_local", "url", "organiser",
          "status", "room", "track", "people", "field", "value", "remedy")  # fmt: skip
ENTRIES = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        *(pa.field(name, pa.string()) for name in _TEXTS),
        pa.field("starts_at", pa.timestamp("us", tz="UTC")),
        pa.field("ends_at", pa.timestamp("us", tz="UTC")),
        pa.field("is_all_day", pa.bool_(), nullable=False),
        pa.field("n_attendees", pa.int64(), nullable=False),
        pa.field("entry_hash", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Entry:
    """One time at which something takes place, or why it could not be read."""

    line: int
    uid: str = ""
    title: str = ""
    place: str = ""
    zone: str = ""
    starts_local: str = ""
    ends_local: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_all_day: bool = False
    url: str = ""
    organiser: str = ""
    status: str = ""
    room: str = ""
    track: str = ""
    people: str = ""
    n_attendees: int = 0
    field: str = ""
    value: str = ""
    remedy: str = ""


def read_calendar(path: Path) -> Iterator[Chunk]:
    """Read a calendar or an agenda, known by its first letters.

    Yields
    ------
    Chunk
        Table ``calendar``.

    Raises
    ------
    RegistryFileError
        If the file is neither, or too long.
    """
    data = path.read_bytes()
    if len(data) > MOST_BYTES:
        raise RegistryFileError(f"{path.name}: longer than 32 MB; split it into several files")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RegistryFileError(f"{path.name}: write it in UTF-8") from None
    if text.lstrip().startswith("{"):
        found = list(_agenda(path.name, text))
    else:
        found = list(_calendar(path.name, text))
    yield Chunk(tables={"calendar": _table(found)}, n_read=len(found))


def _table(entries: list[Entry]) -> pa.Table:
    rows = []
    for each in entries:
        row = asdict(each)
        told = {name: str(value) for name, value in row.items() if name != "line"}
        row["entry_hash"] = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=ENTRIES)


def _calendar(name: str, text: str) -> Iterator[Entry]:
    try:
        # A bare event without a calendar around it is read as well.
        parts = icalendar.Component.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError) as wrong:
        raise RegistryFileError(f"{name}: this is no calendar ({wrong})") from None
    events = [event for part in parts for event in part.walk("VEVENT")]
    if not events:
        raise RegistryFileError(f"{name}: there is no event in it")
    for number, event in enumerate(events, start=1):
        yield from _times_of(event, number)


def _times_of(event: Any, number: int) -> Iterator[Entry]:
    """Write an event out, once for each time it takes place."""
    title = str(event.get("SUMMARY", ""))
    begin = _value(event, "DTSTART")
    if begin is None:
        yield Entry(number, title=title, field="DTSTART", value="", remedy=NO_START)
        return
    length = _length(event, begin)
    if length is None:
        yield Entry(number, title=title, field="DTEND", value=title[:80], remedy=NO_END)
        return
    uid = str(event.get("UID", "")) or _made_up(title, begin)
    for start in _starts(event, begin):
        yield _entry(event, number, uid, title, start, length)


def _value(event: Any, name: str) -> Any:
    found = event.get(name)
    return getattr(found, "dt", None)


def _length(event: Any, begin: Any) -> timedelta | None:
    end, duration = _value(event, "DTEND"), _value(event, "DURATION")
    if isinstance(duration, timedelta):
        return duration if duration >= timedelta() else None
    if end is None:
        return timedelta(days=1) if not isinstance(begin, datetime) else timedelta()
    if isinstance(begin, datetime) != isinstance(end, datetime):
        return None
    length = _naive(end) - _naive(begin)
    if isinstance(begin, datetime) and begin.tzinfo and end.tzinfo:
        length = end.astimezone(UTC) - begin.astimezone(UTC)
    return length if length >= timedelta() else None


def _naive(value: Any) -> datetime:
    """Give the clock time as it was written."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value, time())


def _starts(event: Any, begin: Any) -> list[Any]:
    """Give the clock times at which an event begins, exclusions left out, the first one first."""
    rule, dates = event.get("RRULE"), _listed(event, "RDATE")
    if rule is None and not dates:
        return [begin]
    zone = begin.tzinfo if isinstance(begin, datetime) else None
    first = _naive(begin)
    times = rruleset()
    times.rdate(first)
    for each in rule if isinstance(rule, list) else [rule] if rule else []:
        times.rrule(rrulestr(_local_until(each.to_ical().decode(), zone), dtstart=first))
    for each in dates:
        times.rdate(_in_zone(each, zone, first))
    for each in _listed(event, "EXDATE"):
        times.exdate(_in_zone(each, zone, first))
    found: list[Any] = []
    for moment in times:
        if len(found) >= MOST_TIMES or moment > first + HORIZON:
            break
        found.append(moment.replace(tzinfo=zone) if isinstance(begin, datetime) else moment.date())
    return found


def _listed(event: Any, name: str) -> list[Any]:
    given = event.get(name)
    blocks = given if isinstance(given, list) else [given] if given is not None else []
    return [each.dt for block in blocks for each in getattr(block, "dts", [])]


def _in_zone(value: Any, zone: Any, first: datetime) -> datetime:
    """Give a date of a rule on the clock of the event's start; a mere clock time is of its day."""
    if isinstance(value, tuple):
        value = value[0]
    if isinstance(value, time):
        return datetime.combine(first.date(), value.replace(tzinfo=None))
    if isinstance(value, datetime) and value.tzinfo and zone:
        return value.astimezone(zone).replace(tzinfo=None)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value, first.time())


def _local_until(rule: str, zone: Any) -> str:
    """Write the end of a rule on the event's own clock, as the rule is counted there."""
    parts = []
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        if name == "UNTIL" and value.endswith("Z"):
            moment = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            local = moment.astimezone(zone) if zone else moment
            value = f"{local:%Y%m%dT%H%M%S}"
        parts.append(f"{name}={value}")
    return ";".join(parts)


def _entry(event: Any, number: int, uid: str, title: str, start: Any, length: timedelta) -> Entry:
    is_day = not isinstance(start, datetime)
    local = _naive(start)
    zone = "" if is_day or start.tzinfo is None else _zone_of(start)
    moment = None if is_day or start.tzinfo is None else start.astimezone(UTC)
    attendees = event.get("ATTENDEE", [])
    return Entry(
        number,
        uid=uid,
        title=title,
        place=str(event.get("LOCATION", "")),
        zone=zone,
        starts_local=local.isoformat(),
        ends_local=(local + length).isoformat(),
        starts_at=moment,
        ends_at=moment + length if moment else None,
        is_all_day=is_day,
        url=str(event.get("URL", event.get("CONFERENCE", "")))[:500],
        organiser=str(event.get("ORGANIZER", "")).removeprefix("mailto:").removeprefix("MAILTO:"),
        status=str(event.get("STATUS", "")).lower(),
        n_attendees=len(attendees) if isinstance(attendees, list) else 1,
    )


def _zone_of(moment: datetime) -> str:
    key = getattr(moment.tzinfo, "key", None) or getattr(moment.tzinfo, "zone", None)
    return str(key or moment.tzname() or "UTC")


def _made_up(title: str, begin: date) -> str:
    """Give an event without a UID one that a second import makes again."""
    return "made-" + hashlib.sha256(f"{title}|{begin.isoformat()}".encode()).hexdigest()[:24]


def _agenda(name: str, text: str) -> Iterator[Entry]:
    try:
        conference = json.loads(text)["schedule"]["conference"]
        days, zone = conference["days"], str(conference.get("time_zone_name") or "")
        ZoneInfo(zone or "UTC")
    except (ValueError, KeyError, TypeError, OSError) as wrong:
        raise RegistryFileError(f"{name}: this is no conference agenda ({wrong})") from None
    number = 0
    for day in days:
        for room, sessions in (day.get("rooms") or {}).items():
            for session in sessions:
                number += 1
                yield _session(session, number, str(room), zone, str(conference.get("title", "")))


def _session(session: Any, number: int, room: str, zone: str, conference: str) -> Entry:
    title = str(session.get("title", ""))
    try:
        begin = datetime.fromisoformat(session["date"])
        hours, minutes = str(session["duration"]).split(":")
        length = timedelta(hours=int(hours), minutes=int(minutes))
    except (KeyError, ValueError, TypeError):
        return Entry(
            number, title=title, field="date", value=str(session.get("date", ""))[:80],
            remedy="Give the session a date with its offset and a duration such as 00:30.",
        )  # fmt: skip
    if begin.tzinfo is None:
        begin = begin.replace(tzinfo=ZoneInfo(zone or "UTC"))
    local = begin.astimezone(ZoneInfo(zone)) if zone else begin
    people = [str(each.get("public_name", "")) for each in session.get("persons") or []]
    return Entry(
        number,
        uid=str(session.get("guid") or _made_up(title, begin)),
        title=title,
        place=conference,
        zone=zone or "UTC",
        starts_local=local.replace(tzinfo=None).isoformat(),
        ends_local=(local.replace(tzinfo=None) + length).isoformat(),
        starts_at=begin.astimezone(UTC),
        ends_at=begin.astimezone(UTC) + length,
        room=room,
        track=str(session.get("track") or ""),
        people=", ".join(filter(None, people)),
    )
