"""Surveys: the list, one with its questions, what is filled in, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.directory import reads as directory
from entente.engagement.actions import surveys as actions
from entente.engagement.domain.survey_words import words_in
from entente.engagement.domain.surveys import KINDS, LANGUAGES, why_not_askable
from entente.engagement.models import Survey
from entente.engagement.pages.survey_answer import shown
from entente.engagement.reads import surveys as reads
from entente.engagement.survey_forms import (
    QuestionForm,
    SurveyForm,
    initial_of,
    initial_of_question,
)
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of

TONES = {"draft": "", "open": "ok", "closed": "info"}
LINK_HEAD = ("hcp_id", "name", "link")


@page("survey.read")
def surveys(request: HttpRequest) -> HttpResponse:
    """List one's own surveys and those whose results one is told."""
    found = reads.surveys(
        status=one_of(request, "status", Survey.Status.values),
        audience=one_of(request, "audience", Survey.Audience.values),
    )
    part = part_of(found, reads.ORDER, request.GET)
    for row in part.rows:
        row.tone = TONES[row.status]
        row.is_mine = row.org_id == current_scope().org_id
    context = {
        "part": part,
        "statuses": Survey.Status.choices,
        "audiences": Survey.Audience.choices,
        "may_write": "survey.write" in current_scope().may,
    }
    return render(request, "engagement/surveys.html", context)


def _filled(
    request: HttpRequest, form: forms.Form, do: Callable[[], Survey | None]
) -> HttpResponse | None:
    """Do what a form asks; an error goes to its field, and nothing is given back."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        done = do()
    except UserError as trouble:
        form.add_error(trouble.field if trouble.field in form.fields else None, str(trouble))
        return None
    return redirect("engagement:survey", done.id) if done else None


@page("survey.write", methods=("GET", "POST"))
def new_survey(request: HttpRequest) -> HttpResponse:
    """Begin a survey."""
    at = datetime.now(UTC)
    form = SurveyForm(posted(request), on=at.date(), initial={"opens_on": at.date()})
    done = _filled(request, form, lambda: actions.draft_survey(form.plan(), at=at))
    return done or _form(request, form, "New survey", reverse("engagement:surveys"))


@page("survey.write", methods=("GET", "POST"))
def change_survey(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Change a draft."""
    at, found = datetime.now(UTC), reads.own_survey(survey_id)
    asked = [party.org_id for party in reads.parties_of(survey_id) if party.answers]
    form = SurveyForm(
        posted(request), on=at.date(), languages=found.languages, initial=initial_of(found, asked)
    )
    done = _filled(request, form, lambda: actions.change_survey(survey_id, form.plan(), at=at))
    return done or _form(request, form, found.title, reverse("engagement:survey", args=[found.id]))


def _form(request: HttpRequest, form: forms.Form, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "trail": _trail()}
    status = 422 if form.errors else 200
    return render(request, "engagement/survey_form.html", context, status=status)


def _trail(found: Survey | None = None) -> list[dict[str, str]]:
    trail = [{"label": "Surveys", "url": reverse("engagement:surveys")}]
    if found:
        url = reverse("engagement:survey", args=[found.id])
        trail.append({"label": found.title, "url": url})
    return trail


