"""What readers do on hosted pages, what is counted, and what stays alone."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from entente.consent.reads.holdings import holdings
from entente.consent.reads.retention import disposals
from entente.content import actions
from entente.content.actions import Publication
from entente.content.models import HostedCount, Registration
from entente.content.reads import hosted as reads
from entente.directory.actions import add_hcp
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.links import token_of
from entente.foundation.models import LedgerEntry, SignedLink, new_id

pytestmark = pytest.mark.feature("content/hosted-pages")

READER = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140.0", "HTTP_ACCEPT_LANGUAGE": "en"}
PDF = b"%PDF-1.7\nA dosing card\n%%EOF"
DOSE = {
    "kind": "calculator",
    "title": "Starting dose",
    "rests_on": {"words": "Label, section 2.1"},
    "inputs": [{"name": "weight", "label": "Weight", "unit": "kg", "min": "30", "max": "200"}],
    "results": [{"name": "dose", "label": "Dose", "unit": "mg", "formula": "weight * 1.5",
                 "decimals": 1}],
    "cases": [{"given": {"weight": "70"}, "expect": {"dose": "105.0"}},
              {"given": {"weight": "10"}, "refused": "weight"}],
}  # fmt: skip


@pytest.fixture
def lead(cast):
    return cast.scope(Role.BRAND_LEAD)


@pytest.fixture
def site(lead, on_web, noon):
    """A page with a file and a calculator, at /h/lipids/, and its parts' addresses."""

    class Site:
        def __init__(self, **given):
            def add(version):
                self.file = actions.attach_file(
                    version.id, name="card.exe", description="Dosing card", data=PDF, at=noon
                )
                self.tool = actions.save_tool(version.id, DOSE, at=noon)

            version, entity = on_web(parts=add, **given.pop("make", {}))
            with act_as(lead):
                self.page = actions.publish_version(
                    Publication(version.id, entity.id, "US", **{"slug": "lipids", **given}),
                    at=noon,
                )

        def counts(self):
            with act_as(lead):
                return reads.totals([self.page.id]).get(self.page.id, {})

    return Site


def reader(address="/h/lipids/"):
    client = Client(**READER)
    client.post(address, {"act": "declare"})
    return client


def test_nothing_is_shown_before_a_reader_says_that_he_is_a_professional(site):
    made, client = site(), Client(**READER)
    first = client.get("/h/lipids/")
    assert "Are you a healthcare professional?" in first.content.decode()
    assert "Lowers LDL" not in first.content.decode()
    for rest in (f"files/{made.file.id}/", f"tools/{made.tool.id}/"):
        assert client.get(f"/h/lipids/{rest}").status_code == 302
    refused = client.post("/h/lipids/", {"act": "register", "name": "A", "email": "a@b.test"})
    assert "Are you a healthcare professional?" in refused.content.decode()
    declined = client.post("/h/lipids/", {"act": "decline"})
    assert "ask your doctor" in declined.content.decode()
    assert "Lowers LDL" not in client.get("/h/lipids/").content.decode()
    assert made.counts() == {"declined": 1}


def test_the_declaration_holds_for_one_page_in_one_session(site, on_web, lead, noon):
    site()
    other, entity = on_web(title="Other")
    with act_as(lead):
        actions.publish_version(Publication(other.id, entity.id, "US", slug="other"), at=noon)
    client = reader()
    (cookie,) = client.cookies.values()
    assert (cookie["path"], cookie["max-age"], cookie["expires"]) == ("/h/lipids/", "", "")
    assert cookie["httponly"]
    assert "Lowers LDL" in client.get("/h/lipids/").content.decode()
    assert "Lowers LDL" not in client.get("/h/other/").content.decode()
    client.cookies[cookie.key] = "1" + cookie.value
    assert "Lowers LDL" not in client.get("/h/lipids/").content.decode()


def test_readers_who_are_no_professionals_are_not_asked_where_it_is_for_them(site):
    site(make={"audiences": ["hcp", "public"]})
    client = Client(**READER)
    assert "Lowers LDL" in client.get("/h/lipids/").content.decode()
    assert not client.cookies, "a page that asks nothing sets no cookie"


def test_a_file_comes_as_the_bytes_that_were_approved(site):
    made = site()
    answer = reader().get(f"/h/lipids/files/{made.file.id}/")
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="card.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert reader().get(f"/h/lipids/files/{new_id()}/").status_code == 404
    assert made.counts()["download"] == 1


@pytest.mark.feature("content/interactive-tools")
def test_a_calculator_works_without_a_script_and_keeps_nothing(site):
    made, client = site(), reader()
    address = f"/h/lipids/tools/{made.tool.id}/"
    assert "30 to 200 kg" in client.get(address).content.decode()
    wrong = client.post(address, {"weight": "700"}).content.decode()
    assert "from 30 to 200 kg, and 700 is not" in wrong
    assert "tool_use" not in made.counts()
    right = client.post(address, {"weight": "81"}).content.decode()
    assert "121.5 mg" in right
    assert "Label, section 2.1" in right
    assert made.counts()["tool_use"] == 1


