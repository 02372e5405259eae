"""Every page is declared, opens for who may, stays shut for who may not, and carries its headers."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from entente.foundation.access.roles import ALWAYS, ROLES, Role, capabilities
from entente.foundation.web import shelf

LIBRARY = ("allauth.",)
API = "ninja"


def walk(patterns, prefix=""):
    for one in patterns:
        where = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield where, one
        elif getattr(one, "app_name", None) != API:
            yield from walk(one.url_patterns, where)


def own_pages():
    for where, pattern in walk(get_resolver().url_patterns):
        if not where.startswith("account/"):
            yield where, pattern


PLAIN = sorted(
    (where, pattern.callback.capability)
    for where, pattern in own_pages()
    if "<" not in where
    and not where.startswith("demo/")
    and "GET" in getattr(pattern.callback, "methods", ())
)
KNOWN = ALWAYS.union(*(facts.may for facts in ROLES.values()))


@pytest.mark.promise("P5")
def test_every_address_is_declared_with_a_capability_that_some_role_holds():
    undeclared = [where for where, p in own_pages() if not hasattr(p.callback, "capability")]
    assert undeclared == []
    unknown = {where: p.callback.capability for where, p in own_pages()}
    assert {w: c for w, c in unknown.items() if c not in KNOWN | {"public"}} == {}


@pytest.mark.promise("P5")
@pytest.mark.parametrize("role", list(Role))
def test_a_page_opens_for_the_roles_that_may_and_for_no_other(role, browser, cast):
    organisation = cast.partner if role.value.startswith("partner_") else cast.host
    client = browser(role, organisation)
    seen = {}
    for where, capability in PLAIN:
        if capability == "public":
            continue
        may = capability in capabilities(frozenset({role}))
        status = client.get(f"/{where}").status_code
        if status != (200 if may else 403):
            seen[where] = (status, capability)
    assert seen == {}


def test_somebody_who_is_not_signed_in_is_led_to_the_door(db):
    for where, capability in PLAIN:
        if capability != "public":
            answer = Client().get(f"/{where}?a=b")
            assert answer.status_code == 302, where
            assert answer["Location"].startswith("/account/login/?next=%2F"), where


@pytest.mark.parametrize("path", ["/", "/evidence/", "/decisions/", "/nothing-here", "/me/"])
def test_every_answer_carries_the_headers_that_protect_it(path, browser):
    answer = browser(Role.COMPLIANCE).get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    if answer.status_code == 200:
        assert "no-store" in answer["Cache-Control"]


def test_a_page_that_is_not_there_says_so_without_naming_what_is(browser):
    answer = browser(Role.COMPLIANCE).get("/decisions/00000000-0000-7000-8000-000000000000/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.text
    assert "Decision" not in answer.text


@pytest.mark.promise("P19")
@pytest.mark.parametrize(
    "query",
    ["?after=%00", "?q=%00", "?object=x", "?on=2026-13-45", "?after=W10", "?after=WyJ4Il0",
     "?after=WzFlOTk5XQ", "?verb=%EF%BF%BF", "?after=" + "A" * 5000, "?object=' OR 1=1"],
)  # fmt: skip
def test_no_query_breaks_a_list(query, browser):
    client = browser(Role.COMPLIANCE)
    for path in ("/evidence/", "/decisions/", "/outbox/", "/rules/", "/search"):
        assert client.get(path + query).status_code in {200, 400}, path


def test_only_the_declared_methods_are_answered(browser):
    client = browser(Role.ADMINISTRATOR)
    assert client.post("/evidence/").status_code == 405
    assert client.get("/me/tokens").status_code == 405
    assert client.delete("/").status_code == 405


def test_a_form_without_its_token_is_refused_with_a_way_on(browser):
    answer = browser(Role.ADMINISTRATOR, enforce_csrf_checks=True).post("/me/tokens", {"name": "x"})
    assert answer.status_code == 403


def test_every_menu_entry_leads_to_a_page(browser):
    for role in Role:
        for entry in shelf.menu_of(_Scope(role)):
            from django.urls import reverse

            assert reverse(entry.url_name)


class _Scope:
    def __init__(self, role):
        self.may = capabilities(frozenset({role}))


def test_the_theme_is_kept_and_leads_nowhere_else(db):
    answer = Client().post("/theme", {"theme": "dark", "next": "https://evil.test/"})
    assert answer["Location"] == "/"
    assert answer.cookies["theme"].value == "dark"
    answer = Client().post("/theme", {"theme": "blue", "next": "/rules/?q=a"})
    assert answer["Location"] == "/rules/?q=a"
    assert answer.cookies["theme"].value == ""
