"""Enter licences, renew them, and say when one was suspended, revoked or given back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from entente.directory.models import Hcp, Licence
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id


def add_licence(
    hcp_id: UUID,
    *,
    country: str,
    number: str,
    at: datetime,
    region: str = "",
    kind: str = "practise",
    status: str = "active",
    from_on: date | None = None,
    expires_on: date | None = None,
    source: str = "hand",
    verified_on: date | None = None,
) -> Licence:
    """Enter a state of a licence: where, under which number, from when to its last day.

    Writes it and one ledger entry. From then on the gate knows of this person what these rows
    say for the day of the act.

    Parameters
    ----------
    hcp_id : UUID
    country, region : str
        ISO 3166-1 alpha-2, and the state that issued it where a state does.
    kind, status : str
        One of ``Licence.Kind`` and ``Licence.Status``.
    from_on, expires_on : date, optional
        First and last day; unknown ones are open.

    Raises
    ------
    UserError
        If a value cannot be right, or the licence has another state on some of these days.
    """
    scope = current_scope()
    scope.require("directory.import")
    lock(f"directory.licence:{hcp_id}")
    Hcp.objects.get(id=hcp_id)
    if not is_country(country):
        raise UserError("Write the country as two capitals, for example GB.", field="country")
    if not number.strip():
        raise UserError("Give the number of the licence.", field="number")
    for field, value, allowed in (
        ("kind", kind, Licence.Kind.values),
        ("status", status, Licence.Status.values),
    ):
        if value not in allowed:
            raise UserError(f"Choose one of {', '.join(allowed)}.", field=field)
    if from_on and expires_on and expires_on < from_on:
        raise UserError("Its last day cannot lie before its first.", field="expires_on")
    made = _insert(
        Licence(
            id=new_id(), org_id=scope.org_id, hcp_id=hcp_id, country=country,
            region=region.strip().upper(), number=number.strip(), kind=kind, status=status,
            from_on=from_on, expires_on=expires_on, source=source.strip(),
            verified_on=verified_on,
        )
    )  # fmt: skip
    _record("added", made, at)
    return made


def _insert(licence: Licence) -> Licence:
    try:
        with transaction.atomic():
            licence.save(force_insert=True)
    except IntegrityError as refused:
        diag = getattr(refused.__cause__, "diag", None)
        if getattr(diag, "constraint_name", "") != "licence_in_one_state_at_a_time":
            raise
        raise UserError(
            "This licence has a state on some of these days already; change that one's status"
            " instead, or choose other days.",
            field="from_on",
        ) from None
    return licence


def change_licence_status(licence_id: UUID, *, status: str, on: date, at: datetime) -> Licence:
    """Say that a licence got another status on a day; what it was before stays.

    Writes the last day of the former state, the new one and one ledger entry.

    Raises
    ------
    UserError
        If the status is unknown, the same, or the day lies outside the state that changes.
    """
    current_scope().require("directory.import")
    held = Licence.objects.get(id=licence_id, org_id=current_scope().org_id)
    lock(f"directory.licence:{held.hcp_id}")
    held.refresh_from_db()
    if status not in Licence.Status.values:
        raise UserError(f"Choose one of {', '.join(Licence.Status.values)}.", field="status")
    if status == held.status:
        raise UserError(f"It is {held.get_status_display().lower()} already.", field="status")
    if held.from_on is not None and on <= held.from_on:
        raise UserError(f"This state begins on {held.from_on:%Y-%m-%d}; choose a later day.",
                        field="on")  # fmt: skip
    if held.expires_on is not None and on > held.expires_on:
        raise UserError(f"It ended on {held.expires_on:%Y-%m-%d}; enter the new state instead.",
                        field="on")  # fmt: skip
    last = held.expires_on
    held.expires_on = on - timedelta(days=1)
    held.save(update_fields=["expires_on"])
    made = _insert(
        Licence(
            id=new_id(), org_id=held.org_id, hcp_id=held.hcp_id, country=held.country,
            region=held.region, number=held.number, kind=held.kind, status=status, from_on=on,
            expires_on=last, source="hand",
        )
    )  # fmt: skip
    _record("changed", made, at)
    return made


def renew_licence(licence_id: UUID, *, expires_on: date, at: datetime) -> Licence:
    """Renew a licence to another last day, from the day after the former one.

    Writes the new state and one ledger entry.

    Raises
    ------
    UserError
        If the licence has no last day, or the new one is not later.
    """
    current_scope().require("directory.import")
    held = Licence.objects.get(id=licence_id, org_id=current_scope().org_id)
    lock(f"directory.licence:{held.hcp_id}")
    if held.expires_on is None:
        raise UserError("No last day is known of this licence, so there is nothing to renew.")
    if expires_on <= held.expires_on:
        raise UserError(f"It lasts until {held.expires_on:%Y-%m-%d}; give a later day.",
                        field="expires_on")  # fmt: skip
    made = _insert(
        Licence(
            id=new_id(), org_id=held.org_id, hcp_id=held.hcp_id, country=held.country,
            region=held.region, number=held.number, kind=held.kind, status="active",
            from_on=held.expires_on + timedelta(days=1), expires_on=expires_on, source="hand",
        )
    )  # fmt: skip
    _record("renewed", made, at)
    return made


def _record(verb: str, licence: Licence, at: datetime) -> None:
    details = {
        "licence": licence.id,
        "region": licence.region or licence.country,
        "status": licence.status,
        "from_on": licence.from_on,
        "expires_on": licence.expires_on,
    }
    ledger.append(ledger.Entry(f"directory.licence.{verb}", "hcp", licence.hcp_id, details), at=at)
