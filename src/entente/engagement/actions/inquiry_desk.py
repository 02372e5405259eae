"""Work at a desk: take a question, give it to a colleague, hand it over to another desk."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.engagement.actions.inquiry_capture import across_the_wall, note_move
from entente.engagement.actions.safety_reports import address_reports, open_report
from entente.engagement.domain.routing import ALLOWED, DESKS, LONGEST_HOURS, Way, due_at
from entente.engagement.models import Inquiry, InquiryRoute, SafetyReport
from entente.engagement.reads.inquiries import desk_mates
from entente.engagement.reads.routes import ways
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope, switched
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

LONGEST_REASON = 300


def open_inquiry(inquiry_id: UUID) -> Inquiry:
    """Give an open question, locked; what one may not see is not there.

    Raises
    ------
    UserError
        If it is closed, or at a desk at which one does not work.
    """
    scope = current_scope()
    found = Inquiry.objects.select_for_update().get(id=inquiry_id)
    desk = DESKS[found.desk]
    if scope.actor_id is not None and desk.role not in scope.roles:
        # Both medical desks lie on one side of the wall; each answers its own.
        raise UserError(f"this question is worked on by: {desk.title}")
    if found.closed_at is not None:
        raise UserError("this question is closed already")
    return found


def assign_inquiry(inquiry_id: UUID, user_id: UUID, *, at: datetime) -> Inquiry:
    """Give a question to a colleague of its desk, or take it oneself.

    Raises
    ------
    UserError
        If it is closed, or the colleague does not work at that desk.
    """
    scope = current_scope()
    scope.require("inquiry.work")
    inquiry = open_inquiry(inquiry_id)
    if user_id not in {mate.id for mate in desk_mates(inquiry.desk, on=at.date())}:
        raise UserError(
            f"choose a colleague who works at the desk {DESKS[inquiry.desk].title}",
            field="assignee",
        )
    inquiry.assignee_id = user_id
    inquiry.save(update_fields=["assignee_id"])
    note_move(inquiry, "assigned", by=scope.actor_id, at=at)
    _record(inquiry, "assigned", {"to": user_id}, at)
    return inquiry


def hand_over_inquiry(inquiry_id: UUID, kind: str, reason: str, *, at: datetime) -> Inquiry:
    """Send a question to the desk of another kind; across the wall it cannot be read again.

    Its clock never gets longer by this: the earlier of both dates holds.

    Raises
    ------
    UserError
        If it is closed, no reason is given, or it would stay at the same desk.
    """
    scope = current_scope()
    scope.require("inquiry.work")
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise UserError(
            f"say in at most {LONGEST_REASON} characters why you hand it over", field="reason"
        )
    if kind not in ALLOWED:
        raise UserError(f"kind is one of {', '.join(ALLOWED)}", field="kind")
    inquiry, table = open_inquiry(inquiry_id), ways()
    way, before = table[kind], inquiry.desk
    if way.desk == before:
        raise UserError("it is at that desk already", field="kind")
    if DESKS[before].wall == "medical" and DESKS[way.desk].wall != "medical":
        # What medical staff were asked is not carried to those who sell.
        raise UserError(
            "a medical question stays on the medical side: close it, and have what is left of it"
            " captured anew",
            field="kind",
        )
    inquiry.kind, inquiry.desk, inquiry.wall = kind, way.desk, DESKS[way.desk].wall
    inquiry.due_at = min(inquiry.due_at, due_at(way, inquiry.priority, at))
    inquiry.assignee_id, inquiry.handed_over_at = None, at
    with switched(across_the_wall(scope)):
        inquiry.save(
            update_fields=["kind", "desk", "wall", "due_at", "assignee_id", "handed_over_at"]
        )
        note_move(inquiry, "handed_over", by=scope.actor_id, at=at, note=reason)
        if way.desk == "safety" and not SafetyReport.objects.filter(inquiry=inquiry).exists():
            open_report(inquiry, way.deliver_to, at=at)
    _record(inquiry, "handed_over", {"from": before, "to": way.desk}, at)
    return inquiry


def set_route(kind: str, way: Way, *, at: datetime) -> InquiryRoute:
    """Set a line of the routing table; reports that waited for an address leave.

    Raises
    ------
    UserError
        If the desk may not answer that kind, or the hours do not fit.
    """
    scope = current_scope()
    scope.require("inquiry.route")
    if way.desk not in ALLOWED.get(kind, ()):
        allowed = ", ".join(DESKS[each].title for each in ALLOWED.get(kind, ()))
        raise UserError(f"these questions go to: {allowed or 'no desk'}", field="desk")
    if not 1 <= way.urgent_hours <= way.normal_hours <= LONGEST_HOURS:
        raise UserError(
            f"hours are from 1 to {LONGEST_HOURS:,}, and no longer for urgent questions",
            field="urgent_hours",
        )
    if way.deliver_to and kind != "safety":
        raise UserError("an address is set for safety only", field="deliver_to")
    route, _ = InquiryRoute.objects.update_or_create(
        org_id=scope.org_id,
        kind=kind,
        defaults={
            "desk": way.desk,
            "normal_hours": way.normal_hours,
            "urgent_hours": way.urgent_hours,
            "deliver_to": way.deliver_to,
        },
        create_defaults={
            "id": new_id(),
            "desk": way.desk,
            "normal_hours": way.normal_hours,
            "urgent_hours": way.urgent_hours,
            "deliver_to": way.deliver_to,
        },
    )
    released = 0
    if way.deliver_to:
        with switched(across_the_wall(scope)):
            released = address_reports(way.deliver_to, at=at)
    ledger.append(
        ledger.Entry(
            "engagement.route.set",
            "engagement.route",
            route.id,
            {"kind": kind, "desk": way.desk, "hours": [way.normal_hours, way.urgent_hours],
             "has_address": bool(way.deliver_to), "released": released},
        ),
        at=at,
    )  # fmt: skip
    return route


def _record(inquiry: Inquiry, verb: str, details: dict[str, object], at: datetime) -> None:
    ledger.append(
        ledger.Entry(
            f"engagement.inquiry.{verb}",
            "engagement.inquiry",
            inquiry.id,
            {"hcp": inquiry.hcp_id, **details},
        ),
        at=at,
    )
