"""Inline SVG icons by name, from the lucide set."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from pathlib import Path
from zipfile import ZipFile

import lucide

_ARCHIVE = Path(lucide.__file__).with_name("lucide.zip")
_USED = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""")
_ARGUMENT = re.compile(r"""\bicon=["']([a-z0-9-]+)["']""")
_ATTRIBUTE = re.compile(r"""<c-[^>]*?\sicon=["']([a-z0-9-]+)["']""", re.DOTALL)


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """Return the names of all icons that can be drawn.

    Examples
    --------
    >>> "mail" in icon_names()
    True
    """
    with ZipFile(_ARCHIVE) as archive:
        return frozenset(n.removesuffix(".svg") for n in archive.namelist() if n.endswith(".svg"))


@lru_cache(maxsize=512)
def _strokes(name: str) -> str:
    if name not in icon_names():
        raise LookupError(f"There is no icon {name!r} in lucide {len(icon_names())} names.")
    with ZipFile(_ARCHIVE) as archive:
        source = archive.read(f"{name}.svg").decode()
    inside = source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")]
    return re.sub(r"\s*\n\s*", "", inside).strip()


def icon_svg(name: str, *, label: str = "", classes: str = "") -> str:
    """Draw one icon as inline SVG in the colour and size of the text around it.

    Parameters
    ----------
    name : str
        A name of the lucide set, such as ``mail``.
    label : str
        What the icon says to a screen reader. Without it the icon is decoration.
    classes : str
        Further CSS classes.

    Raises
    ------
    LookupError
        If the set has no icon of this name.

    Examples
    --------
    >>> icon_svg("check")[:41]
    '<svg class="icon" viewBox="0 0 24 24" fil'
    >>> 'role="img" aria-label="Sent"' in icon_svg("check", label="Sent")
    True
    """
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    css = escape(f"icon {classes}".strip())
    return (
        f'<svg class="{css}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" {spoken}>'
        f"{_strokes(name)}</svg>"
    )


def icons_used(folders: Iterable[Path]) -> dict[str, Path]:
    """Find the icon names that templates and menu entries write out, each with one file."""
    used: dict[str, Path] = {}
    for folder in folders:
        for template in sorted(folder.rglob("*.html")):
            text = template.read_text(encoding="utf-8")
            for name in (*_USED.findall(text), *_ATTRIBUTE.findall(text)):
                used.setdefault(name, template)
        for module in sorted(folder.rglob("*.py")):
            for name in _ARGUMENT.findall(module.read_text(encoding="utf-8")):
                used.setdefault(name, module)
    return used
