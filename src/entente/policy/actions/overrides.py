"""Waivers: set one rule aside, where it allows that, by a named role, for a reason, for a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q

from entente.foundation import ledger, signatures
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import canonical, sha256_hex
from entente.foundation.errors import UserError
from entente.foundation.models import new_id
from entente.foundation.organisations import acting_user
from entente.policy.actions.packs_in_force import in_force
from entente.policy.domain.roles import may_act_for
from entente.policy.models import Waiver

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Scoped:
    """What a waiver covers; what is left open covers all.

    Parameters
    ----------
    act_type : str
    recipient_id, campaign_id : UUID, optional
    """

    act_type: str = ""
    recipient_id: UUID | None = None
    campaign_id: UUID | None = None


def grant_waiver(
    rule_id: str,
    scoped: Scoped,
    *,
    reason: str,
    valid_until: datetime,
    password: str,
    at: datetime,
) -> Waiver:
    """Set a rule aside in a scope until a moment; signed by a role that the rule names.

    Writes the signature, the waiver and one ledger entry.

    Raises
    ------
    UserError
        If the rule is unknown, allows no waiver (law, consent and review never do), names
        another role, or the reason or the end is missing.
    NotSigned
        If the password is wrong.
    """
    scope = current_scope()
    scope.require("waiver.write")
    rule = next((r for r in in_force(at.date()).compiled.rules if r.id == rule_id), None)
    if rule is None:
        raise UserError(f"there is no rule {rule_id}", field="rule_id")
    if rule.overridable_by is None:
        raise UserError(f"{rule_id} allows no waiver", field="rule_id")
    if not may_act_for(rule.overridable_by, scope.roles):
        raise UserError(f"{rule_id} is waived by {rule.overridable_by} only", field="rule_id")
    if not reason.strip():
        raise UserError("say why, for whoever audits this", field="reason")
    if not at < valid_until <= at + LONGEST:
        raise UserError("choose an end within a year from now", field="valid_until")
    waiver_id, who = new_id(), acting_user()
    content = {
        "rule": rule_id,
        "scope": vars(scoped),
        "reason": reason.strip(),
        "until": valid_until,
    }
    signature = signatures.sign(
        password=password,
        meaning="waives the rule",
        object_kind="policy.waiver",
        object_id=waiver_id,
        content_hash=sha256_hex(canonical(content)),
        at=at,
    )
    made = Waiver.objects.create(
        id=waiver_id,
        org_id=scope.org_id,
        rule_id=rule_id,
        role=rule.overridable_by,
        reason=reason.strip(),
        **vars(scoped),
        # The whole day: what is recorded today may have taken place this morning.
        valid_from=datetime.combine(at.date(), time.min, UTC),
        valid_until=valid_until,
        granted_by_id=who.id,
        granted_by_name=who.name,
        signature=signature,
    )
    details = {"rule": rule_id, "until": valid_until, **vars(scoped)}
    ledger.append(ledger.Entry("policy.waiver.granted", "policy.waiver", made.id, details), at=at)
    return made


def end_waiver(waiver_id: UUID, *, at: datetime) -> Waiver:
    """End a waiver early; from now on the rule is asked again."""
    current_scope().require("waiver.write")
    waiver = Waiver.objects.select_for_update().get(id=waiver_id)
    if waiver.ended_at is not None or waiver.valid_until <= at:
        raise UserError("this waiver is over already")
    waiver.ended_at = at
    waiver.save(update_fields=["ended_at"])
    ledger.append(ledger.Entry("policy.waiver.ended", "policy.waiver", waiver.id, {}), at=at)
    return waiver


def waivers_for(rule_ids: set[str], objects: set[UUID], *, at: datetime) -> Sequence[Waiver]:
    """Give the waivers in force of some rules that could cover some acts; one query."""
    if not rule_ids:
        return []
    return list(
        Waiver.objects.filter(
            Q(object_id__isnull=True) | Q(object_id__in=objects),
            Q(ended_at__isnull=True) | Q(ended_at__gt=at),
            rule_id__in=rule_ids,
            valid_from__lte=at,
            valid_until__gt=at,
        ).order_by("recorded_at", "id")
    )


def covers(waiver: Waiver, *, act_type: str, recipient_id: UUID | None,
           campaign_id: UUID | None, object_id: UUID | None) -> bool:  # fmt: skip
    """Tell whether a waiver covers an act: each thing it names must be that of the act."""
    return (
        waiver.act_type in ("", act_type)
        and waiver.recipient_id in (None, recipient_id)
        and waiver.campaign_id in (None, campaign_id)
        and waiver.object_id in (None, object_id)
    )
