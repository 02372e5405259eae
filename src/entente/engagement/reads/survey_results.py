"""What may be told of a survey's answers at this moment, and to whom which texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from entente.engagement.domain.survey_flags import SAFETY
from entente.engagement.domain.survey_results import DIMENSIONS, Given, Result, results
from entente.engagement.models import (
    Survey,
    SurveyParty,
    SurveyQuestion,
    SurveyResponse,
    SurveyText,
)
from entente.engagement.reads.surveys import is_over, n_invited, questions, survey
from entente.foundation.access.scope import Scope, current_scope, switched


@dataclass(frozen=True)
class Texts:
    """The free texts to one question: those told, or why none is."""

    code: str
    told: Sequence[str]
    n: int


@dataclass(frozen=True)
class Told:
    """All that may be told of a survey.

    Parameters
    ----------
    n_answered : int or None
        None below the survey's least number.
    waits : str
        Why nothing is told yet: ``"draft"``, ``"running"`` or ``"few"``; empty once something is.
    n_open : int
        How many of those told came by the open address.
    flagged : sequence of SurveyText
        For medical staff alone; those that may tell of an adverse event at any number.
    """

    survey: Survey
    n_invited: int | None
    n_answered: int | None
    n_told: int
    n_open: int
    waits: str
    results: Sequence[Result]
    texts: Sequence[Texts]
    flagged: Sequence[SurveyText]
    n_flagged: int


def told(survey_id: UUID, on: date) -> Told:
    """Give what may be told of a survey to whoever asks.

    A survey with a last day tells once, when it is over; one without tells its answers in
    groups of at least its least number. So no two looks differ by the answers of few.

    Raises
    ------
    Survey.DoesNotExist
        Also to an organisation that is not told the results.
    """
    found, scope = survey(survey_id), current_scope()
    if found.org_id == scope.org_id:
        return _told(found, on, medical="case.read" in scope.may or scope.actor_id is None)
    SurveyParty.objects.get(survey_id=survey_id, org_id=scope.org_id, sees_results=True)
    # The answers are their owner's; what comes out of here are sums that are large enough.
    with switched(Scope(org_id=found.org_id, actor_name="results:partner")):
        return _told(found, on, medical=False)


def _told(found: Survey, on: date, *, medical: bool) -> Told:
    n_all = SurveyResponse.objects.filter(survey=found).count()
    told_rows = _rows_told(found, on)
    n_told = len(told_rows)
    asked = questions(found.id)
    enough = n_told >= found.least
    flagged, n_flagged = _flagged(found, enough, medical=medical)
    return Told(
        survey=found,
        n_invited=n_invited(found),
        n_answered=n_all if n_all >= found.least else None,
        n_told=n_told if enough else 0,
        n_open=sum(row.is_open for row in told_rows) if enough else 0,
        waits=_why(found, enough, on),
        results=results(asked, [_given(found, row) for row in told_rows], found.least)
        if enough
        else [],
        texts=_texts(found, [q.code for q in asked if q.kind in ("text", "useful")], told=enough),
        flagged=flagged,
        n_flagged=n_flagged,
    )


def _rows_told(found: Survey, on: date) -> list[SurveyResponse]:
    rows = SurveyResponse.objects.filter(survey=found)
    if found.closes_on is None:
        return list(rows.filter(is_told=True))
    return list(rows) if is_over(found, on) else []


def _why(found: Survey, enough: bool, on: date) -> str:
    if found.status == Survey.Status.DRAFT:
        return "draft"
    if enough:
        return ""
    return "running" if found.closes_on is not None and not is_over(found, on) else "few"


def _given(found: Survey, row: SurveyResponse) -> Given:
    # Numbers by segment that grow with each group would tell the newcomers of a segment.
    if found.closes_on is None:
        return Given(row.values)
    return Given(row.values, {name: getattr(row, name) for name in DIMENSIONS})


def _texts(found: Survey, codes: Sequence[str], *, told: bool) -> list[Texts]:
    rows = SurveyText.objects.filter(survey=found, code__in=codes, flag="")
    if found.closes_on is None:
        rows = rows.filter(is_told=True)
    by_code: dict[str, list[str]] = {code: [] for code in codes}
    if told:
        for code, text in rows.order_by("text").values_list("code", "text"):
            by_code[code].append(text)
    return [
        Texts(code, texts if len(texts) >= found.least else [], len(texts))
        for code, texts in by_code.items()
    ]


def _flagged(found: Survey, enough: bool, *, medical: bool) -> tuple[list[SurveyText], int]:
    """Give the texts for medical staff, and how many there are as far as one may see."""
    if not medical:
        return [], 0
    rows = list(SurveyText.objects.filter(survey=found).exclude(flag="").order_by("code", "text"))
    # The law asks to report an adverse event whatever the number of those who answered.
    shown = [row for row in rows if row.flag == SAFETY or enough]
    return shown, len(rows)


def usefulness(version_ids: Sequence[UUID], on: date) -> dict[UUID, Counter[int]]:
    """Count the usefulness ratings told by a day, by version and step.

    Only of surveys that each have enough of them; two queries, whatever the number.
    """
    asked = [
        (question.survey, question.code)
        for question in SurveyQuestion.objects.filter(
            kind="useful",
            survey__version_id__in=list(version_ids),
            survey__org_id=current_scope().org_id,
        ).select_related("survey")
        if question.survey.closes_on is None or is_over(question.survey, on)
    ]
    steps: dict[UUID, list[tuple[bool, dict[str, Any]]]] = {}
    rows = SurveyResponse.objects.filter(survey__in={survey.id for survey, _ in asked})
    for survey_id, is_told, values in rows.values_list("survey_id", "is_told", "values"):
        steps.setdefault(survey_id, []).append((is_told, values))
    found: dict[UUID, Counter[int]] = {}
    for about, code in asked:
        given = [
            values[code]
            for is_told, values in steps.get(about.id, [])
            if code in values and (is_told or about.closes_on is not None)
        ]
        if about.version_id and len(given) >= about.least:
            found.setdefault(about.version_id, Counter()).update(given)
    return found
