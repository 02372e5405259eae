"""What common mail programs do not show, found in an e-mail before anybody is sent it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

CLIPPED_BYTES = 102 * 1024
"""Gmail cuts a letter after so many bytes, and the way out with it."""

# Tag: who drops it or what comes of it.
_TAGS = {
    "script": "taken out by every program",
    "form": "taken out by Outlook and Yahoo",
    "input": "taken out by Outlook and Yahoo",
    "button": "taken out by Outlook",
    "video": "shown by Apple Mail only",
    "audio": "shown by Apple Mail only",
    "iframe": "taken out by every program",
    "object": "taken out by every program",
    "svg": "not shown by Gmail and Outlook",
    "link": "taken out by Gmail",
    "style": "taken out by several programs; put styles on the tags",
    "base": "taken out by every program",
}
_STYLES = {
    "display:flex": "not known to Outlook",
    "display:grid": "not known to Gmail and Outlook",
    "position:": "taken out by Gmail",
    "float:": "not known to Outlook",
    "background-image": "not shown by Outlook",
    "calc(": "not known to Outlook",
    "var(": "not known to Gmail and Outlook",
    "@import": "taken out by every program",
}
_MERGE = re.compile(r"^\{\{\s*[a-z_]+\s*\}\}$")
_NARROW = re.compile(r"^(\d{1,3}%|[0-5]?\d{1,2}|600)$")


@dataclass(frozen=True)
class Unsupported:
    """Something in an e-mail that some readers would not see, and which."""

    what: str
    why: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Unsupported] = []
        self.language = self.charset = self.title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.language |= tag == "html" and bool(given.get("lang"))
        self.charset |= tag == "meta" and "utf-8" in (
            given.get("content", "") + given.get("charset", "")
        )
        self.title |= tag == "title"
        if tag in _TAGS:
            self.found.append(Unsupported(f"<{tag}>", _TAGS[tag]))
        self._styles(given.get("style", ""))
        self._places(tag, given)

    def _styles(self, style: str) -> None:
        plain = style.replace(" ", "").lower()
        self.found += [
            Unsupported(part.rstrip(":("), why) for part, why in _STYLES.items() if part in plain
        ]

    def _places(self, tag: str, given: dict[str, str]) -> None:
        if tag == "img" and "alt" not in given:
            self.found.append(
                Unsupported("an image without words", "pictures are blocked at first")
            )
        if tag == "img" and not given.get("src", "").startswith(("https://", "cid:")):
            self.found.append(Unsupported("an image without an address", "it is not loaded"))
        if tag == "a":
            address = given.get("href", "")
            if not address.startswith(("https://", "http://", "mailto:")) and not _MERGE.match(
                address
            ):
                self.found.append(Unsupported(f"the link {address}", "it leads nowhere in a mail"))
        if "width" in given and not _NARROW.match(given["width"]):
            self.found.append(
                Unsupported(f"the width {given['width']}", "wider than a small screen shows")
            )


def unsupported(html: str) -> list[Unsupported]:
    """Give what common mail programs would drop, break or cut in a whole HTML e-mail.

    Notes
    -----
    Source: the programs' own documentation on supported HTML and CSS, as of 2026.

    Examples
    --------
    >>> [each.what for each in unsupported('<!DOCTYPE html><html lang="en"><meta charset="utf-8">'
    ...  '<title>N</title><p style="display: flex">x</p></html>')]
    ['display:flex']
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = list(reader.found)
    if not html.lstrip().lower().startswith("<!doctype html>"):
        found.append(Unsupported("no document type", "Outlook then guesses how wide boxes are"))
    for known, what in ((reader.language, "language"), (reader.charset, "character set"),
                        (reader.title, "title")):  # fmt: skip
        if not known:
            found.append(Unsupported(f"no {what}", "programs that read aloud need it"))
    if len(html.encode()) > CLIPPED_BYTES:
        found.append(Unsupported("a letter over 102 kB", "Gmail cuts it, and the way out with it"))
    return list(dict.fromkeys(found))
