"""What this room holds about a person, for the person's export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from entente.engagement.models import (
    Attendee,
    EventSpeaker,
    Inquiry,
    Invitation,
    Send,
    Survey,
    SurveyInvitation,
    SurveyResponse,
    SurveyText,
    Touch,
)
from entente.foundation.access.scope import current_scope


def sends_to(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give everything that was sent or was to be sent to a person."""
    return [
        {
            "channel": send.channel,
            "purpose": send.purpose,
            "company": send.controller.name,
            "address": send.address,
            "asked_at": send.requested_at,
            "state": send.status,
            "settled_at": send.settled_at,
        }
        for send in Send.objects.filter(hcp_id=hcp_id)
        .select_related("controller")
        .order_by("requested_at", "id")
    ]


def questions_of(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give a person's medical questions and their answers."""
    return [
        {
            "question": case.question,
            "asked_at": case.opened_at,
            "answer": case.answer,
            "answered_at": case.closed_at,
        }
        for case in Inquiry.objects.filter(hcp_id=hcp_id, id=F("root_id")).order_by(
            "opened_at", "id"
        )
    ]


def events_of(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give the events to which a person was invited, came, or spoke at."""
    invited = Invitation.objects.filter(hcp_id=hcp_id).select_related("event")
    came = Attendee.objects.filter(hcp_id=hcp_id).select_related("event")
    spoke = EventSpeaker.objects.filter(hcp_id=hcp_id).select_related("event")
    return [
        *({"event": i.event.title, "invited_at": i.requested_at, "state": i.status}
          for i in invited.order_by("requested_at", "id")),
        *({"event": a.event.title, "registered_at": a.registered_at, "state": a.status,
           "checked_in_at": a.checked_in_at, "minutes": a.minutes}
          for a in came.order_by("registered_at", "id")),
        *({"event": s.event.title, "part": s.part, "fee_minor": s.fee_minor,
           "currency": s.currency} for s in spoke.order_by("recorded_at", "id")),
    ]  # fmt: skip


def calls_with(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give the calls with a person that took place, without what colleagues noted of others."""
    found = Touch.objects.filter(
        hcp_id=hcp_id, superseded_at__isnull=True, status=Touch.Status.DONE
    )
    return [
        {
            "kind": touch.kind,
            "purpose": touch.purpose,
            "company": touch.controller.name,
            "at": touch.happened_at,
            "note": touch.note,
        }
        for touch in found.select_related("controller").order_by("happened_at", "id")
    ]


def survey_answers_of(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give to which surveys a person was invited, and what he answered with his name.

    What was answered anonymously is not found by anybody, so it is not here.
    """
    answers = {row.survey_id: row for row in SurveyResponse.objects.filter(hcp_id=hcp_id)}
    texts: dict[UUID, list[str]] = {}
    for row in SurveyText.objects.filter(hcp_id=hcp_id).order_by("code"):
        texts.setdefault(row.survey_id, []).append(row.text)
    invited = SurveyInvitation.objects.filter(hcp_id=hcp_id).select_related("survey")
    return [
        {
            "survey": each.survey.title,
            "invited_at": each.invited_at,
            "promise": each.survey.promise,
            "answered_on": answers[each.survey_id].answered_on
            if each.survey_id in answers
            else None,
            "answers": [
                f"{code}: {value}" for code, value in sorted(answers[each.survey_id].values.items())
            ]
            if each.survey_id in answers
            else [],
            "texts": texts.get(each.survey_id, []),
        }
        for each in invited.order_by("invited_at", "id")
    ]


def _ended() -> QuerySet[Any]:
    """Select surveys of which answers or invitations are still kept, with their end."""
    kept = [
        Exists(table.objects.filter(survey=OuterRef("pk")))
        for table in (SurveyResponse, SurveyInvitation)
    ]
    # The day after the last one begins when it ends.
    last = ExpressionWrapper(F("closes_on") + timedelta(days=1), output_field=DateTimeField())
    return (
        Survey.objects.filter(org_id=current_scope().org_id)
        .filter(kept[0] | kept[1])
        .annotate(ended_at=Coalesce("closed_at", last))
        .filter(ended_at__isnull=False)
    )


def surveys_ended_before(before: datetime) -> list[UUID]:
    """Give the surveys whose end lies before a moment and of which answers are kept."""
    return list(_ended().filter(ended_at__lt=before).values_list("id", flat=True))


def oldest_survey() -> datetime | None:
    """Give the end of the survey that ended first, of those of which answers are kept."""
    found: datetime | None = (
        _ended().order_by("ended_at").values_list("ended_at", flat=True).first()
    )
    return found
