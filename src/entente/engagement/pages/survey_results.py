"""Results of a survey, and how useful HCPs found each item."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from entente.content import reads as content
from entente.engagement.domain.survey_flags import WORDS
from entente.engagement.domain.survey_results import Cell, Result
from entente.engagement.domain.surveys import SCALES, Question, answers_of, in_language
from entente.engagement.reads import survey_results as reads
from entente.foundation.web.charts import Bar, bar_list
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file

DIMENSION = {"specialty": "Specialty", "country": "Country", "organisation": "Organisation"}
HEAD = ("question", "words", "by", "group", "answer", "people", "share", "answered")
WAITS = {
    "draft": "It is a draft, so nobody has answered.",
    "running": "Results are told once, after the last day: looking twice while answers come"
    " would tell each newcomer’s answer.",
    "few": "Too few have answered so far. Nothing is told of fewer people than that.",
}


@page("survey.read")
def results(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Show what may be told of the answers, or give it as a file."""
    at = datetime.now(UTC)
    told = reads.told(survey_id, at.date())
    if request.GET.get("export") == "csv":
        rows = list(_rows(told))
        return csv_file("survey-results", HEAD, rows, kind="engagement.survey_results", at=at)
    texts = {each.code: each for each in told.texts}
    context = {
        "told": told,
        "survey": told.survey,
        "waits": WAITS.get(told.waits, ""),
        "results": [_shown(each, texts, told.survey.least) for each in told.results],
        "flagged": [
            {"words": WORDS[each.flag], "text": each.text, "code": each.code, "flag": each.flag}
            for each in told.flagged
        ],
        "n_held": told.n_flagged - len(told.flagged),
        "n_groups_hidden": sum(s.n_hidden for r in told.results for s in r.segments),
        "trail": [
            {"label": "Surveys", "url": reverse("engagement:surveys")},
            {"label": told.survey.title, "url": reverse("engagement:survey", args=[survey_id])},
        ],
    }
    return render(request, "engagement/survey_results.html", context)


def words_of(question: Question) -> dict[str, str]:
    """Give the words of each answer a question offers."""
    if question.kind in SCALES:
        return {answer: answer for answer in answers_of(question)}
    return {option.code: in_language(option.texts, "en") for option in question.options}


def _shown(result: Result, texts: dict[str, reads.Texts], least: int) -> dict[str, Any]:
    question, cell = result.question, result.cell
    words = words_of(question)
    return {
        "question": question,
        "words": in_language(question.texts, "en"),
        "cell": cell,
        "chart": _chart(question, cell) if cell else "",
        "answers": [(words[a], cell.counts[a], cell.share(a)) for a in words] if cell else [],
        "segments": [
            {
                "dimension": DIMENSION[each.dimension],
                "rows": [_row(name, group, words) for name, group in each.cells.items()],
                "n_hidden": each.n_hidden,
                "n_people_hidden": each.n_people_hidden,
            }
            for each in result.segments
        ],
        "has_mean": question.kind in SCALES,
        "texts": texts.get(question.code),
        "is_text": question.kind == "text",
        "least": least,
    }


def _row(name: str, cell: Cell, words: dict[str, str]) -> dict[str, Any]:
    most = max(words, key=lambda answer: cell.counts[answer])
    return {
        "name": name or "Not told",
        "n": cell.n,
        "mean": cell.mean,
        "most": words[most],
        "most_share": cell.share(most),
    }


def _chart(question: Question, cell: Cell) -> str:
    bars = [
        Bar(words, cell.counts[answer], f"{cell.share(answer):.0%}")
        for answer, words in words_of(question).items()
    ]
    return bar_list(in_language(question.texts, "en"), bars, maximum=cell.n)


def _rows(told: reads.Told) -> Iterator[tuple[object, ...]]:
    for result in told.results:
        words, question = words_of(result.question), result.question
        named = (question.code, in_language(question.texts, "en"))
        groups: list[tuple[str, str, Cell]] = [("", "", result.cell)] if result.cell else []
        for each in result.segments:
            groups += [(each.dimension, name, cell) for name, cell in each.cells.items()]
        for dimension, name, cell in groups:
            for answer, text in words.items():
                share = f"{cell.share(answer):.4f}"
                yield (*named, dimension, name, text, cell.counts[answer], share, cell.n)
        for each in result.segments:
            if each.n_hidden:
                yield (*named, each.dimension, f"{each.n_hidden} groups not told", "", "", "",
                       each.n_people_hidden)  # fmt: skip


@page("survey.read")
def usefulness(request: HttpRequest) -> HttpResponse:
    """Show how useful HCPs found each version, the most rated first."""
    at = datetime.now(UTC)
    versions = content.released_versions(on=at.date())
    found = reads.usefulness([each.id for each in versions], at.date())
    rows = [
        {
            "version": each,
            "n": steps.total(),
            "mean": sum(step * n for step, n in steps.items()) / steps.total(),
            "useful": (steps[4] + steps[5]) / steps.total(),
        }
        for each in versions
        if (steps := found.get(each.id))
    ]
    rows.sort(key=lambda row: -row["n"])  # type: ignore[operator]
    context = {
        "rows": rows,
        "trail": [{"label": "Surveys", "url": reverse("engagement:surveys")}],
    }
    return render(request, "engagement/usefulness.html", context)
