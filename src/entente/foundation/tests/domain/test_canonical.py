"""Canonical text: one record, one text, in every zone and every order of keys."""

# ruff: noqa: DTZ001 - moments without a zone are what some of these tests are about

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.foundation.domain.canonical import canonical, microseconds, sha256_hex

QUICK = settings(max_examples=40, deadline=None)

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)


@QUICK
@given(PLAIN)
def test_what_is_written_is_read_back_the_same(record):
    assert json.loads(canonical(record)) == record


@QUICK
@given(st.dictionaries(st.text(max_size=8), PLAIN, min_size=2, max_size=6), st.randoms())
def test_the_order_of_keys_is_not_written(record, random):
    shuffled = list(record.items())
    random.shuffle(shuffled)
    assert canonical(dict(shuffled)) == canonical(record)


@QUICK
@given(PLAIN)
def test_writing_twice_gives_the_same_text(record):
    once = canonical(record)
    assert canonical(json.loads(once)) == once
    assert once.isascii()


@pytest.mark.promise("P7")
@QUICK
@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)), ZONES)
def test_a_moment_is_the_same_number_in_every_zone(naive, zone):
    moment = naive.replace(tzinfo=UTC)
    assert microseconds(moment.astimezone(zone)) == microseconds(moment)
    assert canonical({"at": moment.astimezone(zone)}) == canonical({"at": moment})


@QUICK
@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))
def test_no_microsecond_is_lost(naive):
    moment = naive.replace(tzinfo=UTC)
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds(moment)) == moment


def test_the_two_readings_of_the_hour_that_comes_twice_are_told_apart():
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    assert microseconds(first.replace(fold=1)) - microseconds(first) == 3_600_000_000


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        canonical({"at": datetime(2026, 1, 1)})


def test_ids_days_amounts_and_sets_have_one_form():
    record = {
        "id": UUID(int=1),
        "on": date(2026, 1, 2),
        "amount": Decimal("1.50"),
        "roles": frozenset({"b", "a"}),
        "at": datetime(1970, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    }
    assert canonical(record) == (
        '{"amount":"1.50","at":0,"id":"00000000-0000-0000-0000-000000000001",'
        '"on":"2026-01-02","roles":["a","b"]}'
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_refused(value):
    with pytest.raises(ValueError):
        canonical({"value": value})


@pytest.mark.parametrize("value", [object(), b"bytes", {1: "a", "1": "b"}, {UUID(int=1): 1}])
def test_what_has_no_single_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical({"value": value})


def test_the_fingerprint_is_sha_256():
    assert sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
