"""Book meetings at a congress through the gate; move, cancel and hold them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from entente.directory import reads as directory
from entente.engagement.actions.caps import cap_keys
from entente.engagement.actions.meetings import (
    congress,
    controller_of,
    host_lock,
    may_change,
    meetings_lock,
)
from entente.engagement.actions.touches import log_touch
from entente.engagement.domain.call import Call
from entente.engagement.domain.caution import without_patient
from entente.engagement.domain.meetings import LIVE, LONGEST_TOPIC
from entente.engagement.models import Event, Meeting, MeetingSlot
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.links import make_link
from entente.foundation.locks import lock
from entente.foundation.models import new_id
from entente.policy.actions import Asked, decide_many
from entente.policy.reads import Decision
from entente.policy.reads.reasons import reasons_of

# A link opens the hours of the side of the wall on which it was made, and no others.
PURPOSES = {"commercial": "meeting-commercial", "medical": "meeting-medical"}
OPEN_AFTER_DAYS = 7
OF_OUTCOME = {
    Decision.Outcome.PERMIT: Meeting.Status.BOOKED,
    Decision.Outcome.REFER: Meeting.Status.REFERRED,
    Decision.Outcome.FORBID: Meeting.Status.FORBIDDEN,
}
BUSY = "this HCP has another meeting at that time"
TAKEN = "this time has just been taken: choose another"


def book_meeting(
    slot_id: UUID, hcp_id: UUID, *, topic: str = "", was_requested: bool = False, at: datetime
) -> Meeting:
    """Book a slot for an HCP: the gate answers for its day, as for a call that is planned.

    A meeting that is forbidden is kept as such, with the reasons, and takes no slot. Writes the
    meeting, its decision and one ledger entry, under the locks of the congress, of the host and
    of the HCP's caps. Repeating it gives the same meeting.

    Raises
    ------
    UserError
        If the slot is closed, past or taken, the HCP or the host is elsewhere then, or the
        congress is not open.
    """
    scope = current_scope()
    scope.require("meeting.write")
    return _book(slot_id, hcp_id, topic=topic, was_requested=was_requested, at=at)


def book_by_link(slot_id: UUID, hcp_id: UUID, *, wall: str, topic: str, at: datetime) -> Meeting:
    """Book a slot as the HCP asks at his link; the link is the proof that he asked.

    Called in the scope of the company that made the link.

    Raises
    ------
    UserError
        As `book_meeting`, and if the hours are not those that the link opens.
    """
    if not MeetingSlot.objects.filter(
        id=slot_id, org_id=current_scope().org_id, wall=wall
    ).exists():
        raise UserError(TAKEN, field="slot")
    return _book(slot_id, hcp_id, topic=topic, was_requested=True, at=at)


def _book(
    slot_id: UUID, hcp_id: UUID, *, topic: str, was_requested: bool, at: datetime
) -> Meeting:  # fmt: skip
    scope = current_scope()
    directory.hcp(hcp_id)
    slot, event = _locked(slot_id, hcp_id, at)
    may_change(slot, scope)
    known = slot.meetings.filter(status__in=LIVE).first()
    if known is not None and known.hcp_id == hcp_id:
        return known
    _check_free(slot, hcp_id, known, None, at)
    meeting = Meeting(
        id=new_id(), org_id=scope.org_id, event=event, slot=slot, hcp_id=hcp_id,
        controller_id=controller_of(event), host_id=slot.host_id, sender_role=slot.sender_role,
        wall=slot.wall, starts_at=slot.starts_at, ends_at=slot.ends_at, topic=_topic(topic),
        was_requested=was_requested, booked_by_id=scope.actor_id, booked_at=at,
    )  # fmt: skip
    meeting.decision = _asked(meeting, event, at)
    meeting.status = OF_OUTCOME[Decision.Outcome(meeting.decision.outcome)]
    meeting.save(force_insert=True)
    _record(meeting, str(meeting.status), at)
    return meeting


def move_meeting(meeting_id: UUID, slot_id: UUID, *, at: datetime) -> Meeting:
    """Move a meeting to another slot of the same company; the gate is asked for the new time.

    Raises
    ------
    UserError
        If it is over, the slot does not fit, or the gate forbids the new time; then it stays
        where it was.
    """
    scope = current_scope()
    scope.require("meeting.write")
    meeting = Meeting.objects.get(id=meeting_id)
    return _move(meeting, slot_id, at=at)


def move_by_link(meeting_id: UUID, hcp_id: UUID, slot_id: UUID, *, at: datetime) -> Meeting:
    """Move the HCP's own meeting as he asks at his link."""
    return _move(Meeting.objects.get(id=meeting_id, hcp_id=hcp_id), slot_id, at=at)


