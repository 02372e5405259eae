"""Training: what one has to take, the course with its quiz and signature, and who is trained."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import canonical, sha256_hex
from entente.foundation.errors import UserError
from entente.foundation.models import User
from entente.foundation.signatures import NotSigned
from entente.foundation.web.asked import one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.moments import moment_of
from entente.foundation.web.pdf import pdf_of
from entente.policy.actions.attempts import MEANING, sign_attempt, start_attempt, submit_attempt
from entente.policy.models import Course, CourseAttempt, CourseCertificate, CourseVersion
from entente.policy.reads import courses as reads
from entente.policy.reads import trained

STATES = {
    "late": ("bad", "Late"),
    "due": ("warn", "To do"),
    "soon": ("warn", "Ends soon"),
    "valid": ("ok", "Valid"),
    "free": ("", "Not demanded"),
}
MINE = {"label": "Training"}


class SignForm(forms.Form):
    """The password that signs the course."""

    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Your password signs that you have read the course and will act by it.",
    )


def _trail(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": "Training", "url": reverse("policy:training")}, *more]


def _locale(request: HttpRequest) -> str:
    return request.user.locale if isinstance(request.user, User) else "en"


@page("training.take")
def training(request: HttpRequest) -> HttpResponse:
    """Show one's own courses: what is late, what is due, what is held."""
    scope, at = current_scope(), moment_of(request)
    rows = [(one, *STATES[one.state]) for one in reads.my_training(scope, at.date())]
    return render(request, "policy/training.html", {"rows": rows, "n_needed": sum(
        one.needs_doing for one, *_ in rows)})  # fmt: skip


def _version_in_use(course_id: UUID) -> CourseVersion:
    found = reads.latest_versions([course_id]).get(course_id)
    if found is None:
        raise CourseVersion.DoesNotExist
    return found


