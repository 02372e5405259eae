"""An export as a page: the names of its parts and fields in the reader's words and language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from entente.consent.pages.words import CHANNELS, PURPOSES
from entente.foundation.web.formats import reader_locale, write_day, write_moment

# Titles that the rooms give their parts; named here so that translators find them.
TITLES = (
    gettext_noop("Who you are"),
    gettext_noop("Addresses"),
    gettext_noop("Permissions you gave"),
    gettext_noop("Permissions you took back"),
    gettext_noop("Stops"),
    gettext_noop("How often, and from when again"),
    gettext_noop("What you asked about your data"),
    gettext_noop("What was sent to you"),
    gettext_noop("Your medical questions"),
    gettext_noop("Meals and other things of value"),
)
FIELDS: dict[str, str | Promise] = {
    "name": _("Name"), "npi": _("NPI"), "profession": _("Profession"), "specialty": _("Specialty"),
    "licence": _("Licence"), "practice": _("Practice"), "country": _("Country"),
    "time_zone": _("Time zone"), "record": _("State of the record"), "source": _("Source"),
    "channel": _("Channel"), "address": _("Address"), "from": _("From"), "to": _("Until"),
    "company": _("Company"), "purpose": _("Purpose"), "about": _("About"),
    "given_at": _("Given at"), "confirmed_at": _("Confirmed at"), "last_day": _("Last day"),
    "words": _("Words shown"), "method": _("How it was given"), "proof": _("Proof"),
    "withdrawn_at": _("Taken back at"), "reason": _("Reason"), "kind": _("Kind"),
    "stopped_at": _("Stopped at"), "emails_in_30_days": _("E-mails in 30 days"),
    "emails_in_7_days": _("E-mails in 7 days"), "quiet_until": _("Quiet until"),
    "set_at": _("Set at"), "status": _("State"), "received_at": _("Received at"),
    "due_on": _("Answer by"), "closed_at": _("Closed at"), "answer": _("Answer"),
    "asked_at": _("Asked at"), "state": _("State"), "settled_at": _("Settled at"),
    "question": _("Question"), "answered_at": _("Answered at"), "on": _("Day"),
    "amount": _("Amount"), "currency": _("Currency"), "nature": _("Nature"), "form": _("Form"),
    "reported_by": _("Reported by"),
}  # fmt: skip


DAYS = frozenset({"from", "to", "last_day", "quiet_until", "due_on", "on"})


def _said(title: str) -> str:
    return gettext(title)


def _value(name: str, value: Any) -> Any:
    if name == "channel":
        return CHANNELS.get(value, value)
    if value == "all":
        return gettext("all")
    if name == "purpose":
        return PURPOSES.get(value, value)
    locale = reader_locale(get_language())
    if name in DAYS:
        return write_day(date.fromisoformat(value), locale=locale)
    if name.endswith("_at"):
        return write_moment(datetime.fromisoformat(value), locale=locale) + " UTC"
    return value


def readable(found: dict[str, Any]) -> dict[str, Any]:
    """Give an export with the words to show it by; empty fields are left out."""
    return {
        "parts": [
            {
                "title": _said(part["title"]),
                "rows": [
                    [
                        (FIELDS.get(name, name), _value(name, value))
                        for name, value in row.items()
                        if value not in (None, "")
                    ]
                    for row in part["rows"]
                ],
            }
            for part in found["held"]
        ],
        "later": [_said(title) for title in found["after_identity_check"]],
    }
