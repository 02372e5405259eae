"""What the preference page offers, and what its form means."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from entente.consent import actions, reads
from entente.consent.models import Wording
from entente.consent.models.records import Channel, Purpose
from entente.consent.pages.words import CHANNELS, PURPOSES
from entente.directory import reads as directory
from entente.foundation.errors import UserError
from entente.foundation.links import Opened
from entente.foundation.web.formats import reader_locale, write_day

Key = tuple[UUID, str, str, UUID | None]
SOURCE = "preference_page"
MOST_SWITCHES = 400
CHANGED = gettext_noop("This form was changed on its way; open the page again.")
# What acts refuse in English, named here so that translators find it.
REFUSALS = (
    gettext_noop("Give a number from 0 to 30."),
    gettext_noop("Write a number of e-mails and a day of the calendar."),
    gettext_noop("This cannot be switched on here; ask us for the words first."),
)


def companies_of(opened: Opened, language: str, at: datetime) -> list[dict[str, Any]]:
    """Give each company's switches; what was never on is offered where words are in use."""
    person = directory.hcp(opened.person_id)
    known: dict[UUID | None, list[reads.ConsentState]] = {}
    for state in reads.states_of(person.id, at):
        known.setdefault(state.controller_id, []).append(state)
    by_topic: dict[tuple[Any, ...], list[reads.ConsentState]] = {}
    for state in reads.topic_states_of(person.id, at):
        key = (state.controller_id, state.channel, state.purpose)
        by_topic.setdefault(key, []).append(state)
    names = _names_of_subjects(by_topic)
    companies = []
    entities = directory.legal_entities(opened.org_id)
    words = reads.active_wordings(person.country, language)
    for entity in entities:
        states = known.get(entity.id, [])
        if not states and entity.id != opened.object_id:
            continue
        wording = words.get(entity.id)
        switches = [
            _switch(state, wording, by_topic, names)
            for state in [*states, *_offered(entity.id, states, wording)]
        ]
        companies.append(
            {
                "entity": entity,
                "switches": switches,
                "wording": wording,
                "can_end": any(switch["is_on"] for switch in switches),
            }
        )
    return companies


def _names_of_subjects(by_topic: dict[tuple[Any, ...], list[reads.ConsentState]]) -> dict[Any, str]:
    ids = {state.subject_id for states in by_topic.values() for state in states}
    names: dict[Any, str] = dict(reads.topic_names([each for each in ids if each]))
    if ids - set(names):
        names |= {p.id: p.name for p in directory.products() if p.id in ids}
    return names


def _offered(
    controller_id: UUID, states: list[reads.ConsentState], wording: Wording | None
) -> list[reads.ConsentState]:
    """Give e-mail for each purpose that the words show and nobody has spoken of yet."""
    if wording is None or Channel.EMAIL not in wording.channels:
        return []
    spoken = {state.purpose for state in states if state.channel == Channel.EMAIL}
    return [
        reads.ConsentState("none", controller_id=controller_id, channel="email", purpose=purpose)
        for purpose in Purpose.values
        if purpose in wording.purposes and purpose not in spoken
    ]


def _shows(wording: Wording | None, state: reads.ConsentState) -> bool:
    return (
        wording is not None
        and state.channel in wording.channels
        and state.purpose in wording.purposes
        and (not wording.topics or state.subject_id in wording.topics)
    )


def _switch(
    state: reads.ConsentState,
    wording: Wording | None,
    by_topic: dict[tuple[Any, ...], list[reads.ConsentState]],
    names: dict[Any, str],
) -> dict[str, Any]:
    is_on = state.status == "granted"
    key = (state.controller_id, state.channel, state.purpose)
    about = f"|{state.subject_id}" if state.subject_id else ""
    return {
        "key": "|".join(str(part) for part in key) + about,
        "channel": CHANNELS[state.channel],
        "purpose": PURPOSES[state.purpose],
        "is_on": is_on,
        "can_change": is_on or (state.status != "never" and _shows(wording, state)),
        "state": state,
        "name": names.get(state.subject_id, ""),
        "topics": []
        if state.subject_id
        else sorted(
            (_switch(each, wording, {}, names) for each in by_topic.get(key, [])),
            key=lambda switch: switch["name"],
        ),
    }


