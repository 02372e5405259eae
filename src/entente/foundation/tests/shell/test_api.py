"""The API: who may call it, how it says what is wrong, and that a key has its effect once."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from django.test import Client

from config.api import api
from entente.foundation.access.roles import ALWAYS, ROLES, Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import ApiToken, IdempotencyKey

JSON = "application/json"


def operations():
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for one in view.operations:
                yield re.sub("/+", "/", f"/api/{bound.prefix}/{path}"), one


@pytest.mark.promise("P5")
def test_every_operation_names_a_capability_that_some_role_has():
    known = ALWAYS.union(*(facts.may for facts in ROLES.values()))
    wrong = [
        address
        for address, one in operations()
        if getattr(one.view_func, "capability", "") not in known
    ]
    assert wrong == []


@pytest.mark.promise("P5")
def test_no_operation_answers_without_an_account(db):
    client = Client()
    for route, one in operations():
        address = re.sub(r"\{[^}]*\}", str(uuid4()), route)
        for method in one.methods:
            assert client.generic(method, address).status_code == 401, (method, address)
    assert client.get("/api/openapi.json").status_code == 401


def test_the_description_is_openapi_3_1_and_complete(program):
    made = program(Role.REPRESENTATIVE).get("/api/openapi.json").json()
    assert made["openapi"].startswith("3.1")
    assert made["info"]["title"] == "Entente"
    assert "/api/policy/check" in made["paths"]


def test_a_wrong_token_is_refused_even_with_a_session(browser):
    answer = browser(Role.COMPLIANCE).get("/api/me", headers={"Authorization": "Bearer ent_no"})
    assert answer.status_code == 401


def test_a_session_needs_its_csrf_token_to_change_something_and_a_bearer_does_not(browser, program):
    given = json.dumps({"name": "x"})
    client = browser(Role.REPRESENTATIVE, enforce_csrf_checks=True)
    assert client.post("/api/me/tokens", given, content_type=JSON).status_code == 403
    held = program(Role.REPRESENTATIVE)
    assert held.post("/api/me/tokens", given, content_type=JSON).status_code == 201


def test_a_role_that_may_not_is_told_so(program):
    answer = program(Role.STEWARD).get("/api/evidence")
    assert answer.status_code == 403
    assert answer.json() == {"detail": "your role does not include evidence.read"}


@pytest.mark.promise("P2")
def test_unknown_and_foreign_answer_alike(program, cast, noon):
    from entente.foundation import ledger

    with act_as(cast.system()):
        theirs = ledger.append(ledger.Entry("a.b.c", "x", uuid4()), at=noon)
    client = program(Role.PARTNER_SELLER, cast.partner)
    one, other = (client.get(f"/api/evidence/{i}") for i in (theirs, uuid4()))
    assert one.status_code == other.status_code == 404
    assert one.content == other.content
    assert set(one.headers) == set(other.headers)


@pytest.mark.promise("P19")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"name": NaN}', 400),
        (b'{"name": "a", "name": "b"}', 400),
        (b'{"name": "a\\u0000b"}', 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"name": ' + b"[" * 100 + b"]" * 100 + b"}", 422),
        (b'{"name": ' + b"[" * 100_000, 400),
        (b'{"name": "a", "org_id": "x"}', 422),
        (b'{"name": "' + b"a" * 300 + b'"}', 422),
        (b'{"name": 1e999}', 422),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (b"", 422),
    ],
)
def test_what_cannot_be_read_or_stored_is_refused_and_never_breaks(body, status, program):
    answer = program(Role.REPRESENTATIVE).post("/api/me/tokens", body, content_type=JSON)
    assert answer.status_code == status, answer.content


def test_only_json_is_taken(program):
    answer = program(Role.REPRESENTATIVE).post("/api/me/tokens", b"{}", content_type="text/plain")
    assert answer.status_code == 415


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1e9", "x"])
def test_a_list_gives_at_most_200_at_once(limit, program):
    assert program(Role.COMPLIANCE).get(f"/api/evidence?limit={limit}").status_code == 422


def check(client, facts, key=None):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        "/api/policy/check", json.dumps({"facts": facts}), content_type=JSON, headers=headers
    )


def test_a_wrong_fact_is_named(program):
    client = program(Role.REPRESENTATIVE)
    answer = check(client, {"recipient.shoe_size": 44})
    assert answer.status_code == 422
    assert answer.json()["field"] == "recipient.shoe_size"
    assert check(client, {"action.promotional": "yes"}).status_code == 422
    assert check(client, {"action.date": "2026-13-01"}).status_code == 422


def test_given_facts_are_judged_with_reasons(program, cast):
    facts = {"action.type": "email", "action.channel": "email", "consent.status": "withdrawn"}
    made = check(program(Role.PARTNER_SELLER, cast.partner), facts).json()
    assert made["outcome"] == "FORBID"
    assert made["findings"][0]["message"]
    assert made["packs"]


@pytest.mark.promise("P18")
def test_the_same_key_gives_the_same_answer_and_has_one_effect(program, cast):
    client = program(Role.REPRESENTATIVE)
    facts, key = {"action.type": "email"}, "k-1"
    first, second = check(client, facts, key), check(client, facts, key)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert "Idempotent-Replay" not in first
    assert second["Idempotent-Replay"] == "true"
    assert check(client, {"action.type": "meal"}, key).status_code == 422
    other = check(program(Role.BRAND_LEAD), {"action.type": "meal"}, key)
    assert other.status_code == 200
    with act_as(cast.system()):
        assert IdempotencyKey.objects.filter(key=key).count() == 2


@pytest.mark.promise("P18")
def test_a_refused_request_has_no_effect_and_keeps_no_key(program, cast):
    client = program(Role.REPRESENTATIVE)
    assert check(client, {"no.such": 1}, "k-2").status_code == 422
    with act_as(cast.system()):
        assert not IdempotencyKey.objects.filter(key="k-2").exists()
    assert check(client, {"action.type": "email"}, "k-2").status_code == 200


def test_a_token_s_secret_is_never_kept_as_an_answer(program, cast):
    client = program(Role.REPRESENTATIVE)
    answer = client.post(
        "/api/me/tokens", json.dumps({"name": "again"}), content_type=JSON,
        headers={"Idempotency-Key": "k-3"},
    )  # fmt: skip
    assert answer.status_code == 422
    with act_as(cast.system()):
        assert not ApiToken.objects.filter(name="again").exists()
