"""Take up what people ask about their own data, step by step, until it is answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from entente.consent.actions.checks import check_not_later
from entente.consent.actions.erasure import erase
from entente.consent.actions.withdraw import suppress
from entente.consent.domain.request_clock import OPEN, due_on
from entente.consent.models import SubjectRequest, SubjectRequestStep
from entente.directory import reads as directory
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

Kind, Status = SubjectRequest.Kind, SubjectRequest.Status
BY_LINK = "preference_page"


def receive_request(
    hcp_id: UUID,
    *,
    kind: str,
    source: str,
    at: datetime,
    words: str = "",
    received_at: datetime | None = None,
) -> SubjectRequest:
    """Take a request of a person about his own data and start its clock.

    An objection stops everything at once, before anybody has looked at it. Asking for the
    same again while it is open gives the request there is. Writes the request, its first step
    and one ledger entry.

    Parameters
    ----------
    kind : str
        "access", "rectification", "erasure" or "objection".
    source : str
        How it came: ``"letter"``, ``"preference_page"``.
    received_at : datetime, optional
        When it came, if earlier than ``at``; the clock starts there.

    Raises
    ------
    UserError
        If the kind is unknown or the moment has not come yet.
    """
    scope = current_scope()
    scope.require("subject.write")
    person = directory.hcp(hcp_id)
    if kind not in Kind.values:
        raise UserError(f"Choose one of {', '.join(Kind.values)}.", field="kind")
    moment = received_at or at
    check_not_later(moment, at, "received_at")
    lock(f"consent.request:{hcp_id}")
    there = SubjectRequest.objects.filter(hcp_id=hcp_id, kind=kind, status__in=OPEN).first()
    if there is not None:
        return there
    made = SubjectRequest.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        hcp_id=person.id,
        kind=kind,
        source=source,
        words=words.strip()[:2000],
        received_at=moment,
        due_on=due_on(moment.astimezone(UTC).date()),
    )
    if kind == Kind.OBJECTION:
        suppress(hcp_id, "objected to the use of his data", at, source=source)
    _step(made, "received", at, note=made.words)
    return made


def verify_request(request_id: UUID, *, how: str, at: datetime, evidence: str = "") -> None:
    """Note how it was checked that the request comes from the person himself.

    Writes the state, a step and one ledger entry.

    Raises
    ------
    UserError
        If the request is not new, or nothing says how.
    """
    found = _taken(request_id, Status.RECEIVED)
    if not how.strip():
        raise UserError("Say how the identity was checked.", field="how")
    found.verified_how = how.strip()[:300]
    _move(found, Status.VERIFIED, at, note=found.verified_how, evidence=evidence)


def start_request(request_id: UUID, *, at: datetime) -> None:
    """Note that somebody works on the request; writes the state, a step, one ledger entry."""
    _move(_taken(request_id, Status.VERIFIED), Status.IN_PROGRESS, at)


def extend_request(request_id: UUID, *, reason: str, at: datetime) -> None:
    """Give the request two months more, once, while its first month runs.

    Writes the new last day, a step and one ledger entry.

    Raises
    ------
    UserError
        If it was extended before, the month is over, or no reason is given.

    Notes
    -----
    Source: GDPR article 12(3); the person is told of it and of the reason within the month.
    """
    found = _taken(request_id, *OPEN)
    if not reason.strip():
        raise UserError("Say why the answer takes longer; the person reads it.", field="reason")
    if found.extended_because:
        raise UserError("This request was extended before; it can be done once.")
    if at.date() > found.due_on:
        raise UserError("The month is over; answer now.")
    found.extended_because = reason.strip()[:300]
    found.due_on = due_on(found.received_at.astimezone(UTC).date(), extended=True)
    found.save(update_fields=["extended_because", "due_on"])
    _step(found, "extended", at, note=found.extended_because)


def answer_request(
    request_id: UUID, *, answer: str, at: datetime, evidence: str = ""
) -> SubjectRequest:
    """Answer a request whose identity was checked; an erasure is carried out with it.

    Writes the answer, a step and one ledger entry; an erasure also writes what
    ``erasure.erase`` writes, and the request keeps what was erased, what was kept and why.

    Raises
    ------
    UserError
        If the identity was not checked or the answer is empty.
    """
    found = _taken(request_id, Status.VERIFIED, Status.IN_PROGRESS)
    if not answer.strip():
        raise UserError("Write what the person was told.", field="answer")
    if found.kind == Kind.ERASURE:
        found.outcome = erase(found.hcp_id, at=at)
    _close(found, Status.ANSWERED, answer, at, evidence=evidence)
    return found


def refuse_request(request_id: UUID, *, reason: str, at: datetime) -> None:
    """Refuse a request and say why; writes the state, a step and one ledger entry."""
    found = _taken(request_id, *OPEN)
    if not reason.strip():
        raise UserError("Say why; the person reads it.", field="reason")
    _close(found, Status.REFUSED, reason, at)


def withdraw_request(request_id: UUID, *, reason: str, at: datetime) -> None:
    """Note that the person took the request back; writes the state, a step, one ledger entry."""
    found = _taken(request_id, *OPEN)
    _close(found, Status.WITHDRAWN, reason or "taken back by the person", at)


def _taken(request_id: UUID, *states: str) -> SubjectRequest:
    current_scope().require("subject.write")
    found = SubjectRequest.objects.select_for_update().get(id=request_id)
    if found.status not in states:
        raise UserError(f"The request is {found.get_status_display().lower()}; this comes too late "
                        "or too early.")  # fmt: skip
    return found


def _move(found: SubjectRequest, status: str, at: datetime, **step: str) -> None:
    found.status = status
    found.save()
    _step(found, status, at, **step)


def _close(
    found: SubjectRequest, status: str, words: str, at: datetime, *, evidence: str = ""
) -> None:
    found.closed_at, found.closed_because = at, words.strip()[:2000]
    # What the person is told stands on the request; a step that repeats it would outlive it.
    _move(found, status, at, evidence=evidence)


def _step(
    found: SubjectRequest, did: str, at: datetime, *, note: str = "", evidence: str = ""
) -> None:
    scope = current_scope()
    SubjectRequestStep.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        request=found,
        did=did,
        note=note[:2000],
        evidence=evidence.strip()[:300],
        at=at,
        actor_id=scope.actor_id,
    )
    details: dict[str, Any] = {"hcp": found.hcp_id, "kind": found.kind, "due_on": found.due_on}
    if found.outcome:
        details["outcome"] = found.outcome
    # No personal values: after an erasure they would make the person a new key.
    ledger.append(
        ledger.Entry(f"consent.request.{did}", "consent.request", found.id, details), at=at
    )
