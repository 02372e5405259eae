"""Name topics, and set what permissions need in a country."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.consent.actions.checks import check_channel
from entente.consent.models import CountryRule, Topic
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

MOST_MONTHS = 120
MOST_LETTERS = 120


def add_topic(name: str, *, at: datetime) -> Topic:
    """Name a topic that people choose or refuse; naming it again gives the one there is.

    Writes the topic and one ledger entry.

    Raises
    ------
    UserError
        If the name is empty or too long.
    """
    scope = current_scope()
    scope.require("wording.write")
    words = " ".join(name.split())
    if not 0 < len(words) <= MOST_LETTERS:
        raise UserError(f"Give the topic a name of at most {MOST_LETTERS} letters.", field="name")
    made, is_new = Topic.objects.get_or_create(
        org_id=scope.org_id, name=words, defaults={"id": new_id()}
    )
    if not is_new and made.retired_at is not None:
        made.retired_at = None
        made.save(update_fields=["retired_at"])
        is_new = True
    if is_new:
        ledger.append(
            ledger.Entry("consent.topic.added", "consent.topic", made.id, {"name": words}), at=at
        )
    return made


def retire_topic(topic_id: UUID, *, at: datetime) -> None:
    """Offer a topic no more; what people said about it stays what it is.

    Writes the topic and one ledger entry; repeating it changes nothing.
    """
    current_scope().require("wording.write")
    topic = Topic.objects.select_for_update().get(id=topic_id)
    if topic.retired_at is not None:
        return
    topic.retired_at = at
    topic.save(update_fields=["retired_at"])
    ledger.append(ledger.Entry("consent.topic.retired", "consent.topic", topic.id), at=at)


def set_country_rule(
    *,
    country: str,
    channel: str,
    at: datetime,
    keeps_months: int | None,
    needs_own_wording: bool,
    needs_confirmation: bool,
) -> CountryRule:
    """Set what permissions on a channel need in a country, from now on.

    Permissions that are there keep the last day they were given with. Writes the rule and
    one ledger entry.

    Parameters
    ----------
    keeps_months : int, optional
        For how long a permission holds that names no last day; None for no end.
    needs_own_wording : bool
        Whether a permission given under another country's words stops counting here.
    needs_confirmation : bool
        Whether a permission counts only once it is confirmed by a second step.

    Raises
    ------
    UserError
        If a value cannot be right.
    """
    scope = current_scope()
    scope.require("retention.write")
    if not is_country(country):
        raise UserError("Write the country as two capitals, for example GB.", field="country")
    check_channel(channel)
    if keeps_months is not None and not 1 <= keeps_months <= MOST_MONTHS:
        raise UserError(f"Give 1 to {MOST_MONTHS} months, or none.", field="keeps_months")
    made = CountryRule.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        country=country,
        channel=channel,
        keeps_months=keeps_months,
        needs_own_wording=needs_own_wording,
        needs_confirmation=needs_confirmation,
        set_at=at,
        actor_id=scope.actor_id,
    )
    ledger.append(
        ledger.Entry(
            "consent.country_rule.set",
            "consent.country_rule",
            made.id,
            {
                "country": country,
                "channel": channel,
                "keeps_months": keeps_months,
                "needs_own_wording": needs_own_wording,
                "needs_confirmation": needs_confirmation,
            },
        ),
        at=at,
    )
    return made
