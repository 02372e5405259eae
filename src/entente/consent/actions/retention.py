"""Set how long what is kept, delete on time, and leave the proof."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from entente.consent.models import RetentionRule, RetentionRun, SubjectRequest
from entente.consent.reads.retention import Disposal, disposal, disposals, rules_in_force
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import sha256_hex
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import SignedLink, new_id

MOST_DAYS = 36_525


def set_retention_rule(
    *, what: str, purpose: str, keep_days: int, because: str, at: datetime
) -> RetentionRule:
    """Set for what purpose and how long one kind of thing is kept, from now on.

    Writes the rule and one ledger entry; what the shorter time makes due goes with the next
    run of ``delete_what_is_due``.

    Raises
    ------
    UserError
        If nothing of this name can be deleted, or a value is missing or cannot be right.
    """
    scope = current_scope()
    scope.require("retention.write")
    if disposal(what) is None:
        known = ", ".join(each.what for each in disposals())
        raise UserError(f"Choose one of {known}.", field="what")
    for name, value in (("purpose", purpose), ("because", because)):
        if not value.strip():
            raise UserError("Say what it is kept for, and why so long.", field=name)
    if not 0 <= keep_days <= MOST_DAYS:
        raise UserError(f"Give a number of days from 0 to {MOST_DAYS}.", field="keep_days")
    made = RetentionRule.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        what=what,
        purpose=purpose.strip()[:200],
        keep_days=keep_days,
        because=because.strip()[:300],
        set_at=at,
        actor_id=scope.actor_id,
    )
    ledger.append(
        ledger.Entry(
            "consent.retention.set",
            "consent.retention",
            made.id,
            {"what": what, "keep_days": keep_days, "because": made.because},
        ),
        at=at,
    )
    return made


def delete_what_is_due(*, at: datetime) -> list[RetentionRun]:
    """Delete everything whose time is over, in the present organisation.

    Writes per kind of thing a proof and one ledger entry: how many, older than when, and the
    digest of their ids. Doing it again finds nothing due and writes nothing.
    """
    scope = current_scope()
    scope.require("retention.write")
    lock(f"consent.retention:{scope.org_id}")
    rules, made = rules_in_force(), []
    for each in disposals():
        rule = rules.get(each.what)
        before = at - timedelta(days=rule.keep_days if rule else each.keep_days)
        ids = each.due(before)
        if not ids:
            continue
        rule = rule or _by_default(each, at)
        made.append(_delete(each, rule, ids, before, at))
    return made


def _by_default(each: Disposal, at: datetime) -> RetentionRule:
    # A proof names the rule it was done under, so the default becomes a rule when it is used.
    return set_retention_rule(
        what=each.what,
        purpose=each.purpose,
        keep_days=each.keep_days,
        because=each.because,
        at=at,
    )


def _delete(
    each: Disposal, rule: RetentionRule, ids: Collection[UUID], before: datetime, at: datetime
) -> RetentionRun:
    digest = sha256_hex("\n".join(sorted(str(one) for one in ids)))
    n_deleted = each.delete(ids)
    run = RetentionRun.objects.create(
        id=new_id(),
        org_id=current_scope().org_id,
        rule=rule,
        ran_at=at,
        ended_before=before,
        n_deleted=n_deleted,
        ids_hash=digest,
    )
    ledger.append(
        ledger.Entry(
            "consent.retention.deleted",
            "consent.retention",
            rule.id,
            {
                "what": each.what,
                "n": n_deleted,
                "ended_before": before,
                "ids_hash": digest,
                "run": run.id,
            },
        ),
        at=at,
    )
    return run


def delete_requests(ids: Collection[UUID]) -> int:
    """Delete closed requests with their steps and evidence; give how many requests."""
    current_scope().require("retention.write")
    _, by_table = SubjectRequest.objects.filter(id__in=list(ids)).delete()
    return by_table.get(SubjectRequest._meta.label, 0)


def delete_links(ids: Collection[UUID]) -> int:
    """Delete signed links that open nothing any more; give how many."""
    current_scope().require("retention.write")
    n_deleted, _ = SignedLink.objects.filter(id__in=list(ids)).delete()
    return n_deleted
