"""Where people answer: by a link without signing in, or signed in with the same promise.

One question at a time, without a script: what was answered so far travels in the form and
nowhere else, so that a survey left half way leaves nothing. The forms behind a link need no
CSRF token: what authenticates them is the signed token in the address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from entente.directory import reads as directory
from entente.engagement.actions.survey_answer import (
    AlreadyAnswered,
    NotTaken,
    Respondent,
    WrongAnswers,
    answer_survey,
)
from entente.engagement.domain.survey_words import words_in
from entente.engagement.domain.surveys import (
    LANGUAGES,
    SCALES,
    Answered,
    Question,
    in_language,
    is_asked,
    read_answers,
)
from entente.engagement.models import Survey
from entente.engagement.reads import surveys as reads
from entente.foundation.access.scope import Scope, current_scope, switched
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page, public_page

# An open address takes anybody's answer: beyond so many a day a program is giving them.
MOST_OPEN_A_DAY = 500
PREFIX = "q-"


@dataclass(frozen=True)
class Visit:
    """Who looks at which survey, in which language."""

    survey: Survey
    who: Respondent
    person_ids: list[UUID]
    language: str
    at: datetime
    sender: str


@csrf_exempt
@public_page(methods=("GET", "POST"))
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the questions of the survey that a link opens."""
    at = datetime.now(UTC)
    door = reads.door_of(token)
    if door is None:
        return _said(request, "unknown", _language(request, list(LANGUAGES)), status=404)
    with switched(Scope(org_id=door.org_id, actor_name="public:survey")):
        survey = reads.own_survey(door.survey_id)
        invitation = None
        people: list[UUID] = []
        if door.invitation_id is not None:
            invitation = reads.invitations(survey.id).get(id=door.invitation_id)
            people = directory.same_person(invitation.hcp_id, at)
        visit = Visit(
            survey,
            Respondent(invitation=invitation),
            people,
            _language(request, survey.languages),
            at,
            _sender(survey),
        )
        return _served(request, visit)


