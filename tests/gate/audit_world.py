"""What tests of audits stand on: decisions, a plan, a drawn sample, a finding."""

from __future__ import annotations

from datetime import date

from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id
from entente.policy.actions.audits import (
    AuditTerms,
    answer_item,
    draw_sample,
    plan_audit,
)
from entente.policy.actions.packs_in_force import in_force, keep_set
from entente.policy.models import Decision

NOVEMBER = date(2026, 11, 1)


def decided(cast, noon, n, **changes):
    """Write decisions of November as the gate would keep them."""
    with act_as(cast.system()):
        pack_set = keep_set(in_force(noon.date()))
        facts = {"action.country": "US", "action.sender_role": "sales"} | changes.pop("facts", {})
        given = {"act_type": "email", "stage": "request", "outcome": "PERMIT", "facts": facts,
                 "pack_set_id": pack_set, "decided_at": noon} | changes  # fmt: skip
        return Decision.objects.bulk_create(
            Decision(id=new_id(), org=cast.host, **given) for _ in range(n)
        )


def planned(officer, noon, **changes):
    terms = {"title": "Monthly look", "kind": "decisions", "size": 5} | changes
    with act_as(officer):
        return plan_audit(AuditTerms(**terms), at=noon)


def drawn(officer, plan, later, since=NOVEMBER):
    with act_as(officer):
        return draw_sample(plan.id, since, at=later)


def finding(officer, item, later, **changes):
    given = {"severity": "major", "rule_id": "PG-TRN-1", "note": "No record"} | changes
    with act_as(officer):
        return answer_item(item.id, in_order=False, at=later, **given)
