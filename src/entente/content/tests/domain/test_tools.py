"""Interactive items: read from data, proved by their cases, refused with the place named."""

from __future__ import annotations

import copy
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.content.domain.tool_calculator import read_calculator, work_out
from entente.content.domain.tool_parts import BadTool
from entente.content.domain.tool_questions import walk
from entente.content.domain.tools import claims_named, definition_hash, failures_of, read_tool

pytestmark = pytest.mark.feature("content/interactive-tools")

DOSE = {
    "kind": "calculator",
    "title": "Starting dose",
    "intro": "For adults with a known weight.",
    "rests_on": {"words": "Label, section 2.1"},
    "inputs": [
        {"name": "weight", "label": "Weight", "unit": "kg", "min": "30", "max": "200",
         "decimals": 1},
        {"name": "renal", "label": "Kidney function",
         "choices": [{"value": "1", "label": "Normal"}, {"value": "0.5", "label": "Reduced"}]},
    ],
    "results": [
        {"name": "dose", "label": "Dose", "unit": "mg", "formula": "weight * 1.5 * renal",
         "decimals": 1}
    ],
    "cases": [
        {"given": {"weight": "70", "renal": "1"}, "expect": {"dose": "105.0"}},
        {"given": {"weight": "10", "renal": "1"}, "refused": "weight"},
    ],
}  # fmt: skip
TREE = {
    "kind": "algorithm",
    "title": "Which test first",
    "rests_on": {"words": "Guideline 2026"},
    "start": "pain",
    "nodes": {
        "pain": {"question": "Chest pain now?",
                 "choices": [{"label": "Yes", "to": "urgent"}, {"label": "No", "to": "risk"}]},
        "risk": {"question": "High risk?",
                 "choices": [{"label": "Yes", "to": "clinic"}, {"label": "No", "to": "later"}]},
        "urgent": {"end": "Call the emergency number."},
        "clinic": {"end": "Refer.", "claims": ["01990000-0000-7000-8000-000000000001"]},
        "later": {"end": "See again in a year."},
    },
    "cases": [
        {"given": ["Yes"], "expect": "urgent"},
        {"given": ["No", "Yes"], "expect": "clinic"},
        {"given": ["No", "No"], "expect": "later"},
    ],
}  # fmt: skip
QUESTION = {
    "question": "What now?",
    "choices": [
        {"label": "Wait", "feedback": "It would get worse.", "right": False},
        {"label": "Treat", "feedback": "Yes.", "right": True},
    ],
}
CASE = {
    "kind": "case",
    "title": "A tired patient",
    "rests_on": {"words": "Textbook"},
    "steps": [{"text": "She is 60.", **QUESTION}, {"text": "A week later.", **QUESTION}],
    "cases": [{"given": ["Treat", "Wait"], "expect": 1}],
}
LESSON = {
    "kind": "microlearning",
    "title": "Lipids in five minutes",
    "rests_on": {"words": "Textbook"},
    "cards": [{"title": "LDL", "text": "What it is."}],
    "quiz": [QUESTION],
    "cases": [{"given": ["Treat"], "expect": 1}],
}
ALL = [DOSE, TREE, CASE, LESSON]


def changed(body: dict, place: list, value: object) -> dict:
    made = copy.deepcopy(body)
    spot = made
    for part in place[:-1]:
        spot = spot[part]
    spot[place[-1]] = value
    return made


@pytest.mark.parametrize("body", ALL, ids=lambda body: body["kind"])
def test_every_kind_is_read_and_passes_its_cases(body):
    tool = read_tool(body)
    assert (tool.kind, failures_of(tool)) == (body["kind"], [])


