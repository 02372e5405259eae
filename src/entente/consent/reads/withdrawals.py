"""Withdrawals one by one, for rooms that hear of them."""

from __future__ import annotations

from uuid import UUID

from entente.consent.models import Withdrawal

# Sources by which the person himself withdrew: the preference page, and one click in a mail.
PREFERENCE_PAGE, ONE_CLICK = "preference_page", "one_click"
BY_THE_PERSON = frozenset({PREFERENCE_PAGE, ONE_CLICK})


def withdrawal(withdrawal_id: UUID) -> Withdrawal:
    """Give one withdrawal.

    Raises
    ------
    Withdrawal.DoesNotExist
    """
    return Withdrawal.objects.get(id=withdrawal_id)
