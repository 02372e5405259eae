"""Accept a deal; the second acceptance protects it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.deals.actions.opportunity import KIND, ask_gate, locked_deal
from entente.deals.domain.states import OPEN, Status, after_acceptance
from entente.deals.domain.windows import protection_window
from entente.deals.models import Deal, DealSide, Protection
from entente.deals.reads import conflict_of, other_side, own_side
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import new_id
from entente.policy.reads import Decision
from entente.policy.reads.parameters import figure


def accept_deal(deal_id: UUID, *, at: datetime) -> Deal:
    """Accept a deal for one's organisation; when both have accepted, it is protected.

    Guarded by the gate (PG-DEAL-1), asked again under the lock of the opportunity. Writes
    the acceptance, its decision, one ledger entry, and with the second acceptance the
    protection. When another deal was first, the deal stays as it is, in the queue, and
    the decision says until when.

    Raises
    ------
    UserError
        If the deal is no longer open, has been accepted already, or another protection
        ends within the same day.
    Deal.DoesNotExist
        Also when it is a deal of others.
    """
    found = locked_deal(deal_id)
    if found.status not in OPEN:
        raise UserError(f"this deal is {found.words[0].lower()} and cannot be accepted")
    side = own_side(found)
    if side.accepted_at is not None:
        raise UserError("your organisation has accepted this deal; the other party has not yet")
    decision = ask_gate(found.id, country=found.account.country, at=at)
    side.decision_id = decision.id
    if decision.outcome != Decision.Outcome.PERMIT:
        side.save(update_fields=["decision_id"])
        _record("deals.deal.acceptance_refused", found, decision, at=at)
        return found
    _accept(found, side, at=at)
    _record(f"deals.deal.{found.status}", found, decision, at=at)
    return found


def _accept(found: Deal, side: DealSide, *, at: datetime) -> None:
    agreed = {one.is_vendor: one.accepted_at is not None for one in found.sides.all()}
    agreed[side.is_vendor] = True
    status = after_acceptance(vendor=agreed.get(True, False), partner=agreed.get(False, False))
    if status == Status.PROTECTED:
        _still_free(found, at=at)
    side.accepted_at, side.accepted_by_id = at, current_scope().actor_id
    side.save(update_fields=["accepted_at", "accepted_by_id", "decision_id"])
    if status == Status.PROTECTED:
        _protect(found, at=at)
    found.status, found.status_since = status, at
    found.save(update_fields=["status", "status_since"])


def _still_free(found: Deal, *, at: datetime) -> None:
    # The rule counts days, the constraint instants: on its last day an earlier protection
    # may still run for some hours.
    conflict = conflict_of(
        found.account_key, (), found.solution_id, found.site_key, at=at, itself=found.id
    )
    if conflict.status == "taken":
        raise UserError(
            f"this opportunity is protected until {conflict.until:%Y-%m-%d %H:%M} UTC; accept then"
        )


def _protect(found: Deal, *, at: datetime) -> None:
    n_days, _ = figure("platform/money", "protection_days", at.date())
    starts_at, ends_at = protection_window(at, n_days)
    Protection.objects.create(
        id=new_id(),
        org_id=current_scope().org_id,
        deal=found,
        account_key=found.account_key,
        solution_id=found.solution_id,
        site_key=found.site_key,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _record(verb: str, found: Deal, decision: Decision, *, at: datetime) -> None:
    other = other_side(found)
    ledger.append(
        ledger.Entry(
            verb=verb,
            kind=KIND,
            object_id=found.id,
            details={"status": found.status, "rules": decision.rule_ids},
            counterparty=other.org_id if other else None,
            decision=decision.id,
        ),
        at=at,
    )
