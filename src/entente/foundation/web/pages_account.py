"""One's own account: roles, tokens, and the way to password, second factor and sessions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.foundation.access.roles import ROLES
from entente.foundation.access.scope import current_scope
from entente.foundation.models import ApiToken, User
from entente.foundation.web.doors import page
from entente.foundation.web.tokens import make_token, revoke_token

CAPABILITY_WORDS = str.maketrans({".": " ", "_": " "})


class TokenForm(forms.Form):
    """What a token is for."""

    name = forms.CharField(
        label="What is it for", max_length=100, help_text="Such as “CRM export”. Valid for a year."
    )


def _context(request: HttpRequest, **more: Any) -> dict[str, Any]:
    scope, user = current_scope(), request.user
    assert isinstance(user, User)
    roles = [
        {
            "title": ROLES[role].title,
            "wall": ROLES[role].wall.value,
            "may": sorted(c.translate(CAPABILITY_WORDS) for c in ROLES[role].may),
        }
        for role in sorted(scope.roles)
    ]
    tokens = ApiToken.objects.filter(user=user, revoked_at__isnull=True).order_by(
        "-recorded_at", "-id"
    )
    return {
        "account": user,
        "roles": roles,
        "tokens": tokens[:50],
        "now": datetime.now(UTC),
        "form": TokenForm(),
        **more,
    }


@page("account.read")
def me(request: HttpRequest) -> HttpResponse:
    """Show one's own account."""
    return render(request, "foundation/me.html", _context(request))


@page("account.read", methods=("POST",))
def make(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, for the only time: it is kept nowhere, not even for a redirect."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return render(request, "foundation/me.html", _context(request, form=form), status=422)
    assert isinstance(request.user, User)
    token = make_token(request.user, form.cleaned_data["name"], at=datetime.now(UTC))
    return render(request, "foundation/me.html", _context(request, made=token), status=201)


@page("account.read", methods=("POST",))
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End one of one's own tokens at once."""
    assert isinstance(request.user, User)
    ApiToken.objects.get(id=token_id, user=request.user)
    revoke_token(token_id, at=datetime.now(UTC))
    messages.success(request, "The token is revoked; no program can use it any more.")
    return redirect("me")
