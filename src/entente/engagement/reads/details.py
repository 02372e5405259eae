"""Remote details: found, one whole, what is on show in words, what can be chosen, the link."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from entente.content import reads as content
from entente.content.domain.merge import FIELDS, fill
from entente.content.domain.pictures import with_data
from entente.engagement.domain.detailing import is_still_looking, seconds_on_show
from entente.engagement.models import Detail, DetailItem, DetailStay
from entente.foundation.access.scope import current_scope
from entente.foundation.links import links_to, token_of

ORDER = ("-id",)
KIND, PURPOSE = "engagement.detail", "detail"
CHANNEL = "web"
# What a commercial colleague is not offered; the gate would refuse it.
MEDICAL_ONLY = "scientific_exchange"

# Words that begin with a heading of their own need no other above them.
_TITLE = re.compile(r"<h[12]\b", re.I)


@dataclass(frozen=True)
class OnShow:
    """An item as a screen shows it: its words with the pictures in them."""

    item: DetailItem
    title: str
    has_title: bool
    html: str
    support: str
    language: str


def details(*, status: str = "", presenter_id: UUID | None = None) -> QuerySet[Detail]:
    """Give the remote details that one may see, narrowed as asked."""
    found = Detail.objects.select_related("hcp", "touch")
    if status:
        found = found.filter(status=status)
    if presenter_id:
        found = found.filter(presenter_id=presenter_id)
    return found


def detail(detail_id: UUID) -> Detail:
    """Give one remote detail.

    Raises
    ------
    Detail.DoesNotExist
        Also to those beyond the wall.
    """
    wanted = ("hcp", "touch__controller", "touch__decision", "refusal", "record")
    return Detail.objects.select_related(*wanted).get(id=detail_id)


def detail_of(touch_id: UUID) -> Detail | None:
    """Give the remote detail of a planned call, if it is one."""
    return Detail.objects.filter(touch_id=touch_id).first()


def items_of(detail_id: UUID) -> list[DetailItem]:
    """Give the items with the seconds for which each was on the HCP's screen so far."""
    found = DetailItem.objects.filter(detail_id=detail_id).select_related(
        "version__item", "decision"
    )
    stays = DetailStay.objects.filter(item__detail_id=detail_id).order_by("began_at", "id")
    seconds = seconds_on_show((s.item_id, s.began_at, s.seen_until) for s in stays)
    rows = list(found.order_by("position"))
    for row in rows:
        row.seconds = seconds.get(row.id, 0)  # type: ignore[attr-defined]
    return rows


def is_there(row: Detail, at: datetime) -> bool:
    """Tell whether the HCP's browser gave a sign of life a moment ago."""
    return row.seen_at is not None and row.ended_at is None and is_still_looking(row.seen_at, at)


def on_show(item: DetailItem | None, *, hcp: Any, at: datetime) -> OnShow | None:
    """Give an item in words; none where it may not be shown any more."""
    if item is None or content.why_not_released(item.version, at=at):
        return None
    version = item.version
    values = dict.fromkeys(FIELDS, "#") | {
        "given_name": hcp.given_name,
        "family_name": hcp.family_name,
    }
    words = fill(version.html, values, html=True)
    return OnShow(
        item=item,
        title="" if "<h1" in version.html else version.subject,
        has_title=bool(_TITLE.match(version.html.lstrip())),
        html=with_data(words, content.parts.pictures_in(version)),
        support="" if version.support_statement in version.html else version.support_statement,
        language=version.item.language,
    )


def choices(on: date, country: str) -> list[Any]:
    """Give the versions released for the web in a country, of all companies that share."""
    medical = current_scope().wall != "commercial"
    return [
        version
        for version in content.released_versions(on=on)
        if CHANNEL in (version.released_channels or version.channels)
        and country in (version.released_markets or version.markets)
        and (medical or version.item.kind != MEDICAL_ONLY)
    ]


def link_of(row: Detail, at: datetime) -> str:
    """Give the path of the link that opens a remote detail; empty once none does."""
    for link in links_to(object_kind=KIND, object_id=row.id):
        if link.revoked_at is None and link.expires_at > at:
            return f"/detail/{token_of(PURPOSE, link.id)}/"
    return ""


def mark_of(row: Detail, items: Sequence[DetailItem], *, there: bool) -> str:
    """Give a short mark of all that the presenter sees, so that a page knows whether it changed."""
    told = [
        (each.position, each.reaction, each.seconds // 10)  # type: ignore[attr-defined]
        for each in items
    ]
    said = f"{row.status} {row.position} {row.n_questions} {there} {row.refusal_id} {told}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]
