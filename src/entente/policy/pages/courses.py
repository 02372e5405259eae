"""Courses for whoever is responsible for them: write, look at, publish, demand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.foundation.access.roles import HOST_ROLES, PARTNER_ROLES, ROLES
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.moments import moment_of
from entente.policy.actions.courses import (
    Demand,
    assign_course,
    end_assignment,
    publish_course,
    save_course,
)
from entente.policy.models import Course
from entente.policy.reads import courses as reads
from entente.policy.reads.course_texts import (
    SKELETON,
    course_to_demand,
    courses_of,
    own_version,
    partners_by_name,
)


class CourseForm(forms.Form):
    """A course as text."""

    text = forms.CharField(
        label="The course", max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "code"}),
        help_text="In TOML: settings, then [[sections]] to read and [[questions]] to answer.",
    )  # fmt: skip


class AssignForm(forms.Form):
    """Of whom the course is demanded, and by when."""

    whom = forms.ChoiceField(label="Whose people")
    role = forms.ChoiceField(label="Role", required=False)
    due_on = forms.DateField(
        label="To be done by the end of",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="From the day after, whoever lacks a certificate is not trained:"
        " the gate refers what they want to send or spend.",
    )

    def __init__(self, *given: Any, course: Course, **more: Any) -> None:
        super().__init__(*given, **more)
        scope = current_scope()
        whom = [("own", "Our own staff")]
        roles = [("", "Everybody")]
        own = HOST_ROLES if scope.is_host else PARTNER_ROLES
        roles += [(role.value, ROLES[role].title) for role in own]
        if scope.is_host and course.is_shared:
            whom.append(("partners", "Staff of every partner"))
            whom += [(str(one.id), f"Staff of {one.name}") for one in partners_by_name()]
            roles += [(role.value, ROLES[role].title) for role in PARTNER_ROLES]
        self.fields["whom"].choices = whom  # type: ignore[attr-defined]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


def _trail(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": "Training", "url": reverse("policy:training")},
        {"label": "Courses", "url": reverse("policy:courses")},
        *more,
    ]


@page("training.write")
def courses(request: HttpRequest) -> HttpResponse:
    """List the company's courses with their versions, and of whom each is demanded."""
    on = moment_of(request).date()
    return render(request, "policy/courses.html", {"rows": courses_of(on)})


@page("training.write", methods=("GET", "POST"))
def write(request: HttpRequest) -> HttpResponse:
    """Write a course, or the next version of one."""
    base = id_of(request, "from")
    text = SKELETON
    if base is not None:
        text = own_version(base).text
    form = CourseForm(posted(request), initial={"text": text})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = save_course(form.cleaned_data["text"], at=moment_of(request))
        except UserError as wrong:
            form.add_error("text", str(wrong))
        else:
            messages.success(request, "Saved as a draft. Nobody takes it before it is published.")
            return redirect("policy:course_version", made.id)
    context = {"form": form, "trail": _trail()}
    return render(request, "policy/course_write.html", context, status=422 if form.errors else 200)


@page("training.write")
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show a version as people read it, with its questions and what is right."""
    row = own_version(version_id)
    language = row.languages[0]
    questions = [
        {"ask": one["ask"][language], "why": one["why"][language], "many": one["many"],
         "options": [(o["text"][language], o["right"]) for o in one["options"]]}
        for one in row.material["questions"]
    ]  # fmt: skip
    context = {
        "row": row,
        "title": row.material["title"][language],
        "sections": reads.sections_of(row, language),
        "questions": questions,
        "trail": _trail(),
    }
    return render(request, "policy/course_version.html", context)


@page("training.write", methods=("POST",))
def publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Publish a draft."""
    publish_course(version_id, at=moment_of(request))
    messages.success(request, "Published. From now on this version is taken.")
    return redirect("policy:courses")


@page("training.write", methods=("GET", "POST"))
def assign(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Demand a course of people."""
    at = moment_of(request)
    row = course_to_demand(course_id)
    form = AssignForm(posted(request), course=row)
    form.fields["due_on"].widget.attrs["min"] = at.date().isoformat()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        whom = given["whom"]
        partner = UUID(whom) if whom not in ("own", "partners") else None
        demand = Demand("partner" if partner else whom, given["role"], partner)
        try:
            with transaction.atomic():
                assign_course(course_id, demand, due_on=given["due_on"], at=at)
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, "Demanded. Everybody concerned sees it on the start page.")
            return redirect("policy:courses")
    context = {"form": form, "row": row, "trail": _trail()}
    return render(request, "policy/course_assign.html", context, status=422 if form.errors else 200)


@page("training.write", methods=("POST",))
def end(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Demand a course no longer."""
    end_assignment(assignment_id, at=moment_of(request))
    messages.success(request, "No longer demanded from tomorrow on.")
    return redirect("policy:courses")
