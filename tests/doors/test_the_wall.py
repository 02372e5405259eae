"""Every page, search, export and operation, as every commercial role: no word of the vault."""

from __future__ import annotations

import pytest

from entente.engagement.tests.shell.conftest import working_hours, world
from entente.foundation.access.roles import PARTNER_ROLES
from tests.walled import COMMERCIAL, WORDS, seen_in_the_database, words_for, write_vault

from .conftest import addresses, doors

pytestmark = [
    pytest.mark.slow,
    pytest.mark.promise("P5"),
    pytest.mark.feature("engagement/role-wall"),
]

__all__ = ["working_hours", "world"]
# Ends the walk itself, or belongs to the person who walks.
LEFT_OUT = ("/theme", "/me/", "/api/me", "/demo/")


@pytest.fixture
def vault(world, cast, noon):
    from datetime import timedelta

    return write_vault(cast, world, noon + timedelta(hours=4))


@pytest.mark.parametrize("role", COMMERCIAL)
def test_no_door_of_the_platform_tells_a_commercial_role(vault, browser, program, cast, role):
    organisation = cast.partner if role in PARTNER_ROLES else None
    client, api, found, n_doors = browser(role, organisation), program(role, organisation), [], 0
    for kind, route, methods in doors():
        if "GET" not in methods or route.startswith(LEFT_OUT):
            continue
        for address in addresses(route, vault.ids):
            for query in ({}, {"export": "csv"}):
                answer = (client if kind == "page" else api).get(address, query)
                n_doors += 1
                assert answer.status_code < 500, address
                body = answer.content.decode(errors="replace")
                found += [f"{address}: {word}" for word in words_for(role) if word in body]
    for word in WORDS:
        body = client.get("/search", {"q": word}).content.decode()
        found += [f"search {word}"] if f"{word} " in body else []
    assert n_doors > 300
    assert found == []


@pytest.mark.parametrize("role", PARTNER_ROLES)
def test_no_partner_sees_a_row_of_it_by_sql(vault, cast, role):
    assert seen_in_the_database(cast.scope(role, cast.partner)) == []
