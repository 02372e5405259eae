"""What the preference page offers, and what its form means."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict

from entente.consent import actions, reads
from entente.consent.models import Wording
from entente.consent.models.records import Channel, Purpose
from entente.directory import reads as directory
from entente.foundation.errors import UserError
from entente.foundation.links import Opened

Key = tuple[UUID, str, str]


def wording_for(country: str) -> Wording | None:
    """Give the words with which a person of this country can be asked, if any are in use."""
    return (
        Wording.objects.filter(status=Wording.Status.ACTIVE, country=country, language="en")
        .order_by("id")
        .first()
    )


def choices_of(opened: Opened, at: datetime) -> list[dict[str, Any]]:
    """Give each company's switches; those that were never on are offered where words exist."""
    person = directory.hcp(opened.person_id)
    wording = wording_for(person.country)
    states: dict[UUID, list[reads.ConsentState]] = {}
    for state in reads.states_of(person.id, at):
        if state.controller_id is not None:
            states.setdefault(state.controller_id, []).append(state)
    companies = []
    for entity in directory.legal_entities(opened.org_id):
        known = states.get(entity.id, [])
        if not known and entity.id != opened.object_id:
            continue
        companies.append(
            {
                "entity": entity,
                "switches": [_switch(state, can_turn_on=wording is not None) for state in known],
                "wording": wording,
            }
        )
    return companies


def _switch(state: reads.ConsentState, *, can_turn_on: bool) -> dict[str, Any]:
    is_on = state.status == "granted"
    return {
        "key": f"{state.controller_id}|{state.channel}|{state.purpose}",
        "channel": Channel(state.channel).label,
        "purpose": Purpose(state.purpose).label,
        "is_on": is_on,
        "can_change": is_on or (can_turn_on and state.status != "never"),
        "state": state,
    }


def _key(text: str) -> Key:
    controller, channel, purpose = (*text.split("|"), "", "")[:3]
    try:
        key = (UUID(controller), channel, purpose)
    except ValueError:
        raise UserError("This form was changed on its way; open the page again.") from None
    if channel not in Channel.values or purpose not in Purpose.values:
        raise UserError("This form was changed on its way; open the page again.")
    return key


def save(given: QueryDict, opened: Opened, at: datetime) -> int:
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
        {_key(text) for text in given.getlist(name)[:200]} for name in ("shown", "was_on", "on")
    )
    off = [key for key in was_on - is_on if key in shown]
    on = [key for key in is_on - was_on if key in shown]
    for controller_id, channel, purpose in sorted(off):
        actions.withdraw_consent(
            hcp_id=opened.person_id,
            controller_id=controller_id,
            channel=channel,
            purpose=purpose,
            source="preference_page",
            at=at,
        )
    for key in sorted(on):
        _grant(key, opened, at)
    return len(off) + len(on) + _save_wishes(given, opened, at)


def _grant(key: Key, opened: Opened, at: datetime) -> None:
    controller_id, channel, purpose = key
    wording = wording_for(directory.hcp(opened.person_id).country)
    if wording is None:
        raise UserError("This cannot be switched on here; ask us for the words first.")
    actions.capture_consent(
        hcp_id=opened.person_id,
        controller_id=controller_id,
        channel=channel,
        purpose=purpose,
        wording_version=wording.version,
        source="preference_page",
        method="preference_page",
        proof_ref=f"link {opened.link_id}",
        captured_at=at,
        at=at,
    )


def _save_wishes(given: QueryDict, opened: Opened, at: datetime) -> int:
    cap_text, day_text = given.get("emails_30d") or "", given.get("paused_until") or ""
    try:
        cap = int(cap_text) if cap_text else None
        day = date.fromisoformat(day_text) if day_text else None
    except ValueError:
        raise UserError("Write a number of e-mails and a day of the calendar.") from None
    before = reads.preference(opened.person_id, at)
    if (cap, day) == ((before.emails_30d, before.paused_until) if before else (None, None)):
        return 0
    actions.set_preference(
        opened.person_id, emails_30d=cap, paused_until=day, source="preference_page", at=at
    )
    return 1