@pytest.mark.parametrize(
    ("body", "place", "value", "said"),
    [
        (DOSE, ["kind"], "script", "kind"),
        (DOSE, ["title"], " ", "title"),
        (DOSE, ["code"], "x()", "nothing is called code"),
        (DOSE, ["inputs", 0, "max"], 200, "as a text"),
        (DOSE, ["inputs", 0, "max"], "3", "min is below max"),
        (DOSE, ["inputs", 0, "unit"], "", "unit"),
        (DOSE, ["inputs", 0, "name"], "if", "word of the language"),
        (DOSE, ["inputs", 1, "unit"], "kg", "no unit or range"),
        (DOSE, ["inputs", 1, "name"], "weight", "twice"),
        (DOSE, ["results", 0, "formula"], "weight * eval(1)", "result 1"),
        (DOSE, ["results", 0, "decimals"], True, "decimals"),
        (DOSE, ["cases", 0, "given"], {"weight": "70"}, "renal is missing"),
        (DOSE, ["cases", 0, "expect"], {}, "dose is missing"),
        (DOSE, ["cases"], [], "cases"),
        (TREE, ["nodes", "risk", "choices", 1, "to"], "pain", "circle"),
        (TREE, ["nodes", "risk", "choices", 1, "to"], "nowhere", "no node"),
        (TREE, ["nodes", "lost"], {"end": "Nobody comes here."}, "nothing leads"),
        (TREE, ["cases"], TREE["cases"][:2], "none ends at later"),
        (TREE, ["start"], "begin", "no node begin"),
        (TREE, ["nodes", "clinic", "claims"], ["one"], "by their ids"),
        (CASE, ["steps", 0, "choices", 0, "right"], True, "exactly one"),
        (CASE, ["cases", 0, "given"], ["Treat"], "case 1"),
        (LESSON, ["cards"], [], "cards"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(body, place, value, said):
    with pytest.raises(BadTool, match=said):
        read_tool(changed(body, place, value))


@pytest.mark.parametrize(
    ("body", "place", "value"),
    [
        (DOSE, ["cases", 0, "expect", "dose"], "105"),
        (DOSE, ["cases", 1, "given", "weight"], "31"),
        (TREE, ["nodes", "pain", "choices", 0, "to"], "clinic"),
        (CASE, ["cases", 0, "expect"], 2),
        (LESSON, ["cases", 0, "given"], ["Perhaps"]),
    ],
)
def test_a_case_that_does_not_come_out_is_told(body, place, value):
    made = changed(body, place, value)
    if made["kind"] == "algorithm":
        made["nodes"]["risk"]["choices"][0]["to"] = "urgent"
    assert failures_of(read_tool(made)) != []


def test_a_definition_is_the_same_whatever_the_order_of_its_fields():
    assert definition_hash(DOSE) == definition_hash(dict(reversed(DOSE.items())))
    assert definition_hash(DOSE) != definition_hash(changed(DOSE, ["title"], "Other"))


def test_claims_are_found_in_every_end():
    assert [str(c) for c in claims_named(read_tool(TREE))] == TREE["nodes"]["clinic"]["claims"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "enter a number, 30.0 to 200.0 kg"),
        ("29.9", "from 30.0 to 200.0 kg, and 29.9 is not"),
        ("200.1", "200.0 kg"),
        ("1,000", "in kg, with a dot"),
        ("70.25", "at most 1 decimals, in kg"),
        ("7e1", "in kg"),
        ("NaN", "in kg"),
        ("-70", "kg"),
    ],
)
def test_what_is_out_of_range_is_refused_with_its_unit(typed, said):
    worked = work_out(read_calculator(DOSE), {"weight": typed, "renal": "1"})
    assert worked.results == {}
    assert said in worked.errors["weight"]


@given(
    st.decimals("30", "200", places=1),
    st.sampled_from(["1", "0.5"]),
)
def test_a_calculator_gives_what_a_person_works_out_on_paper(weight, renal):
    worked = work_out(read_calculator(DOSE), {"weight": str(weight), "renal": renal})
    exact = weight * Decimal("1.5") * Decimal(renal)
    assert abs(Fraction(worked.results["dose"]) - Fraction(exact)) <= Fraction(1, 20)
    assert worked.results["dose"] == f"{exact.quantize(Decimal('0.1'), rounding='ROUND_HALF_UP'):f}"


@given(st.text(max_size=20))
def test_whatever_is_typed_gives_a_result_or_a_reason(typed):
    worked = work_out(read_calculator(DOSE), {"weight": typed, "renal": "1"})
    assert bool(worked.results) != bool(worked.errors)


@st.composite
def trees(draw):
    """Trees of any shape: each node leads to later ones, so that every path ends."""
    n = draw(st.integers(2, 12))
    nodes, reached = {}, {0}
    for i in range(n):
        rest = list(range(i + 1, n))
        if i not in reached or len(rest) < 1 or (i and draw(st.booleans())):
            nodes[f"n{i}"] = {"end": f"End {i}"}
            continue
        to = draw(st.lists(st.sampled_from(rest), min_size=2, max_size=4))
        reached |= set(to)
        nodes[f"n{i}"] = {
            "question": f"Question {i}?",
            "choices": [{"label": str(k), "to": f"n{t}"} for k, t in enumerate(to)],
        }
    return {name: node for name, node in nodes.items() if int(name[1:]) in reached}


def paths(nodes, at="n0", so_far=()):
    """Give every path by plain recursion: the labels chosen and the end."""
    if "end" in nodes[at]:
        return [(list(so_far), at)]
    return [
        found
        for choice in nodes[at]["choices"]
        for found in paths(nodes, choice["to"], (*so_far, choice["label"]))
    ]


@given(trees())
def test_every_path_of_a_tree_ends(nodes):
    found = paths(nodes)[:200]
    ends = {name for name, node in nodes.items() if "end" in node}
    cases = [{"given": labels, "expect": end} for labels, end in found]
    if {end for _, end in found} != ends or len(nodes) < 2:
        return
    body = {**TREE, "start": "n0", "nodes": nodes, "cases": cases}
    tool = read_tool(body)
    assert failures_of(tool) == []
    for labels, end in found:
        walked = walk(tool.works, [int(label) for label in labels])
        assert (walked.at, walked.is_lost) == (end, False)
        assert tool.works.nodes[walked.at].choices == ()
