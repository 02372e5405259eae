"""Studies and co-authors on pages and by program."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from entente.content import actions
from entente.content.actions import StudyPlan
from entente.content.models import Claim, CoAuthor, Reference, Study, StudyMilestone, Version
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

ANNA = {
    "name": "Anna Author", "part": "The cases", "rights": "Web", "agreement": "AGR-7",
    "used_until": "2027-11-20", "interests": "Speaker fees in 2025",
}  # fmt: skip


@pytest.fixture
def lead(cast):
    return cast.scope(Role.BRAND_LEAD)


def by_program(web):
    def post(address, **body):
        return web.post(f"/api/content{address}", json.dumps(body), content_type="application/json")

    return post


@pytest.mark.feature("content/co-sponsored-research")
def test_a_study_goes_its_whole_way_on_pages(cast, item, browse, lead):
    web = browse(Role.BRAND_LEAD)
    assert b"No study is on record" in web.get("/content/studies/").content
    given = {
        "title": "Lipids in practice", "protocol": "LIPID-1", "status": "running",
        "funders": "Halden Pharma\nNorthlake", "partners": [str(cast.partner.id)],
        "publication_plan": "One paper",
    }  # fmt: skip
    assert web.post("/content/studies/new/", {**given, "title": ""}).status_code == 422
    page = web.post("/content/studies/new/", given).url
    again = web.post("/content/studies/new/", given)
    assert again.status_code == 422 and b"LIPID-1 is on record" in again.content
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    web.post(f"{page}milestones/", {
        "title": "Last visit", "due_on": yesterday.isoformat(), "party": str(cast.partner.id),
    })  # fmt: skip
    shown = web.get(page).content.decode()
    assert "Overdue" in shown and "Halden Pharma, Northlake" in shown
    assert "1 overdue" in web.get("/content/studies/?q=lipid").content.decode()
    assert b"No study fits" in web.get("/content/studies/?q=nothing").content
    web = browse(Role.PARTNER_MARKETER, cast.partner)
    assert "It is reached" in web.get(page).content.decode()
    with act_as(lead):
        mark = StudyMilestone.objects.get()
    web.post(f"/content/milestones/{mark.id}/reached/", {"done_on": yesterday.isoformat()})
    assert "Reached" in web.get(page).content.decode()
    web = browse(Role.BRAND_LEAD)
    for status in ("completed", "published"):
        web.post(f"{page}move/", {"status": status})
    web.post(f"{page}parties/", {"partner": str(cast.society.id)})
    shown = web.get(page).content.decode()
    assert "Published" in shown and "Society of Test Cardiology" in shown


@pytest.mark.feature("content/co-sponsored-research")
def test_a_superseded_study_is_followed_from_the_claim_to_the_newer_reference(
    cast, item, browse, lead, noon
):
    web = browse(Role.BRAND_LEAD)
    with act_as(lead):
        old, new = (
            actions.record_study(StudyPlan(title, protocol, status="published"), at=noon)
            for title, protocol in (("Lipids in practice", "LIPID-1"), ("A longer look", "L-2"))
        )
        claim = Claim.objects.get()
    of_claim = f"/content/claims/{claim.id}/"
    given = {"title": "Main result", "source": "J", "anchor": "t. 2", "study_id": str(old.id)}
    assert web.post(of_claim, given).status_code == 302
    assert "LIPID-1, Lipids in practice" in web.get(of_claim).content.decode()
    assert claim.text in web.get(f"/content/studies/{old.id}/").content.decode()
    fall = f"/content/studies/{old.id}/supersede/"
    assert web.post(fall, {"by_study": "x", "reason": "Longer"}).status_code == 302
    web.post(fall, {"by_study": str(new.id), "reason": "A longer follow-up"})
    shown = web.get(of_claim).content.decode()
    assert (
        "A study behind it no longer stands" in shown and "Another reference still carries" in shown
    )
    assert "Look at the reference" not in shown
    assert "another reference stands" in web.get("/content/studies/").content.decode()
    assert "A longer follow-up" in web.get(f"/content/studies/{old.id}/").content.decode()
    with act_as(lead):
        reference = Reference.objects.get(study=old)
    look = f"/content/references/{reference.id}/look/"
    assert web.get(look).status_code == 403
    web = browse(Role.REVIEWER)
    assert "Look at the reference" in web.get(of_claim).content.decode()
    assert "was superseded by L-2" in web.get(look).content.decode()
    assert web.post(look, {"act": "replace", "study_id": str(new.id)}).status_code == 422
    newer = {**given, "act": "replace", "study_id": str(new.id), "title": "Five years",
             "reason": "Newer figures"}  # fmt: skip
    assert web.post(look, newer).url == of_claim
    shown = web.get(of_claim).content.decode()
    assert (
        "A study behind it no longer stands" not in shown
        and "replaced" in shown
        and "Five years" in shown
    )
    assert "Nobody has to look at it" in web.get(look).content.decode()


@pytest.mark.feature("content/co-sponsored-research")
def test_a_retracted_result_is_said_on_the_page_and_confirmed_by_a_reviewer(
    cast, item, browse, lead, noon
):
    with act_as(lead):
        study = actions.record_study(StudyPlan("Lipids", "LIPID-1", status="published"), at=noon)
        claim = Claim.objects.get()
        reference = actions.add_reference(
            claim.id, title="Main result", source="J", anchor="p", study_id=study.id, at=noon
        )
    web = browse(Role.BRAND_LEAD)
    web.post(f"/content/studies/{study.id}/retract/", {"reason": "Wrong figures"})
    assert "The result was retracted" in web.get(f"/content/studies/{study.id}/").content.decode()
    web = browse(Role.REVIEWER)
    look = f"/content/references/{reference.id}/look/"
    assert web.post(look, {"reason": ""}).status_code == 422
    assert web.post(look, {"reason": "The trial stands"}).status_code == 302
    assert "looked at" in web.get(f"/content/claims/{claim.id}/").content.decode()


@pytest.mark.feature("content/co-sponsored-research")
def test_the_whole_way_of_a_study_by_program(cast, item, browse, lead, noon):
    web = browse(Role.BRAND_LEAD)
    post = by_program(web)
    made = post("/studies", title="Lipids", protocol="LIPID-1", partner_ids=[str(cast.partner.id)])
    assert (made.status_code, made.json()["status"]) == (201, "planned")
    of_study = f"/studies/{made.json()['id']}"
    assert post("/studies", title="Lipids", protocol="LIPID-1").status_code == 422
    for status in ("running", "completed"):
        assert post(f"{of_study}/status", status=status).json()["status"] == status
    assert post(f"{of_study}/status", status="planned").status_code == 422
    due = noon.date().isoformat()
    mark = post(f"{of_study}/milestones", title="Locked", due_on=due)
    assert mark.status_code == 201
    reached = post(f"/milestones/{mark.json()['id']}/reached", done_on=due)
    assert reached.json()["done_on"] == due
    assert post(f"{of_study}/parties", partner_id=str(cast.society.id)).status_code == 204
    assert len(web.get(f"/api/content{of_study}/parties").json()) == 3
    with act_as(lead):
        claim = Claim.objects.get()
    named = post(
        f"/claims/{claim.id}/references", title="Main", source="J", anchor="p",
        study_id=made.json()["id"],
    )  # fmt: skip
    assert named.json()["study_id"] == made.json()["id"]
    assert [r["id"] for r in web.get(f"/api/content{of_study}/references").json()] == [
        named.json()["id"]
    ]
    newer = post("/studies", title="Longer", protocol="L-2", status="published").json()["id"]
    fell = post(f"{of_study}/supersede", by_study_id=newer, reason="Longer")
    assert fell.json() == {"n_flagged": 1}
    waiting = web.get("/api/content/claims-to-recheck").json()
    assert [(w["claim_id"], w["state"], w["study_id"]) for w in waiting] == [
        (str(claim.id), "superseded", made.json()["id"])
    ]
    assert post(f"{of_study}/retract", reason="Wrong").json() == {"n_flagged": 1}
    web = browse(Role.REVIEWER)
    post = by_program(web)
    of_reference = f"/references/{named.json()['id']}"
    place = {"title": "Newer", "source": "J", "anchor": "p", "reason": "Newer", "study_id": newer}
    assert post(f"{of_reference}/replace", **{**place, "study_id": None}).status_code == 422
    assert post(f"{of_reference}/replace", **place).json()["replaced_by_id"]
    assert post(f"{of_reference}/confirm", reason="x").status_code == 422
    assert web.get("/api/content/claims-to-recheck").json() == []
    assert len(web.get("/api/content/studies?q=lipid").json()["items"]) == 1
    assert web.get(f"/api/content{of_study}/milestones").json()[0]["title"] == "Locked"


@pytest.mark.feature("content/co-sponsored-research")
def test_a_stranger_finds_no_study_at_any_door(cast, browse, lead, noon):
    with act_as(lead):
        study = actions.record_study(StudyPlan("Lipids", "LIPID-1"), at=noon)
    web = browse(Role.PARTNER_MARKETER, cast.stranger)
    assert b"No study is on record" in web.get("/content/studies/").content
    assert web.get(f"/content/studies/{study.id}/").status_code == 404
    assert web.get(f"/api/content/studies/{study.id}").status_code == 404
    assert web.get(f"/api/content/studies/{study.id}/parties").status_code == 404
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.stranger)):
        assert not Study.objects.exists()


@pytest.mark.feature("content/co-sponsored-research")
def test_a_study_is_named_in_the_record(cast, lead, noon):
    from entente.content.doors import _name_studies

    with act_as(lead):
        study = actions.record_study(StudyPlan("Lipids", "LIPID-1"), at=noon)
        named = _name_studies([study.id])
    assert [n.label for n in named.values()] == ["Study LIPID-1, Lipids"]


@pytest.mark.feature("content/co-authored-content")
def test_co_authors_are_added_renewed_and_ended_on_the_page_of_the_item(cast, item, browse, lead):
    web = browse(Role.BRAND_LEAD)
    with act_as(lead):
        version = Version.objects.get(item=item)
    page = f"/content/versions/{version.id}/"
    assert "Nobody else wrote a part of it" in web.get(page).content.decode()
    add = f"/content/items/{item.id}/co-authors/"
    refused = web.post(add, {**ANNA, "npi": "1234567893"}, follow=True)
    assert "Nobody is known by this NPI" in refused.content.decode()
    assert "on the item" in web.post(add, ANNA, follow=True).content.decode()
    shown = web.get(page).content.decode()
    assert "Anna Author: The cases" in shown and "Speaker fees in 2025" in shown
    with act_as(lead):
        anna = CoAuthor.objects.get()
    renew = f"/content/co-authors/{anna.id}/renew/"
    earlier = web.post(renew, {"used_until": "2027-01-01", "agreement": "A"}, follow=True)
    assert "give a day after 2027-11-20" in earlier.content.decode()
    web.post(renew, {"used_until": "2028-01-01", "agreement": "AGR-8"})
    assert "AGR-8" in web.get(page).content.decode()
    end = f"/content/co-authors/{anna.id}/end/"
    assert "say why" in web.post(end, {"reason": ""}, follow=True).content.decode()
    assert (
        "nothing that holds the part leaves"
        in web.post(end, {"reason": "Over"}, follow=True).content.decode()
    )
    assert "Rights ended" in web.get(page).content.decode()


@pytest.mark.feature("content/co-authored-content")
def test_the_whole_way_of_a_co_author_by_program(cast, item, browse, lead, noon):
    web = browse(Role.BRAND_LEAD)
    post = by_program(web)
    made = post(f"/items/{item.id}/co-authors", **ANNA)
    assert made.status_code == 201
    assert post(f"/items/{item.id}/co-authors", **{**ANNA, "part": ""}).status_code == 422
    one = f"/co-authors/{made.json()['id']}"
    assert post(f"{one}/renew", used_until="2028-01-01", agreement="B").json()["agreement"] == "B"
    with act_as(lead):
        version = actions.submit_for_review(Version.objects.get(item=item).id, at=noon)
    listed = web.get(f"/api/content/versions/{version.id}/co-authors").json()
    assert [each["name"] for each in listed] == ["Anna Author"]
    ended = post(f"{one}/end", reason="Over")
    assert len(ended.json()["recall_ids"]) == 1
    assert post(f"{one}/end", reason="Over").status_code == 422


@pytest.mark.feature("content/co-authored-content")
def test_the_page_of_the_certificate_names_the_co_authors(cast, on_web, browse, lead, noon):
    given = {}

    def with_anna(version):
        given.update(anna=actions.add_co_author(
            version.item_id, actions.Authorship(**{**ANNA, "used_until": date(2027, 11, 20)}),
            at=noon,
        ))  # fmt: skip

    version, _ = on_web(parts=with_anna)
    shown = browse(Role.BRAND_LEAD).get(f"/content/versions/{version.id}/certificate/")
    assert b"%PDF" in shown.content[:10] or b"Anna Author" in shown.content
