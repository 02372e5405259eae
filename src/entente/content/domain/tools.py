"""Interactive items as data: a calculator, an algorithm, a case, or microlearning."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from entente.content.domain.tool_calculator import Calculator, failed_cases, read_calculator
from entente.content.domain.tool_parts import (
    LONGEST_LABEL,
    BadTool,
    claims_of_field,
    fields_of,
    words_of_field,
)
from entente.content.domain.tool_questions import (
    Algorithm,
    Course,
    failed_answers,
    failed_walks,
    read_algorithm,
    read_course,
)
from entente.foundation.domain.canonical import canonical, sha256_hex

LARGEST = 200_000
OWN = {
    "calculator": ("inputs", "results"),
    "algorithm": ("start", "nodes"),
    "case": ("steps",),
    "microlearning": ("cards", "quiz"),
}
KIND_WORDS = {
    "calculator": "Calculator",
    "algorithm": "Algorithm",
    "case": "Case",
    "microlearning": "Microlearning",
}


@dataclass(frozen=True)
class Tool:
    """A definition that has been read: what it is called, what it rests on, how it works."""

    kind: str
    title: str
    intro: str
    rests_on: str
    claims: tuple[UUID, ...]
    works: Calculator | Algorithm | Course


def read_tool(body: object) -> Tool:
    """Read a definition, or say what is wrong with it.

    Parameters
    ----------
    body : object
        As read from JSON: ``kind``, ``title``, ``intro``, ``rests_on`` with ``words`` and
        ``claims``, ``cases``, and the parts of its kind. Numbers are written as texts.

    Raises
    ------
    BadTool
    """
    if not isinstance(body, Mapping) or body.get("kind") not in OWN:
        raise BadTool(f"kind: choose {', '.join(OWN)}")
    kind = str(body["kind"])
    given = fields_of(body, kind, ["kind", "title", "rests_on", *OWN[kind], "cases"], ["intro"])
    if len(json.dumps(given)) > LARGEST:
        raise BadTool(f"{kind}: larger than {LARGEST} characters")
    rests = fields_of(given["rests_on"], "rests_on", ["words"], ["claims"])
    works: Calculator | Algorithm | Course
    if kind == "calculator":
        works = read_calculator(given)
    elif kind == "algorithm":
        works = read_algorithm(given)
    else:
        works = read_course(given, has_cards=kind == "microlearning")
    return Tool(
        kind,
        words_of_field(given["title"], "title", longest=LONGEST_LABEL),
        words_of_field(given["intro"], "intro") if given.get("intro") else "",
        words_of_field(rests["words"], "rests_on"),
        claims_of_field(rests.get("claims", []), "rests_on, claims"),
        works,
    )


def claims_named(tool: Tool) -> set[UUID]:
    """Give every claim that a definition names, in all its parts."""
    named = set(tool.claims)
    if isinstance(tool.works, Algorithm):
        named |= {claim for step in tool.works.nodes.values() for claim in step.claims}
    return named


def failures_of(tool: Tool) -> list[str]:
    """Run the cases of a definition and give what did not come out as expected."""
    if isinstance(tool.works, Calculator):
        return failed_cases(tool.works)
    if isinstance(tool.works, Algorithm):
        return failed_walks(tool.works)
    return failed_answers(tool.works)


def definition_hash(body: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a definition; the order in which its fields stand changes nothing.

    Examples
    --------
    >>> definition_hash({"a": "1", "b": []}) == definition_hash({"b": [], "a": "1"})
    True
    """
    return sha256_hex(canonical(dict(body)))
