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
TAGS = TEXT_TAGS | BLOCK_TAGS | TABLE_TAGS | {"img"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_OWN_PICTURE = re.compile(r"^cid:[A-Za-z0-9._()-]{1,120}$")
_WIDTH = re.compile(r"^([1-9]\d?|[1-5]\d\d|600)$")
_LOST_PICTURE = re.compile(r"<img\b(?![^>]*\bsrc=)[^>]*>")
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


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if _OWN_PICTURE.match(value) else None
    if tag == "img" and attribute == "width":
        return value if _WIDTH.match(value) else None
    return None if value.startswith("cid:") else value


def sanitise(html: str) -> str:
    """Give the HTML without scripts, forms, styles, foreign images and all else not allowed.

    Notes
    -----
    A remote image would tell its server who opened the mail and when, without consent; a picture
    is a file of the version itself, named by ``cid:``.

    Examples
    --------
    >>> sanitise('<p onclick="x()">Hi<script>x()</script><img src="https://a.test/p.gif"></p>')
    '<p>Hi</p>'
    >>> sanitise('<img src="cid:curve.png" alt="LDL over time" onload="x()">')
    '<img src="cid:curve.png" alt="LDL over time">'
    """
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_kept,
        url_schemes={"https", "mailto", "cid"},
        link_rel="noopener noreferrer",
    )
    return _LOST_PICTURE.sub("", cleaned).strip()


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
