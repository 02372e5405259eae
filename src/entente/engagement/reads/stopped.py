"""Addresses that do not work, and that nothing more goes to until that changes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from entente.engagement.domain.mail_events import FAILURES
from entente.engagement.models import AddressRelease, MailEvent
from entente.foundation import keys


def marks_of(addresses: Collection[str]) -> dict[str, str]:
    """Give the keyed hash by which each address is known; an empty address has none."""
    key = keys.key("engagement.mail_address")
    return {
        each: hmac.new(key, each.strip().lower().encode(), hashlib.sha256).hexdigest()
        for each in addresses
        if each
    }


def stopped(addresses: Collection[str]) -> set[str]:
    """Give those of some addresses that nothing may go to, with one query.

    An address that bounced works again once a later message to it was delivered, or somebody
    released it. One that an opt-out stopped, because nobody could tell whose it is, only the
    latter. Another address of the same person is not concerned.
    """
    marks = marks_of(addresses)
    if not marks:
        return set()
    found = set(
        stops().filter(address_mark__in=set(marks.values())).values_list("address_mark", flat=True)
    )
    return {each for each, mark in marks.items() if mark in found}


def stops() -> QuerySet[MailEvent]:
    """Give the events by which an address is stopped now."""
    same = {"address_mark": OuterRef("address_mark")}
    delivered = MailEvent.objects.filter(
        **same, kind=MailEvent.Kind.DELIVERED, happened_at__gt=OuterRef("happened_at")
    )
    released = AddressRelease.objects.filter(**same, released_at__gt=OuterRef("heard_at"))
    return MailEvent.objects.filter(
        ~Exists(released),
        ~Q(Exists(delivered), kind__in=FAILURES),
        stops_address=True,
    )
