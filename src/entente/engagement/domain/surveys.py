"""Questions of a survey and what may be answered to them; no database, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
SCALES = {"scale5": range(1, 6), "scale10": range(11), "useful": range(1, 6)}
CHOICES = ("single", "multiple")
KINDS = {
    "scale5": "Scale from 1 to 5",
    "scale10": "Scale from 0 to 10",
    "single": "One of several",
    "multiple": "Any of several",
    "text": "Short text",
    "useful": "How useful, from 1 to 5, with a word",
}
LONGEST_TEXT = 500
LONGEST_WORD = 120
MOST_QUESTIONS = 40
MOST_OPTIONS = 20
CODE = re.compile(r"^[a-z][a-z0-9_-]{0,39}$")

Answer = int | str | list[str]


@dataclass(frozen=True)
class Option:
    """One answer to choose, with its words by language."""

    code: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """A question as it is asked.

    Parameters
    ----------
    code : str
        Shared between surveys that ask the same thing of different people.
    shown_if : tuple of str, optional
        Code of an earlier question and the answer on which this one is asked.
    """

    code: str
    kind: str
    texts: Mapping[str, str]
    options: Sequence[Option] = ()
    required: bool = False
    shown_if: tuple[str, str] | None = None


@dataclass
class Answered:
    """What somebody gave: values by question, texts apart, and what is wrong."""

    values: dict[str, Answer] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Give words in a language, else in English, else in whichever there is.

    Examples
    --------
    >>> in_language({"de": "Ja", "en": "Yes"}, "fr"), in_language({"de": "Ja"}, "en")
    ('Yes', 'Ja')
    """
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def is_asked(question: Question, values: Mapping[str, Answer]) -> bool:
    """Tell whether a question is asked after these answers.

    Examples
    --------
    >>> why = Question("why", "text", {"en": "Why?"}, shown_if=("came", "no"))
    >>> is_asked(why, {"came": "no"}), is_asked(why, {"came": "yes"}), is_asked(why, {})
    (True, False, False)
    """
    if question.shown_if is None:
        return True
    code, wanted = question.shown_if
    given = values.get(code)
    return (
        wanted in given if isinstance(given, list) else given is not None and str(given) == wanted
    )


def read_answers(questions: Sequence[Question], given: Mapping[str, Sequence[str]]) -> Answered:
    """Read what a form or a program gave, in the order of the questions.

    Answers to questions that were not asked are dropped: nobody sees on the page that he gave
    them.

    Parameters
    ----------
    given : mapping of str to sequence of str
        By code of the question; the word to a usefulness rating by ``<code>-word``.

    Examples
    --------
    >>> asked = [Question("clear", "scale5", {"en": "Was it clear?"}, required=True)]
    >>> read_answers(asked, {"clear": ["4"]}).values, read_answers(asked, {}).wrong
    ({'clear': 4}, {'clear': 'needed'})
    """
    found = Answered()
    for question in questions:
        if is_asked(question, found.values):
            _read(question, given, found)
    return found


def _read(question: Question, given: Mapping[str, Sequence[str]], found: Answered) -> None:
    code = question.code
    texts = [each.strip() for each in given.get(code, ()) if each.strip()]
    if not texts:
        if question.required:
            found.wrong[code] = "needed"
        return
    if question.kind == "text":
        _read_text(code, texts[0], LONGEST_TEXT, found)
    elif question.kind in SCALES:
        _read_scale(question, texts[0], found)
        word = [each.strip() for each in given.get(f"{code}-word", ()) if each.strip()]
        if question.kind == "useful" and word:
            _read_text(code, word[0], LONGEST_WORD, found)
    else:
        _read_choice(question, texts, found)


def _read_text(code: str, text: str, longest: int, found: Answered) -> None:
    if len(text) > longest:
        found.wrong[code] = "too_long"
    else:
        # What no keyboard writes breaks the database or the page that shows it.
        found.texts[code] = "".join(c for c in text if c.isprintable() or c == "\n")


def _read_scale(question: Question, text: str, found: Answered) -> None:
    known = {str(step) for step in SCALES[question.kind]}
    if text in known:
        found.values[question.code] = int(text)
    else:
        found.wrong[question.code] = "not_offered"


def _read_choice(question: Question, texts: Sequence[str], found: Answered) -> None:
    chosen = set(texts)
    offered = [option.code for option in question.options]
    if not chosen <= set(offered) or (question.kind == "single" and len(chosen) != 1):
        found.wrong[question.code] = "not_offered"
    elif question.kind == "single":
        found.values[question.code] = texts[0]
    else:
        found.values[question.code] = [code for code in offered if code in chosen]


def why_not_askable(questions: Sequence[Question], languages: Sequence[str]) -> str:
    """Give the first reason for which these questions cannot be asked; empty if there is none.

    Examples
    --------
    >>> why_not_askable([], ["en"])
    'add at least one question'
    """
    if not questions:
        return "add at least one question"
    before: dict[str, Question] = {}
    for question in questions:
        reason = _why_not(question, before, languages)
        if reason:
            return f"question {question.code}: {reason}"
        before[question.code] = question
    return ""


def _why_not(question: Question, before: Mapping[str, Question], languages: Sequence[str]) -> str:
    for language in languages:
        if not question.texts.get(language, "").strip():
            return f"write its words in {LANGUAGES[language]}"
        if any(not option.texts.get(language, "").strip() for option in question.options):
            return f"write every option in {LANGUAGES[language]}"
    if question.kind in CHOICES and len(question.options) < 2:
        return "give at least two options"
    return _why_never_asked(question, before) if question.shown_if else ""


def _why_never_asked(question: Question, before: Mapping[str, Question]) -> str:
    code, wanted = question.shown_if or ("", "")
    if code not in before:
        return f"it depends on {code}, which is not asked before it"
    if wanted not in answers_of(before[code]):
        return f"it depends on the answer {wanted}, which {code} does not offer"
    return ""


def answers_of(question: Question) -> list[str]:
    """Give the answers a question offers, as they are written in ``shown_if``.

    Examples
    --------
    >>> answers_of(Question("clear", "scale5", {}))
    ['1', '2', '3', '4', '5']
    """
    if question.kind in SCALES:
        return [str(step) for step in SCALES[question.kind]]
    return [option.code for option in question.options]
