"""Enter business contacts, change them, note how they are reached, and end them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from entente.directory.adapters.values import email_of
from entente.directory.domain.search_keys import search_key
from entente.directory.models import Contact, ContactAddress, Hco
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import Organisation, new_id

WRITE = "contact.write"
PATIENTS = {"patient", "patients", "caregiver", "carer", "relative"}
NO_PATIENTS = (
    "Patients, and those who care for them, are never kept as persons here. Keep what a programme"
    " counts, such as enrolments, without names."
)
FIELDS = (
    "family_name", "given_name", "kind", "role", "authority", "employer_hco_id",
    "employer_organisation_id", "employer_name", "country",
)  # fmt: skip


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    words = {
        name: value.strip() if isinstance(value, str) else value for name, value in given.items()
    }
    if str(words["kind"]).lower() in PATIENTS or str(words.get("role", "")).lower() in PATIENTS:
        raise UserError(NO_PATIENTS, field="kind")
    if words["kind"] not in Contact.Kind.values:
        raise UserError(f"Choose one of {', '.join(Contact.Kind.values)}.", field="kind")
    if words["authority"] not in Contact.Authority.values:
        raise UserError(f"Choose one of {', '.join(Contact.Authority.values)}.", field="authority")
    if not words["family_name"]:
        raise UserError("A contact needs a family name.", field="family_name")
    if not is_country(words["country"]):
        raise UserError("Write the country as two capitals, for example GB.", field="country")
    if words["employer_hco_id"] and words["employer_organisation_id"]:
        raise UserError("Name one employer, not two.", field="employer_name")
    if words["employer_hco_id"]:
        words["employer_name"] = Hco.objects.get(id=words["employer_hco_id"]).name
    if words["employer_organisation_id"]:
        found = Organisation.objects.get(id=words["employer_organisation_id"])
        words["employer_name"] = found.name
    return words


def _searchable(words: dict[str, Any]) -> dict[str, str]:
    name_key = search_key(words["family_name"], words["given_name"])
    text = search_key(name_key, words["employer_name"], words["role"], words["country"])
    return {"name_key": name_key, "search_text": f" {text}"}


def add_contact(
    *,
    family_name: str,
    kind: str,
    country: str,
    at: datetime,
    given_name: str = "",
    role: str = "",
    authority: str = "unknown",
    employer_hco_id: UUID | None = None,
    employer_organisation_id: UUID | None = None,
    employer_name: str = "",
    email: str = "",
    phone: str = "",
) -> Contact:
    """Enter somebody who is no health professional, known to the present organisation only.

    Writes the contact, the addresses given and one ledger entry, without any personal value.

    Parameters
    ----------
    family_name, country : str
    kind : str
        One of ``Contact.Kind``; a patient is refused.
    authority : str
        One of ``Contact.Authority``.
    employer_hco_id, employer_organisation_id, employer_name
        At most one of the first two; the name where neither is in the directory.

    Raises
    ------
    UserError
        If a value cannot be right, or the person is a patient.
    """
    scope = current_scope()
    scope.require(WRITE)
    words = _checked(
        {
            "family_name": family_name, "given_name": given_name, "kind": kind, "role": role,
            "authority": authority, "employer_hco_id": employer_hco_id,
            "employer_organisation_id": employer_organisation_id,
            "employer_name": employer_name, "country": country,
        }
    )  # fmt: skip
    addresses = [
        (channel, _address(channel, value))
        for channel, value in (("email", email), ("phone", phone))
        if value.strip()
    ]
    made = Contact.objects.create(
        id=new_id(), org_id=scope.org_id, source="hand", **words, **_searchable(words)
    )
    for channel, value in addresses:
        _write_address(made, channel, value, at.date())
    ledger.append(
        ledger.Entry("directory.contact.added", "contact", made.id, {"kind": made.kind}), at=at
    )
    return made


def change_contact(contact_id: UUID, changes: dict[str, Any], *, at: datetime) -> Contact:
    """Change fields of a contact; writes them and one ledger entry with the fields' names.

    Raises
    ------
    UserError
        If a field is unknown or a value cannot be right.
    """
    current_scope().require(WRITE)
    lock(f"directory.contact:{contact_id}")
    contact = Contact.objects.get(id=contact_id)
    if unknown := set(changes) - set(FIELDS):
        raise UserError(f"A contact has no field {', '.join(sorted(unknown))}.")
    words = _checked({name: getattr(contact, name) for name in FIELDS} | changes)
    changed = sorted(name for name in FIELDS if words[name] != getattr(contact, name))
    if not changed:
        return contact
    for name, value in (words | _searchable(words)).items():
        setattr(contact, name, value)
    contact.save()
    ledger.append(
        ledger.Entry("directory.contact.changed", "contact", contact.id, {"fields": changed}),
        at=at,
    )
    return contact


def _address(channel: str, value: str) -> str:
    if channel not in ContactAddress.Channel.values:
        raise UserError(
            f"Choose one of {', '.join(ContactAddress.Channel.values)}.", field="channel"
        )
    found = email_of(value.strip()) if channel == "email" else value.strip()[:300]
    if not found:
        raise UserError("Write one address such as name@company.example.", field=channel)
    return str(found)


def _write_address(contact: Contact, channel: str, value: str, on: date) -> ContactAddress:
    ContactAddress.objects.filter(contact=contact, channel=channel, to_on__isnull=True).update(
        to_on=on
    )
    return ContactAddress.objects.create(
        id=new_id(), org_id=contact.org_id, contact=contact, channel=channel, value=value,
        from_on=on,
    )  # fmt: skip


def add_contact_address(
    contact_id: UUID, *, channel: str, value: str, at: datetime
) -> ContactAddress:
    """Note an address of a contact; the one before it on the channel ends today.

    Writes the address, the end of the former one and one ledger entry.
    """
    current_scope().require(WRITE)
    lock(f"directory.contact:{contact_id}")
    contact = Contact.objects.get(id=contact_id)
    made = _write_address(contact, channel, _address(channel, value), at.date())
    ledger.append(
        ledger.Entry("directory.contact.reached", "contact", contact.id, {"channel": channel}),
        at=at,
    )
    return made


def end_contact(contact_id: UUID, *, on: date, at: datetime) -> None:
    """Say that somebody is no contact any more from a day on, and end the addresses.

    Writes the day, the ends of the addresses and one ledger entry.
    """
    current_scope().require(WRITE)
    lock(f"directory.contact:{contact_id}")
    contact = Contact.objects.get(id=contact_id)
    if contact.ended_on is not None:
        return
    contact.ended_on = on
    contact.save(update_fields=["ended_on"])
    ContactAddress.objects.filter(contact=contact, to_on__isnull=True, from_on__lte=on).update(
        to_on=on
    )
    ledger.append(ledger.Entry("directory.contact.ended", "contact", contact.id, {"on": on}), at=at)
