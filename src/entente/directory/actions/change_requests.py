"""Ask for a change of a record, prove it, withdraw it; a steward decides it line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from entente.directory.actions.corrections import correct_hcp
from entente.directory.domain.change_requests import (
    LARGEST_FILE,
    MOST_FILES,
    STATUSES,
    changed_values,
    fault_of,
    kind_of_file,
    status_of,
)
from entente.directory.models import ChangeEvidence, ChangeLine, ChangeRequest, Hcp
from entente.directory.reads.change_requests import change, changes
from entente.directory.reads.identity import survivor_of
from entente.foundation import ledger
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

ASK, DECIDE = "change.request", "change.decide"


@dataclass(frozen=True)
class Verdict:
    """What a steward says to one line; a rejection says why."""

    accept: bool
    answer: str = ""


def draft_change(
    hcp_id: UUID, values: Mapping[str, str], *, reason: str, at: datetime
) -> ChangeRequest:
    """Write down what should be changed in a record; nobody decides before it is submitted.

    Writes the request, a line for each field that differs from the record, and one ledger entry.

    Raises
    ------
    UserError
        If nothing differs, a value cannot be right, there is no reason, or the record is
        another organisation's.
    """
    scope = current_scope()
    scope.require(ASK)
    if scope.actor_id is None:
        raise OutOfScope("a change is asked for by a person, not by a job")
    person = Hcp.objects.get(id=hcp_id)
    if person.org_id != scope.org_id:
        raise UserError("Another organisation keeps this record; ask it for the change.")
    wanted = changed_values({name: getattr(person, name, "") for name in values}, values)
    for name, value in wanted.items():
        if fault := fault_of(name, value):
            raise UserError(fault, field=name)
    if not wanted:
        raise UserError("Nothing differs from the record; change at least one field.")
    if not reason.strip():
        raise UserError("Say how you know; whoever decides needs it.", field="reason")
    made = ChangeRequest.objects.create(
        id=new_id(), org_id=scope.org_id, hcp=person, reason=reason.strip(),
        asked_by_id=scope.actor_id, asked_at=at,
    )  # fmt: skip
    ChangeLine.objects.bulk_create(
        ChangeLine(
            id=new_id(), org_id=scope.org_id, request=made, field=name,
            old_value=getattr(person, name), new_value=value,
        )
        for name, value in wanted.items()
    )  # fmt: skip
    _record("drafted", made, at, {"fields": sorted(wanted)}, {person.id: wanted})
    return made


def add_evidence(request_id: UUID, *, name: str, content: bytes, at: datetime) -> ChangeEvidence:
    """Add a file that proves a change: PDF, PNG or JPEG, at most 10 MB, at most three.

    Writes the file and one ledger entry; the same file again is the one that is there.

    Raises
    ------
    UserError
        If the request is decided, or the file is too large, of another type or one too many.
    OutOfScope
        If somebody else asked for the change.
    """
    found = _own(request_id)
    if found.status not in ("draft", "submitted"):
        raise _closed(found)
    kind = kind_of_file(content)
    if not kind:
        raise UserError("This is no PDF, PNG or JPEG.", field="evidence")
    if len(content) > LARGEST_FILE:
        raise UserError("A file may have 10 MB at most.", field="evidence")
    digest = hashlib.sha256(content).hexdigest()
    held = ChangeEvidence.objects.filter(request=found).defer("content")
    if same := held.filter(sha256=digest).first():
        return same
    if held.count() >= MOST_FILES:
        raise UserError(f"At most {MOST_FILES} files prove one request.", field="evidence")
    shown = "".join(letter for letter in name.rsplit("/", 1)[-1] if letter.isprintable())
    made = ChangeEvidence.objects.create(
        id=new_id(), org_id=found.org_id, request=found, name=shown[-200:] or "evidence",
        content_type=kind, n_bytes=len(content), sha256=digest, content=content, added_at=at,
    )  # fmt: skip
    _record("proven", found, at, {"sha256": digest, "bytes": len(content), "type": kind})
    return made


def read_evidence(request_id: UUID, evidence_id: UUID, *, at: datetime) -> ChangeEvidence:
    """Give a file that proves a change; who looked at it is kept in the ledger."""
    current_scope().require(ASK)
    found = change(request_id)
    file = ChangeEvidence.objects.get(request=found, id=evidence_id)
    _record("proof_read", found, at, {"sha256": file.sha256})
    return file


def submit_change(request_id: UUID, *, at: datetime) -> ChangeRequest:
    """Hand a draft to the stewards; writes the status and one ledger entry.

    Raises
    ------
    UserError
        If it is no draft any more.
    OutOfScope
        If somebody else asked for the change.
    """
    found = _own(request_id)
    if found.status != "draft":
        raise _closed(found)
    found.status, found.submitted_at = "submitted", at
    found.save(update_fields=["status", "submitted_at"])
    _record("submitted", found, at)
    return found


def withdraw_change(request_id: UUID, *, at: datetime) -> ChangeRequest:
    """Withdraw one's own request before anything of it is decided; that is final.

    Raises
    ------
    UserError
        If it is decided, in part or as a whole, or withdrawn already.
    OutOfScope
        If somebody else asked for the change.
    """
    found = _own(request_id)
    if found.status not in ("draft", "submitted"):
        raise _closed(found)
    if found.lines.exclude(verdict="open").exists():
        raise UserError("A line is decided already; the others are decided too.")
    found.status, found.closed_at = "withdrawn", at
    found.save(update_fields=["status", "closed_at"])
    _record("withdrawn", found, at)
    return found


def decide_change(
    request_id: UUID, verdicts: Mapping[str, Verdict], *, at: datetime, stale_known: bool = False
) -> ChangeRequest:
    """Accept or reject lines of a request; what is accepted holds at once as verified.

    Writes the verdicts, the record with what was accepted, the status once every line is
    decided, and one ledger entry. A record that was joined to another since passes what was
    accepted on to the one that stands for the person. Nobody decides about his own request.

    Parameters
    ----------
    verdicts : mapping of str to Verdict
        By field; lines that are left out stay open.
    stale_known : bool
        Said by a steward who has seen that the record was changed since it was asked for.

    Raises
    ------
    UserError
        If a line is decided already or does not exist, is rejected without a reason, or the
        record was changed since.
    OutOfScope
        If the one who decides asked for the change.
    """
    scope = current_scope()
    scope.require(DECIDE)
    # Merges take this lock too: who stands for the person stays so until the end.
    lock("directory:identity", f"directory.change:{request_id}")
    found = changes().select_related("asked_by").get(id=request_id)
    if found.status != "submitted":
        raise _closed(found)
    own = scope.actor_id == found.asked_by_id
    if own or (scope.person_key and scope.person_key == found.asked_by.person_key):
        raise OutOfScope("you asked for this change, so somebody else has to decide about it")
    lines = {line.field: line for line in found.lines.all()}
    _check(lines, verdicts)
    person = Hcp.objects.select_for_update().get(id=survivor_of(found.hcp_id, at))
    accepted = {name: lines[name] for name, verdict in verdicts.items() if verdict.accept}
    _not_stale(person, accepted, stale_known)
    _decide_lines(lines, verdicts, at)
    if accepted:
        correct_hcp(person, accepted, on=at.date())
    found.status = status_of([line.verdict for line in lines.values()])
    found.closed_at = None if found.status == "submitted" else at
    found.save(update_fields=["status", "closed_at"])
    details = {
        "status": found.status, "record": person.id, "accepted": sorted(accepted),
        "rejected": sorted(set(verdicts) - set(accepted)),
    }  # fmt: skip
    values = {name: line.new_value for name, line in accepted.items()}
    _record("decided", found, at, details, {person.id: values} if values else {})
    return found


def _check(lines: Mapping[str, ChangeLine], verdicts: Mapping[str, Verdict]) -> None:
    if not verdicts:
        raise UserError("Accept or reject at least one line.")
    for name, verdict in verdicts.items():
        line = lines.get(name)
        if line is None:
            raise UserError(f"This request has no line {name}.", field=name)
        if line.verdict != "open":
            raise UserError(f"{name} is {line.verdict} already.", field=name)
        if not verdict.accept and not verdict.answer.strip():
            raise UserError("Say why not, so that whoever asked knows.", field=name)


def _not_stale(person: Hcp, accepted: Mapping[str, ChangeLine], stale_known: bool) -> None:
    for name, line in accepted.items():
        now = getattr(person, name)
        if now not in (line.old_value, line.new_value) and not stale_known:
            raise UserError(
                f"The record was changed since this was asked: it says {now!r} now, and said"
                f" {line.old_value!r} then. Confirm that you have seen this.",
                field=name,
            )


def _decide_lines(
    lines: Mapping[str, ChangeLine], verdicts: Mapping[str, Verdict], at: datetime
) -> None:
    actor = current_scope().actor_id
    for name, verdict in verdicts.items():
        line = lines[name]
        line.verdict = "accepted" if verdict.accept else "rejected"
        line.answer, line.decided_at = verdict.answer.strip()[:500], at
        line.decided_by_id = actor
    ChangeLine.objects.bulk_update(
        [lines[name] for name in verdicts], ["verdict", "answer", "decided_at", "decided_by"]
    )


def _own(request_id: UUID) -> ChangeRequest:
    scope = current_scope()
    scope.require(ASK)
    lock(f"directory.change:{request_id}")
    found = change(request_id)
    if found.asked_by_id != scope.actor_id:
        raise OutOfScope("a colleague asked for this change")
    return found


def _closed(found: ChangeRequest) -> UserError:
    return UserError(f"This request cannot be changed any more: {STATUSES[found.status].lower()}.")


def _record(
    verb: str,
    found: ChangeRequest,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    personal: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> None:
    told = {"hcp": found.hcp_id, **(details or {})}
    ledger.append(
        ledger.Entry(
            f"directory.change.{verb}", "directory.change_request", found.id, told,
            personal=personal or {},
        ),
        at=at,
    )  # fmt: skip
