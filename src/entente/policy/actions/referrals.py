"""Referrals: what the gate leaves to a person, answered with a signature before its clock ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from entente.foundation import ledger, outbox, signatures
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.domain.canonical import canonical, sha256_hex
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage, Signature, User, new_id
from entente.foundation.organisations import acting_user
from entente.policy.actions.packs_in_force import of_set
from entente.policy.domain.roles import may_act_for
from entente.policy.models import Decision, Referral, Waiver

ANSWER_WITHIN = timedelta(days=3)
# An approval is meant for this act, soon; the gate is asked anew after that.
APPROVAL_LASTS = timedelta(days=30)
SETTLED = "policy.referral.settled"


def open_referrals(
    wanted: Mapping[tuple[Decision, datetime], Mapping[str, Sequence[str]]],
) -> None:
    """Put decisions into the queues of the roles that have to look; one statement.

    Only what somebody can act on is referred: a decision about an object.
    """
    Referral.objects.bulk_create(
        [
            Referral(
                id=new_id(),
                org_id=decision.org_id,
                decision=decision,
                role=role,
                rule_ids=list(rule_ids),
                object_kind=decision.object_kind,
                object_id=decision.object_id,
                opened_at=asked_at,
                due_at=asked_at + ANSWER_WITHIN,
            )
            for (decision, asked_at), roles in wanted.items()
            if decision.object_id is not None
            for role, rule_ids in roles.items()
        ],
        batch_size=2_000,
    )


def answer_referral(
    referral_id: UUID, *, approve: bool, reason: str, password: str, at: datetime
) -> Referral:
    """Answer a referral with a signature; whoever asked for the act does not answer it.

    Approval sets the rules that referred aside for this object only, for 30 days. Writes the
    signature, the answer, the waivers, one ledger entry and, when the last role has answered
    or one has declined, the event ``policy.referral.settled``.

    Raises
    ------
    UserError
        If it is answered already, or there is no reason.
    OutOfScope
        If it is another role's, or one's own act.
    NotSigned
        If the password is wrong.
    """
    scope = current_scope()
    scope.require("referral.answer")
    lock(f"policy.referral:{referral_id}")
    referral = Referral.objects.select_related("decision").get(id=referral_id)
    if not may_act_for(referral.role, scope.roles):
        raise OutOfScope(f"this waits for {referral.role}")
    _refuse_own(referral, scope.person_key)
    if referral.answer:
        raise UserError("this is answered already")
    if not reason.strip():
        raise UserError("say why, for whoever asked and whoever audits", field="reason")
    who = acting_user()
    content = {"decision": referral.decision_id, "rules": referral.rule_ids, "approve": approve,
               "reason": reason.strip()}  # fmt: skip
    signature = signatures.sign(
        password=password,
        meaning="approves the act" if approve else "declines the act",
        object_kind="policy.referral",
        object_id=referral.id,
        content_hash=sha256_hex(canonical(content)),
        at=at,
    )
    referral.answer = Referral.Answer.APPROVED if approve else Referral.Answer.DECLINED
    referral.reason, referral.answered_at = reason.strip(), at
    referral.answered_by_name, referral.signature = who.name, signature
    referral.save()
    if approve:
        _set_aside(referral, who, signature, at)
    ledger.append(
        ledger.Entry(
            f"policy.referral.{referral.answer}",
            "policy.referral",
            referral.id,
            {"role": referral.role, "rules": referral.rule_ids, "signature": signature.id},
            decision=referral.decision_id,
        ),
        at=at,
    )
    _settle(referral, at)
    return referral


def _refuse_own(referral: Referral, person_key: str) -> None:
    asker = referral.decision.actor_id
    asked_by = User.objects.filter(id=asker).first() if asker else None
    if asked_by is not None and person_key and asked_by.person_key == person_key:
        raise OutOfScope("you asked for this act, so somebody else has to answer")


def _set_aside(referral: Referral, who: User, signature: Signature, at: datetime) -> None:
    compiled = of_set(referral.decision.pack_set_id)
    Waiver.objects.bulk_create(
        Waiver(
            id=new_id(),
            org_id=referral.org_id,
            rule_id=rule_id,
            role=referral.role,
            reason=referral.reason,
            object_id=referral.object_id,
            valid_from=at,
            valid_until=at + APPROVAL_LASTS,
            granted_by_id=who.id,
            granted_by_name=who.name,
            referral=referral,
            signature=signature,
            # Whoever approves for want of a fact does not approve what the fact may then say.
            only_undecided=compiled.rule(rule_id).severity != "approve",
        )
        for rule_id in referral.rule_ids
    )


def _settle(referral: Referral, at: datetime) -> None:
    open_ones = Referral.objects.filter(decision_id=referral.decision_id, answer="")
    if referral.answer == Referral.Answer.DECLINED:
        open_ones.update(answer=Referral.Answer.MOOT, answered_at=at)
    elif open_ones.exists():
        return
    assert referral.object_id is not None
    outbox.post(
        OutboxMessage.Kind.EVENT,
        SETTLED,
        object_kind=referral.object_kind,
        object_id=referral.object_id,
        at=at,
    )
