"""Publishing by page and by program, from draft to end."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from entente.content.reads import hosted as reads
from entente.directory.actions import add_hcp
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry

from .test_hosted_visits import DOSE, PDF

pytestmark = pytest.mark.feature("content/hosted-pages")

READER = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140.0", "HTTP_ACCEPT_LANGUAGE": "en"}


def said(answer):
    return answer.content.decode()


@pytest.mark.feature("content/interactive-tools")
def test_a_draft_gets_a_file_and_a_calculator_on_pages(browser, on_web):
    version, _ = on_web(release=False)
    web, at = browser(Role.BRAND_LEAD), f"/content/versions/{version.id}/"
    web.post(f"{at}files/", {"file": SimpleUploadedFile("a.pdf", PDF), "description": "A card"})
    assert "A card" in said(web.get(at))
    bad = web.post(f"{at}tools/new/", {"body": "{"})
    assert (bad.status_code, "no JSON in line 1" in said(bad)) == (422, True)
    worse = web.post(f"{at}tools/new/", {"body": json.dumps({**DOSE, "title": ""})})
    assert "title: write some words" in said(worse)
    made = web.post(f"{at}tools/new/", {"body": json.dumps(DOSE)})
    assert "All 2 cases come out" in said(web.get(made.url))
    assert "105.0 mg" in said(web.post(made.url, {"weight": "70"}))
    changed = web.post(f"{made.url}edit/", {"body": json.dumps({**DOSE, "title": "Dose"})})
    web.post(f"{changed.url}remove/")
    assert "Starting dose" not in said(web.get(at))


def test_a_version_is_published_and_ended_on_pages(browser, on_web, cast, noon):
    version, entity = on_web()
    with act_as(cast.system()):
        add_hcp(family_name="Known", country="US", profession="physician", at=noon,
                npi="1234567893")  # fmt: skip
    web, at = browser(Role.BRAND_LEAD), f"/content/versions/{version.id}/"
    assert "Not published yet" in said(web.get(at))
    given = {"slug": "lipids", "sender": entity.id, "country": "US", "language": "en",
             "takes_registrations": "on"}  # fmt: skip
    assert web.post(f"{at}publish/", given | {"slug": "No"}).status_code == 422
    made = web.post(f"{at}publish/", given)
    assert made.status_code == 302
    assert "Every rule passed" in said(web.get(made.url))
    assert "/h/lipids/" in said(web.get("/content/hosted/"))
    assert "Nobody is known" in said(web.post(f"{made.url}links/", {"npi": "1", "valid_days": 5}))
    web.post(f"{made.url}links/", {"npi": "1234567893", "valid_days": 5})
    with act_as(cast.scope(Role.BRAND_LEAD)):
        page = reads.hosted_pages(noon)[0].page
        ((link, _),) = reads.links_of(page.id)
    assert "/hl/" in said(web.get(made.url))
    web.post(f"{made.url}links/{link.id}/revoke/")
    assert "taken back" in said(web.get(made.url))
    reader = Client(**READER)
    reader.post("/h/lipids/", {"act": "declare"})
    reader.post("/h/lipids/", {"act": "register", "name": "A B", "email": "a@b.test"})
    assert "a@b.test" in said(web.get(f"{made.url}registrations/"))
    with act_as(cast.system()):
        assert LedgerEntry.objects.filter(verb="content.registrations.read").count() == 1
    web.post(f"{made.url}end/", {"reason": "Over"})
    assert "Readers are told" in said(web.get(made.url))
    assert reader.get("/h/lipids/").status_code == 410


def test_a_program_publishes_counts_and_ends(program, on_web, cast):
    version, entity = on_web(release=False)
    lead, reviewer = program(Role.BRAND_LEAD), program(Role.REVIEWER)
    at = f"/api/content/versions/{version.id}"

    def post(who, address, body):
        return who.post(address, json.dumps(body), content_type="application/json")

    file = {"name": "a.pdf", "description": "Card", "data": b64encode(PDF).decode()}
    assert post(lead, f"{at}/files", file).status_code == 201
    assert post(lead, f"{at}/files", file | {"data": "?"}).status_code == 422
    tool = post(lead, f"{at}/tools", {"body": DOSE}).json()
    assert tool["problems"] == []
    worked = post(lead, f"/api/content/tools/{tool['id']}/work-out", {"values": {"weight": "70"}})
    assert worked.json()["results"] == {"dose": "105.0"}
    given = {"sender_id": str(entity.id), "country": "US", "slug": "lipids"}
    refused = post(lead, f"{at}/hosted-pages", given)
    assert (refused.status_code, refused.json()["state"]) == (201, "refused")
    assert post(reviewer, f"{at}/hosted-pages", given).status_code == 403
    post(lead, f"{at}/submit", {})
    verdict = {"verdict": "approve", "comment": "", "password": "correct horse battery"}
    assert post(reviewer, f"{at}/verdicts", verdict).status_code == 201
    filing = {"authority": "fda", "filed_on": "2026-11-20", "reference": "1"}
    assert post(reviewer, f"{at}/filings", filing).status_code == 201
    page = post(lead, f"{at}/hosted-pages", given).json()
    assert (page["state"], page["outcome"], page["asks_declaration"]) == ("live", "PERMIT", True)
    reader = Client(**READER)
    reader.post("/h/lipids/", {"act": "declare"})
    reader.get("/h/lipids/")
    here = f"/api/content/hosted-pages/{page['id']}"
    assert lead.get(here).json()["counts"] == {"declared": 1, "view": 1}
    assert lead.get(f"{here}/days").json()[0]["counts"] == {"declared": 1, "view": 1}
    assert len(lead.get("/api/content/hosted-pages").json()) == 2
    assert post(lead, f"{here}/end", {"reason": "Over"}).json()["state"] == "ended"
