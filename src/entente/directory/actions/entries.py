"""Enter people, organisations and addresses by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from entente.directory.adapters.values import email_of
from entente.directory.domain.professions import (
    PROFESSIONS,
    can_prescribe,
    covered_recipient_type,
    profession_of,
)
from entente.directory.domain.search_keys import search_key
from entente.directory.domain.time_zones import time_zone_of
from entente.directory.models import Affiliation, ContactPoint, Hco, Hcp
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country, npi_is_valid
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

DETAILS = (
    "given_name", "middle_name", "suffix", "credential", "specialty", "taxonomy_code",
    "licence_number", "licence_state", "address_line", "city", "us_state", "postal_code", "phone",
    "identity_status", "licence_active", "bona_fide_employee", "excluded",
)  # fmt: skip


def add_hcp(
    *,
    family_name: str,
    country: str,
    at: datetime,
    npi: str | None = None,
    profession: str | None = None,
    **details: Any,
) -> Hcp:
    """Enter a person whom no registry file has brought; unverified unless said otherwise.

    Writes the person and one ledger entry.

    Parameters
    ----------
    family_name, country : str
        Country of practice, ISO 3166-1 alpha-2.
    at : datetime
    npi : str, optional
    profession : str, optional
        One of ``domain.professions.PROFESSIONS``; else told from code and credential.
    **details
        Fields named in ``DETAILS``.

    Raises
    ------
    UserError
        If a value cannot be right, or the NPI is known already.
    """
    scope = current_scope()
    scope.require("directory.import")
    if unknown := set(details) - set(DETAILS):
        raise UserError(f"A person has no field {', '.join(sorted(unknown))}.")
    if not family_name.strip():
        raise UserError("A person needs a family name.", field="family_name")
    if not is_country(country):
        raise UserError("Write the country as two capitals, for example GB.", field="country")
    if npi is not None and not npi_is_valid(npi):
        raise UserError("An NPI has 10 digits, the last a check digit.", field="npi")
    if npi is not None and Hcp.objects.filter(npi=npi).exists():
        raise UserError("A person with this NPI is in the directory already.", field="npi")
    kind = profession or profession_of(details.get("taxonomy_code"), details.get("credential"))
    if kind not in PROFESSIONS:
        raise UserError(f"Choose one of {', '.join(PROFESSIONS)}.", field="profession")
    name_key = search_key(family_name, details.get("given_name"), details.get("middle_name"))
    place = (details.get("city"), details.get("us_state"), country)
    made = Hcp.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        npi=npi,
        family_name=family_name.strip(),
        country=country,
        profession=kind,
        can_prescribe=can_prescribe(kind),
        covered_recipient_type=covered_recipient_type(kind, at.date()),
        time_zone=time_zone_of(country, details.get("us_state")),
        source="hand",
        name_key=name_key,
        search_text=" " + search_key(name_key, npi, details.get("specialty"), *place),
        **details,
    )
    ledger.append(
        ledger.Entry("directory.hcp.added", "hcp", made.id, {"country": country, "npi": bool(npi)}),
        at=at,
    )
    return made


def add_hco(
    *, name: str, country: str, kind: str, at: datetime, city: str = "", us_state: str = ""
) -> Hco:
    """Enter an organisation that no registry file has brought; it gets a key of its own.

    Writes the organisation and one ledger entry.

    Raises
    ------
    UserError
        If the name is empty or the country unknown.
    """
    scope = current_scope()
    scope.require("directory.import")
    if not name.strip():
        raise UserError("An organisation needs a name.", field="name")
    if not is_country(country):
        raise UserError("Write the country as two capitals, for example GB.", field="country")
    made_id = new_id()
    name_key = search_key(name)
    made = Hco.objects.create(
        id=made_id,
        org_id=scope.org_id,
        system="entente",
        value=made_id.hex,
        name=name.strip(),
        kind=kind,
        city=city,
        us_state=us_state,
        country=country,
        time_zone=time_zone_of(country, us_state),
        source="hand",
        name_key=name_key,
        search_text=" " + search_key(name_key, kind, city, us_state, country),
    )
    ledger.append(
        ledger.Entry("directory.hco.added", "hco", made.id, {"country": country, "kind": kind}),
        at=at,
    )
    return made


def affiliate(
    hcp_id: UUID, hco_id: UUID, *, role: str = "", from_on: date | None = None, at: datetime
) -> Affiliation:
    """Say that a person works with an organisation.

    Writes the affiliation and one ledger entry; saying it again changes nothing.
    """
    scope = current_scope()
    scope.require("directory.import")
    made, is_new = Affiliation.objects.get_or_create(
        hcp_id=hcp_id,
        hco_id=hco_id,
        source="hand",
        role=role,
        defaults={"id": new_id(), "org_id": scope.org_id, "from_on": from_on},
    )
    if is_new:
        ledger.append(
            ledger.Entry("directory.affiliation.added", "hcp", hcp_id, {"hco": hco_id}), at=at
        )
    return made


def add_contact_point(
    hcp_id: UUID, *, channel: str, value: str, from_on: date, at: datetime, source: str = "hand"
) -> ContactPoint:
    """Note the address of a person on a channel; the one before it ends that day.

    Writes the address, the end of the former one, and one ledger entry.

    Raises
    ------
    UserError
        If the channel is unknown or the address cannot be one.
    """
    scope = current_scope()
    scope.require("consent.capture")
    if channel not in ContactPoint.Channel.values:
        raise UserError(f"Choose one of {', '.join(ContactPoint.Channel.values)}.", field="channel")
    address = email_of(value.strip()) if channel == "email" else value.strip()
    if not address:
        raise UserError("Write one address such as name@clinic.example.", field="value")
    current = ContactPoint.objects.filter(hcp_id=hcp_id, channel=channel, to_on__isnull=True)
    current.update(to_on=from_on)
    made = ContactPoint.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        hcp_id=hcp_id,
        channel=channel,
        value=address,
        from_on=from_on,
        source=source,
    )
    ledger.append(
        ledger.Entry(
            "directory.contact_point.added",
            "hcp",
            hcp_id,
            {"channel": channel},
            personal={hcp_id: {"value": address}},
        ),
        at=at,
    )
    return made


def end_contact_point(contact_point_id: UUID, *, on: date, at: datetime) -> None:
    """End an address, for example because mail to it came back; writes one ledger entry."""
    current_scope().require("consent.capture")
    point = ContactPoint.objects.get(id=contact_point_id)
    if point.to_on is not None and point.to_on <= on:
        return
    ContactPoint.objects.filter(id=point.id).update(to_on=on)
    ledger.append(
        ledger.Entry(
            "directory.contact_point.ended", "hcp", point.hcp_id, {"channel": point.channel}
        ),
        at=at,
    )
