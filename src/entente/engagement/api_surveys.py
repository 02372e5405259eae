"""Operations on surveys. Answering has none: a program's answer would leave traces of who gave it.

(A request by a program is remembered with its sender so that it is not done twice.)
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from entente.engagement.actions import surveys as actions
from entente.engagement.domain.surveys import MOST_OPTIONS, Option, in_language
from entente.engagement.models import Survey
from entente.engagement.reads import survey_results
from entente.engagement.reads import surveys as reads
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["engagement"])


class SurveyOut(Schema):
    """A survey and where it stands."""

    id: UUID
    title: str
    audience: str
    promise: str
    status: str
    least: int
    by_segment: bool
    takes_open: bool
    opens_on: date
    closes_on: date | None
    campaign_id: UUID | None
    version_id: UUID | None
    event: str
    number: int
    previous_id: UUID | None
    opened_at: datetime | None
    closed_at: datetime | None


class OptionBoth(In):
    """One answer to choose."""

    code: Text
    texts: dict[str, Text]


class QuestionIn(In):
    """A question as it is to be asked; words by language."""

    code: Text
    kind: Text
    texts: dict[str, LongText]
    options: list[OptionBoth] = Field([], max_length=MOST_OPTIONS)
    required: bool = False
    shown_if_code: Text = ""
    shown_if_answer: Text = ""


class QuestionOut(Schema):
    """A question as it is asked."""

    id: UUID
    position: int
    code: str
    kind: str
    texts: dict[str, str]
    options: list[dict[str, Any]]
    required: bool
    shown_if_code: str
    shown_if_answer: str


class SurveyFull(SurveyOut):
    """A survey with its questions and first words."""

    intro: dict[str, str]
    languages: list[str]
    questions: list[QuestionOut]
    open_link: str


class SurveysAsked(Asked):
    """Which surveys; with a code, those that ask the question of that code."""

    status: Text = ""
    audience: Text = ""


class SurveyIn(In):
    """What a survey is about, whom it asks, what it promises."""

    title: Text
    audience: Text
    promise: Text
    opens_on: date
    closes_on: date | None = None
    languages: list[Text] = ["en"]
    intro: dict[str, LongText] = {}
    least: int = Field(11, ge=11, le=1000)
    by_segment: bool = False
    takes_open: bool = False
    campaign_id: UUID | None = None
    version_id: UUID | None = None
    event: Text = ""
    asked_ids: list[UUID] = Field([], max_length=200)


class MoveIn(In):
    """Which way a question goes."""

    up: bool


class InviteIn(In):
    """Who is invited."""

    hcp_ids: list[UUID] = Field(min_length=1, max_length=5_000)


class LinkOut(Schema):
    """An invitation with its link."""

    invitation_id: UUID
    hcp_id: UUID
    link: str


class ShareIn(In):
    """Whether a partner is told the results."""

    partner_id: UUID
    shared: bool


class VersionIn(In):
    """From when the new version takes answers."""

    opens_on: date


class CellOut(Schema):
    """What a group answered."""

    group: str
    n: int
    counts: dict[str, int]
    mean: float | None


class SegmentsOut(Schema):
    """One question by one dimension; groups that are not told are not named."""

    dimension: str
    cells: list[CellOut]
    n_groups_not_told: int
    n_people_not_told: int


class ResultOut(Schema):
    """One question; ``cell`` is null where too few answered."""

    code: str
    words: str
    cell: CellOut | None
    segments: list[SegmentsOut]
    texts: list[str]


class ResultsOut(Schema):
    """All that may be told; ``waits`` says why nothing is: draft, running or few."""

    survey_id: UUID
    least: int
    n_invited: int | None
    n_answered: int | None
    n_told: int
    n_by_open_address: int
    waits: str
    results: list[ResultOut]


def _full(survey_id: UUID) -> dict[str, Any]:
    row = reads.survey(survey_id)
    return {
        **{name: getattr(row, name) for name in SurveyOut.model_fields},
        "intro": row.intro,
        "languages": row.languages,
        "questions": reads.question_rows(survey_id),
        "open_link": settings.SITE_URL + reads.link_path(row.id) if row.takes_open else "",
    }


@router.get("/surveys", response=Listing[SurveyOut], summary="Surveys")
@operation("survey.read")
def surveys(request: HttpRequest, asked: Query[SurveysAsked]) -> Any:
    """Give my organisation's surveys and those whose results it is told, the latest first."""
    if asked.status not in {"", *Survey.Status.values}:
        raise UserError(f"status is one of {', '.join(Survey.Status.values)}", field="status")
    found = reads.surveys(status=asked.status, audience=asked.audience)
    return listing(found, reads.ORDER, asked)


@router.get("/surveys/{uuid:survey_id}", response=SurveyFull, summary="One survey")
@operation("survey.read")
def survey(request: HttpRequest, survey_id: UUID) -> Any:
    """Give one survey with its questions."""
    return _full(survey_id)


@router.post("/surveys", response={201: SurveyFull}, summary="Begin a survey")
@operation("survey.write")
def survey_drafted(request: HttpRequest, given: SurveyIn) -> Any:
    """Begin a survey as a draft."""
    made = actions.draft_survey(actions.SurveyPlan(**given.model_dump()), at=datetime.now(UTC))
    return 201, _full(made.id)


@router.put("/surveys/{uuid:survey_id}", response=SurveyFull, summary="Change a draft")
@operation("survey.write")
def survey_changed(request: HttpRequest, survey_id: UUID, given: SurveyIn) -> Any:
    """Change a draft; what is open is never changed."""
    plan = actions.SurveyPlan(**given.model_dump())
    actions.change_survey(survey_id, plan, at=datetime.now(UTC))
    return _full(survey_id)


