"""Write surveys: a draft, its questions, who is asked, and a new version of an old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from entente.alliances import reads as alliances
from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.domain.surveys import (
    CHOICES,
    CODE,
    KINDS,
    LANGUAGES,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Option,
)
from entente.engagement.models import Survey, SurveyParty, SurveyQuestion
from entente.foundation import ledger
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

KIND = "engagement.survey"
LEAST = 11


@dataclass(frozen=True)
class SurveyPlan:
    """What a survey is about, whom it asks and what it promises.

    Parameters
    ----------
    by_segment : bool
        Results also by specialty, country and organisation, once the survey is closed.
    takes_open : bool
        Anybody who holds the survey's one open address may answer, for a page or a hall.
    asked_ids : sequence of UUID
        Organisations whose people are asked, for a survey of partners.
    """

    title: str
    audience: str
    promise: str
    opens_on: date
    closes_on: date | None = None
    languages: Sequence[str] = ("en",)
    intro: dict[str, str] = field(default_factory=dict)
    least: int = LEAST
    by_segment: bool = False
    takes_open: bool = False
    campaign_id: UUID | None = None
    version_id: UUID | None = None
    event: str = ""
    asked_ids: Sequence[UUID] = ()


@dataclass(frozen=True)
class QuestionPlan:
    """A question as it is to be asked."""

    code: str
    kind: str
    texts: dict[str, str]
    options: Sequence[Option] = ()
    required: bool = False
    shown_if: tuple[str, str] | None = None


def own_survey(survey_id: UUID, *, draft: bool = False) -> Survey:
    """Give a survey of the present organisation that one may change, locked.

    Medical staff change those that they made; others leave those alone.

    Raises
    ------
    Survey.DoesNotExist
    OutOfScope
    UserError
        If a draft is wanted and it is none any more.
    """
    scope = current_scope()
    scope.require("survey.write")
    found = Survey.objects.select_for_update().get(id=survey_id, org_id=scope.org_id)
    if scope.roles == frozenset({Role.MSL}) and found.made_by_id != scope.actor_id:
        raise OutOfScope("a colleague made this survey; yours are those that you made")
    if draft and found.status != Survey.Status.DRAFT:
        raise UserError("this survey is open and never changed; make a new version of it")
    return found


def draft_survey(plan: SurveyPlan, *, at: datetime) -> Survey:
    """Begin a survey.

    Writes the draft, the organisations asked and one ledger entry.

    Raises
    ------
    UserError
        Naming what cannot be.
    """
    scope = current_scope()
    scope.require("survey.write")
    _check(plan)
    survey = Survey.objects.create(
        id=new_id(), org_id=scope.org_id, made_by_id=scope.actor_id, **_columns(plan)
    )
    _ask(survey, plan.asked_ids)
    _note("drafted", survey, at)
    return survey


def change_survey(survey_id: UUID, plan: SurveyPlan, *, at: datetime) -> Survey:
    """Change a draft; writes the draft, the organisations asked and one ledger entry.

    Raises
    ------
    UserError
        If it is open, or something cannot be.
    """
    survey = own_survey(survey_id, draft=True)
    _check(plan)
    for name, value in _columns(plan).items():
        setattr(survey, name, value)
    survey.save()
    _ask(survey, plan.asked_ids)
    _note("changed", survey, at)
    return survey


def _columns(plan: SurveyPlan) -> dict[str, Any]:
    given = asdict(plan)
    del given["asked_ids"]
    given["languages"] = list(plan.languages)
    given["title"] = plan.title.strip()
    return given


def _check(plan: SurveyPlan) -> None:
    if not plan.title.strip() or len(plan.title) > 200:
        raise UserError("give the survey a title, in at most 200 characters", field="title")
    if plan.audience not in Survey.Audience.values:
        raise UserError(f"audience is one of {', '.join(Survey.Audience.values)}", field="audience")
    if plan.promise not in Survey.Promise.values:
        raise UserError(f"promise is one of {', '.join(Survey.Promise.values)}", field="promise")
    if not LEAST <= plan.least <= 1000:
        raise UserError(f"results are told of at least {LEAST} people", field="least")
    if not plan.languages or not set(plan.languages) <= LANGUAGES.keys():
        raise UserError(f"languages are some of {', '.join(LANGUAGES)}", field="languages")
    if plan.closes_on and plan.closes_on < plan.opens_on:
        raise UserError("it closes before it opens", field="closes_on")
    if len(plan.event) > 200:
        raise UserError("name the event in at most 200 characters", field="event")
    if any(len(text) > 2000 for text in plan.intro.values()):
        raise UserError("the first words have at most 2,000 characters", field="intro")
    _check_reach(plan)


def _check_reach(plan: SurveyPlan) -> None:
    """Refuse what would break the promise, or what the audience cannot have."""
    if plan.by_segment and plan.closes_on is None:
        raise UserError(
            "results by segment are told once, when the survey has closed: give a last day",
            field="closes_on",
        )
    if plan.takes_open and (plan.audience, plan.promise) != ("hcp", "anonymous"):
        raise UserError("an open address is for anonymous surveys of HCPs", field="takes_open")
    if plan.takes_open and plan.by_segment:
        raise UserError("by an open address no segment is known", field="by_segment")
    if plan.audience == "partner" and not plan.asked_ids:
        raise UserError("choose the partners whose people are asked", field="asked")
    if plan.audience != "partner" and plan.asked_ids:
        raise UserError("only a survey of partners asks partners", field="asked")
    if plan.campaign_id:
        alliances.campaign(plan.campaign_id)
    if plan.version_id:
        content.version(plan.version_id)


def _ask(survey: Survey, asked_ids: Sequence[UUID]) -> None:
    """Say whose people are asked: partners where they are, otherwise our own."""
    own = survey.org_id
    wanted = set(asked_ids) if survey.audience == Survey.Audience.PARTNER else set()
    known = {each.id for each in directory.organisations_visible()} - {own}
    if wanted - known:
        raise UserError("there is no such partner", field="asked")
    if survey.audience == Survey.Audience.STAFF:
        wanted = {own}
    there = {party.org_id: party for party in SurveyParty.objects.filter(survey=survey)}
    SurveyParty.objects.bulk_create(
        SurveyParty(id=new_id(), org_id=org, survey=survey, answers=True)
        for org in sorted(wanted - there.keys())
    )
    SurveyParty.objects.filter(survey=survey).update(answers=False)
    SurveyParty.objects.filter(survey=survey, org_id__in=wanted).update(answers=True)


def save_question(
    survey_id: UUID, plan: QuestionPlan, *, at: datetime, question_id: UUID | None = None
) -> SurveyQuestion:
    """Add a question to a draft at its end, or change one.

    Writes the question and one ledger entry.

    Raises
    ------
    UserError
        If the survey is open, or the question cannot be asked like this.
    """
    survey = own_survey(survey_id, draft=True)
    _check_question(plan)
    rows = SurveyQuestion.objects.filter(survey=survey)
    others = rows.exclude(id=question_id) if question_id else rows
    if others.filter(code=plan.code).exists():
        raise UserError("another question of this survey has this code", field="code")
    if question_id:
        question = rows.get(id=question_id)
    else:
        positions = list(rows.values_list("position", flat=True))
        if len(positions) >= MOST_QUESTIONS:
            raise UserError(f"a survey asks at most {MOST_QUESTIONS} questions")
        question = SurveyQuestion(
            id=new_id(), org_id=survey.org_id, survey=survey, position=max(positions, default=0) + 1
        )
    code, answer = plan.shown_if or ("", "")
    question.code, question.kind, question.texts = plan.code, plan.kind, dict(plan.texts)
    question.options = [{"code": o.code, "texts": dict(o.texts)} for o in plan.options]
    question.required = plan.required
    question.shown_if_code, question.shown_if_answer = code, answer
    question.save()
    _note("question_changed" if question_id else "question_added", survey, at, code=plan.code)
    return question


def _check_question(plan: QuestionPlan) -> None:
    if not CODE.match(plan.code):
        raise UserError(
            "a code is small letters, digits, - and _, beginning with a letter", field="code"
        )
    if plan.kind not in KINDS:
        raise UserError(f"kind is one of {', '.join(KINDS)}", field="kind")
    if not any(text.strip() for text in plan.texts.values()):
        raise UserError("write the question", field="text")
    if not set(plan.texts) <= LANGUAGES.keys() or any(len(t) > 500 for t in plan.texts.values()):
        raise UserError("a question has at most 500 characters in a known language", field="text")
    codes = [option.code for option in plan.options]
    if plan.kind not in CHOICES and codes:
        raise UserError("only a choice has options", field="options")
    if len(set(codes)) != len(codes) or len(codes) > MOST_OPTIONS:
        raise UserError(f"give at most {MOST_OPTIONS} options, each code once", field="options")
    if not all(CODE.match(code) for code in codes):
        raise UserError(
            "the code of an option is small letters, digits, - and _, beginning with a letter",
            field="options",
        )
    if any(len(t) > 200 for o in plan.options for t in o.texts.values()):
        raise UserError("an option has at most 200 characters", field="options")
    if plan.shown_if and (len(plan.shown_if[0]) > 40 or len(plan.shown_if[1]) > 40):
        raise UserError("it depends on a code and one of its answers", field="shown_if")


def move_question(survey_id: UUID, question_id: UUID, *, up: bool, at: datetime) -> None:
    """Move a question of a draft one place; writes two questions and one ledger entry."""
    survey = own_survey(survey_id, draft=True)
    rows = list(SurveyQuestion.objects.filter(survey=survey).order_by("position"))
    here = next((n for n, row in enumerate(rows) if row.id == question_id), None)
    if here is None:
        raise SurveyQuestion.DoesNotExist
    there = here + (-1 if up else 1)
    if 0 <= there < len(rows):
        one, other = rows[here], rows[there]
        one.position, other.position = other.position, one.position
        SurveyQuestion.objects.bulk_update([one, other], ["position"])
        _note("question_moved", survey, at, code=one.code)


def remove_question(survey_id: UUID, question_id: UUID, *, at: datetime) -> None:
    """Take a question out of a draft; writes one ledger entry."""
    survey = own_survey(survey_id, draft=True)
    question = SurveyQuestion.objects.get(id=question_id, survey=survey)
    question.delete()
    _note("question_removed", survey, at, code=question.code)


def new_version(survey_id: UUID, *, opens_on: date, at: datetime) -> Survey:
    """Begin a new draft with the questions of an opened survey; the old one stays as it is.

    Writes the draft, its questions, the organisations asked and one ledger entry.
    """
    old = own_survey(survey_id)
    if old.status == Survey.Status.DRAFT:
        raise UserError("this survey is a draft; change it as it is")
    asked = SurveyParty.objects.filter(survey=old, answers=True).exclude(org_id=old.org_id)
    plan = SurveyPlan(
        title=old.title, audience=old.audience, promise=old.promise, opens_on=opens_on,
        closes_on=max(opens_on, old.closes_on) if old.closes_on else None,
        languages=old.languages, intro=old.intro, least=old.least, by_segment=old.by_segment,
        takes_open=old.takes_open, campaign_id=old.campaign_id, version_id=old.version_id,
        event=old.event, asked_ids=list(asked.values_list("org_id", flat=True)),
    )  # fmt: skip
    made = draft_survey(plan, at=at)
    made.number, made.previous = old.number + 1, old
    made.save(update_fields=["number", "previous"])
    rows = list(SurveyQuestion.objects.filter(survey=old))
    for row in rows:
        row.id, row.survey = new_id(), made
        row._state.adding = True
    SurveyQuestion.objects.bulk_create(rows)
    return made


def _note(verb: str, survey: Survey, at: datetime, **details: Any) -> None:
    ledger.append(
        ledger.Entry(
            f"{KIND}.{verb}",
            KIND,
            survey.id,
            {"audience": survey.audience, "promise": survey.promise, **details},
        ),
        at=at,
    )
