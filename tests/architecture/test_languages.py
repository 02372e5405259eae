"""A person's own pages speak every language they offer, from catalogues that are up to date."""

from __future__ import annotations

import re

import pytest

from docs_build import messages
from entente.consent.pages.languages import CODES

MARKS = re.compile(r"%\(\w+\)s")


def test_every_language_on_offer_has_a_catalogue():
    assert sorted(CODES) == sorted(["en", *messages.LANGUAGES])


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_text_of_a_persons_pages_is_translated(language):
    assert messages.missing(language) == [], "translate it in the .po, then run make snapshots"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_the_site_reads_is_what_translators_wrote(language):
    held = messages.LOCALE / language / "LC_MESSAGES" / "django.mo"
    assert held.read_bytes() == messages.compiled(messages.catalogue(language))


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_names_what_its_text_names_and_nothing_else(language):
    wrong = [
        message.id
        for message in messages.catalogue(language)
        if message.id
        and sorted(MARKS.findall(message.id)) != sorted(MARKS.findall(str(message.string)))
    ]
    assert wrong == []
