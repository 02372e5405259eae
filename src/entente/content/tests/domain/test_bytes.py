"""The fingerprint, the markup and the merge fields of what leaves."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.content.domain.fingerprint import content_hash
from entente.content.domain.markup import bad_links, sanitise
from entente.content.domain.merge import fill, unknown_fields

BASE = {
    "subject": "s",
    "html": "h",
    "text": "t",
    "markets": ["US", "CA"],
    "audiences": ["hcp"],
    "channels": ["email"],
    "expires_on": date(2027, 1, 1),
    "support_statement": "both",
    "claims": [(UUID(int=1), "one"), (UUID(int=2), "two")],
}
CHANGES = {
    "subject": "S",
    "html": "h ",
    "text": "t\n",
    "markets": ["US"],
    "audiences": ["hcp", "hco"],
    "channels": ["web"],
    "expires_on": date(2027, 1, 2),
    "support_statement": "one",
    "claims": [(UUID(int=1), "one")],
}


@pytest.mark.promise("P10")
@pytest.mark.parametrize("name", list(BASE))
def test_any_change_of_any_part_changes_the_fingerprint(name):
    assert content_hash(**{**BASE, name: CHANGES[name]}) != content_hash(**BASE)


def test_the_order_of_lists_changes_nothing():
    turned = {**BASE, "markets": ["CA", "US"], "claims": BASE["claims"][::-1]}
    assert content_hash(**turned) == content_hash(**BASE)


@given(st.text(max_size=60), st.text(max_size=60))
def test_words_cannot_wander_between_fields_under_the_same_fingerprint(one, two):
    moved = {**BASE, "html": one + two, "text": ""}
    split = {**BASE, "html": one, "text": two}
    assert two == "" or content_hash(**moved) != content_hash(**split)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>x()</script>",
        "<img src=x onerror=x()>",
        "<svg onload=x()>",
        "<a href='javascript:x()'>a</a>",
        "<iframe src='https://e.test'></iframe>",
        "<form action='https://e.test'><input></form>",
        "<style>body{background:url(https://e.test)}</style>",
        "<p style='background:url(https://e.test)'>x</p>",
        "<meta http-equiv=refresh content='0;url=https://e.test'>",
        "<link rel=stylesheet href=https://e.test>",
        "<base href='https://e.test'>",
    ],
)
def test_nothing_that_runs_loads_or_sends_survives(hostile):
    clean = sanitise(hostile).lower()
    for trace in ("script", "onerror", "onload", "<img", "<svg", "iframe", "<form", "url(", "meta"):
        assert trace not in clean
    assert sanitise(clean) == clean


def test_links_that_lead_to_a_merge_field_survive():
    html = '<p><a href="{{unsubscribe_url}}">Stop</a></p>'
    assert "{{unsubscribe_url}}" in sanitise(html)
    assert bad_links(sanitise(html)) == []


def test_a_persons_name_never_becomes_markup():
    assert fill("Dear {{given_name}}", {"given_name": "<b>"}, html=True) == "Dear &lt;b&gt;"
    with pytest.raises(KeyError):
        fill("{{given_name}}", {}, html=False)


@given(st.from_regex(r"[a-z_]{1,20}", fullmatch=True))
def test_the_list_of_merge_fields_is_closed(name):
    closed = {"given_name", "family_name", "unsubscribe_url", "preferences_url", "ask_url"}
    assert unknown_fields(f"{{{{{name}}}}}") == ([] if name in closed else [name])
