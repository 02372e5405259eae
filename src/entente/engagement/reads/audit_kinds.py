"""What of this room audits may draw: sends, expenses and hand-overs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import DateTimeField, F, QuerySet
from django.db.models.functions import Cast

from entente.engagement.models import Expense, HandOver, Send
from entente.policy.audit_kinds import AuditKind, add_kind, known, wall_by


def _sends(since: date, until: date) -> QuerySet[Any]:
    rows = Send.objects.filter(
        requested_at__gte=datetime.combine(since, time.min, UTC),
        requested_at__lt=datetime.combine(until, time.min, UTC),
    )
    return known(
        rows,
        happened=F("requested_at"),
        country=F("hcp__country"),
        sort=F("status"),
        wall=wall_by("sender_role"),
        actor=F("requested_by_id"),
        campaign=F("campaign_id"),
    )


def _expenses(since: date, until: date) -> QuerySet[Any]:
    rows = Expense.objects.filter(spent_on__gte=since, spent_on__lt=until)
    return known(
        rows,
        happened=Cast("spent_on", DateTimeField()),
        country=F("country"),
        sort=F("kind"),
        actor=F("recorded_by_id"),
        campaign=F("campaign_id"),
    )


def _hand_overs(since: date, until: date) -> QuerySet[Any]:
    rows = HandOver.objects.filter(
        asked_at__gte=datetime.combine(since, time.min, UTC),
        asked_at__lt=datetime.combine(until, time.min, UTC),
    )
    return known(
        rows,
        happened=F("asked_at"),
        country=F("country"),
        sort=F("kind"),
        actor=F("giver_id"),
        campaign=F("campaign_id"),
    )


def register() -> None:
    """Say what can be drawn here."""
    add_kind(AuditKind(40, "sends", "Sends", "engagement.send", _sends))
    add_kind(AuditKind(50, "expenses", "Expenses", "engagement.expense", _expenses))
    add_kind(AuditKind(55, "hand_overs", "Hand-overs", "engagement.hand_over", _hand_overs))
