"""What this room itself lets audits draw: decisions, referrals, waivers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from entente.policy.audit_kinds import AuditKind, add_kind, known, wall_by
from entente.policy.models import Decision, Referral, Waiver


def moments_of(since: date, until: date) -> tuple[datetime, datetime]:
    """Give the first moment of a day, and the first after another day's eve."""
    return datetime.combine(since, time.min, UTC), datetime.combine(until, time.min, UTC)


def _country(facts: str) -> Coalesce:
    return Coalesce(KeyTextTransform("action.country", facts), Value(""), output_field=TextField())


def _decisions(since: date, until: date) -> QuerySet[Any]:
    first, after = moments_of(since, until)
    rows = Decision.objects.filter(decided_at__gte=first, decided_at__lt=after)
    rows = rows.annotate(audit_role=KeyTextTransform("action.sender_role", "facts"))
    return known(
        rows,
        happened=F("decided_at"),
        country=_country("facts"),
        sort=F("act_type"),
        wall=wall_by("audit_role"),
        actor=F("actor_id"),
        campaign=F("campaign_id"),
    )


def _referrals(since: date, until: date) -> QuerySet[Any]:
    first, after = moments_of(since, until)
    rows = Referral.objects.filter(opened_at__gte=first, opened_at__lt=after)
    rows = rows.annotate(audit_role=KeyTextTransform("action.sender_role", "decision__facts"))
    return known(
        rows,
        happened=F("opened_at"),
        country=_country("decision__facts"),
        sort=F("decision__act_type"),
        wall=wall_by("audit_role"),
        actor=F("decision__actor_id"),
        campaign=F("decision__campaign_id"),
    )


def _waivers(since: date, until: date) -> QuerySet[Any]:
    first, after = moments_of(since, until)
    # An approval of one act is audited as its referral.
    rows = Waiver.objects.filter(valid_from__gte=first, valid_from__lt=after, referral__isnull=True)
    return known(
        rows,
        happened=F("valid_from"),
        sort=F("role"),
        actor=F("granted_by_id"),
        campaign=F("campaign_id"),
    )


def register() -> None:
    """Say what can be drawn here."""
    add_kind(AuditKind(10, "decisions", "Decisions of the gate", "policy.decision", _decisions))
    add_kind(AuditKind(20, "referrals", "Referrals", "policy.referral", _referrals))
    add_kind(AuditKind(30, "waivers", "Waivers", "policy.waiver", _waivers))
