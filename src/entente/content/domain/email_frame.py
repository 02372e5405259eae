"""An item's words as an e-mail that common programs show alike: one column, styles on each tag."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

WIDTH = 600
"""Pixels; wider letters are cut or shrunk by mail programs on small screens."""

_FONT = "font-family:Arial,Helvetica,sans-serif"
# Mail programs drop style sheets, so every tag carries its own style.
_STYLES = {
    "p": f"margin:0 0 16px;{_FONT};font-size:16px;line-height:24px;color:#1b1f24",
    "li": f"margin:0 0 8px;{_FONT};font-size:16px;line-height:24px;color:#1b1f24",
    "ul": "margin:0 0 16px;padding:0 0 0 24px",
    "ol": "margin:0 0 16px;padding:0 0 0 24px",
    "h1": f"margin:0 0 16px;{_FONT};font-size:24px;line-height:32px;color:#1b1f24",
    "h2": f"margin:24px 0 12px;{_FONT};font-size:20px;line-height:28px;color:#1b1f24",
    "h3": f"margin:20px 0 8px;{_FONT};font-size:17px;line-height:24px;color:#1b1f24",
    "h4": f"margin:16px 0 8px;{_FONT};font-size:16px;line-height:24px;color:#1b1f24",
    "td": f"padding:8px;{_FONT};font-size:15px;line-height:22px;color:#1b1f24;vertical-align:top",
    "th": f"padding:8px;{_FONT};font-size:15px;line-height:22px;color:#1b1f24;text-align:left",
    "table": "border-collapse:collapse;margin:0 0 16px",
    "a": "color:#0b5cad;text-decoration:underline",
    "blockquote": "margin:0 0 16px;padding:0 0 0 16px;border-left:3px solid #c9ced6",
    "img": "display:block;max-width:100%;height:auto;border:0;margin:0 0 16px",
    "hr": "border:0;border-top:1px solid #c9ced6;margin:24px 0",
    "div": f"{_FONT};font-size:16px;line-height:24px;color:#1b1f24",
}
_VOID = frozenset({"br", "hr", "img"})
_SPACES = re.compile(r"\s+")


class _Styler(HTMLParser):
    """Writes the same HTML again with a style on each tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = "".join(
            f' {name}="{escape(value or "", quote=True)}"'
            for name, value in attrs
            if name != "style"
        )
        style = f' style="{_STYLES[tag]}"' if tag in _STYLES else ""
        self.written.append(f"<{tag}{kept}{style}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.written.append(data)

    def handle_entityref(self, name: str) -> None:
        self.written.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.written.append(f"&#{name};")


def framed(html: str, *, title: str, language: str = "en") -> str:
    """Give the whole HTML of an e-mail around an item's sanitised words.

    Parameters
    ----------
    html : str
        As stored: sanitised, with merge fields or already filled.
    title : str
        The subject; programs that read aloud say it first.
    language : str
        A code such as ``"de"``, for those programs.

    Notes
    -----
    The words themselves stay to the letter; only tags get styles, so that what was signed is what
    is read.

    Examples
    --------
    >>> "<p style=" in framed("<p>Hi</p>", title="News")
    True
    """
    styler = _Styler()
    styler.feed(html)
    styler.close()
    body = "".join(styler.written)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language, quote=True)}"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light"><meta name="supported-color-schemes"'
        f' content="light"><title>{escape(_SPACES.sub(" ", title))}</title></head>'
        '<body style="margin:0;padding:0;background-color:#f2f4f7">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">'
        '<tr><td align="center" style="padding:24px 8px">'
        f'<table role="presentation" width="{WIDTH}" cellpadding="0" cellspacing="0" border="0"'
        f' style="width:100%;max-width:{WIDTH}px;background-color:#ffffff">'
        '<tr><td style="padding:32px 24px">'
        f"{body}</td></tr></table></td></tr></table></body></html>"
    )
