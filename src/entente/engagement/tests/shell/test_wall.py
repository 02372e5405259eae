"""The wall: marked words on the medical side come out of no door of the commercial one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entente.engagement.reads import inquiries as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from tests.walled import COMMERCIAL, WORDS, seen_in_the_database, words_for, write_vault

pytestmark = [pytest.mark.promise("P5"), pytest.mark.feature("engagement/role-wall")]

LISTS = ("/", "/questions/", "/questions/mine/", "/questions/routes/", "/drug-safety/", "/insights/",
         "/advice/", "/access/", "/support/", "/referral-centres/", "/calls/", "/sends/",
         "/decisions/", "/evidence/")  # fmt: skip
API = ("inquiries", "inquiries/mine", "case-reports", "insights", "advisory", "access-cases",
       "medical-cases", "calls")  # fmt: skip


@pytest.fixture
def vault(world, cast, noon):
    return write_vault(cast, world, noon + timedelta(hours=4))


def _addresses(vault):
    ids = vault.ids
    yield from LISTS
    yield from (f"{each}?export=csv" for each in LISTS)
    yield f"/hcps/{ids['hcp']}/"
    for name in ("inquiry", "event", "coverage", "moved"):
        yield f"/questions/{ids[name]}/"
    yield f"/drug-safety/{ids['report']}/"
    yield f"/drug-safety/{ids['report']}/?file=1"
    yield f"/insights/{ids['insight']}/"
    yield f"/advice/{ids['advice']}/"
    yield f"/access/{ids['access']}/"
    yield f"/calls/{ids['call']}/"
    yield from (f"/search?q={word}" for word in WORDS)


@pytest.mark.parametrize("role", [r for r in COMMERCIAL if not r.value.startswith("partner_")])
def test_no_page_search_export_or_operation_tells_a_commercial_role(vault, browser, program, role):
    client, api, found = browser(role), program(role), []
    answers = [(each, client.get(each)) for each in _addresses(vault)]
    answers += [(each, api.get(f"/api/engagement/{each}")) for each in API]
    for kind, name in (("inquiries", "inquiry"), ("medical-cases", "inquiry"),
                       ("case-reports", "report"), ("advisory", "advice"),
                       ("access-cases", "access"), ("calls", "call")):  # fmt: skip
        address = f"/api/engagement/{kind}/{vault.ids[name]}"
        answers.append((address, api.get(address)))
    for address, answer in answers:
        body = answer.content.decode(errors="replace")
        # What was asked for is written back into the search field.
        asked = address.partition("?q=")[2]
        found += [f"{address}: {w}" for w in words_for(role) if w in body and w != asked]
        assert answer.status_code < 500, address
    assert found == []


@pytest.mark.parametrize("role", [r for r in COMMERCIAL if not r.value.startswith("partner_")])
def test_no_row_and_no_word_is_there_by_sql_with_a_commercial_context(vault, cast, role):
    seen = seen_in_the_database(cast.scope(role))
    desk = {"engagement_accesscase", "engagement_accessstep", "engagement_inquiry",
            "engagement_inquirymove"}  # fmt: skip
    assert set(seen) <= (desk if role == Role.ACCESS_MANAGER else set())


def test_an_access_manager_sees_its_own_desk_and_no_medical_question(vault, cast):
    with act_as(cast.scope(Role.ACCESS_MANAGER)):
        assert {row.question for row in reads.inquiries()} == {"Coveragewhisper"}


def test_the_words_do_stand_where_they_belong(vault, cast, browser):
    # A search that would find nothing anywhere proves nothing.
    assert len(seen_in_the_database(cast.scope(Role.COMPLIANCE))) >= 8
    client = browser(Role.MSL)
    assert "Inquirywhisper" in client.get("/questions/").text
    assert "Insightwhisper" in client.get("/insights/").text
    assert "Callwhisper" in client.get(f"/calls/{vault.ids['call']}/").text
    assert "Accesswhisper" in browser(Role.ACCESS_MANAGER).get("/access/").text


def test_partners_and_strangers_see_nothing_of_it(vault, cast):
    for organisation in (cast.partner, cast.stranger):
        assert seen_in_the_database(cast.scope(Role.PARTNER_SELLER, organisation)) == []
