"""Every page and every operation, as every role: nothing of another organisation comes out.

Walked twice: as the platform is, and with every check of the application taken away, so that
row-level security stands alone.
"""

from __future__ import annotations

import json

import pytest
from django.urls import NoReverseMatch

from entente.foundation.access import scope as scope_module
from entente.foundation.access.roles import ALWAYS, HOST_ROLES, PARTNER_ROLES, ROLES, Role

from .conftest import addresses, doors, view_of

pytestmark = [pytest.mark.slow, pytest.mark.promise("P1"), pytest.mark.promise("P5")]

SAFE, UNSAFE = {"GET"}, {"POST", "PUT", "PATCH", "DELETE"}
EVERYTHING = ALWAYS.union(*(facts.may for facts in ROLES.values()))
# What the partner holds for itself; the host is a party to everything else of the cast.
PRIVATE = ("hcp", "organisation", "point", "capture", "seller")
# Ends the walk itself, or belongs to the person who walks.
LEFT_OUT = ("/theme", "/me/", "/api/me", "/demo/")


@pytest.fixture
def unchecked(monkeypatch):
    """Let everybody do everything that the application checks; the database still stands."""
    monkeypatch.setattr(scope_module, "capabilities", lambda roles: EVERYTHING)


def look(client, ids):
    """Open every door for reading and give address, status and what came out."""
    for kind, route, methods in doors():
        if not SAFE & set(methods) or route.startswith(LEFT_OUT):
            continue
        for address in addresses(route, ids):
            answer = client.get(address)
            yield kind, address, answer.status_code, answer.content.decode(errors="replace")
            if kind == "page" and "{" not in address and address.count("-") < 4:
                exported = client.get(address, {"export": "csv"})
                yield kind, f"{address}?export", exported.status_code, exported.content.decode()


def leaks(client, ids, words):
    """Give the doors out of which one of the words came, and how many answered with something."""
    found, n_open, broken = [], 0, []
    for _, address, status, body in look(client, ids):
        n_open += status == 200
        broken += [f"{address}: {status}"] if status >= 500 else []
        found += [f"{address}: {word}" for word in words if word.lower() in body.lower()]
    assert broken == []
    return found, n_open


@pytest.mark.parametrize("role", PARTNER_ROLES)
def test_no_partner_finds_anything_of_the_other(browser, cast, secrets, role):
    theirs = secrets["Quokkamarine"]
    found, n_open = leaks(browser(role, cast.society), theirs.ids, [theirs.word])
    assert found == []
    assert n_open >= 8


@pytest.mark.parametrize("role", PARTNER_ROLES)
def test_a_partner_finds_its_own(browser, cast, secrets, role):
    mine = secrets["Zebrafinchwood"]
    found, _ = leaks(browser(role, cast.society), mine.ids, [mine.word])
    assert found, "a walk that finds nothing of one's own proves nothing"


def test_without_the_application_the_database_still_gives_nothing_of_the_other(
    unchecked, browser, cast, secrets
):
    theirs = secrets["Quokkamarine"]
    client = browser(Role.PARTNER_SELLER, cast.society)
    found, n_open = leaks(client, theirs.ids, [theirs.word])
    assert found == []
    assert n_open >= 30
    mine, _ = leaks(client, secrets["Zebrafinchwood"].ids, ["Zebrafinchwood"])
    assert len(mine) >= 15


def test_without_the_application_the_database_still_lets_no_partner_change_the_other(
    unchecked, browser, program, cast, secrets
):
    theirs, owner = secrets["Quokkamarine"], cast.system(cast.partner)
    before, n_tried = view_of(owner), 0
    page, api = (
        browser(Role.PARTNER_MARKETER, cast.society),
        program(Role.PARTNER_SELLER, cast.society),
    )
    for kind, route, methods in doors():
        if route.startswith(LEFT_OUT):
            continue
        for method in UNSAFE & set(methods):
            for address in addresses(route, theirs.ids):
                n_tried += 1
                answer = _change(page if kind == "page" else api, kind, method, address, theirs)
                assert answer.status_code < 500, f"{method} {address}"
    changed = {table for table, seen in view_of(owner).items() if seen != before[table]}
    assert n_tried > 500
    assert changed == set()


def _change(client, kind, method, address, theirs):
    """Send a form or a body that names what many doors ask for."""
    given = {
        "reason": "because", "note": "because", "comment": "because", "verdict": "approve",
        "password": "correct horse battery", "status": "planning", "role": "msl",
        "hcp": str(theirs.ids["hcp"]), "hcp_id": str(theirs.ids["hcp"]),
    }  # fmt: skip
    try:
        if kind == "page":
            return client.generic(method, address, "&".join(f"{k}={v}" for k, v in given.items()),
                                  content_type="application/x-www-form-urlencoded")  # fmt: skip
        body = {} if method == "DELETE" else {"reason": "because"}
        return client.generic(method, address, json.dumps(body), content_type="application/json")
    except NoReverseMatch as wrong:
        raise AssertionError(f"{method} {address}: {wrong}") from wrong


@pytest.mark.parametrize("role", HOST_ROLES)
def test_no_role_of_the_host_finds_what_a_partner_keeps_for_itself(browser, cast, secrets, role):
    theirs = secrets["Quokkamarine"]
    ids = {name: theirs.ids[name] for name in PRIVATE}
    words = [f"{theirs.word}@private.test", f"form of {theirs.word}"]
    found, n_open = leaks(browser(role), ids, words)
    assert found == []
    assert n_open >= 5