def test_each_thing_is_counted_by_day_and_of_nobody(site):
    made, client = site(takes_registrations=True), reader()
    for _ in range(3):
        client.get("/h/lipids/")
    client.get(f"/h/lipids/files/{made.file.id}/")
    for seconds, first in (("40", "1"), ("20", ""), ("99999", ""), ("-3", "1"), ("x", "1")):
        told = client.post("/h/lipids/time/", {"seconds": seconds, "first": first})
        assert told.status_code == 204
    client.post("/h/lipids/", {"act": "register", "name": "A B", "email": "a@b.test"})
    assert made.counts() == {
        "declared": 1, "view": 3, "download": 1, "seconds": 1860, "timed": 1, "registered": 1,
    }  # fmt: skip
    fields = {field.name for field in HostedCount._meta.fields}
    assert fields == {"id", "recorded_at", "org", "page", "on", "what", "n"}


def test_scanners_that_follow_every_link_five_times_change_nothing(site, lead, noon, person):
    made = site()
    with act_as(lead):
        link = actions.make_personal_link(made.page.id, hcp_id=person, valid_days=9, at=noon)
        before = list(SignedLink.objects.values())
    for agent in ("Mimecast", "Mozilla/5.0 Barracuda", "", "Mozilla/5.0 (compatible; bingbot/2.0)"):
        scanner = Client(HTTP_USER_AGENT=agent, HTTP_ACCEPT_LANGUAGE="en")
        for address in ("/h/lipids/", link, f"/h/lipids/files/{made.file.id}/"):
            for _ in range(5):
                scanner.get(address)
                scanner.head(address)
    assert set(made.counts()) == {"robot"}
    with act_as(lead):
        assert list(SignedLink.objects.values()) == before
        assert not Registration.objects.exists()


def test_a_registration_says_that_it_permits_nothing(site, lead, noon):
    made, client = site(takes_registrations=True), reader()
    page = client.get("/h/lipids/").content.decode()
    assert "no permission to write to me for advertising" in page
    bad = client.post("/h/lipids/", {"act": "register", "name": "A", "email": "nowhere"})
    assert (bad.status_code, "write an e-mail address" in bad.content.decode()) == (422, True)
    good = client.post("/h/lipids/", {"act": "register", "name": "A B", "email": "a@b.test"})
    assert "It is no permission to send you advertising" in good.content.decode()
    with act_as(lead):
        (kept,) = reads.registrations_of(made.page.id)
        assert (kept.name, kept.email, kept.person_id) == ("A B", "a@b.test", None)
        entry = LedgerEntry.objects.get(verb="content.registration.received")
        assert "a@b.test" not in entry.body
        actions.visits.delete_registration(made.page.id, kept.id, at=noon)
        assert not Registration.objects.exists()


def test_a_page_that_takes_no_registrations_takes_none(site, lead):
    site()
    answer = reader().post("/h/lipids/", {"act": "register", "name": "A", "email": "a@b.test"})
    assert answer.status_code == 422
    with act_as(lead):
        assert not Registration.objects.exists()


@pytest.fixture
def person(cast, noon):
    with act_as(cast.system()):
        return add_hcp(
            family_name="Person", given_name="Test", country="US", profession="physician",
            at=noon, us_state="MA", city="Testford", identity_status="verified",
            licence_active=True,
        ).id  # fmt: skip


def test_a_personal_link_opens_one_page_for_one_person(site, lead, noon, person):
    made = site(slug="", takes_registrations=True)
    with act_as(lead):
        link = actions.make_personal_link(made.page.id, hcp_id=person, valid_days=365, at=noon)
    client = reader(link)
    assert "Lowers LDL" in client.get(link).content.decode()
    client.post(link, {"act": "register", "name": "Test Person", "email": "t@p.test"})
    assert "view" in made.counts()
    with act_as(lead):
        assert reads.registrations_by(person, noon)[0]["email"] == "t@p.test"
        ((kept, name),) = reads.links_of(made.page.id)
        assert (kept.used_at, "Person" in name) == (None, True)
        actions.revoke_link(made.page.id, kept.id, at=noon)
    gone = client.get(link)
    assert (gone.status_code, "taken back" in gone.content.decode()) == (410, True)
    assert client.post(link, {"act": "declare"}).status_code == 410
    with act_as(lead), pytest.raises(UserError, match="not open"):
        actions.revoke_link(made.page.id, kept.id, at=noon)


def test_a_link_past_its_day_says_so(site, lead, noon, person):
    made = site()
    with act_as(lead):
        early = noon - timedelta(days=30)
        link = actions.make_personal_link(made.page.id, hcp_id=person, valid_days=1, at=early)
    answer = Client(**READER).get(link)
    assert (answer.status_code, "a time that is over" in answer.content.decode()) == (410, True)


