"""Algorithms, cases and microlearning: questions with choices, and where each choice leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from entente.content.domain.tool_parts import (
    LONGEST_LABEL,
    BadTool,
    claims_of_field,
    fields_of,
    list_of,
    name_of_field,
    words_of_field,
)

MOST_NODES = 200


@dataclass(frozen=True)
class Choice:
    """An answer one may choose: where it leads, or what is said about it."""

    label: str
    to: str = ""
    feedback: str = ""
    right: bool = False


@dataclass(frozen=True)
class Step:
    """A question with its choices; without choices it is an end, resting on claims."""

    text: str
    question: str = ""
    choices: tuple[Choice, ...] = ()
    claims: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Algorithm:
    """A decision tree from its first question to its ends."""

    start: str
    nodes: Mapping[str, Step]
    cases: tuple[Any, ...]


@dataclass(frozen=True)
class Walk:
    """How far a person came: the choices made, where that is, and whether one was no choice."""

    trail: tuple[tuple[Step, Choice], ...]
    at: str
    is_lost: bool = False


@dataclass(frozen=True)
class Course:
    """A case, or cards with a quiz: questions one after the other, with feedback."""

    cards: tuple[Step, ...]
    steps: tuple[Step, ...]
    cases: tuple[Any, ...]


def _node(value: object, name: str) -> Step:
    place = f"node {name}"
    if isinstance(value, Mapping) and "end" in value:
        given = fields_of(value, place, ["end"], ["claims"])
        claims = claims_of_field(given.get("claims", []), f"{place}, claims")
        return Step(words_of_field(given["end"], place), claims=claims)
    given = fields_of(value, place, ["question", "choices"], ["text"])
    choices = []
    rows = list_of(given["choices"], f"{place}, choices", fewest=2, most=10)
    for n, each in enumerate(rows, 1):
        row = fields_of(each, f"{place}, choice {n}", ["label", "to"])
        label = words_of_field(row["label"], f"{place}, choice {n}", longest=LONGEST_LABEL)
        choices.append(Choice(label, to=name_of_field(row["to"], f"{place}, choice {n}")))
    text = words_of_field(given["text"], f"{place}, text") if given.get("text") else ""
    return Step(text, words_of_field(given["question"], place), tuple(choices))


def read_algorithm(body: Mapping[str, Any]) -> Algorithm:
    """Read an algorithm's own part of a definition.

    Every choice leads to a node that is there, no path comes back to where it was, every
    node is reached, and each end is reached by a case.

    Raises
    ------
    BadTool
    """
    raw = body["nodes"]
    if not isinstance(raw, Mapping) or not 2 <= len(raw) <= MOST_NODES:
        raise BadTool(f"nodes: 2 to {MOST_NODES} are needed, each under its name")
    nodes = {name_of_field(name, "nodes"): _node(value, str(name)) for name, value in raw.items()}
    start = name_of_field(body["start"], "start")
    _refuse_loops(nodes, start)
    cases = tuple(list_of(body["cases"], "cases", fewest=1, most=200))
    for n, case in enumerate(cases, 1):
        given = fields_of(case, f"case {n}", ["given", "expect"])
        list_of(given["given"], f"case {n}, given", fewest=0, most=MOST_NODES)
    uncovered = sorted(
        {name for name, step in nodes.items() if not step.choices}
        - {str(case["expect"]) for case in cases}
    )
    if uncovered:
        raise BadTool(f"cases: none ends at {', '.join(uncovered)}")
    return Algorithm(start, nodes, cases)


def _refuse_loops(nodes: Mapping[str, Step], start: str) -> None:
    if start not in nodes:
        raise BadTool(f"start: there is no node {start}")
    done: set[str] = set()
    on_path: list[tuple[str, int]] = [(start, 0)]
    while on_path:
        name, n = on_path.pop()
        choices = nodes[name].choices
        if n == len(choices):
            done.add(name)
            continue
        on_path.append((name, n + 1))
        to = choices[n].to
        if to not in nodes:
            raise BadTool(f"node {name}: there is no node {to}")
        if any(to == before for before, _ in on_path):
            raise BadTool(f"node {name}: the choice of {to} goes round in a circle")
        if to not in done:
            on_path.append((to, 0))
    if unreached := sorted(set(nodes) - done):
        raise BadTool(f"nodes: nothing leads to {', '.join(unreached)}")


def walk(algorithm: Algorithm, choices: Sequence[int]) -> Walk:
    """Follow choices, each by its place from 0, as far as they lead.

    Examples
    --------
    >>> tree = Algorithm("q", {"q": Step("", "Sure?", (Choice("Yes", "e"), Choice("No", "e"))),
    ...                        "e": Step("Done")}, ())
    >>> walk(tree, [1]).at, walk(tree, [7]).is_lost
    ('e', True)
    """
    at = algorithm.start
    trail: list[tuple[Step, Choice]] = []
    for chosen in choices:
        step = algorithm.nodes[at]
        if not 0 <= chosen < len(step.choices):
            return Walk(tuple(trail), at, is_lost=True)
        trail.append((step, step.choices[chosen]))
        at = step.choices[chosen].to
    return Walk(tuple(trail), at)


def failed_walks(algorithm: Algorithm) -> list[str]:
    """Run an algorithm's cases and say in a sentence each what did not come out as expected."""
    failed = []
    for n, case in enumerate(algorithm.cases, 1):
        at, problem = algorithm.start, ""
        for label in case["given"]:
            step = algorithm.nodes[at]
            chosen = next((each for each in step.choices if each.label == label), None)
            if chosen is None:
                problem = f"case {n}: {at} has no choice {label!r}"
                break
            at = chosen.to
        if not problem and at != case["expect"]:
            problem = f"case {n}: ends at {at}, not at {case['expect']}"
        if not problem and algorithm.nodes[at].choices:
            problem = f"case {n}: {at} is no end"
        failed += [problem] if problem else []
    return failed