@page("survey.read")
def survey(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Show a survey with its questions as they are asked, and what can be done with it."""
    found, scope, today = reads.survey(survey_id), current_scope(), datetime.now(UTC).date()
    is_mine = found.org_id == scope.org_id
    language = one_of(request, "lang", found.languages) or found.languages[0]
    rows = reads.question_rows(survey_id)
    asked = [reads.as_asked(row) for row in rows]
    words = words_in(language)
    parties = reads.parties_of(survey_id) if is_mine else []
    context = {
        "survey": found,
        "tone": TONES[found.status],
        "is_mine": is_mine,
        "may_write": is_mine and "survey.write" in scope.may,
        "is_draft": found.status == Survey.Status.DRAFT,
        "is_over": reads.is_over(found, today),
        "questions": [
            (row, each, KINDS[each.kind], shown(each, language, {}))
            for row, each in zip(rows, asked, strict=True)
        ],
        "words": words,
        "promise": words[found.promise].format(least=found.least, name="…"),
        "languages": [(code, LANGUAGES[code]) for code in found.languages],
        "language": language,
        "why_not": why_not_askable(asked, found.languages),
        "n_invited": reads.n_invited(found) if is_mine else None,
        "open_link": settings.SITE_URL + reads.link_path(found.id) if found.takes_open else "",
        "asked_parties": [each for each in parties if each.answers],
        "told_parties": [each for each in parties if each.sees_results],
        "partners": _partners(parties) if is_mine else [],
        "trail": _trail(),
    }
    return render(request, "engagement/survey.html", context)


def _partners(parties: list[Any]) -> list[tuple[str, str]]:
    told = {each.org_id for each in parties if each.sees_results}
    return [
        (str(each.id), each.name)
        for each in directory.organisations_visible()
        if not each.is_host and each.id not in told and each.id != current_scope().org_id
    ]


@page("survey.write", methods=("GET", "POST"))
def question(
    request: HttpRequest, survey_id: UUID, question_id: UUID | None = None
) -> HttpResponse:
    """Add a question to a draft, or change one."""
    at, found = datetime.now(UTC), reads.own_survey(survey_id)
    rows = reads.question_rows(survey_id)
    here = next((n for n, row in enumerate(rows) if row.id == question_id), len(rows))
    if question_id and here == len(rows):
        raise Survey.DoesNotExist
    asked = [reads.as_asked(row) for row in rows]
    initial = initial_of_question(asked[here], found.languages) if question_id else {}
    form = QuestionForm(
        posted(request), languages=found.languages, before=asked[:here], initial=initial
    )

    def save() -> Survey:
        actions.save_question(survey_id, form.plan(), at=at, question_id=question_id)
        return found

    done = _filled(request, form, save)
    title = "Change the question" if question_id else "New question"
    return done or _form(request, form, title, reverse("engagement:survey", args=[survey_id]))


@page("survey.write", methods=("POST",))
def act(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Open, close, move, remove, invite or share, as the form says; then show the survey."""
    at, given = datetime.now(UTC), request.POST
    what = given.get("act", "")
    reads.own_survey(survey_id)
    try:
        if what == "version":
            made = actions.new_version(survey_id, opens_on=at.date(), at=at)
            return redirect("engagement:survey", made.id)
        said = _done(what, survey_id, given, at)
        messages.success(request, said)
    except UserError as trouble:
        messages.error(request, str(trouble))
    return redirect("engagement:survey", survey_id)


def _done(what: str, survey_id: UUID, given: Any, at: datetime) -> str:
    """Do one thing and give the words that say so."""
    if what == "open":
        actions.open_survey(survey_id, at=at)
        return "It is open. Its questions are never changed from here on."
    if what == "close":
        actions.close_survey(survey_id, at=at)
        return "It is closed."
    if what in ("up", "down"):
        actions.move_question(survey_id, _id(given, "question"), up=what == "up", at=at)
        return "Moved."
    if what == "remove":
        actions.remove_question(survey_id, _id(given, "question"), at=at)
        return "Removed."
    if what == "invite":
        made = actions.invite_hcps(survey_id, _by_npi(given.get("npis", "")), at=at)
        return f"{len(made):,} invited. Their links are in the list of links."
    if what in ("share", "keep"):
        actions.share_results(survey_id, _id(given, "partner"), shared=what == "share", at=at)
        return "The partner is told the results." if what == "share" else "It is told no longer."
    raise UserError("choose what to do with this survey")


def _id(given: Any, name: str) -> UUID:
    try:
        return UUID(given.get(name, ""))
    except ValueError:
        raise UserError("choose one of those offered", field=name) from None


def _by_npi(text: str) -> list[UUID]:
    """Read NPIs, one a line; an unknown one is named."""
    npis = list(dict.fromkeys(text.replace(",", " ").split()))
    if not npis:
        raise UserError("write the NPIs of the people, one a line", field="npis")
    found = directory.hcps_by_npi(npis)
    unknown = [npi for npi in npis if npi not in found]
    if unknown:
        raise UserError(f"no HCP has the NPI {', '.join(unknown[:5])}", field="npis")
    return [person.id for person in found.values()]


@page("survey.write")
def links(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Give the links of those invited as a file; the ledger says who took it out."""
    at = datetime.now(UTC)
    found = actions.take_out_links(survey_id, at=at)
    rows = (
        (each.hcp_id, each.hcp.display_name, settings.SITE_URL + reads.link_path(each.id))
        for each in reads.invitations(found.id).order_by("id").iterator(2_000)
    )
    return csv_file("survey-links", LINK_HEAD, rows, kind="engagement.survey_links", at=at)


def asked_of_me(scope: Any) -> dict[str, Any]:
    """Show on the home page the surveys that wait for one's answer."""
    return {"surveys": reads.asked_of_me(datetime.now(UTC).date())}
