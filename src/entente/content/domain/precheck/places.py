"""The words of HTML with the place of each, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "section", "table", "blockquote"}
    | {"dt", "dd", "hr", "ul", "ol", "td", "th", "caption"}
)
_SIZES = {"small": -1, "sub": -1, "sup": -1, "h1": 2, "h2": 2, "h3": 1, "h4": 1}
_HIDING = ("display:none", "visibility:hidden", "font-size:0", "opacity:0", "height:0")
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "source", "wbr"})


@dataclass(frozen=True)
class Link:
    """A link: where it leads, which words, at which place of the source."""

    href: str
    words: str
    at: int


@dataclass
class Shown:
    """What a reader sees; ``at`` gives the place of each character in the source."""

    text: str = ""
    at: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[tuple[str, int]] = field(default_factory=list)
    hidden: str = ""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the source of a part of the text."""
        return self.at[start], self.at[end - 1] + 1

    def size(self, start: int, end: int) -> int:
        """Give the smallest print of a part: -1 small, 0 plain, 1 and 2 headings."""
        return min(self.sizes[start:end], default=0)


class _Reader(HTMLParser):
    """Keeps references as they are written, so that places stay exact."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.shown = Shown()
        self._open: list[tuple[str, bool]] = []
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._link: tuple[str, int, int] | None = None
        self.feed(html)
        self.close()

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _write(self, text: str, at: int, *, step: int) -> None:
        if any(hides for _, hides in self._open):
            self.shown.hidden += text
            return
        size = min((_SIZES[t] for t, _ in self._open if t in _SIZES), default=0)
        self.shown.text += text
        self.shown.at += [at + i * step for i in range(len(text))]
        self.shown.sizes += [size] * len(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._write("\n", self._offset(), step=0)
        if tag == "a" and "href" in given:
            self._link = (given["href"], len(self.shown.text), self._offset())
        if tag == "img":
            self.shown.images.append((given.get("alt", ""), self._offset()))
        if tag not in _VOID:
            style = given.get("style", "").replace(" ", "").casefold()
            hides = (
                "hidden" in given or tag in {"script", "style"} or any(h in style for h in _HIDING)
            )
            self._open.append((tag, hides))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link:
            href, start, at = self._link
            self.shown.links.append(Link(href, self.shown.text[start:].strip(), at))
            self._link = None
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth][0] == tag:
                del self._open[depth:]
                break
        if tag in _BLOCKS:
            self._write("\n", self._offset(), step=0)

    def handle_data(self, data: str) -> None:
        # A line feed in the source is a blank to the reader.
        self._write(data.replace("\n", " "), self._offset(), step=1)

    def handle_entityref(self, name: str) -> None:
        self._write(unescape(f"&{name};").replace("\u00a0", " "), self._offset(), step=0)

    def handle_charref(self, name: str) -> None:
        self._write(unescape(f"&#{name};").replace("\u00a0", " "), self._offset(), step=0)


def read_html(html: str) -> Shown:
    """Read HTML as a reader sees it, with the place of every character.

    Examples
    --------
    >>> shown = read_html("<p>A &amp; <small>b</small></p>")
    >>> shown.text.strip(), shown.place(3, 4), shown.size(5, 6)
    ('A & b', (5, 6), -1)
    """
    return _Reader(html).shown


def read_plain(text: str) -> Shown:
    """Read the text form: every character where it stands."""
    return Shown(text, list(range(len(text))), [0] * len(text))
