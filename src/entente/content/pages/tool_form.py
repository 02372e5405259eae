"""An interactive item as a form that a server answers: what was entered, what came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from entente.content.domain.tool_calculator import Calculator, Input, work_out
from entente.content.domain.tool_questions import Algorithm, Choice, Course, Step, n_right, walk
from entente.content.domain.tools import Tool

MOST_STEPS = 200


@dataclass
class Answered:
    """What a page shows of an item after some answers; nothing of them is kept."""

    tool: Tool
    is_complete: bool = False
    error: str = ""
    fields: Sequence[tuple[Input, str, str]] = ()
    results: Sequence[tuple[str, str, str]] = ()
    trail: Sequence[tuple[Step, Choice]] = ()
    step: Step | None = None
    path: str = ""
    n_right: int = 0
    n_steps: int = 0
    cards: Sequence[Step] = field(default_factory=list)


def _path(given: QueryDict) -> list[int]:
    """Read the choices so far, and the one just made."""
    before, chosen = str(given.get("path", "")), str(given.get("choice", ""))
    parts = [part for part in (*before.split(","), chosen) if part]
    if len(parts) > MOST_STEPS or not all(
        part.isascii() and part.isdecimal() and len(part) < 3 for part in parts
    ):
        return []
    return [int(part) for part in parts]


def answer(tool: Tool, given: QueryDict | None) -> Answered:
    """Answer what a person entered; without it, show the beginning."""
    if isinstance(tool.works, Calculator):
        return _calculated(tool, tool.works, given)
    choices = _path(given) if given is not None else []
    is_open = given is not None and not given.get("choice")
    if isinstance(tool.works, Algorithm):
        shown = _walked(tool, tool.works, choices)
    else:
        shown = _learned(tool, tool.works, choices)
    if is_open and not shown.is_complete:
        shown.error = "Choose one of the answers."
    return shown


def _calculated(tool: Tool, works: Calculator, given: QueryDict | None) -> Answered:
    typed: Mapping[str, Any] = given.dict() if given is not None else {}
    if given is None:
        return Answered(tool, fields=[(each, "", "") for each in works.inputs])
    worked = work_out(works, typed)
    return Answered(
        tool,
        is_complete=bool(worked.results),
        error=worked.errors.get("", ""),
        fields=[
            (each, str(typed.get(each.name, ""))[:40], worked.errors.get(each.name, ""))
            for each in works.inputs
        ],
        results=[
            (each.label, worked.results[each.name], each.unit)
            for each in works.outputs
            if each.name in worked.results
        ],
    )


def _walked(tool: Tool, works: Algorithm, choices: Sequence[int]) -> Answered:
    walked = walk(works, choices)
    step = works.nodes[walked.at]
    return Answered(
        tool,
        is_complete=not step.choices,
        trail=walked.trail,
        step=step,
        path=",".join(str(each) for each in choices[: len(walked.trail)]),
    )


def _learned(tool: Tool, works: Course, choices: Sequence[int]) -> Answered:
    trail = []
    for step, chosen in zip(works.steps, choices, strict=False):
        if not 0 <= chosen < len(step.choices):
            break
        trail.append((step, step.choices[chosen]))
    n_done = len(trail)
    kept = choices[:n_done]
    return Answered(
        tool,
        is_complete=n_done == len(works.steps),
        trail=trail,
        step=works.steps[n_done] if n_done < len(works.steps) else None,
        path=",".join(str(each) for each in kept),
        n_right=n_right(works, kept),
        n_steps=len(works.steps),
        cards=works.cards,
    )
