"""Colleagues: accounts, roles and training of one's own organisation; partners are invited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.foundation import organisations
from entente.foundation.access.roles import ROLES, Role, Wall
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import Organisation, User
from entente.foundation.models.user import Qualification
from entente.foundation.web import people as reads
from entente.foundation.web.asked import one_of, posted
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of

TRAININGS = [("valid", "Valid"), ("missing", "Missing or over")]
WALL_WORDS = {
    Wall.MEDICAL: "Medical",
    Wall.COMMERCIAL: "Commercial",
    Wall.BOTH: "Medical and commercial",
}
LIST = {"label": "Colleagues"}


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class PersonForm(forms.Form):
    """Who gets an account."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="E-mail address, to sign in with", max_length=254)
    title = forms.CharField(label="Title", max_length=200, required=False)
    role = forms.ChoiceField(label="Role")
    qualification = forms.ChoiceField(
        label="Professional qualification",
        required=False,
        choices=[("", "None of these"), *Qualification.choices],
        help_text="Codes of practice ask it of those who certify material.",
    )

    def __init__(self, *given: Any, is_host: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["role"].choices = reads.roles_for(is_host=is_host)  # type: ignore[attr-defined]


class TrainingForm(forms.Form):
    """Which course was completed, and how long it counts."""

    course = forms.CharField(label="Course", max_length=200)
    completed_on = _day("Completed on")
    valid_until = _day("Counts until")


class PartnerForm(forms.Form):
    """Which organisation joins."""

    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(
        label="Kind",
        choices=[c for c in Organisation.Kind.choices if c[0] != Organisation.Kind.INDUSTRY]
        + [(Organisation.Kind.INDUSTRY.value, Organisation.Kind.INDUSTRY.label)],
        help_text="What it is decides which money, data and content may flow.",
    )
    country = forms.CharField(
        label="Country", min_length=2, max_length=2, help_text="Two letters, for example GB"
    )
    time_zone = forms.CharField(label="Time zone", max_length=64, initial="UTC")


def _done(request: HttpRequest, form: forms.Form, act: Callable[[], str]) -> bool:
    """Act on a form; tell what was done, or put the reason against its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        with transaction.atomic():
            said = act()
    except UserError as trouble:
        text = str(trouble)
        field = trouble.field if trouble.field in form.fields else None
        form.add_error(field, text[:1].upper() + text[1:] + ".")
        return False
    messages.success(request, said)
    return True


@page("user.read")
def people(request: HttpRequest) -> HttpResponse:
    """List the people of one's organisation, with roles and training."""
    scope, at = current_scope(), datetime.now(UTC)
    choices = reads.roles_for(is_host=scope.is_host)
    found = reads.people(
        role=one_of(request, "role", [value for value, _ in choices]) or "",
        training=one_of(request, "training", ["valid", "missing"]) or "",
        on=at.date(),
    )
    part = part_of(found, reads.ORDER, request.GET)
    context = {
        "part": part,
        "rows": reads.with_roles(part.rows),
        "roles": choices,
        "trainings": TRAININGS,
        "may_write": "user.write" in scope.may,
        "may_invite": "organisation.write" in scope.may,
    }
    return render(request, "foundation/people.html", context)


@page("user.write", methods=("GET", "POST"))
def new_person(request: HttpRequest) -> HttpResponse:
    """Make an account in one's own organisation."""
    form = PersonForm(posted(request), is_host=current_scope().is_host)
    made: list[User] = []

    def act() -> str:
        given = form.cleaned_data
        made.append(
            organisations.add_user(
                email=given["email"], name=given["name"], title=given["title"],
                roles=frozenset({Role(given["role"])}), at=datetime.now(UTC),
                qualification=given["qualification"],
                time_zone=request.user.time_zone,  # type: ignore[union-attr]
            )
        )  # fmt: skip
        return "The account is there. Its password is set by way of “Forgot your password?”."

    if _done(request, form, act):
        return redirect("person", made[0].id)
    context = {
        "form": form,
        "title": "New account",
        "submit": "Create account",
        "hint": "The person sets a password by way of “Forgot your password?” at sign-in.",
        "trail": [{**LIST, "url": reverse("people")}],
    }
    return render(
        request, "foundation/person_form.html", context, status=422 if form.errors else 200
    )


def _shown(request: HttpRequest, user_id: UUID, **more: Any) -> HttpResponse:
    at, scope = datetime.now(UTC), current_scope()
    found = reads.person(user_id, on=at.date())
    held = {role.value for role in found.roles}
    may_write = "user.write" in scope.may
    context = {
        "found": found,
        "today": at.date(),
        "roles": [
            {
                "value": role.value,
                "title": ROLES[role].title,
                "wall_words": WALL_WORDS[ROLES[role].wall],
                "is_own_key": user_id == scope.actor_id and "user.write" in ROLES[role].may,
            }
            for role in found.roles
        ],
        "others": [
            choice for choice in reads.roles_for(is_host=scope.is_host) if choice[0] not in held
        ],
        "may_write": may_write,
        "form": TrainingForm(),
        "trail": [{**LIST, "url": reverse("people")}],
        **more,
    }
    wrong = "form" in more
    return render(request, "foundation/person.html", context, status=422 if wrong else 200)


@page("user.read")
def person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Show one account: roles, training."""
    return _shown(request, user_id)


def _role(request: HttpRequest) -> Role:
    try:
        return Role(request.POST.get("role", ""))
    except ValueError:
        raise UserError("choose a role of the list", field="role") from None


@page("user.write", methods=("POST",))
def give_role(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Give a role; it counts from the person's next request."""
    user, role = User.objects.get(id=user_id), _role(request)
    organisations.grant_role(user, role, at=datetime.now(UTC))
    messages.success(request, f"{user.name} is {ROLES[role].title.lower()} from now on.")
    return redirect("person", user_id)


@page("user.write", methods=("POST",))
def take_role(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Take a role away; it ends with the person's next request."""
    user, role = User.objects.get(id=user_id), _role(request)
    organisations.revoke_role(user, role, at=datetime.now(UTC))
    messages.success(request, f"{user.name} is no {ROLES[role].title.lower()} any more.")
    return redirect("person", user_id)


@page("user.write", methods=("POST",))
def add_training(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Record a completed course; the gate asks for one before anybody approaches an HCP."""
    user, form = User.objects.get(id=user_id), TrainingForm(request.POST)

    def act() -> str:
        organisations.record_training(user, **form.cleaned_data, at=datetime.now(UTC))
        return f"Recorded: the gate counts it from now on for {user.name}."

    if _done(request, form, act):
        return redirect("person", user_id)
    return _shown(request, user_id, form=form)


@page("organisation.write", methods=("GET", "POST"))
def new_partner(request: HttpRequest) -> HttpResponse:
    """Bring a partner into the installation."""
    form, made = PartnerForm(posted(request)), []

    def act() -> str:
        given = form.cleaned_data
        fields = {**given, "kind": Organisation.Kind(given["kind"])}
        fields["country"] = given["country"].upper()
        made.append(organisations.add_partner(**fields, at=datetime.now(UTC)))
        return f"{given['name']} is in. Invite its administrator next."

    if _done(request, form, act):
        return redirect("partner_invite", made[0].id)
    context = {
        "form": form,
        "title": "Bring in a partner",
        "submit": "Add partner",
        "trail": [{**LIST, "url": reverse("people")}],
    }
    return render(
        request, "foundation/person_form.html", context, status=422 if form.errors else 200
    )


@page("organisation.write", methods=("GET", "POST"))
def invite(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Make an account at a partner; the partner's administrator makes the others."""
    partner = Organisation.objects.get(id=organisation_id, is_host=False)
    form = PersonForm(posted(request), is_host=False)
    del form.fields["qualification"]

    def act() -> str:
        given = form.cleaned_data
        organisations.invite_partner(
            partner.id, email=given["email"], name=given["name"], title=given["title"],
            role=Role(given["role"]), at=datetime.now(UTC),
        )  # fmt: skip
        return f"{given['name']} has an account at {partner.name} now."

    if _done(request, form, act):
        return redirect("directory:organisation", partner.id)
    context = {
        "form": form,
        "title": f"Invite somebody of {partner.name}",
        "submit": "Create account",
        "hint": "You see this person’s account no more afterwards: it belongs to the partner.",
        "trail": [{**LIST, "url": reverse("people")}],
    }
    return render(
        request, "foundation/person_form.html", context, status=422 if form.errors else 200
    )
