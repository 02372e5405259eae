"""Write, activate and retire the words with which people are asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.consent.models import Wording
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import sha256_hex
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.models import new_id


def stage_wording(*, version: str, country: str, language: str, text: str, at: datetime) -> Wording:
    """Write a new version of the words; it can be used once it is active.

    Writes the wording and one ledger entry.

    Raises
    ------
    UserError
        If a field is empty, the country unknown or the version taken.
    """
    scope = current_scope()
    scope.require("consent.import")
    for name, value in (("version", version), ("language", language), ("text", text)):
        if not value.strip():
            raise UserError(f"Give the {name} of the words.", field=name)
    if not is_country(country):
        raise UserError("Write the country as two capitals, for example GB.", field="country")
    if Wording.objects.filter(version=version).exists():
        raise UserError(f"Version {version} is there already; number a new one.", field="version")
    made = Wording.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        version=version,
        country=country,
        language=language,
        text=text,
    )
    ledger.append(
        ledger.Entry(
            "consent.wording.staged",
            "consent.wording",
            made.id,
            {"version": version, "text_hash": sha256_hex(text)},
        ),
        at=at,
    )
    return made


def activate_wording(wording_id: UUID, *, at: datetime) -> Wording:
    """Put a version into use in place of the one before it; from now on it cannot change.

    Writes the state of both and one ledger entry.
    """
    current_scope().require("consent.import")
    wording = Wording.objects.select_for_update().get(id=wording_id)
    if wording.status != Wording.Status.STAGED:
        raise UserError("Only a staged version can be activated; write a new one.")
    Wording.objects.filter(
        country=wording.country, language=wording.language, status=Wording.Status.ACTIVE
    ).update(status=Wording.Status.INACTIVE)
    wording.status = Wording.Status.ACTIVE
    wording.activated_at = at
    wording.save(update_fields=["status", "activated_at"])
    ledger.append(
        ledger.Entry(
            "consent.wording.activated", "consent.wording", wording.id, {"version": wording.version}
        ),
        at=at,
    )
    return wording


def retire_wording(wording_id: UUID, *, at: datetime) -> None:
    """Take a version out of use; permissions given with it stay what they are."""
    current_scope().require("consent.import")
    wording = Wording.objects.select_for_update().get(id=wording_id)
    if wording.status != Wording.Status.ACTIVE:
        raise UserError("Only an active version can be retired.")
    Wording.objects.filter(id=wording.id).update(status=Wording.Status.INACTIVE)
    ledger.append(
        ledger.Entry(
            "consent.wording.retired", "consent.wording", wording.id, {"version": wording.version}
        ),
        at=at,
    )