def _move(found: Meeting, slot_id: UUID, *, at: datetime) -> Meeting:
    slot, event = _locked(slot_id, found.hcp_id, at)
    meeting = Meeting.objects.select_for_update().get(id=found.id)
    if meeting.slot_id == slot.id:
        return meeting
    may_change(slot, current_scope())
    if slot.wall != meeting.wall or slot.event_id != meeting.event_id:
        raise UserError("move it to hours of the same side at this congress", field="slot")
    if meeting.status not in {Meeting.Status.BOOKED, Meeting.Status.REFERRED}:
        raise UserError("only a meeting that lies ahead is moved")
    if meeting.starts_at <= at:
        raise UserError("this meeting has begun: book another", field="slot")
    known = slot.meetings.filter(status__in=LIVE).first()
    _check_free(slot, meeting.hcp_id, known, meeting.id, at)
    before = meeting.starts_at
    meeting.slot, meeting.host_id, meeting.sender_role = slot, slot.host_id, slot.sender_role
    meeting.starts_at, meeting.ends_at = slot.starts_at, slot.ends_at
    meeting.decision = _asked(meeting, event, at)
    meeting.status = OF_OUTCOME[Decision.Outcome(meeting.decision.outcome)]
    if meeting.status == Meeting.Status.FORBIDDEN:
        reason = reasons_of(meeting.decision)[0]
        raise UserError(f"not moved: {reason['sentence']} ({reason['rule_id']})", field="slot")
    meeting.save()
    _record(meeting, "moved", at, {"from": before.isoformat()})
    return meeting


def cancel_meeting(meeting_id: UUID, reason: str, *, at: datetime) -> Meeting:
    """Cancel a meeting; its slot can be booked again.

    Raises
    ------
    UserError
        If it is over, or no reason is given.
    """
    current_scope().require("meeting.write")
    reason = reason.strip()
    if not reason or len(reason) > 300:
        raise UserError("say in at most 300 characters why it is cancelled", field="reason")
    return _cancel(Meeting.objects.select_for_update().get(id=meeting_id), reason, at)


def cancel_by_link(meeting_id: UUID, hcp_id: UUID, *, at: datetime) -> Meeting:
    """Cancel the HCP's own meeting as he asks at his link; repeating it changes nothing."""
    meeting = Meeting.objects.select_for_update().get(id=meeting_id, hcp_id=hcp_id)
    if meeting.status == Meeting.Status.CANCELLED:
        return meeting
    return _cancel(meeting, "the HCP cancelled", at)


def _cancel(meeting: Meeting, reason: str, at: datetime) -> Meeting:
    if meeting.status not in {Meeting.Status.BOOKED, Meeting.Status.REFERRED}:
        raise UserError("only a meeting that lies ahead is cancelled")
    meeting.status, meeting.reason = Meeting.Status.CANCELLED, reason
    meeting.save(update_fields=["status", "reason"])
    _record(meeting, "cancelled", at)
    return meeting


def miss_meeting(meeting_id: UUID, *, at: datetime) -> Meeting:
    """Say that the HCP did not come.

    Raises
    ------
    UserError
        If it has not begun or was not booked.
    """
    current_scope().require("meeting.write")
    meeting = Meeting.objects.select_for_update().get(id=meeting_id)
    if meeting.status != Meeting.Status.BOOKED or meeting.starts_at > at:
        raise UserError("say so once a booked meeting has begun")
    meeting.status = Meeting.Status.NO_SHOW
    meeting.save(update_fields=["status"])
    _record(meeting, "no_show", at)
    return meeting


