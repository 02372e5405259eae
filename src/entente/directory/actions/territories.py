"""Make territories, change their rules from a day on, name exceptions and representatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from entente.directory.domain.territories import faults_of_ground
from entente.directory.models import (
    Hco,
    Hcp,
    Territory,
    TerritoryAssignment,
    TerritoryException,
    TerritoryVersion,
)
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import User, new_id

WRITE = "territory.write"


@dataclass(frozen=True)
class Ground:
    """The rule of a territory: states or ZIP prefixes, narrowed by specialties.

    Parameters
    ----------
    country : str
        ISO 3166-1 alpha-2.
    states, zip_prefixes : sequence of str
        The ground is all of them together; both empty means the whole country.
    specialties : sequence of str
        Only these count; empty means all.
    """

    country: str = "US"
    states: Sequence[str] = ()
    zip_prefixes: Sequence[str] = ()
    specialties: Sequence[str] = ()


def _checked(kind: str, ground: Ground) -> None:
    if not is_country(ground.country):
        raise UserError("Write the country as two capitals, for example US.", field="country")
    for field, words in faults_of_ground(ground.country, ground.states, ground.zip_prefixes):
        raise UserError(words, field=field)
    if kind == Territory.Kind.ACCOUNTS and (ground.states or ground.zip_prefixes):
        raise UserError(
            "A territory of named accounts has no ground; add its accounts instead.", field="states"
        )


def lock_of(org_id: UUID) -> str:
    """Name the lock under which an organisation's territories change."""
    return f"directory.territories:{org_id}"


def territory_of(territory_id: UUID, on: date) -> Territory:
    """Give one of the organisation's own territories that has not ended, for a change of it.

    Raises
    ------
    UserError
        If it has ended.
    """
    found = Territory.objects.get(id=territory_id)
    if found.ended_on is not None and found.ended_on <= on:
        raise UserError(f"{found.name} ended on {found.ended_on:%Y-%m-%d}; choose another one.")
    return found


def add_territory(
    name: str,
    force: str,
    kind: str,
    ground: Ground,
    *,
    from_on: date,
    at: datetime,
    note: str = "",
    takes_uncovered: bool = False,
) -> Territory:
    """Make a territory of a field force with its first rule.

    Writes the territory, version 1 of its rule and one ledger entry. Who is in it is known
    after the next alignment.

    Raises
    ------
    UserError
        If the name is taken in this force, or the ground cannot be one.
    """
    scope = current_scope()
    scope.require(WRITE)
    lock(lock_of(scope.org_id))
    name, force = name.strip(), force.strip()
    if not name or not force:
        field = "force" if name else "name"
        raise UserError("Give the territory a name and a field force.", field=field)
    if kind not in Territory.Kind.values:
        raise UserError(f"Choose one of {', '.join(Territory.Kind.values)}.", field="kind")
    _checked(kind, ground)
    if Territory.objects.filter(org_id=scope.org_id, force=force, name__iexact=name).exists():
        raise UserError(f"{force} has a territory {name} already.", field="name")
    made = Territory.objects.create(
        id=new_id(), org_id=scope.org_id, name=name, force=force, kind=kind, note=note.strip(),
        takes_uncovered=takes_uncovered,
    )  # fmt: skip
    _add_version(made, 1, ground, from_on)
    ledger.append(
        ledger.Entry("directory.territory.added", "territory", made.id, {"force": force}), at=at
    )
    return made


def _add_version(
    territory: Territory, number: int, ground: Ground, from_on: date
) -> TerritoryVersion:
    return TerritoryVersion.objects.create(
        id=new_id(),
        org_id=territory.org_id,
        territory=territory,
        number=number,
        country=ground.country,
        states=list(ground.states),
        zip_prefixes=list(ground.zip_prefixes),
        specialties=list(ground.specialties),
        from_on=from_on,
    )


def change_territory(
    territory_id: UUID, ground: Ground, *, from_on: date, at: datetime
) -> TerritoryVersion:
    """Give a territory another rule from a day on; the one before it stays for earlier days.

    Writes the end of the former version, the new one and one ledger entry.

    Raises
    ------
    UserError
        If the day does not come after the beginning of the version in force.
    """
    scope = current_scope()
    scope.require(WRITE)
    lock(lock_of(scope.org_id))
    territory = territory_of(territory_id, from_on)
    _checked(territory.kind, ground)
    former = TerritoryVersion.objects.get(territory=territory, to_on__isnull=True)
    if from_on <= former.from_on:
        raise UserError(
            f"Version {former.number} begins on {former.from_on:%Y-%m-%d}; choose a later day.",
            field="from_on",
        )
    former.to_on = from_on
    former.save(update_fields=["to_on"])
    made = _add_version(territory, former.number + 1, ground, from_on)
    details = {"number": made.number, "from_on": from_on}
    ledger.append(
        ledger.Entry("directory.territory.changed", "territory", territory.id, details), at=at
    )
    return made


def end_territory(territory_id: UUID, *, on: date, at: datetime) -> None:
    """Close a territory from a day on; the next alignment takes its people out.

    Writes the day and one ledger entry.
    """
    scope = current_scope()
    scope.require(WRITE)
    lock(lock_of(scope.org_id))
    territory = territory_of(territory_id, on)
    territory.ended_on = on
    territory.save(update_fields=["ended_on"])
    ledger.append(
        ledger.Entry("directory.territory.ended", "territory", territory.id, {"on": on}), at=at
    )


