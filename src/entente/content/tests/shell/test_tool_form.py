"""Interactive items as forms that a server answers: step by step, without a script."""

from __future__ import annotations

import copy

import pytest
from django.http import QueryDict

from entente.content.domain.tools import read_tool
from entente.content.pages.tool_form import answer

pytestmark = pytest.mark.feature("content/interactive-tools")

TREE = {
    "kind": "algorithm",
    "title": "Which test first",
    "rests_on": {"words": "Guideline 2026"},
    "start": "pain",
    "nodes": {
        "pain": {"question": "Chest pain now?",
                 "choices": [{"label": "Yes", "to": "urgent"}, {"label": "No", "to": "later"}]},
        "urgent": {"end": "Call the emergency number."},
        "later": {"end": "See again in a year."},
    },
    "cases": [{"given": ["Yes"], "expect": "urgent"}, {"given": ["No"], "expect": "later"}],
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


def test_an_algorithm_leads_to_its_end_and_says_how_it_came_there():
    tool = read_tool(TREE)
    begun = answer(tool, None)
    assert (begun.step.question, begun.is_complete, begun.error) == ("Chest pain now?", False, "")
    ended = answer(tool, QueryDict("path=&choice=1"))
    assert (ended.step.text, ended.is_complete) == ("See again in a year.", True)
    assert [(step.question, choice.label) for step, choice in ended.trail] == [
        ("Chest pain now?", "No")
    ]


def test_a_case_gives_feedback_at_each_step_and_counts_at_the_end():
    tool = read_tool(CASE)
    first = answer(tool, QueryDict("path=&choice=0"))
    assert (first.trail[0][1].feedback, first.path) == ("It would get worse.", "0")
    assert first.step.text == "A week later."
    last = answer(tool, QueryDict(f"path={first.path}&choice=1"))
    assert (last.is_complete, last.n_right, last.n_steps) == (True, 1, 2)


def test_microlearning_shows_its_cards_beside_the_quiz():
    body = copy.deepcopy(CASE) | {"kind": "microlearning", "quiz": [QUESTION]}
    body |= {"cards": [{"title": "LDL", "text": "What it is."}],
             "cases": [{"given": ["Treat"], "expect": 1}]}  # fmt: skip
    del body["steps"]
    shown = answer(read_tool(body), None)
    assert [card.question for card in shown.cards] == ["LDL"]
    assert shown.step.question == "What now?"


@pytest.mark.parametrize("given", ["path=", "path=&choice=", "choice=9", "path=0,0,0,0&choice=0",
                                   "path=-1", "path=%D9%A3&choice=1x", "path=" + "0," * 500])  # fmt: skip
@pytest.mark.parametrize("body", [TREE, CASE], ids=["algorithm", "case"])
def test_whatever_is_sent_is_answered_and_never_breaks(body, given):
    shown = answer(read_tool(body), QueryDict(given))
    assert shown.is_complete or shown.step is not None


def test_going_on_without_a_choice_says_so():
    assert answer(read_tool(CASE), QueryDict("path=0")).error == "Choose one of the answers."
