"""Evidence: who sees which entry, what a look at personal values leaves behind, tokens."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.foundation import ledger
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import ApiToken, LedgerEntry


@pytest.fixture
def entries(cast, noon):
    """One entry of the host alone, one that the partner may read, one with personal values."""
    person = uuid4()
    with act_as(cast.system()):
        return {
            "alone": ledger.append(ledger.Entry("engagement.send.queued", "x", uuid4()), at=noon),
            "joint": ledger.append(
                ledger.Entry("alliances.charter.agreed", "x", uuid4(), counterparty=cast.partner.id),
                at=noon,
            ),
            "personal": ledger.append(
                ledger.Entry("consent.capture.recorded", "x", uuid4(),
                             personal={person: {"email": "ada@example.test"}}),
                at=noon,
            ),
        }  # fmt: skip


def verbs(cast):
    with act_as(cast.system()):
        return list(LedgerEntry.objects.order_by("-seq").values_list("verb", flat=True)[:3])


@pytest.mark.promise("P2")
def test_another_organisation_s_entry_looks_like_none(entries, browser, cast):
    partner = browser(Role.PARTNER_MARKETER, cast.partner)
    unknown = partner.get(f"/evidence/{uuid4()}/")
    theirs = partner.get(f"/evidence/{entries['alone']}/")
    assert (theirs.status_code, theirs.content) == (unknown.status_code, unknown.content)
    assert theirs.status_code == 404
    assert partner.get(f"/evidence/{entries['joint']}/").status_code == 200
    stranger = browser(Role.PARTNER_MARKETER, cast.stranger)
    assert stranger.get(f"/evidence/{entries['joint']}/").status_code == 404


def test_an_entry_is_told_in_words_with_who_and_what(entries, browser):
    text = browser(Role.COMPLIANCE).get(f"/evidence/{entries['alone']}/").text
    assert "Send queued" in text
    assert "tests of Halden Pharma" in text


@pytest.mark.feature("policy/audit-trail")
def test_reading_personal_values_shows_them_and_is_itself_recorded(entries, browser, cast):
    path = f"/evidence/{entries['personal']}/"
    client = browser(Role.PRIVACY)
    assert "ada@example.test" not in client.get(path).text
    assert "foundation.evidence.personal_read" not in verbs(cast)
    assert "ada@example.test" in client.post(path).text
    assert verbs(cast)[0] == "foundation.evidence.personal_read"


def test_personal_values_stay_shut_for_a_partner(entries, browser, cast, noon):
    with act_as(cast.system()):
        shared = ledger.append(
            ledger.Entry("consent.capture.recorded", "x", uuid4(),
                         personal={uuid4(): {"email": "ada@example.test"}},
                         counterparty=cast.partner.id),
            at=noon,
        )  # fmt: skip
    answer = browser(Role.PARTNER_MARKETER, cast.partner).post(f"/evidence/{shared}/")
    assert answer.status_code == 403
    assert "ada@" not in answer.text


def test_the_number_of_queries_does_not_grow_with_the_entries(browser, cast, noon):
    client = browser(Role.COMPLIANCE)
    counts = []
    for n in (1, 30):
        with act_as(cast.system()):
            ledger.append_many([ledger.Entry("a.b.c", "kind", uuid4()) for _ in range(n)], at=noon)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get("/evidence/?kind=kind")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_list_goes_on_where_it_stopped_and_back_again(browser, cast, noon):
    with act_as(cast.system()):
        ledger.append_many([ledger.Entry("a.b.c", "many", uuid4()) for _ in range(120)], at=noon)
    client = browser(Role.COMPLIANCE)
    seen, after = [], ""
    for _ in range(3):
        part = client.get(f"/evidence/?kind=many&after={after}").context["part"]
        seen += [row.seq for row in part.rows]
        after = part.after
    assert len(seen) == 120
    assert seen == sorted(seen, reverse=True)
    assert after == ""
    back = client.get(f"/evidence/?kind=many&before={part.before}").context["part"]
    assert [row.seq for row in back.rows] == seen[50:100]


@pytest.mark.feature("policy/audit-trail")
def test_an_export_is_inert_complete_and_recorded(browser, cast, noon):
    with act_as(cast.system()):
        ledger.append(ledger.Entry("=cmd()", "spread", uuid4()), at=noon)
    answer = browser(Role.COMPLIANCE).get("/evidence/?kind=spread&export=csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert ",'=cmd()," in answer.text
    assert verbs(cast)[0] == "ledger.entry.exported"


def test_a_token_is_shown_once_works_and_ends_when_revoked(browser, client, cast):
    owner = browser(Role.REPRESENTATIVE)
    made = owner.post("/me/tokens", {"name": "CRM"})
    assert made.status_code == 201
    token = made.context["made"]
    assert token in made.text
    assert token not in owner.get("/me/").text
    asked = {"headers": {"Authorization": f"Bearer {token}"}}
    assert client.get("/api/me", **asked).json()["name"] == "Representative of Halden"
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        row = ApiToken.objects.get(name="CRM")
    stranger = browser(Role.PARTNER_SELLER, cast.stranger)
    assert stranger.post(f"/me/tokens/{row.id}/revoke").status_code == 404
    assert owner.post(f"/me/tokens/{row.id}/revoke").status_code == 302
    assert client.get("/api/me", **asked).status_code == 401
