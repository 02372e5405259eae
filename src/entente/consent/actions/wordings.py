"""Write, activate and retire the words with which people are asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from entente.consent.actions.checks import (
    check_channel,
    check_controller,
    check_purpose,
    check_subjects,
)
from entente.consent.models import Wording
from entente.consent.models.records import Channel, Purpose
from entente.directory import reads as directory
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import sha256_hex
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

ALL_CHANNELS = tuple(str(c) for c in Channel.values if c != Channel.ANY)
# Passing data on is never among what words showed unless they name it.
ALL_PURPOSES = tuple(str(p) for p in Purpose.values if p != Purpose.SHARING)


@dataclass(frozen=True)
class Shown:
    """What a text shows: a permission given with it covers no more.

    Parameters
    ----------
    controllers : sequence of UUID
        Legal entities that the text names beside the one that asks, also of partners.
    channels, purposes : sequence of str
        All, where none is given.
    topics : sequence of UUID
        Products and named topics; empty where the text names none in particular.
    """

    controllers: Sequence[UUID] = ()
    channels: Sequence[str] = ALL_CHANNELS
    purposes: Sequence[str] = ALL_PURPOSES
    topics: Sequence[UUID] = field(default=())


def _check_shown(shown: Shown) -> None:
    if not shown.channels:
        raise UserError("Say which channels the words show.", field="channels")
    if not shown.purposes:
        raise UserError("Say which purposes the words show.", field="purposes")
    for channel in shown.channels:
        check_channel(channel)
    for purpose in shown.purposes:
        check_purpose(purpose)
    check_subjects(shown.topics)
    if not shown.controllers:
        return
    known = {entity.id for entity in directory.legal_entities_visible()}
    if set(shown.controllers) - known:
        raise UserError("Name companies that the directory holds.", field="controllers")


def _check_names(text: str, controllers: Collection[UUID | None]) -> None:
    """Refuse a joint text that does not say by name who will write."""
    if len(controllers) < 2:
        return
    named = directory.legal_entities_named([each for each in controllers if each])
    unsaid = sorted(e.name for e in named.values() if e.name.casefold() not in text.casefold())
    if unsaid:
        raise UserError(
            f"A text for several companies names each; it does not say {', '.join(unsaid)}.",
            field="text",
        )


def _main_entity() -> UUID | None:
    found = directory.legal_entities(current_scope().org_id)
    return found[0].id if found else None


def stage_wording(
    *,
    version: str,
    country: str,
    language: str,
    text: str,
    at: datetime,
    controller_id: UUID | None = None,
    shown: Shown | None = None,
) -> Wording:
    """Write a new version of the words; it can be used once another person activates it.

    Writes the wording and one ledger entry.

    Parameters
    ----------
    controller_id : UUID, optional
        The legal entity that asks; the main one where it is not given.
    shown : Shown, optional
        What the text shows; every channel and purpose of that one company where it is not given.

    Raises
    ------
    UserError
        If a field is empty, the country unknown, the version taken, something shown unknown, or
        a company that the text is for not named in it.
    """
    scope = current_scope()
    scope.require("wording.write")
    for name, value in (("version", version), ("language", language), ("text", text)):
        if not value.strip():
            raise UserError(f"Give the {name} of the words.", field=name)
    if not is_country(country):
        raise UserError("Write the country as two capitals, for example GB.", field="country")
    if Wording.objects.filter(version=version).exists():
        raise UserError(f"Version {version} is there already; number a new one.", field="version")
    if controller_id is None:
        controller_id = _main_entity()
    else:
        check_controller(controller_id)
    shown = shown or Shown()
    _check_shown(shown)
    _check_names(text, {*shown.controllers, controller_id} - {None})
    made = Wording.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        version=version,
        country=country,
        language=language,
        text=text,
        controller_id=controller_id,
        controllers=sorted({*shown.controllers, controller_id} - {None}),
        channels=sorted(set(shown.channels)),
        purposes=sorted(set(shown.purposes)),
        topics=sorted(set(shown.topics)),
        writer_key=scope.person_key,
    )
    ledger.append(
        ledger.Entry(
            "consent.wording.staged",
            "consent.wording",
            made.id,
            {
                "version": version,
                "text_hash": sha256_hex(text),
                "controllers": [str(each) for each in made.controllers],
                "channels": made.channels,
                "purposes": made.purposes,
                "topics": [str(each) for each in made.topics],
            },
        ),
        at=at,
    )
    return made


def activate_wording(wording_id: UUID, *, at: datetime) -> Wording:
    """Put a version into use in place of the one before it; from now on it cannot change.

    The one before it is that of the same company, country and language. Writes the state of
    both and one ledger entry.

    Raises
    ------
    UserError
        If it is not staged, or whoever activates it has written it.
    """
    scope = current_scope()
    scope.require("wording.write")
    wording = Wording.objects.select_for_update().get(id=wording_id)
    if wording.status != Wording.Status.STAGED:
        raise UserError("Only a staged version can be activated; write a new one.")
    if scope.person_key and scope.person_key == wording.writer_key:
        raise UserError("Somebody else than the writer activates the words.")
    Wording.objects.filter(
        controller_id=wording.controller_id,
        country=wording.country,
        language=wording.language,
        status=Wording.Status.ACTIVE,
    ).update(status=Wording.Status.INACTIVE, retired_at=at)
    wording.status = Wording.Status.ACTIVE
    wording.activated_at, wording.activator_key = at, scope.person_key
    wording.save(update_fields=["status", "activated_at", "activator_key"])
    ledger.append(
        ledger.Entry(
            "consent.wording.activated", "consent.wording", wording.id, {"version": wording.version}
        ),
        at=at,
    )
    return wording


def retire_wording(wording_id: UUID, *, at: datetime) -> None:
    """Take a version out of use; permissions given with it stay what they are."""
    current_scope().require("wording.write")
    wording = Wording.objects.select_for_update().get(id=wording_id)
    if wording.status != Wording.Status.ACTIVE:
        raise UserError("Only an active version can be retired.")
    Wording.objects.filter(id=wording.id).update(status=Wording.Status.INACTIVE, retired_at=at)
    ledger.append(
        ledger.Entry(
            "consent.wording.retired", "consent.wording", wording.id, {"version": wording.version}
        ),
        at=at,
    )
