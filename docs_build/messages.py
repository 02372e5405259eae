"""The words of a person's own pages in his language: what is to be translated, and its catalogues.

Run as ``python -m docs_build.messages [--check]``: compiles every ``.po`` beside it to the
``.mo`` that the site reads, and names what has no translation. Needs no tool of gettext.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent / "src" / "entente"
LOCALE = ROOT / "consent" / "locale"
LANGUAGES = ("de", "es", "fr")
# What a person sees by a signed link, and what stands around it on every page.
TEMPLATES = (
    "consent/templates/consent/confirm.html",
    "consent/templates/consent/held_by_link.html",
    "consent/templates/consent/held_rows.html",
    "consent/templates/consent/languages.html",
    "consent/templates/consent/link_unknown.html",
    "consent/templates/consent/preferences.html",
    "consent/templates/consent/switch.html",
    "consent/templates/consent/unsubscribe.html",
    "foundation/web/templates/base.html",
    "foundation/web/templates/cotton/checkbox.html",
    "foundation/web/templates/cotton/definition.html",
    "foundation/web/templates/cotton/input.html",
    "foundation/web/templates/cotton/textarea.html",
    "foundation/web/templates/shell/messages.html",
)
MODULES = (
    "consent/actions/confirmation.py",
    "consent/pages/held_words.py",
    "consent/pages/preference_form.py",
    "consent/pages/preferences.py",
    "consent/pages/words.py",
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
}


def texts() -> list[str]:
    """Give every text that a person's own pages show, in the order it is met."""
    from django.utils.translation.template import templatize

    found: dict[str, None] = {}
    for name in TEMPLATES:
        python = templatize((ROOT / name).read_text(encoding="utf-8"), origin=name)
        _collect(python, found)
    for name in MODULES:
        _collect((ROOT / name).read_text(encoding="utf-8"), found)
    return list(found)


def _collect(source: str, found: dict[str, None]) -> None:
    stream = io.BytesIO(source.encode())
    for _, message, _, _ in extract("python", stream, keywords=KEYWORDS):
        for text in message if isinstance(message, tuple) else (message,):
            if text:
                found[text] = None


def catalogue(language: str) -> Catalog:
    """Read the translations of one language."""
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as stream:
        return read_po(stream, locale=language)


def compiled(found: Catalog) -> bytes:
    """Give a catalogue in the form that the site reads."""
    # A header with today's date would make every compilation differ.
    found.creation_date = found.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    stream = io.BytesIO()
    write_mo(stream, found)
    return stream.getvalue()


def missing(language: str) -> list[str]:
    """Give the texts that have no translation in a language."""
    found = catalogue(language)
    return [text for text in texts() if not (text in found and found[text].string)]


def main(arguments: list[str]) -> int:
    """Compile or check every catalogue; give the exit status."""
    status = 0
    for language in LANGUAGES:
        for text in missing(language):
            sys.stderr.write(f"{language}: no translation of: {text}\n")
            status = 1
        path = LOCALE / language / "LC_MESSAGES" / "django.mo"
        made = compiled(catalogue(language))
        if "--check" not in arguments:
            path.write_bytes(made)
        elif not path.exists() or path.read_bytes() != made:
            sys.stderr.write(f"{path.name} of {language} is behind: run make snapshots\n")
            status = 1
    return status


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.exit(main(sys.argv[1:]))