def add_exception(
    territory_id: UUID,
    *,
    reason: str,
    from_on: date,
    at: datetime,
    hcp_id: UUID | None = None,
    hco_id: UUID | None = None,
    is_added: bool = True,
) -> TerritoryException:
    """Put a person or a named account into a territory, or take a person out, from a day on.

    Writes the exception, the end of a contrary one, and one ledger entry. An account brings
    everybody who works there or at what stands under it.

    Raises
    ------
    UserError
        If not exactly one person or account is named, or no reason is given.
    """
    scope = current_scope()
    scope.require(WRITE)
    lock(lock_of(scope.org_id))
    territory = territory_of(territory_id, from_on)
    if (hcp_id is None) == (hco_id is None):
        raise UserError("Name either a person or an account.", field="hcp_id")
    if hco_id is not None and not is_added:
        raise UserError("Only people are taken out; end the account's exception instead.")
    if not reason.strip():
        raise UserError("Give the reason; whoever looks at it later needs it.", field="reason")
    if hcp_id is not None:
        Hcp.objects.get(id=hcp_id)
    elif hco_id is not None:
        Hco.objects.get(id=hco_id)
    made = write_exception(
        territory, hcp_id, hco_id, reason=reason.strip(), from_on=from_on, is_added=is_added
    )
    details = {"hcp": hcp_id, "hco": hco_id, "added": is_added, "exception": made.id}
    ledger.append(
        ledger.Entry("directory.territory.exception_added", "territory", territory.id, details),
        at=at,
    )
    return made


def write_exception(
    territory: Territory,
    hcp_id: UUID | None,
    hco_id: UUID | None,
    *,
    reason: str,
    from_on: date,
    is_added: bool,
) -> TerritoryException:
    """Write an exception in place of the one there may be; the caller records the act.

    Raises
    ------
    UserError
        If the one there is begins on a later day.
    """
    open_ones = TerritoryException.objects.filter(territory=territory, to_on__isnull=True)
    named = {"hcp_id": hcp_id} if hcp_id else {"hco_id": hco_id}
    held = open_ones.filter(**named).first()
    if held is not None:
        if held.from_on > from_on:
            raise UserError(
                f"An exception begins on {held.from_on:%Y-%m-%d}; choose that day or a later one.",
                field="from_on",
            )
        held.to_on = from_on
        held.save(update_fields=["to_on"])
    return TerritoryException.objects.create(
        id=new_id(), org_id=territory.org_id, territory=territory, hcp_id=hcp_id, hco_id=hco_id,
        reason=reason, from_on=from_on, is_added=is_added,
    )  # fmt: skip


def end_exception(exception_id: UUID, *, on: date, at: datetime) -> None:
    """End an exception on a day, so that the rule decides again; writes one ledger entry.

    Raises
    ------
    UserError
        If it has ended, or begins later.
    """
    scope = current_scope()
    scope.require(WRITE)
    lock(lock_of(scope.org_id))
    held = TerritoryException.objects.get(id=exception_id)
    if held.to_on is not None or on < held.from_on:
        raise UserError("This exception has ended, or begins later; choose another day.")
    held.to_on = on
    held.save(update_fields=["to_on"])
    ledger.append(
        ledger.Entry(
            "directory.territory.exception_ended", "territory", held.territory_id,
            {"exception": held.id, "on": on},
        ),
        at=at,
    )  # fmt: skip


def assign_representative(
    territory_id: UUID, user_id: UUID, *, from_on: date, at: datetime
) -> TerritoryAssignment:
    """Let a colleague look after a territory from a day on; saying it again changes nothing.

    Writes the assignment and one ledger entry.

    Raises
    ------
    UserError
        If the colleague's account is closed or belongs to another organisation.
    """
    scope = current_scope()
    scope.require(WRITE)
    lock(lock_of(scope.org_id))
    territory = territory_of(territory_id, from_on)
    user = User.objects.filter(id=user_id, org_id=scope.org_id, is_active=True).first()
    if user is None:
        raise UserError("Choose a colleague with an open account.", field="user")
    held = TerritoryAssignment.objects.filter(territory=territory, user=user, to_on__isnull=True)
    if (known := held.first()) is not None:
        return known
    made = TerritoryAssignment.objects.create(
        id=new_id(), org_id=scope.org_id, territory=territory, user=user, from_on=from_on
    )
    ledger.append(
        ledger.Entry("directory.territory.assigned", "territory", territory.id, {"user": user.id}),
        at=at,
    )
    return made


def end_assignment(assignment_id: UUID, *, on: date, at: datetime) -> None:
    """End an assignment on a day, or on the day it began if that is later; one ledger entry."""
    current_scope().require(WRITE)
    held = TerritoryAssignment.objects.get(id=assignment_id)
    if held.to_on is not None:
        return
    held.to_on = max(on, held.from_on)
    held.save(update_fields=["to_on"])
    ledger.append(
        ledger.Entry(
            "directory.territory.unassigned", "territory", held.territory_id,
            {"user": held.user_id},
        ),
        at=at,
    )  # fmt: skip
