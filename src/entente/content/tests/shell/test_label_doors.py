"""Labels on pages, by program and by command."""

from __future__ import annotations

import base64
import json

import click
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from entente.content import actions
from entente.content.commands import import_commands
from entente.content.models import Claim, Label
from entente.content.tests.spl_words import BOXED, LDL, REST, indications, spl
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

pytestmark = pytest.mark.feature("content/content-metadata")
SECOND = spl(
    2, sections=(BOXED, indications(first=LDL.replace("in adults", "in older adults")), *REST)
)


@pytest.fixture
def browse(client, cast):
    def sign_in(role, organisation=None):
        client.force_login(cast.user(role, organisation))
        return client

    return sign_in


def upload(web, item, content, **more):
    file = SimpleUploadedFile("label.xml", content, content_type="text/xml")
    return web.post("/content/labels/new/", {"product": item.product_id, "file": file, **more})


def test_a_label_is_loaded_read_and_compared_on_pages(cast, item, browse):
    web = browse(Role.BRAND_LEAD)
    assert b"No label is loaded" in web.get("/content/labels/").content
    made = upload(web, item, spl())
    page = web.get(made.url).content.decode()
    assert "WARNING: LIVER FAILURE" in page and "1.1 Hyperlipidemia" in page
    assert "is loaded with" in page and "In force" in page
    assert b"Lipidex" in web.get("/content/labels/").content
    assert upload(web, item, SECOND).status_code == 302
    compared = web.get(f"{made.url}compare/1/2/").content.decode()
    assert "<ins>older</ins>" in compared
    assert b"Superseded" in web.get(f"{made.url}?version=1").content
    assert web.get(f"{made.url}?version=9").status_code == 404
    assert web.get(f"{made.url}compare/1/9/").status_code == 404


def test_a_bad_file_is_refused_beside_its_field(item, browse):
    answer = upload(browse(Role.BRAND_LEAD), item, b"not xml")
    assert answer.status_code == 422
    assert b"no well-formed XML" in answer.content


def test_a_claim_is_placed_flagged_and_confirmed_on_pages(cast, item, browse):
    web = browse(Role.BRAND_LEAD)
    label_page = upload(web, item, spl()).url
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = Claim.objects.get()
        first, _ = (
            Label.objects.get().versions.get(number=1).sections.get(key=key)
            for key in ("34067-9/42229-5:hyperlipidemia", "34066-1")
        )
    ground = f"/content/claims/{claim.id}/ground/"
    assert b"names no section" in web.get(f"/content/claims/{claim.id}/").content
    assert web.post(ground, {"section": first.id, "quote": "nowhere"}).status_code == 422
    assert web.post(ground, {"section": first.id, "quote": "lower LDL"}).status_code == 302
    upload(web, item, SECOND)
    shown = web.get(f"/content/claims/{claim.id}/").content.decode()
    assert "To be reviewed again" in shown and "still stand in it" in shown
    assert "changed in version 2" in web.get("/content/labels/").content.decode()
    assert b"A reviewer says where it stands now" in web.get(ground).content
    web = browse(Role.REVIEWER)
    page = web.get(ground).content.decode()
    assert "version 2 is in force" in page
    with act_as(cast.scope(Role.REVIEWER)):
        second = Label.objects.get().versions.get(number=2).sections.get(key=first.key)
    assert web.post(ground, {"section": second.id, "quote": ""}).status_code == 302
    assert "changed in version" not in web.get("/content/labels/").content.decode()
    assert web.get(label_page).status_code == 200


def test_the_whole_way_of_a_label_by_program(cast, item, browse):
    web = browse(Role.BRAND_LEAD)

    def post(address, **body):
        return web.post(f"/api/content{address}", json.dumps(body), content_type="application/json")

    sent = {"product_id": str(item.product_id)}
    made = post("/labels", content_base64=base64.b64encode(spl()).decode(), **sent)
    assert (made.status_code, made.json()["is_new"]) == (201, True)
    label_id = made.json()["label_id"]
    sections = web.get(f"/api/content/labels/{label_id}/versions/1/sections").json()
    hyper = next(s for s in sections if s["title"] == "1.1 Hyperlipidemia")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = Claim.objects.get()
    grounded = post(f"/claims/{claim.id}/ground", section_id=hyper["id"])
    assert grounded.status_code == 201
    again = post("/labels", content_base64=base64.b64encode(SECOND).decode(), **sent)
    assert again.json()["n_flagged"] == 1
    changed = web.get(f"/api/content/labels/{label_id}/compare/1/2").json()
    assert [c["key"] for c in changed if c["change"] != "same"] == [hyper["key"]]
    waiting = web.get("/api/content/claims-to-recheck").json()
    assert [(w["claim_id"], w["to_number"]) for w in waiting] == [(str(claim.id), 2)]
    assert post("/labels", content_base64="????", **sent).status_code == 422
    assert web.get(f"/api/content/labels/{label_id}/versions/7/sections").status_code == 404
    assert [x["id"] for x in web.get("/api/content/labels").json()["items"]] == [label_id]
    assert len(web.get(f"/api/content/labels/{label_id}/versions").json()) == 2
    assert web.get(f"/api/content/labels/{label_id}").json()["product_names"] == ["Lipidex"]


def test_a_label_is_loaded_by_command(cast, item, tmp_path):
    group = click.Group("import")
    import_commands(group)
    path = tmp_path / "label.xml"
    path.write_bytes(spl())
    done = CliRunner().invoke(group, ["label", str(path), "--product", "lipidex", "--json"])
    assert json.loads(done.output)["is_new"]
    again = CliRunner().invoke(group, ["label", str(path), "--product", "Lipidex"])
    assert "was here already, nothing changed" in again.output
    unknown = CliRunner().invoke(group, ["label", str(path), "--product", "Nobody"])
    assert unknown.exit_code == 1 and "0 products are called so" in unknown.output
    path.write_bytes(b"<x")
    bad = CliRunner().invoke(group, ["label", str(path), "--product", "Lipidex"])
    assert bad.exit_code == 1 and "no well-formed XML" in bad.output


def test_the_daily_job_flags_for_every_organisation(cast, item, noon):
    from entente.content.jobs import flag_claims

    assert flag_claims(0) == 0


def test_labels_are_found_by_name_in_the_record(cast, item, noon):
    from entente.content.doors import _name_labels

    with act_as(cast.scope(Role.BRAND_LEAD)):
        done = actions.load_label(spl(), product_id=item.product_id, at=noon)
        named = _name_labels([done.version.label_id])
    assert [n.label for n in named.values()] == ["Label of Lipidex"]
