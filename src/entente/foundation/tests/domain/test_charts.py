"""Charts: what a reader, a screen reader and the content security policy rely on."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.foundation.web import charts
from entente.foundation.web.plot import ticks

MONTHS = ["Sep", "Oct", "Nov"]
SENDS = {"E-mail": [3, 0, 5], "Remote": [1, 2, 0]}


def _parsed(markup):
    return ElementTree.fromstring(f"<div>{markup}</div>")


def _all_charts(label="Sep"):
    labels = [label, "Oct", "Nov"]
    return {
        "columns": charts.columns("Sends", labels, SENDS, limit=("Cap", 4)),
        "lines": charts.lines("Sends", labels, {"E-mail": [1, None, 2]}, area=True),
        "bars": charts.bar_list("Sends", [charts.Bar(label, 2, href="/sends?a=1&b=2")]),
        "funnel": charts.funnel("Sends", [charts.Bar(label, 4), charts.Bar("Opened", 1)]),
        "spark": charts.sparkline(label, [1, 2]),
    }


@pytest.mark.parametrize("kind", _all_charts())
def test_a_chart_is_well_formed_and_has_no_inline_style_or_script(kind):
    markup = _all_charts()[kind]
    for element in _parsed(markup).iter():
        assert element.tag not in {"script", "style"}
        assert "style" not in element.attrib
        assert not any(name.startswith("on") for name in element.attrib)


@pytest.mark.parametrize("kind", _all_charts())
def test_a_label_cannot_smuggle_markup_into_a_chart(kind):
    markup = _all_charts('<img src=x> & "quoted"')[kind]
    assert "<img" not in markup
    assert "&lt;img src=x&gt; &amp;" in markup
    _parsed(markup)


def test_a_picture_has_a_name_a_description_and_its_table():
    markup = charts.columns("Sends a month", MONTHS, SENDS, summary="Most in November.")
    root = _parsed(markup)
    picture = root.find(".//svg[@role='img']")
    assert picture.attrib["aria-label"] == "Sends a month"
    assert picture.find("desc").text == "Most in November."
    rows = root.findall(".//details//tbody/tr")
    assert [[cell.text for cell in row] for row in rows] == [
        ["Sep", "3", "1"],
        ["Oct", "0", "2"],
        ["Nov", "5", "0"],
    ]


def test_a_gap_breaks_the_line_and_is_a_dash_in_the_table():
    markup = charts.lines("Sends", ["a", "b", "c", "d"], {"x": [1, None, 3, 4]})
    assert len(re.findall(r'class="line c1"', markup)) == 2
    assert "–" in markup


def test_a_funnel_says_which_part_of_the_stage_before_remains():
    markup = charts.funnel("Reach", [charts.Bar("Sent", 80), charts.Bar("Opened", 20)])
    assert "25% of the stage before" in markup


def test_a_funnel_after_an_empty_stage_says_nothing_about_parts():
    markup = charts.funnel("Reach", [charts.Bar("Sent", 0), charts.Bar("Opened", 0)])
    assert "stage before" not in markup


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.columns("x", MONTHS, {"a": [1, 2]}),
        lambda: charts.lines("x", MONTHS, {"a": [1, 2]}),
        lambda: charts.columns("x", MONTHS, {"a": [1, 2, -1]}),
        lambda: charts.bar_list("x", [charts.Bar("a", -1)]),
    ],
)
def test_wrong_numbers_are_refused(draw):
    with pytest.raises(ValueError, match=r"values for|below zero"):
        draw()


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=24))
def test_every_column_lies_inside_the_plot_and_stands_in_proportion(values):
    markup = charts.columns("x", [str(i) for i in range(len(values))], {"a": values})
    found = re.findall(r'y="([\d.]+)" width="[\d.]+%" height="([\d.]+)"', markup)
    boxes = [(float(y), float(height)) for y, height in found]
    shown = [value for value in values if value]
    assert len(boxes) == len(shown)
    assert all(y >= 0 and y + height <= 173 for y, height in boxes)
    pairs = sorted(zip(shown, boxes, strict=True), key=lambda pair: pair[0])
    heights = [height for _, (_, height) in pairs]
    assert heights == sorted(heights)


@given(st.floats(0, 1e9, allow_nan=False))
def test_a_scale_starts_at_zero_reaches_the_highest_and_has_few_even_steps(highest):
    scale = ticks(highest)
    assert scale[0] == 0
    assert scale[-1] >= highest * (1 - 1e-6)
    assert 2 <= len(scale) <= 6


@given(st.integers(2, 1_000_000))
def test_whole_things_are_counted_in_whole_steps(highest):
    assert all(float(step).is_integer() for step in ticks(highest))


def test_markup_is_printed_by_templates_as_it_is():
    assert charts.sparkline("x", [1]).__html__().startswith("<svg")
