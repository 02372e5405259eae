"""Register a deal: what is wanted, where, for how much; the gate answers at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from entente.deals.actions.opportunity import KIND, ask_gate, lock_opportunity
from entente.deals.domain.accounts import account_key, folded
from entente.deals.domain.criteria import missing_criteria
from entente.deals.domain.states import Status, after_acceptance
from entente.deals.models import Deal, DealBuyer, DealSide
from entente.directory import reads as directory
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import MoneyError, exponent
from entente.foundation.errors import UserError
from entente.foundation.models import Organisation, new_id
from entente.policy.reads import Decision

if TYPE_CHECKING:
    from entente.directory.models import Hco


@dataclass(frozen=True)
class Registration:
    """The eight things a registration says, and whether its terms are accepted with it.

    ``partner_id`` is given by the host only; a partner registers with the host.
    """

    account_id: UUID
    solution_id: UUID
    kind: str
    confirmed: tuple[str, ...]
    value_minor: int
    currency: str
    buyer: str
    site: str = ""
    partner_id: UUID | None = None
    accept: bool = False


def register_deal(asked: Registration, *, at: datetime) -> Deal:
    """Register a deal with the other party, or keep the gate's refusal with its reasons.

    Writes the deal, its sides and its buyer, one decision, and one ledger entry for the deal
    and one for its buyer. Guarded by the gate (PG-DEAL-1), asked under the lock of the
    opportunity.

    Returns
    -------
    Deal
        ``submitted``, accepted by one party if it accepts with the registration, or
        ``refused``; a refused deal never reaches the other party.

    Raises
    ------
    UserError
        If something asked for does not exist or contradicts itself.
    """
    scope = current_scope()
    scope.require("deal.write")
    _checked(asked)
    account = _account(asked.account_id, at)
    us, other = _parties(asked.partner_id)
    made = Deal(
        id=new_id(),
        org_id=scope.org_id,
        account=account,
        account_key=account_key(str(account.id), account.parent_name),
        solution_id=asked.solution_id,
        site=asked.site.strip(),
        site_key=folded(asked.site),
        kind=asked.kind,
        confirmed=sorted(asked.confirmed),
        is_qualified=not _missing(asked),
        value_minor=asked.value_minor,
        currency=asked.currency,
        registered_at=at,
        registered_by_id=scope.actor_id,
        status_since=at,
    )
    lock_opportunity(made.account_key, made.solution_id)
    made.save(force_insert=True)
    buyer = DealBuyer.objects.create(
        id=new_id(), org_id=scope.org_id, deal=made, name=asked.buyer.strip()
    )
    decision = ask_gate(made.id, country=account.country, at=at)
    _keep(made, us, other, decision, accept=asked.accept, at=at)
    _record(made, buyer, decision, other, at=at)
    return made


def _missing(asked: Registration) -> tuple[str, ...]:
    try:
        return missing_criteria(asked.kind, asked.confirmed)
    except ValueError as trouble:
        raise UserError(str(trouble), field="confirmed") from None


def _checked(asked: Registration) -> None:
    try:
        exponent(asked.currency)
    except MoneyError as trouble:
        raise UserError(str(trouble), field="value") from None
    if asked.value_minor <= 0:
        raise UserError("give the deal's estimated value, more than zero", field="value")
    if not asked.buyer.strip():
        raise UserError("name the person who buys", field="buyer")
    if not folded(asked.site) and asked.site.strip():
        raise UserError("name the site in words, or leave it empty", field="site")
    try:
        directory.product(asked.solution_id)
    except ObjectDoesNotExist:
        raise UserError(
            "there is no such solution; choose one of the list", field="solution"
        ) from None


def _account(account_id: UUID, at: datetime) -> Hco:
    """Give the record that stands for the account: two joined records are one opportunity."""
    try:
        return directory.hco(directory.hco_survivor_of(account_id, at))
    except ObjectDoesNotExist:
        raise UserError("there is no such account; search for it first", field="account") from None


def _parties(partner_id: UUID | None) -> tuple[Organisation, Organisation]:
    scope = current_scope()
    known = {one.id: one for one in directory.organisations_visible()}
    us = known[scope.org_id]
    if not us.is_host:
        if partner_id not in (None, us.id):
            raise UserError("a partner registers its own deals only", field="partner")
        return us, next(one for one in known.values() if one.is_host)
    other = known.get(partner_id) if partner_id else None
    if other is None or other.id == us.id:
        raise UserError("choose the partner with whom the deal is made", field="partner")
    return us, other


def _keep(
    made: Deal,
    us: Organisation,
    other: Organisation,
    decision: Decision,
    *,
    accept: bool,
    at: datetime,
) -> None:
    refused = decision.outcome == Decision.Outcome.FORBID
    accepts = accept and decision.outcome == Decision.Outcome.PERMIT
    sides = [
        DealSide(
            id=new_id(),
            org_id=us.id,
            deal=made,
            name=us.name,
            is_vendor=us.is_host,
            accepted_at=at if accepts else None,
            accepted_by_id=current_scope().actor_id if accepts else None,
            decision_id=decision.id,
        )
    ]
    if not refused:
        sides.append(
            DealSide(
                id=new_id(), org_id=other.id, deal=made, name=other.name, is_vendor=other.is_host
            )
        )
    DealSide.objects.bulk_create(sides)
    status = after_acceptance(vendor=accepts and us.is_host, partner=accepts and not us.is_host)
    made.status = Status.REFUSED if refused else status
    if made.status != Status.SUBMITTED:
        made.save(update_fields=["status"])


def _record(
    made: Deal, buyer: DealBuyer, decision: Decision, other: Organisation, *, at: datetime
) -> None:
    refused = made.status == Status.REFUSED
    entry = ledger.Entry(
        verb="deals.deal.refused" if refused else "deals.deal.registered",
        kind=KIND,
        object_id=made.id,
        details={
            "account": made.account_id,
            "solution": made.solution_id,
            "kind": made.kind,
            "value_minor": made.value_minor,
            "currency": made.currency,
            "status": made.status,
            "rules": decision.rule_ids,
        },
        counterparty=None if refused else other.id,
        decision=decision.id,
    )
    # The other party reads the deal's entry and not who buys, hence a second one.
    named = ledger.Entry(
        verb="deals.buyer.named",
        kind="deals.buyer",
        object_id=buyer.id,
        details={"deal": made.id},
        personal={buyer.id: {"name": buyer.name}},
    )
    ledger.append_many([entry, named], at=at)
