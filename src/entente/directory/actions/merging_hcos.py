"""Join two records of one organisation, and part them again; nothing is lost either way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms.models import model_to_dict

from entente.directory.actions.hierarchy import HIERARCHY
from entente.directory.domain.identifier_names import is_numbered, system_label
from entente.directory.domain.search_keys import search_key
from entente.directory.domain.survivorship import HCO_FIELDS, choices
from entente.directory.followers import hco_followers
from entente.directory.models import Hco, HcoIdentityLink, HcoMerge, HcoSuspect
from entente.directory.reads.hierarchy import family_ids
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

MAY = "identity.decide"


def merge_hcos(
    survivor_id: UUID,
    loser_id: UUID,
    *,
    reason: str,
    at: datetime,
    take: Collection[str] = (),
    two_keys_known: bool = False,
) -> HcoMerge:
    """Join two records of one organisation: one stays, the other leads to it.

    Always by a person's look. Writes the link, what the record that stays takes over, the merge
    with its plan, and one ledger entry. People, contacts, what stands above and below, and
    territories of either stay with their record and are read for the organisation as a whole.

    Parameters
    ----------
    survivor_id, loser_id : UUID
    reason : str
    at : datetime
    take : collection of str
        Fields for which the value of the record that does not stay is better.
    two_keys_known : bool
        Said by a person who has seen that one system numbers both, differently.

    Raises
    ------
    UserError
        If they are one already, belong to another organisation, carry two keys of one system, or
        one stands above the other.
    """
    scope = current_scope()
    scope.require(MAY)
    if not reason.strip():
        raise UserError("Say why these records are one organisation.", field="reason")
    _lock_both(survivor_id, loser_id)
    survivor, loser = _both(survivor_id, loser_id)
    _check(survivor, loser, two_keys_known)
    _check_family(survivor, loser, at)
    plan = _plan(survivor, loser, take)
    link = HcoIdentityLink.objects.create(
        id=new_id(), org_id=scope.org_id, survivor=survivor, loser=loser, from_at=at
    )
    _set(survivor, {name: values["after"] for name, values in plan["fields"].items()})
    merge = HcoMerge.objects.create(
        id=new_id(), org_id=scope.org_id, link=link, reason=reason.strip(), plan=plan,
        merged_at=at, merged_by=scope.actor_id,
    )  # fmt: skip
    _decide_suspect(survivor_id, loser_id, HcoSuspect.Status.JOINED, reason, at)
    details = {"survivor": survivor_id, "loser": loser_id, "fields": sorted(plan["fields"])}
    ledger.append(
        ledger.Entry("directory.hco.merged", "directory.hco_merge", merge.id, details), at=at
    )
    return merge


def _lock_both(*ids: UUID) -> None:
    """Take one lock for identity, so that no circle can arise, that of hierarchies, the rooms'."""
    held = [key for follower in hco_followers() for key in follower.locks(ids)]
    lock("directory:identity", HIERARCHY, *held)


def _both(survivor_id: UUID, loser_id: UUID) -> tuple[Hco, Hco]:
    if survivor_id == loser_id:
        raise UserError("These are the same record.")
    rows = Hco.objects.select_for_update().filter(id__in=[survivor_id, loser_id]).order_by("id")
    found = {row.id: row for row in rows}
    missing = [str(i) for i in (survivor_id, loser_id) if i not in found]
    if missing:
        raise UserError(
            "A record is not there, or belongs to an organisation that keeps it itself: "
            + ", ".join(missing)
        )
    return found[survivor_id], found[loser_id]


def _check(survivor: Hco, loser: Hco, two_keys_known: bool) -> None:
    mine = current_scope().org_id
    if survivor.org_id != mine or loser.org_id != mine:
        raise UserError("Only the organisation that keeps both records can join them.")
    joined = HcoIdentityLink.objects.filter(loser__in=[survivor, loser], to_at__isnull=True)
    if known := joined.select_related("loser").first():
        raise UserError(f"{known.loser.display_name} is joined to another record already.")
    if loser.is_numbered and not survivor.is_numbered:
        raise UserError(
            f"The record with the {system_label(loser.system)} has to stay; change them round."
        )
    if survivor.system == loser.system and is_numbered(loser.system) and not two_keys_known:
        raise UserError(
            f"Both carry a {system_label(loser.system)} ({survivor.value} and {loser.value}), which"
            " says that they are two organisations. Confirm that you have checked this.",
            field="two_keys_known",
        )


