"""Join two records of one person, and part them again; nothing is lost either way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.forms.models import model_to_dict

from entente.directory.domain.generations import are_two_generations
from entente.directory.domain.search_keys import search_key
from entente.directory.domain.survivorship import FIELDS, choices
from entente.directory.followers import Parted, followers
from entente.directory.models import Hcp, IdentityLink, Merge, Suspect
from entente.directory.reads.identity import same_person
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

MAY = "identity.decide"
# Links that have not ended, however short a while ago they began.
OPEN_LINKS = datetime.max.replace(tzinfo=UTC)


def merge_hcps(
    survivor_id: UUID,
    loser_id: UUID,
    *,
    reason: str,
    at: datetime,
    basis: str = Merge.Basis.STEWARD,
    take: Collection[str] = (),
    two_keys_known: bool = False,
) -> Merge:
    """Join two records: one survives, the other stays addressable and leads to it.

    Writes the link, what the survivor takes over, the merge with its plan, and one ledger entry,
    under the locks of every room that holds something about either. What was recorded about
    either stays where it is; from now on it is read for the person as a whole, and the most
    restrictive permission of both holds.

    Parameters
    ----------
    survivor_id, loser_id : UUID
    reason : str
    at : datetime
    basis : str
        "steward", or "key" where a key agrees and nothing contradicts.
    take : collection of str
        Fields for which the value of the record that does not survive is better.
    two_keys_known : bool
        Said by a person who has seen that both records carry an NPI.

    Raises
    ------
    UserError
        If the records are one already, belong to another organisation, or carry two keys.
    """
    scope = current_scope()
    scope.require(MAY)
    if not reason.strip():
        raise UserError("Say why these records are one person.", field="reason")
    _lock_both(survivor_id, loser_id)
    survivor, loser = _both(survivor_id, loser_id)
    _check(survivor, loser, basis, two_keys_known)
    plan = _plan(survivor, loser, take)
    link = IdentityLink.objects.create(
        id=new_id(), org_id=scope.org_id, survivor=survivor, loser=loser, from_at=at
    )
    _take_over(survivor, plan["fields"], "after")
    loser.identity_status = Hcp.IdentityStatus.MERGED
    loser.save(update_fields=["identity_status"])
    merge = Merge.objects.create(
        id=new_id(), org_id=scope.org_id, link=link, basis=basis, reason=reason.strip(), plan=plan,
        merged_at=at, merged_by=scope.actor_id,
    )  # fmt: skip
    _decide_suspect(survivor_id, loser_id, Suspect.Status.JOINED, reason, at)
    details = {
        "survivor": survivor_id, "loser": loser_id, "basis": basis,
        "fields": sorted(plan["fields"]),
    }  # fmt: skip
    ledger.append(ledger.Entry("directory.hcp.merged", "directory.merge", merge.id, details), at=at)
    return merge


def _lock_both(*ids: UUID) -> None:
    """Take one lock for identity, so that no circle can arise, and those of the other rooms.

    Those of every record that is one with either: what is decided about one of them is decided
    for the person as a whole, and changes with the join or the parting.
    """
    lock("directory:identity")
    records = {each for known in ids for each in same_person(known, OPEN_LINKS)}
    lock(*(key for follower in followers() for key in follower.locks(sorted(records))))


def _both(survivor_id: UUID, loser_id: UUID) -> tuple[Hcp, Hcp]:
    if survivor_id == loser_id:
        raise UserError("These are the same record.")
    rows = Hcp.objects.select_for_update().filter(id__in=[survivor_id, loser_id]).order_by("id")
    found = {row.id: row for row in rows}
    missing = [str(i) for i in (survivor_id, loser_id) if i not in found]
    if missing:
        raise UserError(
            "A record is not there, or belongs to an organisation that keeps it itself: "
            + ", ".join(missing)
        )
    return found[survivor_id], found[loser_id]


def _check(survivor: Hcp, loser: Hcp, basis: str, two_keys_known: bool) -> None:
    mine = current_scope().org_id
    if mine not in {survivor.org_id} or mine not in {loser.org_id}:
        raise UserError("Only the organisation that keeps both records can join them.")
    for record in (survivor, loser):
        if record.identity_status == Hcp.IdentityStatus.MERGED:
            raise UserError(f"{record.display_name} is joined to another record already.")
    if survivor.npi and loser.npi:
        if basis == Merge.Basis.KEY:
            raise UserError("Two records with an NPI each are never joined without a look.")
        if not two_keys_known:
            raise UserError(
                f"Both carry an NPI ({survivor.npi} and {loser.npi}), which says that they are two "
                "people. Confirm that you have checked this.",
                field="two_keys_known",
            )
    if basis == Merge.Basis.KEY and are_two_generations(survivor.suffix, loser.suffix):
        raise UserError(
            f"{survivor.suffix} and {loser.suffix} are father and son until a person has looked."
        )
    if loser.npi and not survivor.npi:
        raise UserError("The record with the NPI has to survive; change them round.")


def _plan(survivor: Hcp, loser: Hcp, take: Collection[str]) -> dict[str, Any]:
    unknown = set(take) - set(FIELDS)
    if unknown:
        raise UserError(f"These are no fields: {', '.join(sorted(unknown))}", field="take")
    ours, theirs = (model_to_dict(record, fields=FIELDS) for record in (survivor, loser))
    fields = {
        each.name: {"before": each.survivor, "after": each.loser, "source": loser.source}
        for each in choices(ours, theirs, take)
        if each.take_loser
    }
    counts = {
        follower.room: {str(i): n for i, n in follower.counts([survivor.id, loser.id]).items()}
        for follower in followers()
    }
    statuses = {"survivor": survivor.identity_status, "loser": loser.identity_status}
    return {"fields": fields, "statuses": statuses, "held": counts}


def _take_over(record: Hcp, fields: dict[str, dict[str, Any]], which: str) -> None:
    for name, values in fields.items():
        setattr(record, name, values[which])
    record.name_key = search_key(record.family_name, record.given_name, record.middle_name)[:600]
    record.save(update_fields=[*fields, "name_key"])


def _decide_suspect(one: UUID, other: UUID, status: str, reason: str, at: datetime) -> None:
    left, right = sorted((one, other))
    Suspect.objects.filter(one_id=left, other_id=right).exclude(status=status).update(
        status=status, decided_at=at, decided_by=current_scope().actor_id,
        decision_reason=reason.strip()[:500],
    )  # fmt: skip


def unmerge_hcps(merge_id: UUID, *, reason: str, at: datetime) -> Merge:
    """Part two records that were joined: each is again what it was before.

    Fields that the survivor took over go back, unless they were changed since. Stops and
    withdrawals recorded in the time hold for both from now on; permissions given in the time
    hold for neither until somebody has asked whose they are. What only a person can answer is
    kept with the merge. Writes the link's end, both records, the merge and one ledger entry.

    Raises
    ------
    UserError
        If there is no such merge, or it was undone already.
    """
    scope = current_scope()
    scope.require(MAY)
    if not reason.strip():
        raise UserError("Say why these records are two people.", field="reason")
    known = Merge.objects.select_related("link").filter(id=merge_id).first()
    if known is None:
        raise UserError("There is no such merge.")
    _lock_both(known.link.survivor_id, known.link.loser_id)
    merge = Merge.objects.select_for_update(of=("self",)).get(id=merge_id)
    if merge.undone_at is not None:
        raise UserError("This was undone already.")
    link = IdentityLink.objects.get(id=merge.link_id)
    survivor, loser = _both(link.survivor_id, link.loser_id)
    questions = _give_back(survivor, merge.plan["fields"])
    before = merge.plan["statuses"]["loser"]
    # A record that was only a candidate was looked at by now; nothing becomes a candidate again.
    loser.identity_status = "unverified" if before == "candidate" else before
    loser.save(update_fields=["identity_status"])
    link.to_at = at
    link.save(update_fields=["to_at"])
    questions += _parted(Parted(survivor.id, loser.id, merge.merged_at, at))
    merge.undone_at, merge.undone_by = at, scope.actor_id
    merge.undo_reason, merge.since = reason.strip(), questions
    merge.save(update_fields=["undone_at", "undone_by", "undo_reason", "since"])
    _decide_suspect(survivor.id, loser.id, Suspect.Status.APART, reason, at)
    details = {"survivor": survivor.id, "loser": loser.id, "questions": len(questions)}
    ledger.append(ledger.Entry("directory.hcp.parted", "directory.merge", merge.id, details), at=at)
    return merge


def _give_back(survivor: Hcp, fields: dict[str, dict[str, Any]]) -> list[str]:
    """Undo what the survivor took over; what changed since is left and asked about."""
    back, asked = {}, []
    for name, values in fields.items():
        if getattr(survivor, name) == values["after"]:
            back[name] = values
        else:
            words = name.replace("_", " ")
            asked.append(f"The {words} was changed since; check which of the two it belongs to.")
    _take_over(survivor, back, "before")
    return asked


def _parted(parted: Parted) -> list[str]:
    asked: list[str] = []
    for follower in followers():
        if follower.after_parting is not None:
            asked += follower.after_parting(parted)
    return asked


def keep_apart(suspect_id: UUID, *, reason: str, at: datetime) -> Suspect:
    """Record that two records are two people; they are not asked about again.

    Writes the decision and one ledger entry.

    Raises
    ------
    UserError
        If there is no such pair, or the records are joined.
    """
    scope = current_scope()
    scope.require(MAY)
    if not reason.strip():
        raise UserError("Say how you know that these are two people.", field="reason")
    suspect = Suspect.objects.select_for_update().filter(id=suspect_id).first()
    if suspect is None:
        raise UserError("There is no such pair.")
    if suspect.status == Suspect.Status.JOINED:
        raise UserError("These records are joined; undo that first.")
    _decide_suspect(suspect.one_id, suspect.other_id, Suspect.Status.APART, reason, at)
    details = {"one": suspect.one_id, "other": suspect.other_id}
    ledger.append(
        ledger.Entry("directory.hcp.kept_apart", "directory.suspect", suspect.id, details), at=at
    )
    return Suspect.objects.get(id=suspect_id)
