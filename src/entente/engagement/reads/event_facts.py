"""What the gate is told of an event, and of each person at it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from entente.directory import reads as directory
from entente.engagement.domain.gathering import PROMOTIONAL, warning_signs
from entente.engagement.models import Event, EventSpeaker, Invitation

PURPOSES = {"speaker": "speaker_program"}


def purpose_of(event: Event) -> str:
    """Give for what an event's invitations are: consent and rules are asked by it."""
    return PURPOSES.get(event.kind, "event")


def home_of_guests(event: Event, hcp_ids: Collection[UUID] = ()) -> str | None:
    """Give the country where most of those invited practise; None where there is none such.

    Parameters
    ----------
    hcp_ids : collection of UUID
        Those who are about to be invited; they count as well.
    """
    invited = Invitation.objects.filter(event=event).values_list("hcp_id", flat=True)
    counted = directory.countries_of({*hcp_ids, *invited})
    if not counted:
        return None
    country, n = max(counted.items(), key=lambda each: each[1])
    return country if country and 2 * n > sum(counted.values()) else None


def facts_of(event: Event, hcp_ids: Collection[UUID] = ()) -> dict[str, Any]:
    """Give what the gate may know of an event whoever is invited; a fixed number of queries."""
    speakers = EventSpeaker.objects.filter(event=event, removed_at__isnull=True).count()
    length = event.ends_at - event.starts_at
    n_parties = event.sides.count()
    return {
        "action.promotional": event.kind in PROMOTIONAL,
        "event.country": event.country,
        "event.home_country_of_attendees": home_of_guests(event, hcp_ids),
        "event.venue_class": event.venue_class,
        "event.venue_setting": event.setting,
        "event.program_hours": int(length / timedelta(hours=1)),
        "event.multi_day": length > timedelta(days=1),
        "event.educational_need_ref": str(event.id) if event.need_recorded_at else None,
        "event.is_cme": event.kind == "cme",
        "event.is_speaker_program": event.kind == "speaker",
        "event.organiser": "joint" if n_parties > 1 else "company",
        "event.entertainment": event.has_entertainment,
        "event.alcohol": event.has_alcohol,
        "event.guests": 1 if event.takes_guests else 0,
        "event.rep_present": event.has_representative,
        "event.lodging_paid": event.pays_lodging,
        "event.certified": event.is_certified,
        "event.guidelines_ref": event.guidelines_ref or None,
        "event.spend_published": event.spend_published,
        "event.warning_signs": warning_signs(
            has_alcohol=event.has_alcohol,
            venue_class=event.venue_class,
            repeated=0,
            programmes_of_speaker=_most_programmes(event),
            people=event.places,
            speakers=speakers,
        ),
    }


def _most_programmes(event: Event) -> int:
    """Give how many programmes of a year the busiest speaker of an event has."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(max(n), 0) FROM (
                SELECT s.hcp_id, count(DISTINCT o.event_id) AS n
                FROM engagement_eventspeaker s
                JOIN engagement_eventspeaker o ON o.hcp_id = s.hcp_id AND o.removed_at IS NULL
                JOIN engagement_event e ON e.id = o.event_id AND e.status <> 'cancelled'
                 AND e.starts_at > %s AND e.starts_at <= %s
                WHERE s.event_id = %s AND s.removed_at IS NULL GROUP BY s.hcp_id
            ) each
            """,
            [event.starts_at - timedelta(days=365), event.starts_at, event.id],
        )
        return int(cursor.fetchone()[0])


def prior_programmes(event: Event, hcp_ids: Collection[UUID]) -> dict[UUID, int]:
    """Give for each person how many programmes on the topic came before, with one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, app.engagement_programmes_on_topic(person, %s, %s, %s)"
            " FROM unnest(%s::uuid[]) AS person",
            [event.topic, event.starts_at, event.id, list(hcp_ids)],
        )
        return {person: int(n) for person, n in cursor.fetchall()}


def speaking_at(event: Event) -> set[UUID]:
    """Give the people who speak or teach at an event."""
    found = EventSpeaker.objects.filter(event=event, removed_at__isnull=True)
    return set(found.values_list("hcp_id", flat=True))


def told_of_people(event: Event, hcp_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Give what the gate is told of each person at an event; a fixed number of queries."""
    prior, faculty = prior_programmes(event, hcp_ids), speaking_at(event)
    return {
        hcp_id: {
            "recipient.faculty": hcp_id in faculty,
            "event.attendee_prior_same_topic": prior.get(hcp_id, 0) > 0,
            "tally.speaker_programs_topic": prior.get(hcp_id, 0),
        }
        for hcp_id in hcp_ids
    }