@page("training.take")
def course(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Show a course to read, with how one stands and how often one tried."""
    scope, at = current_scope(), moment_of(request)
    version = _version_in_use(course_id)
    language = reads.language_of(version, _locale(request))
    mine = next(one for one in reads.my_training(scope, at.date()) if one.course.id == course_id)
    attempts = reads.attempts_of(scope.actor_id, version.id) if scope.actor_id else []
    free = reads.may_try_from(attempts, version)
    context: dict[str, Any] = {
        "version": version,
        "title": version.material["title"][language],
        "sections": reads.sections_of(version, language),
        "n_questions": len(version.material["questions"]),
        "mine": mine,
        "tone": STATES[mine.state][0],
        "words": STATES[mine.state][1],
        "attempts": attempts,
        "is_open": bool(attempts) and attempts[-1].submitted_at is None,
        "free_from": free if free is not None and free > at else None,
        "to_sign": _unsigned(attempts),
        "trail": _trail(),
    }
    return render(request, "policy/course.html", context)


def _unsigned(attempts: list[CourseAttempt]) -> CourseAttempt | None:
    last = attempts[-1] if attempts else None
    if last is None or not last.passed:
        return None
    return None if reads.certificate_of(last) else last


@page("training.take", methods=("POST",))
def start(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Begin an attempt, or go on with the open one."""
    made = start_attempt(course_id, at=moment_of(request))
    return redirect("policy:attempt", made.id)


@page("training.take", methods=("GET", "POST"))
def attempt(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Show the questions of one's own attempt; grade the answers; show what was right."""
    row = reads.own_attempt(attempt_id, current_scope())
    if request.method == "POST":
        asked = [one["id"] for one in row.version.material["questions"]]
        answers = {name: request.POST.getlist(f"q_{name}") for name in asked}
        submit_attempt(attempt_id, {n: c for n, c in answers.items() if c}, at=moment_of(request))
        return redirect("policy:attempt", attempt_id)
    return _attempt_page(request, row, SignForm())


def _attempt_page(
    request: HttpRequest, row: CourseAttempt, form: SignForm, status: int = 200
) -> HttpResponse:
    language = reads.language_of(row.version, _locale(request))
    graded = row.submitted_at is not None
    held = reads.certificate_of(row) if graded else None
    attempts = reads.attempts_of(row.user_id, row.version_id) if graded else []
    free = reads.may_try_from(attempts, row.version)
    title = row.version.material["title"][language]
    context = {
        "row": row,
        "title": title,
        "graded": graded,
        "questions": reads.told_of(row, language) if graded else reads.asked_of(row, language),
        "certificate": held,
        "form": form if row.passed and held is None else None,
        "meaning": MEANING,
        "is_last": graded and attempts[-1].id == row.id,
        "free_from": free if free is not None and free > moment_of(request) else None,
        "trail": _trail(
            {"label": title, "url": reverse("policy:course", args=[row.version.course_id])}
        ),
    }
    return render(request, "policy/attempt.html", context, status=status)


@page("training.take", methods=("POST",))
def sign(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Sign a passed attempt; the certificate is issued."""
    row = reads.own_attempt(attempt_id, current_scope())
    form = SignForm(posted(request))
    if form.is_valid():
        try:
            with transaction.atomic():
                sign_attempt(
                    attempt_id, password=form.cleaned_data["password"], at=moment_of(request)
                )
        except NotSigned as wrong:
            form.add_error("password", str(wrong))
        except UserError as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, "Signed. Your certificate is issued.")
            return redirect("policy:course", row.version.course_id)
    return _attempt_page(request, row, form, status=422)


@page("training.take")
def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Give a certificate as PDF: one's own, or a colleague's to those who see who is trained."""
    scope = current_scope()
    found = reads.certificate(certificate_id)
    if found.user_id != scope.actor_id and "training.read" not in scope.may:
        raise CourseCertificate.DoesNotExist
    intact = sha256_hex(canonical(found.body)) == found.body_hash
    html = render_to_string(
        "policy/course_certificate.html",
        {"found": found, "body": found.body, "intact": intact,
         "ends_early": found.counts_until < found.valid_until},
    )  # fmt: skip
    ledger.append(
        ledger.Entry("policy.course_certificate.read", "policy.course_certificate", found.id),
        at=moment_of(request),
    )
    response = HttpResponse(pdf_of(html, made_at=found.issued_at), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return response


def _cells(line: trained.Line, courses: list[Course]) -> list[dict[str, Any]]:
    shown = []
    for cell, course in zip(line.cells, courses, strict=True):
        tone, words = STATES[cell.state]
        day = cell.until if cell.until else cell.due_on
        shown.append({"tone": tone, "words": words, "day": day, "state": cell.state,
                      "held": cell.until is not None, "code": course.code})  # fmt: skip
    return shown


@page("training.read")
def people(request: HttpRequest) -> HttpResponse:
    """Show who is trained: the company's people by the courses demanded of them."""
    scope, at = current_scope(), moment_of(request)
    on = at.date()
    found = trained.people(on, late=one_of(request, "late", ["1"]) == "1")
    demanded = trained.demanded_courses(scope, on)
    if request.GET.get("export") == "csv":
        return _exported(found.order_by(*trained.ORDER)[:50_000], demanded, request)
    part = part_of(found, trained.ORDER, request.GET)
    context = {
        "part": part,
        "courses": demanded,
        "rows": [
            (line, _cells(line, demanded))
            for line in trained.matrix(scope, part.rows, demanded, on)
        ],
        "lates": [("1", "Somebody late only")],
        "n_late": trained.late_people(on).count(),
    }
    return render(request, "policy/training_people.html", context)


def _exported(rows: Any, demanded: list[Course], request: HttpRequest) -> HttpResponse:
    at = moment_of(request)
    lines = trained.matrix(current_scope(), list(rows), demanded, at.date())
    cells = (
        [line.user.id, line.user.name, *(
            f"{cell.state} {cell.until or cell.due_on or ''}".strip() for cell in line.cells
        )]
        for line in lines
    )  # fmt: skip
    head = ["id", "name", *(one.code for one in demanded)]
    return csv_file("training", head, cells, kind="policy.training", at=at)


@page("training.read")
def partners(request: HttpRequest) -> HttpResponse:
    """Show which of the partners' people hold a certificate of one's own courses."""
    scope, at = current_scope(), moment_of(request)
    part = part_of(trained.certificates_of_partners(scope), trained.PARTNER_ORDER, request.GET)
    rows = [(one, one.counts_until >= at.date()) for one in reads.with_last_day(part.rows)]
    return render(request, "policy/training_partners.html", {"part": part, "rows": rows})
