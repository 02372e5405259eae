"""Template tags of the shell: icons, formats, outcome words, addresses that keep their state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel import Locale
from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from entente.foundation.web import formats
from entente.foundation.web.icons import icon_svg
from entente.foundation.web.outcomes import OutcomeLook, outcome_look

register = template.Library()

# Shown for a value that is None, or absent from the context (which a template gives as "").
_NOTHING = "–"
_CURSORS = ("after", "before", "page")
_SELECTED = SafeString(" selected")


def _locale() -> Locale:
    return formats.reader_locale(get_language())


@register.simple_tag
def icon(name: str, label: str = "", classes: str = "") -> SafeString:
    """Draw an icon: ``{% icon "mail" %}``; ``label`` is what a screen reader says."""
    return mark_safe(icon_svg(name, label=label, classes=classes))  # noqa: S308  escaped there


@register.simple_tag
def choices(options: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    """Write the options of a select: ``{% choices options value %}``.

    Lists of specialties and countries have hundreds, which a loop in a template takes ten times
    as long to write.
    """
    kept = str(chosen)
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, _SELECTED if str(key) == kept else "", words) for key, words in options),
    )


@register.filter
def money(amount_minor: int | str | None, currency: str) -> str:
    """Write minor units: ``{{ line.amount_minor|money:line.currency }}``."""
    if amount_minor is None or amount_minor == "":
        return _NOTHING
    return formats.write_money(int(amount_minor), currency, locale=_locale())


@register.filter
def number(value: float | Decimal | str | None, digits: int | None = None) -> str:
    """Write a number: ``{{ n_recipients|number }}``, with two places ``{{ value|number:2 }}``."""
    if value is None or value == "":
        return _NOTHING
    return formats.write_number(Decimal(str(value)), locale=_locale(), digits=digits)


@register.filter
def percent(share: float | Decimal | str | None, digits: int = 0) -> str:
    """Write a share from 0 to 1 as a percentage: ``{{ share|percent }}``."""
    if share is None or share == "":
        return _NOTHING
    return formats.write_percent(Decimal(str(share)), locale=_locale(), digits=digits)


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day; a moment is taken in the current time zone."""
    if not value:
        return _NOTHING
    if isinstance(value, datetime):
        value = _local(value)
    return formats.write_day(value, locale=_locale())


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment to the minute, in the current time zone."""
    return _NOTHING if not value else formats.write_moment(_local(value), locale=_locale())


@register.filter
def distance(value: date | datetime | None) -> str:
    """Write how far away a day or moment is: ``in 3 days``, ``2 hours ago``."""
    if not value:
        return _NOTHING
    now = _local(timezone.now())
    if not isinstance(value, datetime):
        value = now + (value - now.date())
    return formats.write_distance(_local(value), now=now, locale=_locale())


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else timezone.make_aware(value)


@register.filter
def iso(value: date | datetime | None) -> str:
    """Write a day or moment for machines, as in ``<time datetime>``."""
    return value.isoformat() if value else ""


@register.filter
def unlocal(value: object) -> str:
    """Write a number for an HTML attribute: a point, no groups."""
    return str(value)


@register.filter
def is_moment(value: object) -> bool:
    """Tell a moment from a day."""
    return isinstance(value, datetime)


@register.filter
def look_of(outcome: object) -> OutcomeLook:
    """Return words, icon and tone of PERMIT, REFER or FORBID."""
    return outcome_look(outcome)


@register.filter
def outcome_words(outcome: object) -> str:
    """Write an outcome in words: ``{{ decision.outcome|outcome_words }}``."""
    return outcome_look(outcome).words


@register.filter
def initials(name: object) -> str:
    """Return up to two initials of a person or organisation, leaving titles out."""
    words = [word for word in str(name).replace(".", " ").split() if word[0].isalnum()]
    words = [word for word in words if word.lower() not in {"dr", "prof", "mr", "ms", "mrs"}]
    picked = words[:1] + words[-1:] if len(words) > 1 else words[:1]
    return "".join(word[0].upper() for word in picked)


@register.filter
def attributes(passed: Mapping[str, Any]) -> SafeString:
    """Write the attributes passed through to a component, escaped.

    Cotton's own ``{{ attrs }}`` does not escape values that come from variables.
    """
    keep = passed.attrs_dict() if hasattr(passed, "attrs_dict") else dict(passed)
    parts = []
    for key, value in keep.items():
        if key == "style" or key.startswith("on"):
            raise ValueError(f"The content security policy forbids the attribute {key!r}.")
        if value is True:
            parts.append(f" {conditional_escape(key)}")
        elif value is not False and value is not None:
            parts.append(f' {conditional_escape(key)}="{conditional_escape(value)}"')
    return mark_safe("".join(parts))  # noqa: S308  each part is escaped above


@register.simple_tag(takes_context=True)
def qs(context: Context, **changes: Any) -> str:
    """Return the query string of this page with some values changed: ``{% qs sort="name" %}``.

    ``None`` or an empty value drops a key. Every change but one of the page itself starts
    again at the first page.
    """
    request = context.get("request")
    query = request.GET.copy() if request is not None else None
    if query is None:
        from django.http import QueryDict

        query = QueryDict(mutable=True)
    if not set(changes) & set(_CURSORS):
        changes = {**dict.fromkeys(_CURSORS), **changes}
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(key, [str(each) for each in value])
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_of(context: Context, column: str) -> dict[str, str]:
    """Return how a column is sorted now and the address that sorts by it next.

    The address holds ``sort=name`` for ascending and ``sort=-name`` for descending.
    """
    request = context.get("request")
    current = request.GET.get("sort", "") if request is not None else ""
    state = {column: "ascending", f"-{column}": "descending"}.get(current, "none")
    following = f"-{column}" if state == "ascending" else column
    return {"state": state, "url": qs(context, sort=following)}
