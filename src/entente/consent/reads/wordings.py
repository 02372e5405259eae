"""Wordings, topics and what countries ask: the words with which people are asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from entente.consent.domain.countries import Terms, default_terms
from entente.consent.domain.months import months_after
from entente.consent.models import Capture, CountryRule, Topic, Wording
from entente.foundation.domain.periods import day_of

FALLBACK = "en"


def wordings(*, status: str = "", country: str = "") -> QuerySet[Wording]:
    """Give the wordings of the present organisation, each with its number of captures."""
    used = (
        Capture.objects.filter(wording_version=OuterRef("version"), org_id=OuterRef("org_id"))
        .order_by()
        .values("wording_version")
        .annotate(n=Count("id"))
        .values("n")
    )
    found = Wording.objects.select_related("controller").annotate(
        n_captures=Coalesce(Subquery(used), 0)
    )
    if status:
        found = found.filter(status=status)
    return found.filter(country=country) if country else found


def wording(wording_id: UUID) -> Any:
    """Give one wording with its number of captures.

    Raises
    ------
    Wording.DoesNotExist
    """
    return wordings().get(id=wording_id)


def wording_of_version(version: str) -> Wording | None:
    """Give the wording of a version, if it was written here and not only named."""
    return Wording.objects.filter(version=version).first()


def active_wordings(country: str, language: str) -> dict[UUID | None, Wording]:
    """Give per company the words with which a person can be asked: in his language, else English.

    Another language than these two is no answer, as nobody agrees to what he cannot read.
    """
    found: dict[UUID | None, Wording] = {}
    for words in Wording.objects.filter(
        status=Wording.Status.ACTIVE, country=country, language__in=[language, FALLBACK]
    ):
        if words.language == language or words.controller_id not in found:
            found[words.controller_id] = words
    return found


def topics(*, with_retired: bool = False) -> Sequence[Topic]:
    """Give the named topics, by name."""
    found = Topic.objects.order_by("name", "id")
    return list(found if with_retired else found.filter(retired_at__isnull=True))


def topic_names(ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the names of topics, with one query; ids of products are left out."""
    return dict(Topic.objects.filter(id__in=list(ids)).values_list("id", "name"))


def country_rules() -> Sequence[CountryRule]:
    """Give what the organisation asks in each country and channel: the newest of each."""
    return list(
        CountryRule.objects.order_by("country", "channel", "-set_at", "-id").distinct(
            "country", "channel"
        )
    )


def terms(country: str, channel: str, at: datetime) -> Terms:
    """Give what a permission on a channel in a country needs: what was set, else the default."""
    found = (
        CountryRule.objects.filter(country=country, channel=channel, set_at__lte=at)
        .order_by("-set_at", "-id")
        .first()
    )
    if found is None:
        return default_terms(country, channel)
    return Terms(found.keeps_months, found.needs_own_wording, found.needs_confirmation)


def last_day(country: str, channel: str, captured_at: datetime, zone: str) -> date | None:
    """Give the last day of a permission that named none; None where it has no end."""
    months = terms(country, channel, captured_at).keeps_months
    return months_after(day_of(captured_at, zone), months) if months else None
