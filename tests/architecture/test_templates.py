"""Templates: no style or script inside a page, every icon there is, nothing from elsewhere."""

from __future__ import annotations

import re

from entente.foundation.web.icons import icon_names, icons_used
from tests.architecture.source import ENTENTE, name_of, templates

INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a script without a file": re.compile(r"<script\b(?![^>]*(?:\bsrc=|application/json))", re.I),
    "a javascript address": re.compile(r"javascript:", re.I),
    "something from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"https?:", re.I
    ),
    "unescaped text": re.compile(r"\{%\s*autoescape\s+off"),
}  # fmt: skip

# Opened by a link and without a session, so that no other site can borrow one.
BY_SIGNED_LINK = {
    "event_register.html",
    "event_ticket.html",
    "meeting_pick.html",
    "ask.html",
    "detail_begin.html",
    "detail_follow.html",
    "detail_screen.html",
    "detail_ask.html",
    "webinar_guest.html",
    "webinar_ask.html",
    "preferences.html",
    "unsubscribe.html",
    "confirm.html",
    "hosted_page.html",
    "hosted_gate.html",
}


def test_no_page_carries_style_script_or_anything_from_elsewhere():
    guilty = [
        f"{name_of(path)} has {what}: {found.group(0)[:60]}"
        for path in templates()
        for what, pattern in INLINE.items()
        if (found := pattern.search(path.read_text(encoding="utf-8")))
    ]
    assert guilty == []


def test_every_icon_that_is_named_exists():
    used = icons_used([ENTENTE])
    assert {name: name_of(path) for name, path in used.items() if name not in icon_names()} == {}


def test_every_form_that_posts_carries_its_token():
    guilty = []
    for path in templates():
        if path.name in BY_SIGNED_LINK:
            continue
        text = path.read_text(encoding="utf-8")
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.I | re.S):
            if "csrf_token" not in form and "<c-" not in form[:200]:
                guilty.append(f"{name_of(path)}: {form[:80]}")
    assert guilty == []
