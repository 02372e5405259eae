"""What may be told of answers: counts and shares, never of few, nor by subtraction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from entente.directory.domain.cohorts import shown_counts
from entente.engagement.domain.surveys import CHOICES, SCALES, Answer, Question, answers_of

DIMENSIONS = ("specialty", "country", "organisation")


@dataclass(frozen=True)
class Given:
    """The answers of one person, with the segments that may be told of them."""

    values: Mapping[str, Answer]
    segments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """What a group answered to one question: how many, how many each answer, the mean."""

    n: int
    counts: Mapping[str, int]
    mean: float | None

    def share(self, answer: str) -> float:
        """Give the part of the group that gave an answer."""
        return self.counts.get(answer, 0) / self.n if self.n else 0.0


@dataclass(frozen=True)
class Segments:
    """One question by one dimension; ``n_hidden`` groups are left out, none of them named."""

    dimension: str
    cells: Mapping[str, Cell]
    n_hidden: int
    n_people_hidden: int


@dataclass(frozen=True)
class Result:
    """What is told of one question; ``cell`` is nothing where too few answered it."""

    question: Question
    cell: Cell | None
    segments: Sequence[Segments]


def results(questions: Sequence[Question], answered: Sequence[Given], least: int) -> list[Result]:
    """Give, question by question, what may be told.

    Examples
    --------
    >>> asked = [Question("clear", "scale5", {"en": "Clear?"})]
    >>> found = results(asked, [Given({"clear": 4})] * 11, 11)
    >>> found[0].cell.n, found[0].cell.mean
    (11, 4.0)
    >>> results(asked, [Given({"clear": 4})] * 10, 11)[0].cell is None
    True
    """
    return [_result(question, answered, least) for question in questions]


def _result(question: Question, answered: Sequence[Given], least: int) -> Result:
    if question.kind == "text":
        return Result(question, None, ())
    those = [given for given in answered if question.code in given.values]
    if len(those) < least:
        return Result(question, None, ())
    by = tuple(
        found
        for dimension in DIMENSIONS
        if (found := _by(question, those, dimension, least)) is not None
    )
    return Result(question, cell_of(question, those), by)


def _by(question: Question, those: Sequence[Given], dimension: str, least: int) -> Segments | None:
    groups: dict[str, list[Given]] = defaultdict(list)
    for given in those:
        groups[given.segments.get(dimension, "")].append(given)
    if set(groups) == {""}:
        return None
    _, shown = shown_counts({name: len(group) for name, group in groups.items()}, least)
    told = sorted(name for name, n in shown.items() if n is not None)
    hidden = [name for name, n in shown.items() if n is None]
    return Segments(
        dimension,
        {name: cell_of(question, groups[name]) for name in told},
        len(hidden),
        sum(len(groups[name]) for name in hidden),
    )


def cell_of(question: Question, those: Sequence[Given]) -> Cell:
    """Count the answers of a group that is large enough to be told."""
    counts = dict.fromkeys(answers_of(question), 0)
    total = 0
    for given in those:
        value = given.values[question.code]
        for answer in value if isinstance(value, list) else [str(value)]:
            counts[answer] = counts.get(answer, 0) + 1
        total += value if isinstance(value, int) else 0
    mean = total / len(those) if question.kind in SCALES and those else None
    return Cell(len(those), counts, mean)


def is_counted(question: Question) -> bool:
    """Tell whether a question's answers are counted; texts are only read."""
    return question.kind in SCALES or question.kind in CHOICES
