"""Money and rates of publications against a slow twin that adds fractions one by one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.directory.adapters.chunks import RegistryFileError
from entente.engagement.adapters.results import (
    NO_FIGURE,
    NUMBER,
    read_outcomes,
    read_results,
    staged_result,
)
from entente.engagement.domain.media_results import (
    LEVELS,
    MEASURES,
    SPEND,
    Told,
    cost_each,
    joined,
    rate_bp,
    total_of,
)

pytestmark = pytest.mark.feature("engagement/digital-channels")
DAY = date(2026, 11, 1)
FIGURES = st.lists(
    st.builds(
        Told,
        on=st.integers(0, 20).map(lambda n: DAY + timedelta(days=n)),
        what=st.sampled_from([*MEASURES, SPEND]),
        amount=st.integers(0, 10**12),
    ),
    max_size=40,
    unique_by=lambda each: (each.on, each.what),
)
PLACED = st.lists(st.tuples(FIGURES, st.sampled_from(["EUR", "USD", "JPY"]),
                            st.integers(0, 10**9)), max_size=6)  # fmt: skip


def slow_totals(figures):
    """Add up one after the other, and take the last day's level by looking for it."""
    counts, spend = {}, None
    for each in figures:
        if each.what == SPEND:
            spend = each.amount if spend is None else spend + each.amount
        elif each.what in LEVELS:
            last = max(other.on for other in figures if other.what == each.what)
            if each.on == last:
                counts[each.what] = each.amount
        else:
            counts[each.what] = counts.get(each.what, 0) + each.amount
    return counts, spend


def slow_half_even(top, bottom):
    exact = Decimal(top) / Decimal(bottom)
    rounded = int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))
    # Decimals break off: settle a difference by the fraction itself.
    return min(
        (rounded - 1, rounded, rounded + 1),
        key=lambda n: (abs(Fraction(top, bottom) - n), n % 2),
    )


@given(FIGURES)
def test_totals_are_those_of_the_slow_twin_in_any_order(figures):
    counts, spend = slow_totals(figures)
    for given_order in (figures, figures[::-1]):
        found = total_of(given_order, currency="EUR", planned_minor=500)
        assert (dict(found.counts), found.spend_minor) == (counts, spend)


@given(PLACED)
def test_a_sum_of_publications_is_exact_per_currency(placed):
    parts = [
        total_of(figures, currency=currency, planned_minor=planned)
        for figures, currency, planned in placed
    ]
    found = {each.currency: each for each in joined(parts)}
    for currency in {currency for _, currency, _ in placed}:
        own = [part for part in parts if part.currency == currency]
        spends = [part.spend_minor for part in own if part.spend_minor is not None]
        assert found[currency].planned_minor == sum(part.planned_minor for part in own)
        assert found[currency].spend_minor == (sum(spends) if spends else None)
        clicks = [part.counts["clicks"] for part in own if "clicks" in part.counts]
        assert found[currency].counts.get("clicks") == (sum(clicks) if clicks else None)


@given(st.integers(0, 10**12), st.integers(1, 10**9))
def test_a_cost_per_click_is_rounded_half_even(spend, clicks):
    assert cost_each(spend, clicks) == slow_half_even(spend, clicks)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_rate_is_rounded_half_even(part, whole):
    assert rate_bp(part, whole) == slow_half_even(part * 10_000, whole)


@pytest.mark.parametrize(
    ("spend", "clicks", "each"), [(5, 2, 2), (7, 2, 4), (1, 2, 0), (3, 2, 2), (0, 5, 0)]
)
def test_halves_go_to_the_even_neighbour(spend, clicks, each):
    assert cost_each(spend, clicks) == each


def test_what_nobody_told_is_unknown_and_not_zero():
    found = total_of([Told(DAY, "impressions", 100)], currency="EUR", planned_minor=0)
    assert (found.spend_minor, found.click_minor, found.click_rate_bp) == (None, None, None)
    assert (found.left_minor, found.spent_bp) == (None, None)


def _read(tmp_path: Path, text: str):
    file = tmp_path / "report.csv"
    file.write_text(text, encoding="utf-8")
    [chunk] = read_results(file)
    return [staged_result(row) for row in chunk.tables["results"].to_pylist()], chunk.refused


def test_columns_are_found_whatever_their_capitals_and_usual_names(tmp_path):
    rows, refused = _read(
        tmp_path,
        "DAY,Placement,IMPR.,Link Clicks,Amount Spent,CURRENCY,Video Views\n"
        '11/02/2026,pl-0000001a,"1,250",12,34.50,eur,7\n',
    )
    assert not refused
    [row] = rows
    assert (row.on, row.reference, row.spend) == (date(2026, 11, 2), "pl-0000001a", "34.50")
    assert row.counts == {"impressions": 1250, "clicks": 12, "video_views": 7}
    assert row.currency == "EUR"


def test_bad_lines_are_named_and_the_good_ones_are_kept(tmp_path):
    rows, refused = _read(
        tmp_path,
        "date,reference,clicks,spend\n"
        "2026-11-02,PL-1,5,\n"
        "2026-02-30,PL-1,5,\n"
        "2026-11-03,,5,\n"
        "2026-11-04,PL-1,five,\n"
        "2026-11-05,PL-1,,\n"
        "2026-11-06,PL-1,-3,\n",
    )
    assert [row.line for row in rows] == [2]
    assert {(each.line, each.remedy) for each in refused} >= {(5, NUMBER), (6, NO_FIGURE)}
    assert {each.line for each in refused} == {3, 4, 5, 6, 7}


def test_a_file_without_a_reference_is_no_report(tmp_path):
    file = tmp_path / "report.csv"
    file.write_text("date,clicks\n2026-11-02,5\n", encoding="utf-8")
    with pytest.raises(RegistryFileError, match="placement reference"):
        list(read_results(file))


def test_outcomes_are_read_in_the_words_of_several_services(tmp_path):
    file = tmp_path / "out.csv"
    file.write_text(
        "ID;Event;Timestamp\na;STOP;2026-11-02T10:00:00Z\nb;Delivered;\nc;pending;\n",
        encoding="utf-8",
    )
    [chunk] = read_outcomes(file)
    found = chunk.tables["outcomes"].to_pylist()
    assert [(row["message_id"], row["outcome"]) for row in found] == [
        ("a", "opted_out"),
        ("b", "delivered"),
    ]
    assert [each.line for each in chunk.refused] == [4]
