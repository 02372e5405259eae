"""What HTML an item may hold: words, links and tables; nothing that runs, loads or sends."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

TEXT_TAGS = {
    "a",
    "abbr",
    "b",
    "br",
    "code",
    "em",
    "i",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
}
BLOCK_TAGS = {"blockquote", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p"}
TABLE_TAGS = {"caption", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
TAGS = TEXT_TAGS | BLOCK_TAGS | TABLE_TAGS
ATTRIBUTES = {
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_MERGE_LINK = re.compile(r"^\{\{\s*[a-z_]+\s*\}\}$")
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "section",
        "table",
        "blockquote",
        "dt",
        "dd",
        "hr",
    ]
)


def sanitise(html: str) -> str:
    """Give the HTML without scripts, forms, styles, images and everything else not allowed.

    Notes
    -----
    A remote image would tell its server who opened the mail and when, without consent.

    Examples
    --------
    >>> sanitise('<p onclick="x()">Hi<script>x()</script><img src="https://a.test/p.gif"></p>')
    '<p>Hi</p>'
    """
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
    ).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.words.append(" ")
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def visible_words(html: str) -> str:
    """Give what a reader reads, with single blanks.

    Examples
    --------
    >>> visible_words("<p>One&nbsp;<b>two</b></p><p>three</p>")
    'One two three'
    """
    return " ".join("".join(_read(html).words).split())


def bad_links(html: str) -> list[str]:
    """Give links that are neither https, nor mailto, nor one merge field.

    Examples
    --------
    >>> bad_links('<a href="/x">a</a> <a href="https://b.test">b</a>')
    ['/x']
    """
    return [
        link
        for link in _read(html).links
        if not link.startswith(("https://", "mailto:")) and not _MERGE_LINK.match(link)
    ]