@page("home.read", methods=("GET", "POST"))
def answer_signed_in(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Ask the questions of a survey of one's own organisation or of a partner."""
    at, scope = datetime.now(UTC), current_scope()
    found = reads.survey_asked_of_me(survey_id)
    party = next(p for p in reads.parties_of(survey_id) if p.org_id == scope.org_id and p.answers)
    assert scope.actor_id is not None
    who = Respondent(user_id=scope.actor_id, party=party)
    # Nothing is written under the name of whoever is signed in.
    with switched(Scope(org_id=found.org_id, actor_name="public:survey")):
        visit = Visit(
            found, who, [scope.actor_id], _language(request, found.languages), at, _sender(found)
        )
        return _served(request, visit)


def _sender(survey: Survey) -> str:
    known = directory.organisations_visible()
    return next((each.name for each in known if each.id == survey.org_id), "")


def _language(request: HttpRequest, offered: list[str]) -> str:
    asked = str(request.GET.get("lang") or request.POST.get("lang") or "")
    tags = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    for code in (asked, *(tag.partition("-")[0] for tag, _ in tags)):
        if code in offered:
            return code
    return "en" if "en" in offered else offered[0]


def _served(request: HttpRequest, visit: Visit) -> HttpResponse:
    survey, today = visit.survey, visit.at.date()
    if not reads.is_answerable(survey, today):
        is_early = survey.status == Survey.Status.OPEN and today < survey.opens_on
        return _said(request, "soon" if is_early else "closed", visit.language, visit)
    if visit.person_ids and reads.has_answered(survey.id, visit.person_ids):
        return _said(request, "already", visit.language, visit)
    asked = reads.questions(survey.id)
    if request.method == "POST":
        return _posted(request, visit, asked)
    return _asked(request, visit, asked, _typed(request, asked), asked[0])


def _typed(request: HttpRequest, asked: list[Question]) -> dict[str, list[str]]:
    """Give what the form holds, or what the link itself proposes, such as a rating in a mail."""
    source = request.POST if request.method == "POST" else request.GET
    return {
        code: source.getlist(PREFIX + code)[:50]
        for question in asked
        for code in (question.code, f"{question.code}-word")
        if PREFIX + code in source
    }


def _posted(request: HttpRequest, visit: Visit, asked: list[Question]) -> HttpResponse:
    given = _typed(request, asked)
    answered = read_answers(asked, given)
    now = [each for each in asked if is_asked(each, answered.values)]
    codes = [each.code for each in now]
    here = codes.index(at) if (at := request.POST.get("at", "")) in codes else 0
    if request.POST.get("act") == "back":
        return _asked(request, visit, asked, given, now[max(here - 1, 0)])
    if codes[here] in answered.wrong:
        return _asked(request, visit, asked, given, now[here], answered, status=422)
    if here + 1 < len(now):
        return _asked(request, visit, asked, given, now[here + 1])
    return _taken(request, visit, asked, given)


def _taken(
    request: HttpRequest, visit: Visit, asked: list[Question], given: dict[str, list[str]]
) -> HttpResponse:
    if visit.who.is_open and not _room_today(visit.survey, visit.at.date()):
        return _said(request, "busy", visit.language, visit, status=429)
    try:
        answer_survey(visit.survey.id, visit.who, given, at=visit.at)
    except NotTaken:
        return _said(request, "closed", visit.language, visit)
    except AlreadyAnswered:
        return _said(request, "already", visit.language, visit)
    except WrongAnswers as trouble:
        first = next(each for each in asked if each.code in trouble.wrong)
        wrong = Answered(wrong=trouble.wrong)
        return _asked(request, visit, asked, given, first, wrong, status=422)
    except UserError:
        return _asked(request, visit, asked, given, asked[0], nothing=True, status=422)
    return _said(request, "thanks", visit.language, visit)


def _room_today(survey: Survey, on: date) -> bool:
    key = f"survey-open:{survey.id}:{on}"
    cache.add(key, 0, timeout=2 * 24 * 3600)
    return bool(cache.incr(key) <= MOST_OPEN_A_DAY)


def _asked(
    request: HttpRequest,
    visit: Visit,
    asked: list[Question],
    given: dict[str, list[str]],
    question: Question,
    answered: Answered | None = None,
    *,
    nothing: bool = False,
    status: int = 200,
) -> HttpResponse:
    words, language, survey = words_in(visit.language), visit.language, visit.survey
    now = [q for q in asked if is_asked(q, read_answers(asked, given).values)]
    here = next((n for n, each in enumerate(now) if each.code == question.code), 0)
    problem = answered.wrong.get(question.code, "") if answered else ""
    own = {question.code, f"{question.code}-word"}
    promise = words[survey.promise].format(least=survey.least, name=visit.sender)
    context = {
        "question": shown(question, language, given),
        "carried": [
            (PREFIX + code, v) for code, vs in given.items() if code not in own for v in vs
        ],
        "n": here + 1,
        "n_all": len(now),
        "place": words["question_of"].format(n=here + 1, all=len(now)),
        "is_first": here == 0,
        # What is asked next may depend on this very answer.
        "is_last": here + 1 == len(now)
        and not any(q.shown_if and q.shown_if[0] == question.code for q in asked),
        "intro": in_language(survey.intro, language) if here == 0 else "",
        "promise": promise if here == 0 else "",
        "error": words[f"error_{problem}"] if problem else "",
        "nothing": nothing,
        "languages": [
            {"code": code, "name": LANGUAGES[code], "is_current": code == language}
            for code in survey.languages
        ],
    }
    return _page(request, "survey_question", visit, context, language, status)


def shown(question: Question, language: str, given: dict[str, list[str]]) -> dict[str, Any]:
    """Give a question as a template draws it, with what was typed so far."""
    typed = given.get(question.code, [])
    if question.kind in SCALES:
        options = [(str(step), str(step), str(step) in typed) for step in SCALES[question.kind]]
    else:
        options = [
            (option.code, in_language(option.texts, language), option.code in typed)
            for option in question.options
        ]
    return {
        "code": question.code,
        "name": PREFIX + question.code,
        "kind": question.kind,
        "is_scale": question.kind in SCALES,
        "is_long": question.kind == "scale10",
        "text": in_language(question.texts, language),
        "options": options,
        "required": question.required,
        "typed": typed[0] if typed else "",
        "word": next(iter(given.get(f"{question.code}-word", [])), ""),
    }


def _said(
    request: HttpRequest, what: str, language: str, visit: Visit | None = None, *, status: int = 200
) -> HttpResponse:
    words = words_in(language)
    day = ""
    if visit:
        with translation.override(language):
            day = date_format(visit.survey.opens_on, "DATE_FORMAT")
    context = {
        "what": what,
        "said": words[what],
        "more": words[f"{what}_more"].format(day=day),
    }
    return _page(request, "survey_said", visit, context, language, status)


def _page(
    request: HttpRequest,
    name: str,
    visit: Visit | None,
    context: dict[str, Any],
    language: str,
    status: int,
) -> HttpResponse:
    is_public = getattr(request, "scope", None) is None or request.path.startswith("/q/")
    more = {
        "survey": visit.survey if visit else None,
        "sender": visit.sender if visit else "",
        "words": words_in(language),
        "language": language,
        "is_public": is_public,
    }
    if is_public:
        # An empty token keeps the shell from setting a cookie that nothing here needs.
        more["csrf_token"] = ""
    with translation.override(language):
        response = render(request, f"engagement/{name}.html", {**context, **more}, status=status)
    response["Content-Language"] = language
    response["Referrer-Policy"] = "no-referrer" if is_public else "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
