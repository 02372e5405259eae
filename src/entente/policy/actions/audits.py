"""Audits: plan, draw, answer, act on findings, verify; nobody chooses what is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from entente.foundation import ledger
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import LedgerEntry, User, new_id
from entente.foundation.organisations import acting_user
from entente.policy.audit_kinds import AuditKind, kind_of, partners_of
from entente.policy.domain.audit_figures import allocate, period_of, seed_of, size_for
from entente.policy.models import AuditItem, AuditPlan, AuditSample
from entente.policy.reads import audits as reads

LARGEST = 2_000


@dataclass(frozen=True)
class AuditTerms:
    """What is sampled, how often, how many, spread by what, and by whom it is looked at.

    Parameters
    ----------
    size, rate_percent : int, optional
        One of the two: a number, or a share of what there is.
    strata : str
        ``"country"``, ``"sort"``, or empty.
    country : str
        Only this one; empty for all.
    """

    title: str
    kind: str
    every: str = "month"
    size: int | None = None
    rate_percent: int | None = None
    strata: str = ""
    country: str = ""
    auditor_id: UUID | None = None


def _check_terms(terms: AuditTerms) -> None:
    if not terms.title.strip():
        raise UserError("give the audit a name", field="title")
    if kind_of(terms.kind) is None:
        raise UserError("choose what is sampled", field="kind")
    if terms.every not in AuditPlan.Every.values:
        raise UserError("choose a month or a quarter", field="every")
    if terms.strata not in AuditPlan.Strata.values:
        raise UserError("spread by country, by kind, or not at all", field="strata")
    if terms.country and not is_country(terms.country):
        raise UserError("write the country as two capitals, for example GB", field="country")
    if (terms.size is None) == (terms.rate_percent is None):
        raise UserError("give either a number or a share in percent", field="size")
    if terms.size is not None and not 1 <= terms.size <= LARGEST:
        raise UserError(f"draw 1 to {LARGEST}", field="size")
    if terms.rate_percent is not None and not 1 <= terms.rate_percent <= 100:
        raise UserError("give a share from 1 to 100 percent", field="rate_percent")


def plan_audit(terms: AuditTerms, *, at: datetime) -> AuditPlan:
    """Plan a periodic audit, from the period that runs now.

    Writes the plan and one ledger entry.

    Raises
    ------
    UserError
        If a term is missing or unknown.
    """
    scope = current_scope()
    scope.require("audit.write")
    _check_terms(terms)
    auditor = User.objects.filter(id=terms.auditor_id).first() if terms.auditor_id else None
    if terms.auditor_id and auditor is None:
        raise UserError("there is no such person", field="auditor_id")
    made = AuditPlan.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        title=terms.title.strip(),
        kind=terms.kind,
        every=terms.every,
        size=terms.size,
        rate_percent=terms.rate_percent,
        strata=terms.strata,
        country=terms.country,
        auditor=auditor,
        auditor_name=auditor.name if auditor else "",
        from_on=period_of(terms.every, at.date())[0],
    )
    details = {"kind": made.kind, "every": made.every, "size": made.size,
               "rate_percent": made.rate_percent}  # fmt: skip
    ledger.append(
        ledger.Entry("policy.audit.planned", "policy.audit_plan", made.id, details), at=at
    )
    return made


def end_audit(plan_id: UUID, *, at: datetime) -> AuditPlan:
    """End a plan; what was drawn stays, and periods that are over can still be drawn."""
    current_scope().require("audit.write")
    plan = AuditPlan.objects.select_for_update().get(id=plan_id)
    if plan.ended_on is not None:
        raise UserError("this audit has ended already")
    plan.ended_on = at.date()
    plan.save(update_fields=["ended_on"])
    ledger.append(ledger.Entry("policy.audit.ended", "policy.audit_plan", plan.id), at=at)
    return plan


def draw_sample(plan_id: UUID, since: date, *, at: datetime) -> AuditSample:
    """Draw the sample of a period that is over; once, with a seed that nobody can choose.

    The draw is announced in the ledger first. The seed is made of the ledger's sealed head and
    the hash of that announcement, neither of which anybody knows before. Writes two ledger
    entries (the announcement, and what was drawn), the sample, and its items.

    Raises
    ------
    UserError
        If the period is not over, none of the plan's, or drawn already.
    """
    scope = current_scope()
    scope.require("audit.write")
    lock(f"policy.audit:{plan_id}")
    plan = AuditPlan.objects.get(id=plan_id)
    kind = kind_of(plan.kind)
    if kind is None:
        raise UserError(f"nothing of the kind {plan.kind} can be drawn here")
    first, until = period_of(plan.every, since)
    if first != since or since < period_of(plan.every, plan.from_on)[0]:
        raise UserError("this is no period of the audit", field="since")
    if until > at.date():
        raise UserError("the period is not over yet", field="since")
    if plan.samples.filter(since_on=since).exists():
        raise UserError("this period is drawn already; nobody draws twice", field="since")
    return _drawn(plan, kind, since, until, at)


def _drawn(plan: AuditPlan, kind: AuditKind, since: date, until: date, at: datetime) -> AuditSample:
    scope = current_scope()
    batch, head = reads.ledger_head()
    announced = ledger.append(
        ledger.Entry(
            "policy.audit.announced", "policy.audit_plan", plan.id,
            {"since": since, "until": until, "batch": batch, "head": head},
        ),
        at=at,
    )  # fmt: skip
    leaf = bytes(LedgerEntry.objects.values_list("leaf", flat=True).get(entry_id=announced)).hex()
    seed = seed_of(head, leaf)
    recorded_until = _recorded_now()
    rows = reads.population(kind, plan, since, until, recorded_until)
    counts = reads.counts_by_stratum(rows, plan)
    n_population = sum(counts.values())
    n = size_for(n_population, size=plan.size, rate_percent=plan.rate_percent)
    allocation = allocate(counts, min(n, LARGEST))
    found = reads.drawn(rows, plan, seed, allocation)
    sample = AuditSample.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        plan=plan,
        since_on=since,
        until_on=until,
        recorded_until=recorded_until,
        drawn_at=at,
        drawn_by_name=acting_user().name if scope.actor_id else scope.actor_name,
        batch=batch,
        head=head,
        entry_id=announced,
        leaf=leaf,
        seed=seed,
        n_population=n_population,
        n_drawn=len(found),
        allocation=allocation,
        ids_hash=reads.hash_of_ids(one["id"] for one in found),
    )
    _keep_items(sample, kind, found)
    details = {"plan": plan.id, "seed": seed, "n_population": n_population,
               "n_drawn": sample.n_drawn, "ids_hash": sample.ids_hash}  # fmt: skip
    ledger.append(
        ledger.Entry("policy.audit.drawn", "policy.audit_sample", sample.id, details), at=at
    )
    return sample


def _keep_items(sample: AuditSample, kind: AuditKind, found: list[dict[str, Any]]) -> None:
    partners = partners_of({one["audit_campaign"] for one in found if one["audit_campaign"]})
    field = reads.stratum_field(sample.plan)
    AuditItem.objects.bulk_create(
        [
            AuditItem(
                id=new_id(),
                org_id=sample.org_id,
                sample=sample,
                place=place,
                object_kind=kind.object_kind,
                object_id=one["id"],
                wall=one["audit_wall"],
                stratum=(one[field] or "")[:64] if field else "",
                happened_at=one["audit_at"],
                actor_id=one["audit_actor"],
                partner_id=partners.get(one["audit_campaign"]),
            )
            for place, one in enumerate(found, start=1)
        ]
    )


def answer_item(
    item_id: UUID,
    *,
    in_order: bool,
    severity: str = "",
    rule_id: str = "",
    note: str = "",
    at: datetime,
) -> AuditItem:
    """Say of a drawn item that it is in order, or what was found; said once.

    Writes the answer and one ledger entry.

    Raises
    ------
    UserError
        If it is answered already, or a finding has no severity or no words.
    OutOfScope
        If it is one's own act, or somebody else is the auditor.
    """
    scope = current_scope()
    scope.require("audit.write")
    lock(f"policy.audit_item:{item_id}")
    item = AuditItem.objects.select_related("sample__plan").get(id=item_id)
    plan = item.sample.plan
    if plan.auditor_id is not None and scope.actor_id not in (None, plan.auditor_id):
        raise OutOfScope(f"{plan.auditor_name} looks at this audit")
    actor = User.objects.filter(id=item.actor_id).first() if item.actor_id else None
    if actor is not None and scope.person_key and actor.person_key == scope.person_key:
        raise OutOfScope("this is your own act, so somebody else has to look at it")
    if item.answer:
        raise UserError("this is answered already")
    if not in_order:
        if severity not in AuditItem.Severity.values:
            raise UserError("say how grave it is", field="severity")
        if not note.strip():
            raise UserError("say what was found", field="note")
    item.answer = AuditItem.Answer.IN_ORDER if in_order else AuditItem.Answer.FINDING
    item.severity, item.rule_id = ("", "") if in_order else (severity, rule_id.strip()[:64])
    item.note, item.answered_at = note.strip(), at
    item.answered_by_name = acting_user().name if scope.actor_id else scope.actor_name
    item.save()
    details = {"answer": item.answer, "severity": item.severity, "rule": item.rule_id}
    ledger.append(
        ledger.Entry("policy.audit.answered", "policy.audit_item", item.id, details), at=at
    )
    return item


def _recorded_now() -> datetime:
    """Give the database's moment, by the clock that rows carry as recorded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