def hold_meeting(
    meeting_id: UUID, *, note: str = "", reaction: str = "", product_id: UUID | None = None,
    at: datetime,
) -> Meeting:  # fmt: skip
    """Say that a meeting took place: it becomes a call of the host, on the host's side of the wall.

    Writes the call as `log_touch` does, with the gate's answer for it, and one ledger entry.

    Raises
    ------
    UserError
        If somebody else was the host, it has not begun, or it was not booked.
    """
    scope = current_scope()
    scope.require("touch.write")
    meeting = Meeting.objects.select_for_update().get(id=meeting_id)
    if meeting.host_id != scope.actor_id:
        raise UserError("the host says that it took place: the call is the host’s")
    if meeting.status == Meeting.Status.DONE:
        return meeting
    if meeting.status not in {Meeting.Status.BOOKED, Meeting.Status.NO_SHOW}:
        raise UserError("only a booked meeting takes place")
    if meeting.starts_at > at:
        raise UserError("it has not begun yet")
    length = meeting.ends_at - meeting.starts_at
    call = Call(
        client_id=meeting.id, hcp_id=meeting.hcp_id, controller_id=meeting.controller_id,
        kind="visit", happened_at=meeting.starts_at, product_id=product_id,
        campaign_id=meeting.event.campaign_id, minutes=int(length.total_seconds() // 60),
        was_requested=meeting.was_requested, reaction=reaction, note=note,
    )  # fmt: skip
    # The call takes the place in the caps that the meeting had; a refused record changes neither.
    with transaction.atomic():
        Meeting.objects.filter(id=meeting.id).update(status=Meeting.Status.DONE)
        meeting.touch = log_touch(call, at=at)
    meeting.status = Meeting.Status.DONE
    meeting.save(update_fields=["status", "touch"])
    _record(meeting, "done", at, {"touch": meeting.touch.id})
    return meeting


def give_meeting_link(event_id: UUID, hcp_id: UUID, *, at: datetime) -> str:
    """Make the link with which an HCP books a meeting, and record that it was made.

    Raises
    ------
    UserError
        If the congress is not open any more.
    """
    scope = current_scope()
    scope.require("meeting.write")
    event, hcp = congress(event_id), directory.hcp(hcp_id)
    if event.ends_at <= at:
        raise UserError("this congress is over")
    wall = "medical" if scope.wall == "medical" else "commercial"
    days = (event.ends_at - at).days + OPEN_AFTER_DAYS
    token = make_link(
        PURPOSES[wall], person_id=hcp.id, object_kind="engagement.event", object_id=event.id,
        at=at, valid_days=days,
    )  # fmt: skip
    ledger.append(
        ledger.Entry(
            "engagement.meeting.link_given", "engagement.event", event.id,
            {"hcp": hcp.id, "days": days},
        ),
        at=at,
    )  # fmt: skip
    return f"/meetings/book/{token}/"


def settle_meeting(meeting_id: UUID, *, approved: bool, said: str, at: datetime) -> None:
    """Let a referred meeting take place, or not, after a person answered."""
    meeting = Meeting.objects.select_for_update().filter(id=meeting_id).first()
    if meeting is None or meeting.status != Meeting.Status.REFERRED:
        return
    if approved:
        meeting.status = Meeting.Status.BOOKED
    else:
        meeting.status, meeting.reason = Meeting.Status.FORBIDDEN, f"declined by {said}"[:300]
    meeting.save(update_fields=["status", "reason"])
    _record(meeting, "settled", at, {"status": meeting.status, "after": "referral"})


def _locked(slot_id: UUID, hcp_id: UUID, at: datetime) -> tuple[MeetingSlot, Event]:
    """Hold what a booking needs; give the slot as it then is, and its congress."""
    slot = MeetingSlot.objects.get(id=slot_id)
    person = directory.survivor_of(hcp_id, at)
    lock(
        meetings_lock(slot.event_id),
        host_lock(slot.host_id),
        f"engagement.meeting_hcp:{slot.org_id}:{person}",
        *cap_keys([hcp_id], at),
    )
    event = congress(slot.event_id)
    if event.status != Event.Status.OPEN:
        raise UserError("meetings are booked at a congress that is open")
    return MeetingSlot.objects.select_related("place").get(id=slot_id), event


def _check_free(
    slot: MeetingSlot, hcp_id: UUID, known: Meeting | None, itself: UUID | None, at: datetime
) -> None:
    if slot.closed_at is not None or slot.starts_at <= at or known is not None:
        raise UserError(TAKEN, field="slot")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app.engagement_person_taken(%s, %s, %s, %s, %s)",
            [slot.event_id, hcp_id, slot.starts_at, slot.ends_at, itself],
        )
        if cursor.fetchone()[0]:
            raise UserError(BUSY, field="hcp")


def _topic(topic: str) -> str:
    topic = " ".join(topic.split())
    if len(topic) > LONGEST_TOPIC:
        raise UserError(f"say it in at most {LONGEST_TOPIC} characters", field="topic")
    wrong = without_patient(topic, "meeting")
    if wrong:
        raise UserError(wrong, field="topic")
    return topic


def _asked(meeting: Meeting, event: Event, at: datetime) -> Decision:
    """Ask the gate as for a call that is planned for the time of the meeting."""
    purpose = "medical" if meeting.wall == "medical" else "promotion"
    act = Act(
        type="call",
        at=meeting.starts_at,
        recipient_id=meeting.hcp_id,
        channel="in_person",
        purpose=purpose,
        controller_id=meeting.controller_id,
        campaign_id=event.campaign_id,
        object_id=meeting.id,
        actor_id=current_scope().actor_id,
        given={
            "action.sender_role": meeting.sender_role,
            "action.promotional": purpose == "promotion",
            "action.requested": meeting.was_requested,
            "action.autodialled": False,
        },
    )
    return decide_many([Asked(act, "engagement.meeting", meeting.id, asked_at=at)])[0]


def _record(
    meeting: Meeting, verb: str, at: datetime, more: dict[str, object] | None = None
) -> None:
    details = {"hcp": meeting.hcp_id, "slot": meeting.slot_id, "event": meeting.event_id}
    ledger.append(
        ledger.Entry(
            f"engagement.meeting.{verb}", "engagement.meeting", meeting.id,
            {**details, **(more or {})}, decision=meeting.decision_id,
        ),
        at=at,
    )  # fmt: skip
