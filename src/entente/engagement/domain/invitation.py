"""The words of an invitation: who invites, to what, when and where, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any
from zoneinfo import ZoneInfo


def when_of(event: Any) -> str:
    """Give an event's time where it takes place, with the zone's name."""
    zone = ZoneInfo(event.time_zone)
    begins, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    same_day = begins.date() == ends.date()
    until = f"{ends:%H:%M}" if same_day else f"{ends:%-d %B %Y %H:%M}"
    return f"{begins:%A, %-d %B %Y, %H:%M} to {until} ({event.time_zone})"


def where_of(event: Any) -> str:
    """Give where an event takes place, in words."""
    return "On line" if event.setting == "virtual" else event.venue


def as_text(told: Mapping[str, Any]) -> str:
    """Write an invitation as plain text."""
    event = told["event"]
    return (
        f"Dear {told['name']},\n\n"
        f"{' and '.join(told['parties'])} invite you to:\n\n"
        f"{event.title}\n{when_of(event)}\n{where_of(event)}\n\n"
        f"Register: {told['address']}\n\n"
        f"Supported by {' and '.join(told['parties'])}.\n{told['postal']}\n"
        f"No more messages like this: {told['stop']}\n"
    )


def as_html(told: Mapping[str, Any]) -> str:
    """Write an invitation as HTML."""
    event, parties = told["event"], escape(" and ".join(told["parties"]))
    return (
        f"<p>Dear {escape(told['name'])},</p><p>{parties} invite you to:</p>"
        f"<h1>{escape(event.title)}</h1>"
        f"<p>{escape(when_of(event))}<br>{escape(where_of(event))}</p>"
        f'<p><a href="{escape(told["address"])}">Register</a></p>'
        f"<p>Supported by {parties}.</p><p>{escape(told['postal'])}<br>"
        f'<a href="{escape(told["stop"])}">No more messages like this</a></p>'
    )
