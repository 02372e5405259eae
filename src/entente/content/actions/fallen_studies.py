"""A study is superseded or its result retracted: flag what rests on it, and look at it again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.content.actions.claims import Source, put_reference
from entente.content.actions.studies import own_study, tell
from entente.content.actions.who import acting_name
from entente.content.domain.studies import FALLEN, STUDY_MOVES, StudyState
from entente.content.models import ClaimRecheck, Reference, ReferenceCheck, Study
from entente.content.reads.studies import Held, claims_on_fallen_studies, held_of, resting
from entente.foundation import ledger, outbox
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage

FLAGGED = "content.claims.flagged"


def supersede_study(study_id: UUID, by_study_id: UUID, *, reason: str, at: datetime) -> int:
    """Say that a newer study takes a study's place, and flag every claim that rests on it.

    Writes the study's state, a recheck per reference, ledger entries, and the event
    ``content.study.superseded``.

    Returns
    -------
    int
        How many claims of one's own have to be looked at again. A partner's are flagged by
        its own job; until then its checks refuse them all the same.

    Raises
    ------
    UserError
        If there is no reason, the newer study is the same one, is not read here or does not
        stand itself, or the study has fallen already.
    """
    study = own_study(study_id)
    _refuse_fall(study, StudyState.SUPERSEDED, reason)
    newer = Study.objects.filter(id=by_study_id).exclude(id=study.id).first()
    if newer is None or newer.status in FALLEN:
        raise UserError("choose another study that stands itself", field="by_study")
    study.status, study.superseded_by = StudyState.SUPERSEDED.value, newer
    study.superseded_at, study.superseded_because = at, reason.strip()
    study.save(update_fields=["status", "superseded_by", "superseded_at", "superseded_because"])
    return _fallen(study, {"by": newer.id}, at)


def retract_study(study_id: UUID, *, reason: str, at: datetime) -> int:
    """Say that a study's result does not hold, and flag every claim that rests on it.

    Returns
    -------
    int
        How many claims of one's own have to be looked at again.

    Raises
    ------
    UserError
        If there is no reason, or the study has no result to retract.
    """
    study = own_study(study_id)
    _refuse_fall(study, StudyState.RETRACTED, reason)
    study.status = StudyState.RETRACTED.value
    study.retracted_at, study.retracted_because = at, reason.strip()
    study.save(update_fields=["status", "retracted_at", "retracted_because"])
    return _fallen(study, {}, at)


def _refuse_fall(study: Study, state: StudyState, reason: str) -> None:
    if not reason.strip():
        raise UserError("say why, so that whoever rests on it can act on it", field="reason")
    if state not in STUDY_MOVES[study.status]:
        raise UserError(f"a study that is {study.status} does not become {state}")


def _fallen(study: Study, details: dict[str, object], at: datetime) -> int:
    verb = f"content.study.{study.status}"
    tell(study, verb, details, at)
    outbox.post(
        OutboxMessage.Kind.EVENT, verb, object_kind="content.study", object_id=study.id, at=at
    )
    return flag_fallen_studies(at=at)


def flag_fallen_studies(*, at: datetime) -> int:
    """Flag the organisation's claims of which a reference rests on a fallen study.

    Done when a study falls, and daily for studies of a partner. What was flagged for a state
    is not flagged again. Writes a recheck per reference, and one ledger entry if there is any.
    """
    scope = current_scope()
    scope.require("content.write")
    waiting = [
        each for _, found in claims_on_fallen_studies(org_id=scope.org_id) for each in found.waiting
    ]
    done = set(
        ClaimRecheck.objects.filter(reference__in=[each.reference.id for each in waiting])
        .values_list("reference_id", "reason")
    )  # fmt: skip
    made = ClaimRecheck.objects.bulk_create(
        ClaimRecheck(
            org_id=scope.org_id,
            claim_id=each.reference.claim_id,
            reference=each.reference,
            study=each.reference.study,
            reason=each.state,
            flagged_at=at,
        )
        for each in waiting
        if (each.reference.id, each.state) not in done
    )
    claims = sorted({str(each.claim_id) for each in made})
    if claims:
        study_id = made[0].study_id
        ledger.append(ledger.Entry(FLAGGED, "content.study", study_id, {"claims": claims}), at=at)
    return len(claims)


def confirm_reference(reference_id: UUID, *, reason: str, at: datetime) -> ReferenceCheck:
    """Say that a claim may go on although a study that one of its references rests on fell.

    A superseded result may still carry the claim. A retracted one carries nothing: that is
    confirmed only where another reference carries the claim.

    Raises
    ------
    UserError
        If there is no reason, nothing to confirm, or nothing else that carries the claim.
    Reference.DoesNotExist
    """
    held = _waiting(reference_id, reason)
    claim_id = held.reference.claim_id
    if held.state == StudyState.RETRACTED and not resting([claim_id])[claim_id].has_support:
        raise UserError(
            "a retracted result carries nothing: name another reference, or withdraw the claim"
        )
    return _checked(held, None, reason, at)


def replace_reference(
    reference_id: UUID, new: Source, *, reason: str, at: datetime
) -> ReferenceCheck:
    """Let a reference to a newer study take the place of one whose study fell.

    The old one stays on record. Writes the new reference, the check, and their ledger entries.

    Raises
    ------
    UserError
        If there is no reason, nothing to replace, or the newer study has no result that stands.
    Reference.DoesNotExist
    """
    held = _waiting(reference_id, reason)
    if new.study_id is None:
        raise UserError("choose the study whose result takes its place", field="study_id")
    made = put_reference(held.reference.claim_id, new, at=at)
    return _checked(held, made, reason, at)


def _waiting(reference_id: UUID, reason: str) -> Held:
    """Give a reference that a reviewer may look at; as with labels, its author may not."""
    scope = current_scope()
    scope.require("content.review")
    lock(f"content.reference:{reference_id}")
    reference = Reference.objects.get(id=reference_id, org_id=scope.org_id)
    held = next(h for h in held_of(reference.claim_id) if h.reference.id == reference.id)
    if not reason.strip():
        raise UserError("say why the claim stands", field="reason")
    if held.check is not None and held.check.replaced_by_id:
        raise UserError("another reference has taken the place of this one")
    if not held.support.waits:
        raise UserError("nobody has to look at this reference again")
    return held


def _checked(held: Held, made: Reference | None, reason: str, at: datetime) -> ReferenceCheck:
    reference = held.reference
    check = ReferenceCheck.objects.create(
        org_id=reference.org_id,
        claim_id=reference.claim_id,
        reference=reference,
        state=held.state,
        replaced_by=made,
        reason=reason.strip(),
        by_name=acting_name(),
        checked_at=at,
    )
    ledger.append(
        ledger.Entry(
            "content.reference.replaced" if made else "content.reference.confirmed",
            "content.claim",
            reference.claim_id,
            {"reference": reference.id, "study": reference.study_id, "state": held.state,
             "by": made.id if made else None},
        ),
        at=at,
    )  # fmt: skip
    return check
