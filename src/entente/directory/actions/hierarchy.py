"""Say which organisation belongs to which, and who stopped working where."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from entente.directory.models import Affiliation, Hco, HcoLink
from entente.directory.reads.hierarchy import family_ids
from entente.directory.reads.periods import in_force
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

HIERARCHY = "directory.hierarchy"
_WHY = {
    "hco_links_make_no_circle": (
        "This would put an organisation above itself: the one you chose as parent stands below"
        " it on some of these days. End that link first, or choose another parent.",
        "parent",
    ),
    "hco_has_one_owner_at_a_time": (
        "On some of these days it has another owner already. Record an acquisition, which ends"
        " the former owner's link, or choose other days.",
        "from_on",
    ),
    "hco_link_once_at_a_time": ("This is recorded already for some of these days.", "from_on"),
}


def _checked(kind: str, child_id: UUID, parent_id: UUID, from_on: date, to_on: date | None) -> None:
    if kind not in HcoLink.Kind.values:
        raise UserError(f"Choose one of {', '.join(HcoLink.Kind.values)}.", field="kind")
    if child_id == parent_id:
        raise UserError("An organisation cannot belong to itself.", field="parent")
    if to_on is not None and to_on <= from_on:
        raise UserError("The last day has to come after the first.", field="to_on")
    if Hco.objects.filter(id__in=[child_id, parent_id]).count() < 2:
        raise Hco.DoesNotExist("one of the two organisations is not in the directory")
    # The database refuses circles of links; those that close through joined records it cannot see.
    if parent_id in family_ids([child_id], from_on):
        words, field = _WHY["hco_links_make_no_circle"]
        raise UserError(words, field=field)


def _insert(link: HcoLink) -> HcoLink:
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError as refused:
        name = getattr(getattr(refused.__cause__, "diag", None), "constraint_name", "")
        words = _WHY.get(name or "")
        if words is None:
            raise
        raise UserError(words[0], field=words[1]) from None
    return link


def link_hcos(
    child_id: UUID,
    parent_id: UUID,
    *,
    kind: str,
    from_on: date,
    at: datetime,
    to_on: date | None = None,
    note: str = "",
) -> HcoLink:
    """Say that one organisation stands under another from a day on.

    Writes the link and one ledger entry.

    Parameters
    ----------
    child_id, parent_id : UUID
    kind : str
        ``"owned_by"``, ``"managed_by"`` or ``"member_of"``.
    from_on : date
    at : datetime
    to_on : date, optional
        The first day on which it no longer holds.
    note : str
        Where it is known from, in a few words.

    Raises
    ------
    UserError
        If it would close a circle on any day, or the organisation has another owner then.
    """
    scope = current_scope()
    scope.require("directory.import")
    lock(HIERARCHY)
    _checked(kind, child_id, parent_id, from_on, to_on)
    made = _insert(
        HcoLink(
            id=new_id(),
            org_id=scope.org_id,
            child_id=child_id,
            parent_id=parent_id,
            kind=kind,
            from_on=from_on,
            to_on=to_on,
            note=note.strip(),
            source="hand",
        )
    )
    details = {"parent": parent_id, "kind": kind, "from_on": from_on, "to_on": to_on}
    ledger.append(
        ledger.Entry("directory.hco_link.added", "hco", child_id, {"link": made.id, **details}),
        at=at,
    )
    return made


def end_hco_link(link_id: UUID, *, on: date, at: datetime) -> HcoLink:
    """End a link: from this day on it no longer holds; what was before stays.

    Writes the day and one ledger entry. Ending it on the day it began says that it was
    entered in error and never held.

    Raises
    ------
    UserError
        If it has ended already, or the day lies before its first.
    """
    current_scope().require("directory.import")
    lock(HIERARCHY)
    link = HcoLink.objects.get(id=link_id, org_id=current_scope().org_id)
    _end(link, on)
    ledger.append(
        ledger.Entry("directory.hco_link.ended", "hco", link.child_id, {"link": link.id, "on": on}),
        at=at,
    )
    return link


def _end(link: HcoLink, on: date) -> None:
    if link.to_on is not None:
        raise UserError(f"This link has ended already, on {link.to_on:%Y-%m-%d}.", field="on")
    if on < link.from_on:
        raise UserError(
            f"It began on {link.from_on:%Y-%m-%d}; choose that day to say that it never held, or"
            " a later one.",
            field="on",
        )
    link.to_on = on
    link.save(update_fields=["to_on"])


def acquire_hco(
    hco_id: UUID, new_owner_id: UUID, *, on: date, at: datetime, note: str = ""
) -> HcoLink:
    """Record an acquisition: the former owner's link ends on the day, the new one's begins.

    Writes the end of the former link if there is one, the new link and one ledger entry, in
    one transaction; who owned it before that day stays as it was.

    Raises
    ------
    UserError
        If it belongs to that owner already, or another owner is entered for a later day.
    """
    scope = current_scope()
    scope.require("directory.import")
    lock(HIERARCHY)
    owned = HcoLink.objects.filter(child_id=hco_id, kind=HcoLink.Kind.OWNED_BY)
    if later := owned.filter(from_on__gt=on).order_by("from_on").first():
        raise UserError(
            f"From {later.from_on:%Y-%m-%d} another owner is entered; choose a later day or end"
            " that link first.",
            field="on",
        )
    former = owned.filter(in_force(on)).first()
    if former is not None and former.parent_id == new_owner_id:
        raise UserError("It belongs to this owner on that day already.", field="parent")
    if former is not None and former.to_on is None:
        _end(former, on)
    made = HcoLink(
        id=new_id(), org_id=scope.org_id, child_id=hco_id, parent_id=new_owner_id,
        kind=HcoLink.Kind.OWNED_BY, from_on=on, note=note.strip(), source="hand",
    )  # fmt: skip
    _checked(made.kind, hco_id, new_owner_id, on, None)
    _insert(made)
    details = {
        "former": former and former.parent_id,
        "owner": new_owner_id,
        "on": on,
        "link": made.id,
    }
    ledger.append(ledger.Entry("directory.hco.acquired", "hco", hco_id, details), at=at)
    return made


def end_affiliation(affiliation_id: UUID, *, on: date, at: datetime) -> None:
    """Say that a person no longer works somewhere from this day on; writes one ledger entry.

    Raises
    ------
    UserError
        If the day lies before the first one.
    """
    current_scope().require("directory.import")
    found = Affiliation.objects.get(id=affiliation_id, org_id=current_scope().org_id)
    if found.from_on is not None and on < found.from_on:
        raise UserError(f"It began on {found.from_on:%Y-%m-%d}; choose a later day.", field="on")
    if found.to_on is not None and found.to_on <= on:
        return
    Affiliation.objects.filter(id=found.id).update(to_on=on)
    ledger.append(
        ledger.Entry(
            "directory.affiliation.ended", "hcp", found.hcp_id, {"hco": found.hco_id, "on": on}
        ),
        at=at,
    )
