"""What is done about a finding: opened by the auditor, done by its owner, verified by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from entente.foundation import ledger
from entente.foundation.access.roles import Role, Wall, wall_of
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import RoleGrant, User, new_id
from entente.foundation.organisations import acting_user
from entente.policy.models import AuditAction, AuditItem


@dataclass(frozen=True)
class Measure:
    """What is to be done, by whom, until when.

    Parameters
    ----------
    kind : str
        ``"corrective"`` mends this one, ``"preventive"`` keeps the next from happening.
    """

    kind: str
    what: str
    owner_id: UUID
    due_on: date


def _entry(verb: str, row: AuditAction, at: datetime) -> None:
    details = {"item": row.item_id, "kind": row.kind, "due_on": row.due_on}
    ledger.append(
        ledger.Entry(f"policy.audit_action.{verb}", "policy.audit_action", row.id, details), at=at
    )


def open_action(item_id: UUID, measure: Measure, *, at: datetime) -> AuditAction:
    """Open a corrective or preventive action for a finding.

    Writes the action and one ledger entry.

    Raises
    ------
    UserError
        If the item is no finding, something is missing, or the owner stands on the other side
        of the wall from what was found.
    """
    scope = current_scope()
    scope.require("audit.write")
    item = AuditItem.objects.get(id=item_id)
    if item.answer != AuditItem.Answer.FINDING:
        raise UserError("only a finding asks for an action")
    if measure.kind not in AuditAction.Kind.values:
        raise UserError("choose corrective or preventive", field="kind")
    if not measure.what.strip():
        raise UserError("say what is to be done", field="what")
    if measure.due_on < at.date():
        raise UserError("choose a day from today on", field="due_on")
    owner = User.objects.filter(id=measure.owner_id, is_active=True).first()
    if owner is None:
        raise UserError("there is no such person", field="owner")
    held = RoleGrant.objects.filter(user=owner, revoked_at__isnull=True)
    side = wall_of(frozenset(Role(role) for role in held.values_list("role", flat=True)))
    if side not in (Wall.BOTH, Wall(item.wall)):
        raise UserError(f"{owner.name} may not see what was found here", field="owner")
    made = AuditAction.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        item=item,
        wall=item.wall,
        kind=measure.kind,
        what=measure.what.strip(),
        owner=owner,
        owner_name=owner.name,
        due_on=measure.due_on,
        opened_at=at,
    )
    _entry("opened", made, at)
    return made


def finish_action(action_id: UUID, evidence: str, *, at: datetime) -> AuditAction:
    """Say that one's own action is done, with the evidence for it.

    Writes what was done and one ledger entry.

    Raises
    ------
    UserError
        If it is done already, or there is no evidence.
    OutOfScope
        If it is somebody else's.
    """
    scope = current_scope()
    scope.require("audit.act")
    lock(f"policy.audit_action:{action_id}")
    row = AuditAction.objects.get(id=action_id)
    if scope.actor_id != row.owner_id:
        raise OutOfScope(f"{row.owner_name} does this")
    if row.done_at is not None:
        raise UserError("this is done already")
    if not evidence.strip():
        raise UserError("say what shows that it is done", field="evidence")
    who = acting_user()
    row.done_at, row.done_by, row.done_by_name = at, who, who.name
    row.evidence, row.returned_why = evidence.strip(), ""
    row.save()
    _entry("done", row, at)
    return row


def verify_action(action_id: UUID, *, accept: bool, reason: str = "", at: datetime) -> AuditAction:
    """Verify what another person did, or give it back with a reason.

    Writes the verification, or opens the action again, and one ledger entry.

    Raises
    ------
    UserError
        If it is not done, verified already, or given back without a reason.
    OutOfScope
        If one did it oneself, under whichever account.
    """
    scope = current_scope()
    scope.require("audit.write")
    lock(f"policy.audit_action:{action_id}")
    row = AuditAction.objects.select_related("done_by").get(id=action_id)
    if row.done_at is None or row.done_by is None:
        raise UserError("this is not done yet")
    if row.verified_at is not None:
        raise UserError("this is verified already")
    who = acting_user()
    if row.done_by.person_key == who.person_key:
        raise OutOfScope("you did this, so somebody else has to verify it")
    if accept:
        row.verified_at, row.verified_by_name = at, who.name
    else:
        if not reason.strip():
            raise UserError("say why it goes back", field="reason")
        row.done_at, row.done_by, row.done_by_name = None, None, ""
        # The evidence stays in sight of whoever does it again.
        row.returned_why = reason.strip()
    row.save()
    _entry("verified" if accept else "returned", row, at)
    return row
