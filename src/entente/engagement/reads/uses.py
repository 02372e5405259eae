"""What the room counts of each version for content: e-mails by where they stand, and answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q

from entente.alliances.reads import launches_of
from entente.content.domain.filing import day_of
from entente.content.uses import Column, Counts, FirstUse, Source, Window
from entente.engagement.models import Response, Send
from entente.engagement.reads.survey_results import usefulness

_Status = Send.Status
# The three sums, and what each is made of.
SUMS = {
    "emails_sent": (_Status.SENT,),
    "emails_waiting": (_Status.QUEUED, _Status.REFERRED, _Status.PARKED),
    "emails_not_sent": (_Status.FORBIDDEN, _Status.WITHHELD, _Status.REFUSED),
}
ANSWERS = "answers"
RATED, USEFUL = "usefulness_ratings", "found_useful"
COLUMNS = {
    "emails_sent": Column("Sent"),
    "emails_waiting": Column("Waiting", on_page=False),
    "emails_not_sent": Column("Not sent"),
    ANSWERS: Column("Answers"),
    # Ratings keep no time, so these are of all days whatever window is asked for.
    RATED: Column("Usefulness ratings, of all days", on_page=False, of_people=True),
    USEFUL: Column("Found useful, of all days", of_people=True),
    **{
        f"email_{status.value}": Column(f"E-mails: {status.label.lower()}", on_page=False)
        for status in _Status
    },
    **{
        f"answer_{kind.value}": Column(f"Answers: {kind.label.lower()}", on_page=False)
        for kind in Response.Kind
    },
}


def count(versions: Sequence[UUID], window: Window) -> Counts:
    """Count one's own e-mails asked for in a window, and the answers that came in it."""
    found: Counts = {}
    sends = (
        Send.objects.filter(
            version_id__in=versions,
            channel="email",
            requested_at__range=(window.since, window.until),
        )
        .values_list("version_id", "status")
        .annotate(n=Count("id"))
        .order_by()
    )
    for version_id, status, n in sends:
        counts = found.setdefault(version_id, {})
        counts[f"email_{status}"] = n
        name = next(name for name, states in SUMS.items() if status in states)
        counts[name] = counts.get(name, 0) + n
    answers = (
        Response.objects.filter(
            send__version_id__in=versions,
            send__channel="email",
            responded_at__range=(window.since, window.until),
        )
        .values_list("send__version_id", "kind")
        .annotate(n=Count("id"))
        .order_by()
    )
    for version_id, kind, n in answers:
        counts = found.setdefault(version_id, {})
        counts[f"answer_{kind}"] = n
        counts[ANSWERS] = counts.get(ANSWERS, 0) + n
    for version_id, steps in usefulness(versions, window.last_on).items():
        rated = {RATED: steps.total(), USEFUL: steps[4] + steps[5]}
        found.setdefault(version_id, {}).update(rated)
    return found


def first_use(versions: Sequence[UUID], country: str, at: datetime) -> dict[UUID, FirstUse]:
    """Give when the first e-mail with each version left for a country, or is to leave.

    What a campaign plans counts from its launch, before the first message is asked for.
    """
    planned = Q(status__in=[_Status.QUEUED, _Status.REFERRED])
    rows = (
        Send.objects.filter(version_id__in=versions, hcp__country=country)
        .values_list("version_id")
        .annotate(
            used=Min("settled_at", filter=Q(status=_Status.SENT, settled_at__lte=at)),
            asked=Min("requested_at", filter=planned),
        )
        .order_by()
    )
    found = {
        version_id: FirstUse(used and day_of(used), asked and day_of(asked))
        for version_id, used, asked in rows
    }
    for version_id, launch_on in launches_of(versions, country).items():
        found[version_id] = found.get(version_id, FirstUse()).joined(FirstUse(None, launch_on))
    return found


SENDS = Source(10, "sends", COLUMNS, count, first_use)
