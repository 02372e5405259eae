"""Ask the rules on machines about all clicks of some letters, the earlier ones too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from entente.engagement.domain.machine_clicks import BURST_LINKS, Click, Letter, judged, n_links
from entente.engagement.models import MailEvent, Send


def judge_clicks(send_ids: Collection[UUID]) -> int:
    """Name the rule at each click that a rule tells of a machine; give how many were named.

    Called by the action that hears events. A click that has a name keeps it: a later event can
    show that an earlier click came from a machine, never that it did not.
    """
    if not send_ids:
        return 0
    letters = _letters(send_ids)
    named: dict[str, list[UUID]] = {}
    for letter in letters:
        for key, rule in judged(letter).items():
            named.setdefault(rule, []).append(key)  # type: ignore[arg-type]
    n_named = 0
    for rule, ids in named.items():
        n_named += MailEvent.objects.filter(id__in=ids, machine_rule="").update(machine_rule=rule)
    return n_named


def _letters(send_ids: Collection[UUID]) -> list[Letter]:
    clicks: dict[UUID, list[Click]] = {}
    delivered: dict[UUID, datetime] = {}
    rows = MailEvent.objects.filter(
        send_id__in=send_ids, kind__in=(MailEvent.Kind.CLICK, MailEvent.Kind.DELIVERED)
    ).values_list("send_id", "kind", "id", "happened_at", "url", "agent")
    for send_id, kind, event_id, at, url, agent in rows.order_by("happened_at", "id"):
        if kind == MailEvent.Kind.DELIVERED:
            delivered.setdefault(send_id, at)
        else:
            clicks.setdefault(send_id, []).append(Click(event_id, at, url, agent))
    # The mail service took the letter then; where it does not tell of the delivery, that counts.
    settled = dict(
        Send.objects.filter(
            id__in=set(clicks) - set(delivered), status=Send.Status.SENT
        ).values_list("id", "settled_at")
    )
    many = [i for i, found in clicks.items() if len({c.url for c in found}) >= BURST_LINKS]
    html = dict(Send.objects.filter(id__in=many).values_list("id", "version__html"))
    return [
        Letter(found, delivered.get(i) or settled.get(i), n_links(html.get(i, "")))
        for i, found in clicks.items()
    ]