def test_a_wrong_or_foreign_link_answers_like_none(site, lead, noon, person):
    made = site()
    with act_as(lead):
        link = actions.make_personal_link(made.page.id, hcp_id=person, valid_days=9, at=noon)
    token = link.split("/")[2]
    nothing = Client(**READER).get("/hl/nothing/")
    for other in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.replace(token[:4], "0000", 1),
        token_of("preferences", UUID(token.split(":")[0])),
        token_of("hosted", new_id()),
        token.split(":")[0],
    ):
        answer = Client(**READER).get(f"/hl/{other}/")
        assert (answer.status_code, answer.content) == (404, nothing.content)
    assert Client(**READER).get(f"/p/{token}/").status_code == 404


def test_a_link_of_one_organisation_cannot_be_made_by_another(cast, site, noon, person):
    made = site()
    with act_as(cast.system(cast.partner)), pytest.raises(made.page.DoesNotExist):
        actions.make_personal_link(made.page.id, hcp_id=person, valid_days=9, at=noon)


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<iframe src='javascript:alert(1)'></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        "<style>body{background:url(//evil.test)}</style>",
        "<form action='//evil.test'><input name=q></form>",
        "<base href='//evil.test/'>",
        "<meta http-equiv=refresh content='0;url=//evil.test'>",
        "{% debug %}<math><mtext></form><form><mglyph><style></math><img src onerror=x>",
    ],
)
def test_hostile_words_stay_words(site, payload):
    words = "<p>Lowers LDL cholesterol by half in twelve weeks.</p><p>Promotional information.</p>"
    site(make={"html": f"{words}<div>{payload}</div>"})
    page = reader().get("/h/lipids/")
    body = re.search(r"<article.*?</article>", page.content.decode(), re.S).group(0)
    assert not re.search(
        r"<(script|img|svg|iframe|style|form|base|meta|math|input)|javascript:|\son\w+=", body
    )
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]


@pytest.mark.feature("content/interactive-tools")
def test_hostile_definitions_stay_words(on_web, lead, noon, browser):
    bad = "\"'><img src=x onerror=alert(1)>{{ 7|add:7 }}"
    body = {
        **DOSE,
        "title": f"T{bad}",
        "intro": bad,
        "rests_on": {"words": bad},
        "inputs": [
            {**DOSE["inputs"][0], "label": f"L{bad}", "unit": bad[:30]},
            {"name": "kind", "label": bad, "choices": [{"value": "1", "label": bad},
                                                       {"value": "2", "label": "Two"}]},
        ],
        "results": [{**DOSE["results"][0], "label": bad, "unit": bad[:30]}],
        "cases": [{"given": {"weight": "70", "kind": "1"}, "expect": {"dose": "105.0"}},
                  {"given": {"weight": "1", "kind": "1"}, "refused": "weight"}],
    }  # fmt: skip
    made = {}

    def add(version):
        made["tool"] = actions.save_tool(version.id, body, at=noon)
        actions.attach_file(version.id, name=bad, description=bad, data=PDF, at=noon)

    version, entity = on_web(parts=add)
    with act_as(lead):
        actions.publish_version(Publication(version.id, entity.id, "US", slug="lipids"), at=noon)
    client, staff = reader(), browser(Role.BRAND_LEAD)
    at = f"/h/lipids/tools/{made['tool'].id}/"
    shown = [
        client.get("/h/lipids/"),
        client.get(at),
        client.post(at, {"weight": bad, "kind": bad}),
        client.post(at, {"weight": "70", "kind": "1"}),
        staff.get(f"/content/tools/{made['tool'].id}/"),
        staff.get(f"/content/versions/{version.id}/"),
    ]
    for answer in shown:
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "<img" not in text
        assert "{{ 7|add:7 }}" in text, "words are no template"
    assert "105.0" in shown[3].content.decode()


def test_the_words_carry_their_language_and_the_page_its_headers(site):
    site(language="de")
    page = reader().get("/h/lipids/")
    assert '<article class="card" lang="de"' in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"


def test_what_a_person_left_is_in_his_export_and_goes_with_his_erasure(
    cast, site, lead, noon, person
):
    made = site(takes_registrations=True)
    with act_as(lead):
        link = actions.make_personal_link(made.page.id, hcp_id=person, valid_days=365, at=noon)
    reader(link).post(link, {"act": "register", "name": "Test Person", "email": "t@p.test"})
    reader().post("/h/lipids/", {"act": "register", "name": "Else", "email": "e@p.test"})
    with act_as(cast.scope(Role.PRIVACY)):
        held = {each.name: each for each in holdings()}["registrations"]
        assert [row["email"] for row in held.rows(person, noon)] == ["t@p.test"]
        assert held.erase(person, noon) == 1
        assert [row.email for row in Registration.objects.all()] == ["e@p.test"]
        due = {each.what: each for each in disposals()}["registration"]
        assert due.oldest() > noon
        assert due.delete(due.due(due.oldest() + timedelta(seconds=1))) == 1
        assert not Registration.objects.exists()
