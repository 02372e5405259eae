"""Recall: take back a claim or a version everywhere, and account for every copy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from entente.content.actions.who import acting_name
from entente.content.copies import still_out
from entente.content.domain.states import Status
from entente.content.models import (
    Acknowledgement,
    Claim,
    Item,
    PrintRun,
    Recall,
    RecalledVersion,
    ReturnTask,
    Version,
    Withdrawal,
)
from entente.content.reads.recall import (
    claims_past_their_day,
    own_recalls_open,
    versions_with_claim,
    versions_with_module,
)
from entente.foundation import ledger, outbox
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage

OPEN = {Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SUPERSEDED}


def version_lock(version_id: UUID) -> str:
    """Name the lock that whoever sends a version shares, and whoever recalls it takes alone."""
    return f"content.version:{version_id}"


def withdraw_claim(
    claim_id: UUID, *, reason: str, at: datetime, cause: str = Recall.Cause.WITHDRAWN
) -> Recall:
    """Take a claim back: nothing that makes it leaves from the moment this is committed.

    Waits for what is being sent just now. Writes the recall, what it reaches, what it asks of
    partners and holders of print, one ledger entry per party, and ``content.recall.decided``.

    Raises
    ------
    UserError
        If there is no reason, or the claim is withdrawn already.
    """
    scope = current_scope()
    _may_recall()
    if cause not in Recall.Cause.values:
        raise UserError("choose the cause", field="cause")
    if not reason.strip():
        raise UserError("say why, so that the other party can act on it", field="reason")
    lock(f"content.claim:{claim_id}")
    claim = Claim.objects.get(id=claim_id, org_id=scope.org_id)
    if claim.withdrawn_at:
        raise UserError("the claim is already withdrawn")
    reached = [v for v in versions_with_claim(claim.id) if v.status in OPEN]
    lock(*(version_lock(each.id) for each in reached))
    claim.withdrawn_at = at
    claim.save(update_fields=["withdrawn_at"])
    ledger.append(ledger.Entry("content.claim.withdrawn", "content.claim", claim.id), at=at)
    return _open(reached, cause=cause, reason=reason, at=at, claim=claim)


def withdraw_version(
    version_id: UUID, *, reason: str, at: datetime, cause: str = Recall.Cause.WITHDRAWN
) -> Recall:
    """Take a version back, and with a module everything that holds it; any party may.

    Raises
    ------
    UserError
        If there is no reason, or the version is a draft or already withdrawn.
    """
    scope = current_scope()
    _may_recall()
    if not reason.strip():
        raise UserError("say why, so that the other party can act on it", field="reason")
    version = Version.objects.select_related("item").get(id=version_id)
    reached = [version]
    if version.item.form == Item.Form.MODULE:
        reached += [v for v in versions_with_module(version.id) if v.status in OPEN]
    lock(*(version_lock(each.id) for each in reached))
    version.refresh_from_db(fields=["status"])
    if version.status not in {Status.IN_REVIEW, Status.APPROVED, Status.SUPERSEDED}:
        raise UserError("only a version that is in review or released can be withdrawn")
    withdrawal = Withdrawal.objects.create(
        org_id=scope.org_id,
        item=version.item,
        version=version,
        reason=reason.strip(),
        by_name=acting_name(),
        withdrawn_at=at,
    )
    _tell_parties(
        version.item, "content.version.withdrawn", version.id, {"withdrawal": withdrawal.id}, at
    )
    outbox.post(
        OutboxMessage.Kind.EVENT,
        "content.version.withdrawn",
        object_kind="content.version",
        object_id=version.id,
        at=at,
    )
    return _open(reached, cause=cause, reason=reason, at=at, version=version)


def _may_recall() -> None:
    scope = current_scope()
    if scope.actor_id is not None and not {"content.write", "content.review"} & scope.may:
        raise OutOfScope("your role does not include withdrawing content")


def _open(
    reached: list[Version],
    *,
    cause: str,
    reason: str,
    at: datetime,
    claim: Claim | None = None,
    version: Version | None = None,
) -> Recall:
    """Write the recall, what it reaches and what it asks of whom."""
    scope = current_scope()
    recall = Recall.objects.create(
        org_id=scope.org_id,
        claim=claim,
        version=version,
        cause=cause,
        reason=reason.strip(),
        by_name=acting_name(),
        decided_at=at,
    )
    RecalledVersion.objects.bulk_create(
        RecalledVersion(
            org_id=scope.org_id,
            item_id=each.item_id,
            recall=recall,
            version=each,
            status_then=each.status,
        )
        for each in reached
    )
    partners = _ask_partners(recall, reached, at)
    _ask_holders(recall, reached)
    others: list[UUID | None] = [*partners]
    ledger.append_many(
        [
            ledger.Entry(
                "content.recall.decided",
                "content.recall",
                recall.id,
                {"cause": cause, "versions": len(reached)},
                counterparty=other,
            )
            for other in others or [None]
        ],
        at=at,
    )
    outbox.post(
        OutboxMessage.Kind.EVENT,
        "content.recall.decided",
        object_kind="content.recall",
        object_id=recall.id,
        at=at,
    )
    settle_recall(recall.id, at=at)
    return recall


def _ask_partners(recall: Recall, reached: Iterable[Version], at: datetime) -> list[UUID]:
    """Ask every other party of what is reached, once; drafts were never shown to a partner."""
    shown = [each.item_id for each in reached if each.status != Status.DRAFT]
    items = Item.objects.filter(id__in=shown)
    parties = {
        *items.values_list("org_id", flat=True),
        *items.values_list("sides__org_id", flat=True),
    } - {recall.org_id, None}
    Acknowledgement.objects.bulk_create(
        Acknowledgement(org_id=org_id, recall=recall, asked_at=at)
        for org_id in sorted(parties, key=str)
    )
    return sorted(parties, key=str)


def _ask_holders(recall: Recall, reached: Iterable[Version]) -> None:
    runs = PrintRun.objects.filter(version_id__in=[each.id for each in reached])
    ReturnTask.objects.bulk_create(
        ReturnTask(org_id=run.org_id, item_id=run.item_id, recall=recall, run=run)
        for run in runs.order_by("id")
    )


def _tell_parties(
    item: Item, verb: str, object_id: UUID, details: dict[str, object], at: datetime
) -> None:
    scope = current_scope()
    parties = {item.org_id, *item.sides.values_list("org_id", flat=True)}
    others: list[UUID | None] = [*sorted(parties - {scope.org_id}, key=str)]
    ledger.append_many(
        [
            ledger.Entry(verb, "content.version", object_id, details, counterparty=other)
            for other in others or [None]
        ],
        at=at,
    )


def acknowledge(recall_id: UUID, *, note: str, at: datetime) -> Acknowledgement:
    """Confirm for one's company that it knows of a recall and has stopped.

    Raises
    ------
    UserError
        If it has confirmed before.
    Acknowledgement.DoesNotExist
        If nobody asked it.
    """
    scope = current_scope()
    if scope.actor_id is not None and not {"content.write", "content.review"} & scope.may:
        raise OutOfScope("your role does not include answering a recall")
    found = Acknowledgement.objects.select_for_update().get(
        recall_id=recall_id, org_id=scope.org_id
    )
    if found.acknowledged_at:
        raise UserError("your company has confirmed already")
    found.by_name, found.note, found.acknowledged_at = acting_name(), note.strip(), at
    found.save(update_fields=["by_name", "note", "acknowledged_at"])
    ledger.append(
        ledger.Entry(
            "content.recall.acknowledged",
            "content.recall",
            recall_id,
            counterparty=found.recall.org_id,
        ),
        at=at,
    )
    return found


def record_print(
    version_id: UUID, *, holder: str, n_copies: int, printed_on: date, at: datetime
) -> PrintRun:
    """Record printed copies of a released version, and who holds them.

    Raises
    ------
    UserError
        If the version is not released, or holder or number is missing.
    """
    scope = current_scope()
    scope.require("content.write")
    version = Version.objects.select_related("item").get(id=version_id, org_id=scope.org_id)
    if version.status != Status.APPROVED:
        raise UserError("only a released version is printed")
    if not holder.strip() or len(holder) > 200:
        raise UserError("name who holds the copies", field="holder")
    if n_copies < 1:
        raise UserError("give how many copies were printed", field="n_copies")
    run = PrintRun.objects.create(
        org_id=scope.org_id,
        item=version.item,
        version=version,
        holder=holder.strip(),
        n_copies=n_copies,
        printed_on=printed_on,
    )
    ledger.append(
        ledger.Entry("content.print.recorded", "content.version", version.id, {"copies": n_copies}),
        at=at,
    )
    return run


def account_for(task_id: UUID, *, n_copies: int, note: str, at: datetime) -> ReturnTask:
    """Account for printed copies that were returned or destroyed.

    Raises
    ------
    UserError
        If more copies come back than were printed, or fewer are lost without a word.
    """
    scope = current_scope()
    scope.require("content.write")
    task = (
        ReturnTask.objects.select_for_update(of=("self",))
        .select_related("run")
        .get(id=task_id, org_id=scope.org_id)
    )
    if task.done_at:
        raise UserError("this task is done")
    if not 0 <= n_copies <= task.run.n_copies:
        raise UserError(f"between 0 and {task.run.n_copies} copies", field="n_copies")
    if n_copies < task.run.n_copies and not note.strip():
        raise UserError("say what became of the copies that are missing", field="note")
    task.n_accounted, task.note, task.by_name, task.done_at = (
        n_copies,
        note.strip(),
        acting_name(),
        at,
    )
    task.save(update_fields=["n_accounted", "note", "by_name", "done_at"])
    ledger.append(
        ledger.Entry(
            "content.print.accounted",
            "content.recall",
            task.recall_id,
            {"task": task.id, "copies": n_copies, "of": task.run.n_copies},
        ),
        at=at,
    )
    return task


def settle_recall(recall_id: UUID, *, at: datetime) -> bool:
    """Close a recall of one's own company once nothing is out and nobody owes an answer.

    Returns
    -------
    bool
        Whether it is closed now.
    """
    scope = current_scope()
    recall = Recall.objects.select_for_update().filter(id=recall_id, org_id=scope.org_id).first()
    if recall is None or recall.closed_at:
        return recall is not None
    waiting = (
        recall.acknowledgements.filter(acknowledged_at__isnull=True).exists()
        or recall.return_tasks.filter(done_at__isnull=True).exists()
    )
    versions = list(recall.versions.values_list("version_id", flat=True))
    if waiting or any(n for _, n in still_out(versions)):
        return False
    recall.closed_at = at
    recall.save(update_fields=["closed_at"])
    ledger.append(ledger.Entry("content.recall.closed", "content.recall", recall.id), at=at)
    return True


def recall_expired_claims(*, at: datetime) -> list[Recall]:
    """Recall the claims of one's company whose last day is over and that are still in use."""
    return [
        withdraw_claim(
            claim.id,
            cause=Recall.Cause.EXPIRED,
            reason=f"Its last day was {claim.expires_on}.",
            at=at,
        )
        for claim in claims_past_their_day(on=at.date())
    ]


def settle_open_recalls(*, at: datetime) -> int:
    """Close those recalls of one's company of which nothing is open; give how many."""
    return sum(settle_recall(each, at=at) for each in own_recalls_open(before=at))
