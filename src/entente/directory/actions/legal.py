"""Name the legal entities of an organisation."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

from entente.directory.models import LegalEntity
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.models import new_id


def add_legal_entity(
    *, name: str, country: str, postal_address: str, at: datetime, time_zone: str = "UTC"
) -> LegalEntity:
    """Name a legal entity of the present organisation; its first one is the main one.

    Writes the entity and one ledger entry.

    Parameters
    ----------
    name : str
    country : str
        ISO 3166-1 alpha-2.
    postal_address : str
        Printed in every e-mail sent in its name (16 CFR 316.5).
    at : datetime
    time_zone : str
        In which its days are counted where a recipient's own zone is not known.

    Raises
    ------
    UserError
        If a field is empty or unknown, or the name is taken.
    """
    scope = current_scope()
    scope.require("legal_entity.write")
    if not name.strip():
        raise UserError("Give the legal entity's registered name.", field="name")
    if not is_country(country):
        raise UserError("Write the country as two capitals, for example GB.", field="country")
    if not postal_address.strip():
        raise UserError("Give a postal address; e-mails must show one.", field="postal_address")
    if time_zone not in available_timezones():
        raise UserError("Write the time zone as Europe/Berlin.", field="time_zone")
    mine = LegalEntity.objects.filter(org_id=scope.org_id)
    if mine.filter(name__iexact=name.strip()).exists():
        raise UserError(f"{name.strip()} is there already.", field="name")
    entity = LegalEntity.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        name=name.strip(),
        country=country,
        postal_address=postal_address.strip(),
        time_zone=time_zone,
        is_main=not mine.filter(is_main=True).exists(),
    )
    ledger.append(
        ledger.Entry(
            "directory.legal_entity.added", "legal_entity", entity.id, {"country": country}
        ),
        at=at,
    )
    return entity
