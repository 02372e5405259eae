"""Courses as data: read and checked, graded, put in an order per attempt, and when they end."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

LONGEST = 200_000
MOST_SECTIONS, MOST_QUESTIONS = 60, 200
_TOP = {"code", "title", "shared", "languages", "pass_percent", "validity_days", "attempts",
        "wait_hours", "ends_earlier_on", "sections", "questions"}  # fmt: skip
_SECTION = {"heading", "text", "source"}
_QUESTION = {"id", "ask", "why", "options"}
_OPTION = {"id", "text", "right"}


class BadCourse(ValueError):
    """A course text that cannot be used; says where and what to do."""


@dataclass(frozen=True)
class CourseText:
    """A course as it was written, checked.

    Parameters
    ----------
    material : dict
        Title, sections and questions, each text by language.
    ends_earlier_on : date or None
        Last day on which certificates of earlier versions count.
    """

    code: str
    is_shared: bool
    languages: tuple[str, ...]
    pass_percent: int
    validity_days: int
    attempts: int
    wait_hours: int
    ends_earlier_on: date | None
    material: dict[str, Any]

    @property
    def title(self) -> str:
        """The title in the first language."""
        return str(self.material["title"][self.languages[0]])


def _known(given: Any, allowed: set[str], place: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadCourse(f"COURSE-002: {place} is no table. Write its fields as name = value")
    odd = sorted(set(given) - allowed)
    if odd:
        raise BadCourse(
            f"COURSE-003: {place} has {odd[0]}, which no course has."
            f" Known: {', '.join(sorted(allowed))}"
        )
    return given


def _number(given: Mapping[str, Any], name: str, least: int, most: int, usual: int) -> int:
    value = given.get(name, usual)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadCourse(f"COURSE-004: {name} is {value!r}. Give a whole number, {least} to {most}")
    return value


def _words(
    given: Mapping[str, Any], name: str, languages: Sequence[str], place: str
) -> dict[str, str]:
    value = given.get(name)
    if not isinstance(value, dict):
        raise BadCourse(
            f"COURSE-005: {place}: {name} is missing. Write {name}.{languages[0]} = ..."
        )
    for language in languages:
        text = value.get(language)
        if not isinstance(text, str) or not text.strip():
            raise BadCourse(
                f"COURSE-006: {place}: {name} has no text in {language}."
                " Add it, or take the language out of languages"
            )
    odd = sorted(set(value) - set(languages))
    if odd:
        raise BadCourse(f"COURSE-007: {place}: {name} has {odd[0]}. Add it to languages first")
    return {language: value[language].strip() for language in languages}


def _name(value: Any, place: str) -> str:
    text = value if isinstance(value, str) else ""
    if not text or len(text) > 40 or not all(c.isalnum() or c in "-_" for c in text):
        raise BadCourse(f"COURSE-008: {place} is {value!r}. Use up to 40 letters, digits, - and _")
    return text


def _options(
    given: Mapping[str, Any], languages: Sequence[str], place: str
) -> list[dict[str, Any]]:
    rows = given.get("options")
    if not isinstance(rows, list) or not 2 <= len(rows) <= 10:
        raise BadCourse(f"COURSE-009: {place}: give two to ten options")
    found = []
    for n, row in enumerate(rows, start=1):
        here = f"{place}, option {n}"
        one = _known(row, _OPTION, here)
        right = one.get("right", False)
        if not isinstance(right, bool):
            raise BadCourse(f"COURSE-010: {here}: right is {right!r}. Write true or leave it out")
        found.append({"id": _name(one.get("id"), f"{here}: id"), "right": right,
                      "text": _words(one, "text", languages, here)})  # fmt: skip
    if len({one["id"] for one in found}) < len(found):
        raise BadCourse(f"COURSE-011: {place}: two options have one id. Give each its own")
    if not any(one["right"] for one in found):
        raise BadCourse(f"COURSE-012: {place}: no option is right. Mark at least one")
    if all(one["right"] for one in found):
        raise BadCourse(f"COURSE-013: {place}: every option is right. Add one that is not")
    return found


def _questions(given: Any, languages: Sequence[str]) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_QUESTIONS:
        raise BadCourse(f"COURSE-014: questions: give 1 to {MOST_QUESTIONS} as [[questions]]")
    found = []
    for n, row in enumerate(given, start=1):
        place = f"question {n}"
        one = _known(row, _QUESTION, place)
        options = _options(one, languages, place)
        found.append({
            "id": _name(one.get("id"), f"{place}: id"),
            "many": sum(option["right"] for option in options) > 1,
            "ask": _words(one, "ask", languages, place),
            "why": _words(one, "why", languages, place),
            "options": options,
        })  # fmt: skip
    if len({one["id"] for one in found}) < len(found):
        raise BadCourse("COURSE-015: two questions have one id. Give each its own")
    return found


def _sections(given: Any, languages: Sequence[str]) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_SECTIONS:
        raise BadCourse(f"COURSE-016: sections: give 1 to {MOST_SECTIONS} as [[sections]]")
    found = []
    for n, row in enumerate(given, start=1):
        place = f"section {n}"
        one = _known(row, _SECTION, place)
        source = one.get("source", "")
        if not isinstance(source, str):
            raise BadCourse(f"COURSE-017: {place}: source is {source!r}. Write it as text")
        found.append({"heading": _words(one, "heading", languages, place), "source": source,
                      "text": _words(one, "text", languages, place)})  # fmt: skip
    return found


def read_course(text: str) -> CourseText:
    """Read a course from its TOML text.

    Raises
    ------
    BadCourse
        Naming the place, the trouble and the remedy.

    Examples
    --------
    >>> try:
    ...     read_course("language = 'en'")
    ... except BadCourse as bad:
    ...     print(str(bad)[:52])
    COURSE-003: the course has language, which no course
    """
    if len(text) > LONGEST:
        raise BadCourse(
            f"COURSE-001: the text is longer than {LONGEST} characters. Part the course"
        )
    try:
        given = _known(tomllib.loads(text), _TOP, "the course")
    except tomllib.TOMLDecodeError as wrong:
        raise BadCourse(f"COURSE-001: the text is no TOML: {wrong}. Mend that place") from None
    languages = given.get("languages")
    if not isinstance(languages, list) or not languages or not all(
        isinstance(one, str) and 2 <= len(one) <= 8 and one.isascii() for one in languages
    ):  # fmt: skip
        raise BadCourse(
            f'COURSE-018: languages is {languages!r}. Write, for example, languages = ["en"]'
        )
    shared, ends = given.get("shared", False), given.get("ends_earlier_on")
    if not isinstance(shared, bool):
        raise BadCourse(f"COURSE-019: shared is {shared!r}. Write true or false")
    if ends is not None and (not isinstance(ends, date) or isinstance(ends, datetime)):
        raise BadCourse(f"COURSE-020: ends_earlier_on is {ends!r}. Write a day as 2026-12-31")
    return CourseText(
        code=_name(given.get("code"), "code"),
        is_shared=shared,
        languages=tuple(dict.fromkeys(languages)),
        pass_percent=_number(given, "pass_percent", 1, 100, 80),
        validity_days=_number(given, "validity_days", 1, 3660, 365),
        attempts=_number(given, "attempts", 1, 20, 3),
        wait_hours=_number(given, "wait_hours", 0, 720, 24),
        ends_earlier_on=ends,
        material={
            "title": _words(given, "title", languages, "the course"),
            "sections": _sections(given.get("sections"), languages),
            "questions": _questions(given.get("questions"), languages),
        },
    )


def right_answers(question: Mapping[str, Any], chosen: Collection[str]) -> bool:
    """Tell whether exactly the right options were chosen."""
    return set(chosen) == {one["id"] for one in question["options"] if one["right"]}


def grade(questions: Iterable[Mapping[str, Any]], answers: Mapping[str, Collection[str]]) -> int:
    """Count the questions answered rightly; one left out, or half right, is not.

    Examples
    --------
    >>> asked = [{"id": "q", "options": [{"id": "a", "right": True}, {"id": "b", "right": False}]}]
    >>> grade(asked, {"q": ["a"]}), grade(asked, {"q": ["a", "b"]}), grade(asked, {})
    (1, 0, 0)
    """
    return sum(right_answers(one, answers.get(one["id"], ())) for one in questions)


def is_passed(n_right: int, n_questions: int, pass_percent: int) -> bool:
    """Tell whether a result reaches the pass mark, in whole numbers.

    Examples
    --------
    >>> is_passed(4, 5, 80), is_passed(4, 6, 67), is_passed(0, 0, 80)
    (True, False, False)
    """
    return n_questions > 0 and n_right * 100 >= pass_percent * n_questions


def order_of(ids: Iterable[str], attempt_id: UUID) -> list[str]:
    """Give an order of questions or options that is an attempt's own, and always the same.

    Examples
    --------
    >>> order_of(["a", "b", "c"], UUID(int=1)) == order_of(["c", "a", "b"], UUID(int=1))
    True
    """
    return sorted(ids, key=lambda one: hashlib.sha256(f"{attempt_id}:{one}".encode()).digest())


def free_from(failed_at: Sequence[datetime], *, attempts: int, wait_hours: int) -> datetime | None:
    """Give the moment from which one may try again, or None if at once.

    Parameters
    ----------
    failed_at : sequence of datetime
        Failed attempts since the last one that was passed, in order.
    attempts : int
        How many may follow each other without waiting.
    """
    if not failed_at or len(failed_at) % attempts:
        return None
    return failed_at[-1] + timedelta(hours=wait_hours)


def counts_until(
    valid_until: date, version_number: int, endings: Iterable[tuple[int, date]]
) -> date:
    """Give the last day on which a certificate counts.

    Parameters
    ----------
    valid_until : date
        What stands on it.
    endings : iterable of (version number, day)
        Later versions may demand that certificates of earlier ones end on a day.

    Examples
    --------
    >>> counts_until(date(2027, 5, 1), 1, [(2, date(2026, 12, 31)), (1, date(2026, 1, 1))])
    datetime.date(2026, 12, 31)
    """
    return min([valid_until, *(day for number, day in endings if number > version_number)])
