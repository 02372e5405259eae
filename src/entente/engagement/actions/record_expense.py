"""Record a meal: what it cost, who was there, and what the gate says of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from entente.engagement.domain.sender import sender_role
from entente.engagement.domain.shares import share_minor
from entente.engagement.models import Expense, ExpenseShare
from entente.foundation import ledger, outbox
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import MoneyError, exponent
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage, new_id
from entente.policy.actions import Asked, decide_many
from entente.policy.reads import Decision

EVENT = "engagement.expense.recorded"
STANDING = {
    Decision.Outcome.PERMIT: Expense.Standing.CLEARED,
    Decision.Outcome.REFER: Expense.Standing.REFERRED,
    Decision.Outcome.FORBID: Expense.Standing.BREACH,
}
AT_WORK = (Expense.Setting.OFFICE, Expense.Setting.HOSPITAL)
WORST = [Decision.Outcome.PERMIT, Decision.Outcome.REFER, Decision.Outcome.FORBID]


@dataclass(frozen=True)
class Meal:
    """A meal as the person who paid it reports it.

    ``parts_minor`` holds each HCP's part where it was divided exactly; without it everybody's
    part is the total by the heads, rounded. ``told`` is what is known of the event it belongs to.
    """

    hcp_ids: tuple[UUID, ...]
    payer_id: UUID
    kind: str
    setting: str
    spent_on: date
    country: str
    currency: str
    total_minor: int
    headcount: int
    with_discussion: bool
    takeaway: bool = False
    guests: int = 0
    product_id: UUID | None = None
    campaign_id: UUID | None = None
    parts_minor: tuple[int, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)

    def parts(self) -> tuple[int, ...]:
        """Give each HCP's part in minor units, in the order of ``hcp_ids``."""
        each = share_minor(self.total_minor, self.headcount)
        return self.parts_minor or (each,) * len(self.hcp_ids)


def _checked(meal: Meal, at: datetime) -> None:
    try:
        exponent(meal.currency)
    except MoneyError as trouble:
        raise UserError(str(trouble), field="currency") from None
    if meal.total_minor <= 0:
        raise UserError("give what the meal cost, more than zero", field="total")
    if not meal.hcp_ids:
        raise UserError("name at least one HCP who partook", field="hcps")
    if len(set(meal.hcp_ids)) != len(meal.hcp_ids):
        raise UserError("an HCP is named twice", field="hcps")
    if meal.headcount < len(meal.hcp_ids) + meal.guests:
        raise UserError(
            "the headcount is everybody who partook: HCPs, guests and your own people",
            field="headcount",
        )
    if meal.spent_on > at.date():
        raise UserError("a meal is recorded after it took place", field="spent_on")


def _act(meal: Meal, hcp_id: UUID, expense_id: UUID, role: str, each_minor: int) -> Act:
    return Act(
        type="meal",
        at=datetime.combine(meal.spent_on, time(12), UTC),
        recipient_id=hcp_id,
        channel="in_person",
        purpose="promotion",
        campaign_id=meal.campaign_id,
        object_id=expense_id,
        country=meal.country,
        given={
            "action.sender_role": role,
            "action.promotional": True,
            "action.amount_minor": each_minor,
            "action.currency": meal.currency,
            "meal.kind": meal.kind,
            "meal.cost_per_head_minor": each_minor,
            "meal.headcount_all": meal.headcount,
            "meal.takeaway": meal.takeaway,
            "meal.with_discussion": meal.with_discussion,
            "event.venue_setting": meal.setting,
            "event.guests": meal.guests,
            "event.is_cme": False,
            "event.entertainment": False,
            "event.country": meal.country,
            # A practice or hospital is as modest as it is; of a restaurant nobody was asked.
            "event.venue_class": "modest" if meal.setting in AT_WORK else None,
            "meal.incidental": meal.with_discussion,
            # The report asks for the total with tax and tip, paid by one's own company to
            # whoever served it, for people who are named.
            "action.tax_basis": "with_tax",
            "action.indirect": False,
            "action.third_party_payee": False,
            "action.recipient_known": True,
            **meal.told,
        },
    )


def _decided(meal: Meal, expense_id: UUID, role: str, at: datetime) -> list[Decision]:
    return decide_many(
        [
            Asked(
                _act(meal, hcp_id, expense_id, role, part),
                "engagement.expense",
                expense_id,
                asked_at=at,
            )
            for hcp_id, part in zip(meal.hcp_ids, meal.parts(), strict=True)
        ]
    )


def record_expense(meal: Meal, *, at: datetime) -> Expense:
    """Record a meal with every HCP's share and decision, and tell the rooms above.

    The money has been spent, so the expense is kept even when a rule was broken; it is
    then marked and shown to compliance. Writes expense, shares, decisions, one ledger
    entry and one event.

    Raises
    ------
    UserError
        If the report contradicts itself.
    """
    scope = current_scope()
    scope.require("expense.record")
    _checked(meal, at)
    lock(*(f"meals:{hcp_id}" for hcp_id in meal.hcp_ids))
    expense_id, parts = new_id(), meal.parts()
    role = sender_role(scope.roles, is_host=scope.is_host)
    decisions = _decided(meal, expense_id, role, at)
    worst = max((Decision.Outcome(d.outcome) for d in decisions), key=WORST.index)
    expense = Expense.objects.create(
        id=expense_id,
        org_id=scope.org_id,
        campaign_id=meal.campaign_id,
        product_id=meal.product_id,
        payer_id=meal.payer_id,
        kind=meal.kind,
        setting=meal.setting,
        spent_on=meal.spent_on,
        country=meal.country,
        currency=meal.currency,
        total_minor=meal.total_minor,
        headcount=meal.headcount,
        with_discussion=meal.with_discussion,
        takeaway=meal.takeaway,
        guests=meal.guests,
        standing=STANDING[worst],
        recorded_by_id=scope.actor_id,
    )
    _keep_shares(expense, meal.hcp_ids, decisions, parts)
    ledger.append(
        ledger.Entry(
            verb="engagement.expense.recorded",
            kind="engagement.expense",
            object_id=expense.id,
            details={
                "hcps": list(meal.hcp_ids),
                "share_minor": parts[0] if len(set(parts)) == 1 else list(parts),
                "currency": meal.currency,
                "standing": expense.standing,
                "decisions": [decision.id for decision in decisions],
            },
        ),
        at=at,
    )
    outbox.post(
        OutboxMessage.Kind.EVENT,
        EVENT,
        object_kind="engagement.expense",
        object_id=expense.id,
        at=at,
    )
    return expense


def _keep_shares(
    expense: Expense, hcp_ids: Sequence[UUID], decisions: Sequence[Decision], parts: Sequence[int]
) -> None:
    ExpenseShare.objects.bulk_create(
        [
            ExpenseShare(
                id=new_id(),
                org_id=expense.org_id,
                expense=expense,
                hcp_id=hcp_id,
                amount_minor=part,
                decision=decision,
            )
            for hcp_id, decision, part in zip(hcp_ids, decisions, parts, strict=True)
        ]
    )
