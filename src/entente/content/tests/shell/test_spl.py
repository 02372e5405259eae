"""Reading label files: what they say, and what is refused."""

from __future__ import annotations

import gzip
from datetime import date

import pytest

from entente.content.adapters import spl as adapter
from entente.content.adapters.spl import LabelFileError, read_label
from entente.content.tests.spl_words import BOXED, REST, indications, section, spl

pytestmark = pytest.mark.feature("content/content-metadata")


def by_key(label):
    return {each.key: each for each in label.sections}


def test_a_label_is_read_with_its_names_numbers_and_sections():
    label = read_label(gzip.compress(spl(number=3, day="20260215")))
    assert (label.number, label.effective_on) == (3, date(2026, 2, 15))
    assert label.set_id == "5e7d0000-0000-4000-8000-000000000001"
    assert label.title == "Lipidex (velostatin) tablets Invented for tests"
    assert (label.owner_name, label.product_names) == ("Halden Pharma", ["Lipidex"])
    assert (label.substances, label.codes) == (["VELOSTATIN"], ["9999-0001"])
    assert label.applications == ["NDA999999"]
    nested = by_key(label)["34067-9/42229-5:stroke"]
    assert (nested.level, nested.title, nested.anchor) == (2, "1.2 Stroke", "s12")
    assert label.sections[nested.parent].code == "34067-9"
    assert by_key(label)["34066-1"].text.split("\n")[1].startswith("Test liver enzymes")
    assert by_key(label)["34068-7"].text.startswith("• Start with 10 mg once daily.\n• The highest")
    assert by_key(label)["43685-7"].text == "Muscle | Rhabdomyolysis was reported."


def test_a_section_that_says_all_in_its_heading_is_kept():
    assert "34070-3/42229-5:active-liver-disease" in by_key(read_label(spl()))


def test_sections_keep_their_keys_when_their_numbers_change():
    again = spl(2, sections=(BOXED, indications().replace("1.2 Stroke", "1.4 Stroke"), *REST))
    assert by_key(read_label(again)).keys() == by_key(read_label(spl())).keys()


def test_two_sections_of_one_heading_have_keys_of_their_own():
    twice = section("42229-5", "Study", "One"), section("42229-5", "Study", "Two")
    assert [s.key for s in read_label(spl(sections=twice)).sections] == [
        "42229-5:study",
        "42229-5:study#2",
    ]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"<document", "no well-formed XML"),
        (b"\x1f\x8bbroken", "damaged"),
        (b"<html/>", "no SPL document"),
        (spl().replace(b"<versionNumber", b"<other"), "no version number"),
        (spl().replace(b'<versionNumber value="1"', b'<versionNumber value="one"'), "version number"),
        (spl().replace(b"20260101", b"20261301"), "effective day"),
        (spl().replace(b"<setId root", b"<setId other"), "no set id"),
        (spl(sections=()), "no section"),
        (spl().replace(b"<document", b'<!DOCTYPE d [<!ENTITY x "y">]><document', 1), "document type"),
        (
            spl().replace(b"<document", b'<!DOCTYPE d SYSTEM "http://a.test/d.dtd"><document', 1),
            "document type",
        ),
        (spl(sections=(section("1", "x", "<paragraph>" * 200 + "</paragraph>" * 200),)), "nested"),
    ],
)  # fmt: skip
def test_what_is_no_label_is_refused_with_a_reason(bad, words):
    with pytest.raises(LabelFileError, match=words):
        read_label(bad)


def test_a_file_that_swells_when_unpacked_is_refused(monkeypatch):
    monkeypatch.setattr(adapter, "MOST_BYTES", 10_000)
    with pytest.raises(LabelFileError, match="larger than"):
        read_label(gzip.compress(b"<a>" + b" " * 50_000 + b"</a>"))
