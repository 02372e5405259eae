"""The states of a publication, its reference and its address, on whatever comes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.engagement.domain.placements import (
    CHANNELS,
    MOVES,
    address_problem,
    may_move,
    reference_of,
    worst_of,
)
from entente.engagement.domain.telephones import international

pytestmark = pytest.mark.feature("engagement/digital-channels")
OVER = {"ended", "withdrawn"}
OUTCOMES = ("PERMIT", "REFER", "FORBID")


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=12))
def test_no_course_leads_to_live_without_being_cleared_just_before(wishes):
    course = ["planned"]
    for wish in wishes:
        if may_move(course[-1], wish):
            course.append(wish)
    for before, after in pairwise(course):
        assert before not in OVER
        if after == "live":
            assert before == "cleared"
        if after == "ended":
            assert before == "live"
    assert course.count("live") <= 1


@given(st.lists(st.sampled_from(OUTCOMES), min_size=1))
def test_markets_together_are_permitted_only_if_each_is(outcomes):
    worst = worst_of(outcomes)
    assert (worst == "PERMIT") == all(each == "PERMIT" for each in outcomes)
    assert (worst == "FORBID") == ("FORBID" in outcomes)
    assert worst_of([*outcomes, "PERMIT"]) == worst
    assert worst_of([*outcomes, "FORBID"]) == "FORBID"


def test_what_nobody_was_asked_about_is_not_permitted():
    with pytest.raises(ValueError, match="empty"):
        worst_of([])


@given(st.uuids(), st.uuids())
def test_references_differ_where_the_ends_of_the_ids_differ(left, right):
    same = left.int % 2**40 == right.int % 2**40
    assert (reference_of(left) == reference_of(right)) == same
    assert not set(reference_of(left)[3:]) & set("ILOU")


@given(st.text(max_size=80))
def test_only_https_addresses_of_named_sites_are_taken(text):
    if not address_problem(text):
        assert text.lower().startswith("https://")
        assert "." in text and " " not in text


@pytest.mark.parametrize(
    "address",
    ["https://10.0.0.1/", "https://[::1]/", "https://a", "https://x.example.org:8443/",
     "https://me@x.example.org/", "//x.example.org", "https://x.example.org/a b",
     "https://" + "a" * 600 + ".org", "https://x.example.org\t"],
)  # fmt: skip
def test_addresses_that_lead_nowhere_public_are_refused(address):
    assert address_problem(address)


def test_every_channel_is_approved_as_one_that_content_knows():
    assert {each.approved_as for each in CHANNELS.values()} == {"web", "social", "app", "sms"}


@given(st.text(alphabet="0123456789+-() ./ABab", max_size=24), st.sampled_from(["US", "DE", "ZZ"]))
def test_a_number_is_international_or_nothing_and_reading_it_again_changes_nothing(text, country):
    found = international(text, country)
    if found:
        assert found[0] == "+" and found[1:].isdigit() and 9 <= len(found) <= 16
        assert international(found, "ZZ") == found


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("(203) 555-0100", "US", "+12035550100"),
        ("1-203-555-0100", "US", "+12035550100"),
        ("030 1234567", "DE", "+49301234567"),
        ("06 30 123 4567", "HU", "+36301234567"),
        ("030 1234567", "ZZ", ""),
        ("+49 (0)30 1234567", "DE", "+49301234567"),
        ("2.0355E+09", "US", ""),
        ("+1 555", "US", ""),
    ],
)
def test_numbers_as_people_write_them(text, country, expected):
    assert international(text, country) == expected