def _check_family(survivor: Hco, loser: Hco, at: datetime) -> None:
    for above, below in ((survivor, loser), (loser, survivor)):
        if below.id in family_ids([above.id], at.date()):
            raise UserError(
                f"{below.display_name} stands below {above.display_name}; one organisation cannot"
                " stand above itself. End that link first if it is wrong."
            )


def _plan(survivor: Hco, loser: Hco, take: Collection[str]) -> dict[str, Any]:
    if unknown := set(take) - set(HCO_FIELDS):
        raise UserError(f"These are no fields: {', '.join(sorted(unknown))}", field="take")
    ours, theirs = (model_to_dict(record, fields=HCO_FIELDS) for record in (survivor, loser))
    fields = {
        each.name: {"before": each.survivor, "after": each.loser, "source": loser.source}
        for each in choices(ours, theirs, take, HCO_FIELDS)
        if each.take_loser
    }
    ids = [survivor.id, loser.id]
    counts = {f.room: {str(i): n for i, n in f.counts(ids).items()} for f in hco_followers()}
    return {"fields": fields, "held": counts}


def _set(record: Hco, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.name_key = search_key(record.name)[:700]
    record.save(update_fields=[*values, "name_key"])


def _decide_suspect(one: UUID, other: UUID, status: str, reason: str, at: datetime) -> None:
    left, right = sorted((one, other))
    HcoSuspect.objects.filter(one_id=left, other_id=right).exclude(status=status).update(
        status=status, decided_at=at, decided_by=current_scope().actor_id,
        decision_reason=reason.strip()[:500],
    )  # fmt: skip


def unmerge_hcos(merge_id: UUID, *, reason: str, at: datetime) -> HcoMerge:
    """Part two records of organisations: each is again what it was before.

    Fields that the record that stayed took over go back, unless they were changed since; those are
    asked about. Writes the link's end, the record, the merge and one ledger entry.

    Raises
    ------
    UserError
        If there is no such merge, or it was undone already.
    """
    scope = current_scope()
    scope.require(MAY)
    if not reason.strip():
        raise UserError("Say why these records are two organisations.", field="reason")
    known = HcoMerge.objects.select_related("link").filter(id=merge_id).first()
    if known is None:
        raise UserError("There is no such merge.")
    _lock_both(known.link.survivor_id, known.link.loser_id)
    merge = HcoMerge.objects.select_for_update(of=("self",)).get(id=merge_id)
    if merge.undone_at is not None:
        raise UserError("This was undone already.")
    link = HcoIdentityLink.objects.get(id=merge.link_id)
    survivor, loser = _both(link.survivor_id, link.loser_id)
    asked = _give_back(survivor, merge.plan["fields"])
    link.to_at = at
    link.save(update_fields=["to_at"])
    merge.undone_at, merge.undone_by = at, scope.actor_id
    merge.undo_reason, merge.since = reason.strip(), asked
    merge.save(update_fields=["undone_at", "undone_by", "undo_reason", "since"])
    _decide_suspect(survivor.id, loser.id, HcoSuspect.Status.APART, reason, at)
    details = {"survivor": survivor.id, "loser": loser.id, "questions": len(asked)}
    ledger.append(
        ledger.Entry("directory.hco.parted", "directory.hco_merge", merge.id, details), at=at
    )
    return merge


def _give_back(survivor: Hco, fields: dict[str, dict[str, Any]]) -> list[str]:
    changed = [name for name, v in fields.items() if getattr(survivor, name) != v["after"]]
    _set(survivor, {n: v["before"] for n, v in fields.items() if n not in changed})
    return [
        f"The {name.replace('_', ' ')} was changed since; check which of the two it belongs to."
        for name in changed
    ]


def keep_hcos_apart(suspect_id: UUID, *, reason: str, at: datetime) -> HcoSuspect:
    """Record that two records are two organisations; they are not asked about again.

    Writes the decision and one ledger entry.

    Raises
    ------
    UserError
        If there is no such pair, or the records are joined.
    """
    scope = current_scope()
    scope.require(MAY)
    if not reason.strip():
        raise UserError("Say how you know that these are two organisations.", field="reason")
    suspect = HcoSuspect.objects.select_for_update().filter(id=suspect_id).first()
    if suspect is None:
        raise UserError("There is no such pair.")
    if suspect.status == HcoSuspect.Status.JOINED:
        raise UserError("These records are joined; undo that first.")
    _decide_suspect(suspect.one_id, suspect.other_id, HcoSuspect.Status.APART, reason, at)
    details = {"one": suspect.one_id, "other": suspect.other_id}
    ledger.append(
        ledger.Entry("directory.hco.kept_apart", "directory.hco_suspect", suspect.id, details),
        at=at,
    )
    return HcoSuspect.objects.get(id=suspect_id)
