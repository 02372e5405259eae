"""An e-mail as common programs show it: the words to the letter, nothing that they drop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.content.domain.email_frame import framed
from entente.content.domain.email_support import unsupported
from entente.content.domain.markup import sanitise, visible_words

LETTER = (
    "<h1>News</h1><p>Dear {{given_name}}</p><ul><li>One &amp; <strong>two</strong></li></ul>"
    "<table><tr><th>Dose</th><td>5&nbsp;mg</td></tr></table><blockquote>Safety</blockquote>"
    '<p><a href="{{unsubscribe_url}}">Stop</a> <a href="https://halden.test/a?b=1&amp;c=2">More</a>'
)


def test_a_framed_letter_holds_nothing_that_programs_drop():
    assert unsupported(framed(sanitise(LETTER), title="News & more", language="de")) == []


@given(st.text(max_size=400))
def test_whatever_was_written_is_read_to_the_letter_in_the_frame(words):
    html = sanitise(f"<p>{words}</p><p>{words} <b>{words}</b></p>")
    assert visible_words(framed(html, title="")).strip() == visible_words(html)


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("<script>x()</script>", "<script>"),
        ("<form></form>", "<form>"),
        ("<style>p{}</style>", "<style>"),
        ('<p style="position: absolute">x</p>', "position"),
        ('<div style="display:grid">x</div>', "display:grid"),
        ('<img src="https://a.test/p.png">', "an image without words"),
        ('<a href="/local">x</a>', "the link /local"),
        ('<table width="900"></table>', "the width 900"),
        ("x" * 110_000, "a letter over 102 kB"),
    ],
)
def test_what_some_readers_would_not_see_is_named(html, what):
    whole = framed("", title="T").replace("</body>", f"{html}</body>")
    assert what in [each.what for each in unsupported(whole)]


def test_a_bare_fragment_lacks_what_a_document_needs():
    said = {each.what for each in unsupported("<p>Hi</p>")}
    assert said == {"no document type", "no language", "no character set", "no title"}
