"""Somebody who is signed in, at a browser or with a token."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from entente.foundation.access.scope import act_as, signing_in
from entente.foundation.organisations import scope_of
from entente.foundation.web.tokens import make_token

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def browser(cast):
    """Give a browser in which the person of a role is signed in."""

    def open_browser(role, organisation=None, **options):
        client = Client(**options)
        user = cast.user(role, organisation)
        with signing_in():
            client.force_login(user, backend=BACKEND)
        return client

    return open_browser


@pytest.fixture
def program(cast):
    """Give a program that holds the token of the person of a role."""

    def start(role, organisation=None):
        user = cast.user(role, organisation)
        with signing_in():
            scope = scope_of(user)
        with act_as(scope):
            token = make_token(user, "test", at=datetime.now(UTC))
        return Client(headers={"Authorization": f"Bearer {token}"}, enforce_csrf_checks=True)

    return start
