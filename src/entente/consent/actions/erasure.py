"""Erase a person, and give what is held about him."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from entente.consent.actions.withdraw import person_lock, suppress
from entente.consent.domain.masks import mask
from entente.consent.reads.holdings import holdings
from entente.directory import reads as directory
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.ledger.persons import erase_person
from entente.foundation.locks import lock

KEY_OF_HOST = (
    "the key that opens these values is the installation's; its host deletes it on our request"
)


def erase(hcp_id: UUID, *, at: datetime) -> list[dict[str, Any]]:
    """Erase what may be erased about a person, and list what was erased, kept, and why.

    Of a person with several records, that of every one.

    First a stop is recorded with the keyed hash of the address, so that the person is not
    written to again when a list brings him back. Then every room erases what it can; last the
    person's key is deleted, so that his values in the ledger can be read by nobody. Writes the
    stop, what the rooms write, and one ledger entry.

    Returns
    -------
    list of dict
        Per kind of thing its title, how many things were erased, and why the rest is kept.
    """
    scope = current_scope()
    scope.require("person.erase")
    person = directory.hcp(hcp_id)
    records = sorted(directory.same_person(person.id, at))
    lock(*(person_lock(each) for each in records))
    for each in records:
        suppress(each, "erased on request", at, source="erasure")
    told = []
    for held in holdings():
        n_erased = sum(held.erase(each, at) for each in records) if held.erase else 0
        told.append({"what": held.title, "erased": n_erased, "kept_because": held.kept_because})
    deleted = [erase_person(each) for each in records]
    is_deleted = any(deleted)
    told.append(
        {
            "what": "Values in the ledger",
            "erased": int(is_deleted),
            "kept_because": "" if is_deleted or scope.is_host else KEY_OF_HOST,
        }
    )
    ledger.append(ledger.Entry("consent.person.erased", "hcp", hcp_id, {"outcome": told}), at=at)
    return told


def blank_addresses(hcp_id: UUID, at: datetime) -> int:
    """Blank the addresses in records of permission, the one change they ever see."""
    current_scope().require("person.erase")
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.consent_blank_addresses(%s)", [hcp_id])
        n_blanked: int = cursor.fetchone()[0]
    return n_blanked


def export_person(hcp_id: UUID, *, at: datetime, by_link: bool = False) -> dict[str, Any]:
    """Give all that is held about a person, for the person himself: of each joined record.

    Writes one ledger entry: an export is a disclosure.

    Parameters
    ----------
    by_link : bool
        The person came by a signed link and nobody checked who holds it: what could harm him
        in other hands is left out, and named, and addresses are masked.
    """
    current_scope().require("subject.write")
    records = directory.same_person(hcp_id, at)
    found: dict[str, Any] = {"made_at": at.isoformat(), "held": [], "after_identity_check": []}
    for held in holdings():
        if by_link and not held.by_link:
            found["after_identity_check"].append(held.title)
            continue
        rows = [
            {name: _plain(name, value, by_link=by_link) for name, value in row.items()}
            for each in records
            for row in held.rows(each, at)
        ]
        found["held"].append({"name": held.name, "title": held.title, "rows": rows})
    n_rows = {part["name"]: len(part["rows"]) for part in found["held"]}
    ledger.append(
        ledger.Entry(
            "consent.person.exported", "hcp", hcp_id, {"by_link": by_link, "n_rows": n_rows}
        ),
        at=at,
    )
    return found


def _plain(name: str, value: Any, *, by_link: bool) -> Any:
    if name == "address" and value and by_link:
        # Its owner knows it; whoever was handed the link does not.
        return mask(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)
