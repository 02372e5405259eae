"""Expenses: found, with everybody's part."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, QuerySet

from entente.engagement.models import Expense, ExpenseShare


def expense(expense_id: UUID) -> Expense:
    """Give an expense of the present organisation.

    Raises
    ------
    Expense.DoesNotExist
    """
    return Expense.objects.select_related("payer", "product", "campaign").get(id=expense_id)


def shares_of(expense_id: UUID) -> list[ExpenseShare]:
    """Give each HCP's part of an expense with its decision, by the HCP's name."""
    found = ExpenseShare.objects.filter(expense_id=expense_id).select_related("hcp", "decision")
    return list(found.order_by("hcp__name_key", "id"))


def expenses(
    *,
    standing: str = "",
    kind: str = "",
    hcp_id: UUID | None = None,
    recorded_by: UUID | None = None,
) -> QuerySet[Expense]:
    """Give expenses with ``n_hcps``, narrowed as asked."""
    found = Expense.objects.all()
    if standing:
        found = found.filter(standing=standing)
    if kind:
        found = found.filter(kind=kind)
    if hcp_id:
        found = found.filter(shares__hcp_id=hcp_id)
    if recorded_by:
        found = found.filter(recorded_by_id=recorded_by)
    return found.annotate(n_hcps=Count("shares"))