def _plan(given: QuestionIn) -> actions.QuestionPlan:
    condition = (given.shown_if_code, given.shown_if_answer)
    return actions.QuestionPlan(
        code=given.code,
        kind=given.kind,
        texts=given.texts,
        options=[Option(each.code, each.texts) for each in given.options],
        required=given.required,
        shown_if=condition if given.shown_if_code else None,
    )


@router.post(
    "/surveys/{uuid:survey_id}/questions", response={201: SurveyFull}, summary="Add a question"
)
@operation("survey.write")
def question_added(request: HttpRequest, survey_id: UUID, given: QuestionIn) -> Any:
    """Add a question to the end of a draft."""
    actions.save_question(survey_id, _plan(given), at=datetime.now(UTC))
    return 201, _full(survey_id)


@router.put(
    "/surveys/{uuid:survey_id}/questions/{uuid:question_id}",
    response=SurveyFull,
    summary="Change a question",
)
@operation("survey.write")
def question_changed(
    request: HttpRequest, survey_id: UUID, question_id: UUID, given: QuestionIn
) -> Any:
    """Change a question of a draft."""
    at = datetime.now(UTC)
    actions.save_question(survey_id, _plan(given), at=at, question_id=question_id)
    return _full(survey_id)


@router.post(
    "/surveys/{uuid:survey_id}/questions/{uuid:question_id}/move",
    response=SurveyFull,
    summary="Move a question",
)
@operation("survey.write")
def question_moved(request: HttpRequest, survey_id: UUID, question_id: UUID, given: MoveIn) -> Any:
    """Move a question of a draft one place up or down."""
    actions.move_question(survey_id, question_id, up=given.up, at=datetime.now(UTC))
    return _full(survey_id)


@router.delete(
    "/surveys/{uuid:survey_id}/questions/{uuid:question_id}",
    response=SurveyFull,
    summary="Remove a question",
)
@operation("survey.write")
def question_removed(request: HttpRequest, survey_id: UUID, question_id: UUID) -> Any:
    """Take a question out of a draft."""
    actions.remove_question(survey_id, question_id, at=datetime.now(UTC))
    return _full(survey_id)


@router.post("/surveys/{uuid:survey_id}/open", response=SurveyFull, summary="Open a survey")
@operation("survey.write")
def survey_opened(request: HttpRequest, survey_id: UUID) -> Any:
    """Open a draft for answers."""
    actions.open_survey(survey_id, at=datetime.now(UTC))
    return _full(survey_id)


@router.post("/surveys/{uuid:survey_id}/close", response=SurveyFull, summary="Close a survey")
@operation("survey.write")
def survey_closed(request: HttpRequest, survey_id: UUID) -> Any:
    """Close an open survey now."""
    actions.close_survey(survey_id, at=datetime.now(UTC))
    return _full(survey_id)


@router.post(
    "/surveys/{uuid:survey_id}/versions", response={201: SurveyFull}, summary="A new version"
)
@operation("survey.write")
def survey_anew(request: HttpRequest, survey_id: UUID, given: VersionIn) -> Any:
    """Begin a draft with the questions of an opened survey."""
    made = actions.new_version(survey_id, opens_on=given.opens_on, at=datetime.now(UTC))
    return 201, _full(made.id)


@router.post(
    "/surveys/{uuid:survey_id}/invitations", response={201: list[LinkOut]}, summary="Invite HCPs"
)
@operation("survey.write")
def invited(request: HttpRequest, survey_id: UUID, given: InviteIn) -> Any:
    """Invite HCPs and give their links; nothing is sent, and those invited before are left out."""
    made = actions.invite_hcps(survey_id, given.hcp_ids, at=datetime.now(UTC))
    actions.take_out_links(survey_id, at=datetime.now(UTC))
    return 201, [
        {"invitation_id": i.id, "hcp_id": i.hcp_id,
         "link": settings.SITE_URL + reads.link_path(i.id)}
        for i in made
    ]  # fmt: skip


@router.post(
    "/surveys/{uuid:survey_id}/results/share", response=SurveyFull, summary="Share results"
)
@operation("survey.write")
def shared(request: HttpRequest, survey_id: UUID, given: ShareIn) -> Any:
    """Tell a partner the results, or tell it no longer."""
    at = datetime.now(UTC)
    actions.share_results(survey_id, given.partner_id, shared=given.shared, at=at)
    return _full(survey_id)


@router.get("/surveys/{uuid:survey_id}/results", response=ResultsOut, summary="Results of a survey")
@operation("survey.read")
def results(request: HttpRequest, survey_id: UUID) -> Any:
    """Give what may be told: nothing of fewer people than the survey's least number."""
    told = survey_results.told(survey_id, datetime.now(UTC).date())
    texts = {each.code: list(each.told) for each in told.texts}
    return {
        "survey_id": survey_id,
        "least": told.survey.least,
        "n_invited": told.n_invited,
        "n_answered": told.n_answered,
        "n_told": told.n_told,
        "n_by_open_address": told.n_open,
        "waits": told.waits,
        "results": [
            {
                "code": each.question.code,
                "words": in_language(each.question.texts, "en"),
                "cell": _cell("", each.cell) if each.cell else None,
                "segments": [
                    {
                        "dimension": by.dimension,
                        "cells": [_cell(name, cell) for name, cell in by.cells.items()],
                        "n_groups_not_told": by.n_hidden,
                        "n_people_not_told": by.n_people_hidden,
                    }
                    for by in each.segments
                ],
                "texts": texts.get(each.question.code, []),
            }
            for each in told.results
        ],
    }


def _cell(group: str, cell: Any) -> dict[str, Any]:
    return {"group": group, "n": cell.n, "counts": cell.counts, "mean": cell.mean}