def _key(text: str) -> Key:
    controller, channel, purpose, subject = (*text.split("|"), "", "", "")[:4]
    try:
        key = (UUID(controller), channel, purpose, UUID(subject) if subject else None)
    except ValueError:
        raise UserError(CHANGED) from None
    if channel not in Channel.values or purpose not in Purpose.values:
        raise UserError(CHANGED)
    return key


def save(given: QueryDict, opened: Opened, language: str, at: datetime) -> int:
    """Record what the person changed, compared with what the page had shown.

    A switch that the page showed off and that is on now is a new permission, with the page
    as its proof; one that it showed on and that is off now is a withdrawal. What the person
    left alone stays as it is, even if it changed elsewhere meanwhile.

    Returns
    -------
    int
        How many records were written.

    Raises
    ------
    UserError
        If a value cannot be read.
    """
    shown, was_on, is_on = (
        {_key(text) for text in given.getlist(name)[:MOST_SWITCHES]}
        for name in ("shown", "was_on", "on")
    )
    ended = _end_companies(given, opened, at)
    off = [key for key in was_on - is_on if key in shown and key[0] not in ended]
    on = [key for key in is_on - was_on if key in shown and key[0] not in ended]
    topics = reads.topic_names([key[3] for key in (*on, *off) if key[3]])
    for key in sorted(off, key=str):
        actions.withdraw_consent(**_record(key, topics), hcp_id=opened.person_id, at=at)
    for key in sorted(on, key=str):
        _grant(key, topics, opened, language, at)
    return len(ended) + len(off) + len(on) + _save_wishes(given, opened, at)


def _end_companies(given: QueryDict, opened: Opened, at: datetime) -> set[UUID]:
    """End everything from the companies that the person ticked."""
    try:
        ended = {UUID(text) for text in given.getlist("end")[:MOST_SWITCHES]}
    except ValueError:
        raise UserError(CHANGED) from None
    for controller_id in sorted(ended):
        actions.withdraw_consent(
            hcp_id=opened.person_id,
            controller_id=controller_id,
            channel=Channel.ANY,
            source=SOURCE,
            at=at,
        )
    return ended


def _record(key: Key, topics: dict[UUID, str]) -> dict[str, Any]:
    controller_id, channel, purpose, subject_id = key
    about = "topic_id" if subject_id in topics else "product_id"
    return {
        "controller_id": controller_id,
        "channel": channel,
        "purpose": purpose,
        "source": SOURCE,
        about: subject_id,
    }


def _grant(key: Key, topics: dict[UUID, str], opened: Opened, language: str, at: datetime) -> None:
    country = directory.hcp(opened.person_id).country
    wording = reads.active_wordings(country, language).get(key[0])
    if wording is None:
        raise UserError("This cannot be switched on here; ask us for the words first.")
    actions.capture_consent(
        **_record(key, topics),
        hcp_id=opened.person_id,
        wording_version=wording.version,
        method=SOURCE,
        proof_ref=f"link {opened.link_id}",
        captured_at=at,
        at=at,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _save_wishes(given: QueryDict, opened: Opened, at: datetime) -> int:
    day_text = given.get("paused_until") or ""
    try:
        month, week = _number(given.get("emails_30d")), _number(given.get("emails_7d"))
        day = date.fromisoformat(day_text) if day_text else None
    except ValueError:
        raise UserError("Write a number of e-mails and a day of the calendar.") from None
    before = reads.preference(opened.person_id, at)
    held = (before.emails_30d, before.emails_7d, before.paused_until) if before else (None,) * 3
    if (month, week, day) == held:
        return 0
    actions.set_preference(
        opened.person_id,
        emails_30d=month,
        emails_7d=week,
        paused_until=day,
        source=SOURCE,
        at=at,
    )
    return 1


def ask(given: QueryDict, opened: Opened, language: str, at: datetime) -> str:
    """Take what the person asks about his own data; give what he is told.

    Raises
    ------
    UserError
        If the form was changed on its way.
    """
    kind = given.get("kind") or ""
    if kind not in ("access", "rectification", "erasure", "objection"):
        raise UserError(CHANGED)
    made = actions.receive_request(
        opened.person_id,
        kind=kind,
        source=SOURCE,
        words=given.get("words") or "",
        at=at,
    )
    return _("We have your request and answer it by %(day)s.") % {
        "day": write_day(made.due_on, locale=reader_locale(language))
    }
