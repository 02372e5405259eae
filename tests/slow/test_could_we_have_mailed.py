"""Could we have mailed on day D? asked of many random histories, against a plain replay."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from entente.consent import actions
from entente.consent.models import Capture, Confirmation, Suppression, Topic, Withdrawal, Wording
from entente.directory.actions import add_legal_entity, add_product
from entente.directory.models import ContactPoint, Hcp
from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id

pytestmark = [pytest.mark.slow, pytest.mark.feature("consent/consent"), pytest.mark.promise("P14")]

# 100,000 before a release: ENTENTE_HISTORIES=100000.
N_HISTORIES, BATCH = int(os.environ.get("ENTENTE_HISTORIES", "20000")), 2_500
EPOCH = datetime(2026, 1, 1, 12, tzinfo=UTC)
STEP = timedelta(hours=15)
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Tokyo", "")
OF_COMPANY = "America/Chicago"
CHANNELS, PURPOSES = ("email", "phone"), ("promotion", "education")
ADDRESSES = ("a@clinic.test", "B@Clinic.test", "c@clinic.test")
# Version to country, channels and whether it names one topic; None is only named, not written.
WORDS: dict[str, tuple[str, tuple[str, ...], bool] | None] = {
    "paper": None,
    "us": ("US", (), False),
    "us-mail": ("US", ("email",), False),
    "us-topic": ("US", (), True),
    "de": ("DE", (), False),
}
# France was set to take the words of other countries; elsewhere the default asks for own ones.
TAKES_OTHERS = {"FR"}


@dataclass
class History:
    """All that was ever said by one person, and the one question that is asked about it."""

    country: str
    zone: str
    points: list[tuple[date, date | None, str]] = field(default_factory=list)
    captures: list[dict[str, Any]] = field(default_factory=list)
    withdrawals: list[dict[str, Any]] = field(default_factory=list)
    stops: list[dict[str, Any]] = field(default_factory=list)
    asked: dict[str, Any] = field(default_factory=dict)


def moment(dice: random.Random) -> datetime:
    # Few instants, so that records often fall on the same one and on the edges of days.
    return EPOCH + STEP * dice.randint(0, 12)


def a_history(dice: random.Random) -> History:
    """Throw the dice for one history."""
    subjects = (None, None, "product", "topic")
    made = History(dice.choice(("US", "US", "DE", "FR", "")), dice.choice(ZONES))
    day = EPOCH.date() - timedelta(days=3)
    for _ in range(dice.choice((0, 1, 1, 2, 3))):
        ends = day + timedelta(days=dice.randint(0, 4))
        made.points.append((day, ends, dice.choice(ADDRESSES)))
        day = ends + timedelta(days=dice.choice((0, 0, 1)))
    if made.points and dice.random() < 0.7:
        first, _, address = made.points[-1]
        made.points[-1] = (first, None, address)
    for _ in range(dice.randint(0, 4)):
        made.captures.append(
            {
                "at": moment(dice),
                "channel": dice.choice(CHANNELS),
                "purpose": dice.choice(PURPOSES),
                "subject": dice.choice(subjects),
                "words": dice.choice(list(WORDS)),
                "country": dice.choice(("", "US", "DE")),
                "address": dice.choice(("", "", *ADDRESSES)),
                "proof": dice.random() < 0.9,
                "days": dice.choice((None, None, 0, 1, 3, 5)),
                "confirmed_at": dice.choice(("no need", "no need", "never", moment(dice))),
            }
        )
    for _ in range(dice.choice((0, 0, 1, 1, 2))):
        made.withdrawals.append(
            {
                "at": moment(dice),
                "channel": dice.choice((*CHANNELS, "any")),
                "purpose": dice.choice((*PURPOSES, "")),
                "subject": dice.choice(subjects),
            }
        )
    if dice.random() < 0.1:
        made.stops.append({"at": moment(dice), "law": dice.random() < 0.3})
    # Mostly about something that was spoken of, so that every state occurs often.
    about = dice.choice(made.captures) if made.captures and dice.random() < 0.9 else None
    made.asked = {
        "at": max(moment(dice), moment(dice)),
        "channel": about["channel"] if about else dice.choice(CHANNELS),
        "purpose": about["purpose"] if about else dice.choice(PURPOSES),
        "subject": dice.choice((None, "product", "topic")),
    }
    return made


# The replay: slow and obvious.


def replay(history: History) -> str:
    """Go through what was said until the moment asked for, record by record."""
    asked, at = history.asked, history.asked["at"]
    stops = [stop for stop in history.stops if stop["at"] <= at]
    if stops:
        return "never" if any(stop["law"] for stop in stops) else "withdrawn"
    counting = [c for c in history.captures if _counts(c, history)]
    about = [c for c in counting if c["subject"] in (None, asked["subject"])]
    granted = _newest([c for c in about if _is_confirmed(c, at)])
    waiting = _newest([c for c in about if not _is_confirmed(c, at)])
    taken = [w["at"] for w in history.withdrawals if _takes(w, asked, counting)]
    last_taken = max(taken, default=None)
    zone = ZoneInfo(history.zone or OF_COMPANY)
    is_over = bool(granted) and _is_over(granted, at, zone)
    if granted and not is_over and not (last_taken and last_taken >= granted["at"]):
        return "granted"
    if waiting and not (last_taken and last_taken >= waiting["at"]):
        return "pending"
    if last_taken and (granted is None or last_taken >= granted["at"]):
        return "withdrawn"
    return "expired" if granted else "none"


def _counts(capture: dict[str, Any], history: History) -> bool:
    asked = history.asked
    if capture["at"] > asked["at"] or not capture["proof"]:
        return False
    if (capture["channel"], capture["purpose"]) != (asked["channel"], asked["purpose"]):
        return False
    words = WORDS[capture["words"]]
    under = capture["country"]
    if words is not None:
        under, channels, is_about_topic = words
        if channels and capture["channel"] not in channels:
            return False
        if is_about_topic and (capture["subject"] or asked["subject"]) != "topic":
            return False
    home = history.country
    if under and home and under != home and home not in TAKES_OTHERS:
        return False
    now = _address_on(history, asked["at"].date()) if asked["channel"] == "email" else None
    return now is None or (_address_of(capture, history) or now) == now


def _address_on(history: History, day: date) -> str | None:
    found = [a for first, last, a in history.points if first <= day and (not last or last > day)]
    return found[-1].lower() if found else None


def _address_of(capture: dict[str, Any], history: History) -> str | None:
    """The address that it names, else the one known then, else the first one known after."""
    if capture["address"]:
        return str(capture["address"]).lower()
    day = capture["at"].date()
    for first, last, address in history.points:
        if last is None or (last > first and last > day):
            return address.lower()
    return None


def _is_confirmed(capture: dict[str, Any], at: datetime) -> bool:
    when = capture["confirmed_at"]
    return when == "no need" or (when != "never" and when <= at)


def _newest(captures: list[dict[str, Any]]) -> dict[str, Any] | None:
    newest = None
    for capture in captures:
        if newest is None or capture["at"] >= newest["at"]:
            newest = capture
    return newest


def _takes(
    withdrawal: dict[str, Any], asked: dict[str, Any], counting: list[dict[str, Any]]
) -> bool:
    if withdrawal["at"] > asked["at"]:
        return False
    if withdrawal["channel"] not in (asked["channel"], "any"):
        return False
    if withdrawal["purpose"] not in (asked["purpose"], ""):
        return False
    if withdrawal["subject"] in (None, asked["subject"]):
        return True
    # Of another subject it counts only where the subject is not known and nothing cleared it.
    return asked["subject"] is None and not any(
        c["subject"] == withdrawal["subject"]
        and c["at"] > withdrawal["at"]
        and _is_confirmed(c, asked["at"])
        for c in counting
    )


def _is_over(capture: dict[str, Any], at: datetime, zone: ZoneInfo) -> bool:
    if capture["days"] is None:
        return False
    last_day = capture["at"].astimezone(zone).date() + timedelta(days=capture["days"])
    return at.astimezone(zone).date() > last_day


# The same histories in the database, asked in one statement.


@dataclass(frozen=True)
class World:
    """The organisation, its company, and what permissions can be about."""

    org_id: UUID
    controller_id: UUID
    subjects: dict[str | None, UUID | None]


@pytest.fixture
def world(cast, noon) -> World:
    scope = cast.system()
    with act_as(scope):
        entity = add_legal_entity(
            name="Halden Pharma Inc", country="US", postal_address="1 Test Way", at=noon,
            time_zone=OF_COMPANY,
        )  # fmt: skip
        product = add_product("Testolol", "medicine", at=noon)
        topic = actions.add_topic("Heart failure", at=noon)
        for version, words in WORDS.items():
            if words is not None:
                country, channels, is_about_topic = words
                Wording.objects.create(
                    org_id=scope.org_id, version=version, country=country, language="en", text="x",
                    controller_id=entity.id, channels=list(channels),
                    topics=[topic.id] if is_about_topic else [],
                )  # fmt: skip
        actions.set_country_rule(
            country="FR", channel="email", keeps_months=None, needs_own_wording=False,
            needs_confirmation=False, at=EPOCH - timedelta(days=9),
        )  # fmt: skip
        actions.set_country_rule(
            country="FR", channel="phone", keeps_months=None, needs_own_wording=False,
            needs_confirmation=False, at=EPOCH - timedelta(days=9),
        )  # fmt: skip
        assert Topic.objects.count() == 1
    return World(scope.org_id, entity.id, {None: None, "product": product.id, "topic": topic.id})


def write(histories: list[History], world: World) -> list[UUID]:
    """Write histories and give the person of each."""
    rows: dict[type, list[Any]] = {
        table: [] for table in (Hcp, ContactPoint, Capture, Confirmation, Withdrawal, Suppression)
    }
    for history in histories:
        person = Hcp(
            id=new_id(), org_id=world.org_id, family_name="Test", profession="physician",
            country=history.country, time_zone=history.zone, name_key="test", search_text="test",
        )  # fmt: skip
        rows[Hcp].append(person)
        _add(history, person.id, world, rows)
    for table, made in rows.items():
        table.objects.bulk_create(made, batch_size=5_000)
    return [person.id for person in rows[Hcp]]


def _add(history: History, hcp_id: UUID, world: World, rows: dict[type, list[Any]]) -> None:
    common = {"org_id": world.org_id, "hcp_id": hcp_id}
    keyed = {**common, "controller_id": world.controller_id, "source": "test"}
    zone = ZoneInfo(history.zone or OF_COMPANY)
    rows[ContactPoint] += [
        ContactPoint(**common, channel="email", value=value, from_on=first, to_on=last)
        for first, last, value in history.points
    ]
    for said in history.captures:
        last = said["at"].astimezone(zone).date()
        capture = Capture(
            id=new_id(), **keyed, **_subject(said, world), channel=said["channel"],
            purpose=said["purpose"], address=said["address"], wording_version=said["words"],
            country=said["country"], method="test", proof_ref="form" if said["proof"] else "",
            captured_at=said["at"],
            expires_on=None if said["days"] is None else last + timedelta(days=said["days"]),
            needs_confirmation=said["confirmed_at"] != "no need",
        )  # fmt: skip
        rows[Capture].append(capture)
        if isinstance(said["confirmed_at"], datetime):
            rows[Confirmation].append(
                Confirmation(
                    org_id=world.org_id,
                    capture=capture,
                    confirmed_at=said["confirmed_at"],
                    source="test",
                )
            )
    rows[Withdrawal] += [
        Withdrawal(
            id=new_id(),
            **keyed,
            **_subject(said, world),
            channel=said["channel"],
            purpose=said["purpose"],
            withdrawn_at=said["at"],
        )
        for said in history.withdrawals
    ]
    rows[Suppression] += [
        Suppression(
            **common,
            kind="never" if said["law"] else "stop",
            reason="test",
            source="test",
            suppressed_at=said["at"],
        )
        for said in history.stops
    ]


def _subject(said: dict[str, Any], world: World) -> dict[str, UUID | None]:
    kind = said["subject"]
    return {f"{kind}_id": world.subjects[kind]} if kind else {}


def ask(people: list[UUID], histories: list[History], world: World) -> list[str]:
    """Ask all questions in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.status FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[],"
            " %s::uuid[]) WITH ORDINALITY q(hcp, channel, purpose, at, subject, n)"
            " CROSS JOIN LATERAL app.consent_state(q.hcp, %s, q.channel, q.purpose, q.at,"
            " q.subject) s ORDER BY q.n",
            [
                people,
                [h.asked["channel"] for h in histories],
                [h.asked["purpose"] for h in histories],
                [h.asked["at"] for h in histories],
                [world.subjects[h.asked["subject"]] for h in histories],
                world.controller_id,
            ],
        )
        return [row[0] for row in cursor.fetchall()]


class _Undo(Exception):
    """Ends one batch and takes back what it wrote."""


def test_could_we_have_mailed_on_that_day_equals_a_replay_of_each_history(cast, world):
    dice = random.Random(20261126)
    seen: dict[str, int] = {}
    for _ in range(N_HISTORIES // BATCH):
        histories = [a_history(dice) for _ in range(BATCH)]
        try:
            with act_as(cast.system()), transaction.atomic():
                people = write(histories, world)
                told = ask(people, histories, world)
                raise _Undo
        except _Undo:
            pass
        wrong = [
            (history, said, wanted)
            for history, said in zip(histories, told, strict=True)
            if said != (wanted := replay(history))
        ]
        assert wrong[:1] == []
        for said in told:
            seen[said] = seen.get(said, 0) + 1
    print(f"{sum(seen.values())} histories: {seen}")
    # A comparison in which one of the states hardly occurs would prove little about it.
    assert set(seen) == {"none", "pending", "granted", "expired", "withdrawn", "never"}
    assert min(seen.values()) > N_HISTORIES // 200