def _question(value: object, place: str, *, text: bool) -> Step:
    needed = ["text", "question", "choices"] if text else ["question", "choices"]
    given = fields_of(value, place, needed)
    choices = []
    rows = list_of(given["choices"], f"{place}, choices", fewest=2, most=10)
    for n, each in enumerate(rows, 1):
        row = fields_of(each, f"{place}, choice {n}", ["label", "feedback", "right"])
        if not isinstance(row["right"], bool):
            raise BadTool(f"{place}, choice {n}: right is true or false")
        choices.append(
            Choice(
                words_of_field(row["label"], f"{place}, choice {n}", longest=LONGEST_LABEL),
                feedback=words_of_field(row["feedback"], f"{place}, feedback {n}"),
                right=row["right"],
            )
        )
    if sum(choice.right for choice in choices) != 1:
        raise BadTool(f"{place}: exactly one choice is right")
    body = words_of_field(given["text"], f"{place}, text") if text else ""
    return Step(body, words_of_field(given["question"], place), tuple(choices))


def read_course(body: Mapping[str, Any], *, has_cards: bool) -> Course:
    """Read the own part of a case (``steps``) or of microlearning (``cards`` and ``quiz``).

    Raises
    ------
    BadTool
    """
    cards: tuple[Step, ...] = ()
    if has_cards:
        rows = list_of(body["cards"], "cards", fewest=1, most=40)
        shown = [fields_of(each, f"card {n}", ["title", "text"]) for n, each in enumerate(rows, 1)]
        cards = tuple(
            Step(
                words_of_field(each["text"], f"card {n}"),
                words_of_field(each["title"], f"card {n}, title", longest=LONGEST_LABEL),
            )
            for n, each in enumerate(shown, 1)
        )
    part = "quiz" if has_cards else "steps"
    steps = tuple(
        _question(each, f"{part} {n}", text=not has_cards)
        for n, each in enumerate(list_of(body[part], part, fewest=1, most=40), 1)
    )
    cases = tuple(list_of(body["cases"], "cases", fewest=1, most=200))
    for n, case in enumerate(cases, 1):
        given = fields_of(case, f"case {n}", ["given", "expect"])
        list_of(given["given"], f"case {n}, given", fewest=len(steps), most=len(steps))
    return Course(cards, steps, cases)


def n_right(course: Course, choices: Sequence[int]) -> int:
    """Count the right answers among choices, each by its place from 0."""
    return sum(
        0 <= chosen < len(step.choices) and step.choices[chosen].right
        for step, chosen in zip(course.steps, choices, strict=False)
    )


def failed_answers(course: Course) -> list[str]:
    """Run a course's cases: labels given in order, and how many of them are expected right."""
    failed = []
    for n, case in enumerate(course.cases, 1):
        places = []
        for step, label in zip(course.steps, case["given"], strict=True):
            labels = [choice.label for choice in step.choices]
            if label not in labels:
                failed.append(f"case {n}: there is no choice {label!r}")
                break
            places.append(labels.index(label))
        else:
            right = n_right(course, places)
            if right != case["expect"]:
                failed.append(f"case {n}: {right} right, not {case['expect']}")
    return failed
