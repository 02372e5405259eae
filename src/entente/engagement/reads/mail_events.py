"""What came back for e-mails: found, counted, held; programs apart from people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet

from entente.engagement.models import MailEvent, MailHook
from entente.engagement.reads.stopped import stops

ORDER = ("-happened_at", "-id")
HOOK_ORDER = ("-made_at", "-id")
WHO = (("human", "People"), ("machine", "Programs"))
STATES = (("taken", "Taken"), ("refused", "Not understood"), ("stops", "Stops an address"))


def mail_events(
    *,
    kind: str = "",
    by: str = "",
    state: str = "",
    send_id: UUID | None = None,
    campaign_id: UUID | None = None,
) -> QuerySet[MailEvent]:
    """Give the events of the present organisation, narrowed as asked; order them by ``ORDER``.

    Parameters
    ----------
    by : str
        "human" or "machine": who opened or clicked.
    state : str
        "taken", "refused", or "stops" for those by which an address is stopped now.
    """
    found = stops() if state == "stops" else MailEvent.objects.all()
    if kind:
        found = found.filter(kind=kind)
    if by:
        readings = found.filter(kind__in=(MailEvent.Kind.OPEN, MailEvent.Kind.CLICK))
        is_human = Q(machine_rule="")
        found = readings.filter(is_human if by == "human" else ~is_human)
    if state in {"taken", "refused"}:
        is_taken = Q(refused_because="")
        found = found.filter(is_taken if state == "taken" else ~is_taken)
    if send_id:
        found = found.filter(send_id=send_id)
    if campaign_id:
        found = found.filter(campaign_id=campaign_id)
    return found.select_related("send")


def mail_event(event_id: UUID) -> MailEvent:
    """Give one event of the present organisation.

    Raises
    ------
    MailEvent.DoesNotExist
    """
    return MailEvent.objects.select_related("send").get(id=event_id)


def is_stopping(event_id: UUID) -> bool:
    """Tell whether an event stops its address now."""
    return stops().filter(id=event_id).exists()


@dataclass(frozen=True)
class Came:
    """What came back, as numbers: messages delivered and bounced, clicks of people and programs."""

    delivered: int
    bounced: int
    opt_outs: int
    clicked: int
    clicks: int
    machine_clicks: int
    opens: int
    machine_opens: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing came back at all."""
        return not any(vars(self).values())


def came_back(campaign_id: UUID | None = None) -> Came:
    """Count what came back, for a campaign or for all, with one query.

    ``clicked`` counts messages in which a person followed a link; opens are counted of nobody.
    """
    kind = MailEvent.Kind
    by_person = Q(machine_rule="")

    def sends(*kinds: str) -> Count:
        return Count("send_id", filter=Q(kind__in=kinds), distinct=True)

    def readings(which: str, *, of_people: bool) -> Count:
        return Count("id", filter=Q(kind=which) & (by_person if of_people else ~by_person))

    found = mail_events(state="taken", campaign_id=campaign_id).aggregate(
        delivered=sends(kind.DELIVERED),
        bounced=sends(kind.BOUNCE, kind.DROPPED),
        opt_outs=sends(kind.UNSUBSCRIBE, kind.GROUP_UNSUBSCRIBE, kind.COMPLAINT),
        clicked=Count("send_id", filter=Q(kind=kind.CLICK) & by_person, distinct=True),
        clicks=readings(kind.CLICK, of_people=True),
        machine_clicks=readings(kind.CLICK, of_people=False),
        opens=readings(kind.OPEN, of_people=True),
        machine_opens=readings(kind.OPEN, of_people=False),
    )
    return Came(**found)


def events_of(send_id: UUID) -> list[MailEvent]:
    """Give what came back for one send, the first first."""
    return list(MailEvent.objects.filter(send_id=send_id).order_by("happened_at", "id")[:200])


def n_refused() -> int:
    """Count the events that could not be understood."""
    return MailEvent.objects.exclude(refused_because="").count()


def hooks() -> list[tuple[MailHook, datetime | None]]:
    """Give the doors of the present organisation, each with when something was last heard."""
    found = MailHook.objects.order_by(*HOOK_ORDER)
    last = dict(
        MailEvent.objects.filter(hook__isnull=False)
        .values_list("hook_id")
        .annotate(last=Max("heard_at"))
        .order_by()
    )
    return [(hook, last.get(hook.id)) for hook in found]


def hook_door(hook_id: UUID, provider: str) -> UUID | None:
    """Give the organisation whose door this is; None where there is none that is open.

    A mail service has no organisation: the address alone says whose it is, and no more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.engagement_mail_hook_door(%s, %s)", [hook_id, provider])
        found: UUID | None = cursor.fetchone()[0]
        return found


def held_events(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give what came back for messages to a person, for the person's export."""
    return [
        {
            "what": event.get_kind_display(),
            "at": event.happened_at,
            "link": event.url,
            "program": event.agent,
            "told_by": event.get_provider_display(),
            "by_a_machine": bool(event.machine_rule),
        }
        for event in MailEvent.objects.filter(send__hcp_id=hcp_id).order_by("happened_at", "id")
    ]


def events_before(moment: datetime) -> Collection[UUID]:
    """Give the events heard before a moment, but not those that stop an address."""
    found = MailEvent.objects.filter(heard_at__lt=moment, stops_address=False).order_by("id")
    return list(found.values_list("id", flat=True))


def oldest_event() -> datetime | None:
    """Give when the first event was heard that time may delete."""
    found: datetime | None = MailEvent.objects.filter(stops_address=False).aggregate(
        first=Min("heard_at")
    )["first"]
    return found
