"""What people see and do on the pages of content."""

from __future__ import annotations

import pytest

from entente.content import actions, reads
from entente.content.models import Claim, Item, Version
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

PASSWORD = "correct horse battery"


@pytest.fixture
def in_review(cast, item, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        return actions.submit_for_review(Version.objects.get(item=item).id, at=noon)


def test_an_item_is_begun_written_and_submitted_on_pages(cast, item, browse):
    web = browse(Role.BRAND_LEAD)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        version = Version.objects.get(item=item)
        product_id, claim_id = item.product_id, Claim.objects.get().id
    begun = web.post(
        "/content/new/",
        {"title": "Second", "kind": "promo", "product": product_id, "partners": [cast.partner.id]},
    )
    assert begun.status_code == 302
    saved = web.post(
        begun.url,
        {
            "subject": version.subject,
            "html": version.html,
            "text": version.text,
            "markets": "us",
            "audiences": ["hcp"],
            "channels": ["email"],
            "expires_on": "2027-11-20",
            "support_statement": version.support_statement,
            "claims": [claim_id],
        },
    )
    assert saved.status_code == 302
    assert b"All checks pass" in web.get(saved.url).content
    assert web.post(f"{saved.url}submit/").status_code == 302
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert Version.objects.get(item__title="Second").status == "in_review"


def test_a_form_says_what_is_wrong_next_to_the_field(item, browse):
    web = browse(Role.BRAND_LEAD)
    answer = web.post("/content/new/", {"title": "No product", "kind": "promo"})
    assert answer.status_code == 422
    assert b"names its product" in answer.content
    answer = web.post(f"/content/items/{item.id}/write/", {"subject": "x", "markets": "QQ"})
    assert answer.status_code == 422
    assert b"no such country code" in answer.content


def test_a_reviewer_signs_on_the_page_and_a_wrong_password_signs_nothing(cast, in_review, browse):
    web = browse(Role.REVIEWER)
    address = f"/content/versions/{in_review.id}/"
    assert b"Your verdict" in web.get(address).content
    assert in_review.item.title.encode() in web.get("/").content
    wrong = web.post(f"{address}decide/", {"verdict": "approve", "password": "wrong"})
    assert wrong.status_code == 422
    assert b"nothing was signed" in wrong.content
    silent = web.post(f"{address}decide/", {"verdict": "refuse", "password": PASSWORD})
    assert silent.status_code == 422
    assert b"say what has to change" in silent.content
    assert (
        web.post(f"{address}decide/", {"verdict": "approve", "password": PASSWORD}).status_code
        == 302
    )
    page = web.get(address).content
    assert b"I approve this version for release" in page
    assert b"decide/" not in page


def test_a_partner_opens_joint_items_and_a_stranger_finds_nothing(cast, in_review, browse):
    address = f"/content/versions/{in_review.id}/"
    assert b"Your verdict" in browse(Role.PARTNER_MARKETER, cast.partner).get(address).content
    stranger = browse(Role.PARTNER_MARKETER, cast.stranger)
    for path in (address, f"{address}preview/", f"/content/items/{in_review.item_id}/"):
        assert stranger.get(path).status_code == 404
    assert b"Lipid update" not in stranger.get("/content/").content


def test_the_preview_runs_and_loads_nothing(in_review, browse):
    answer = browse(Role.REVIEWER).get(f"/content/versions/{in_review.id}/preview/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert b"Given name" in answer.content


def test_the_list_filters_exports_and_asks_the_same_number_of_queries(
    cast, item, browse, noon, django_assert_max_num_queries
):
    web = browse(Role.BRAND_LEAD)
    assert b"Lipid update" in web.get("/content/?status=draft&market=US").content
    assert b"Lipid update" not in web.get("/content/?status=approved").content
    exported = web.get("/content/?export=csv")
    assert exported["Content-Type"].startswith("text/csv")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        for number in range(12):
            actions.draft_item(title=f"More {number}", kind="educational", at=noon)
        assert Item.objects.count() == 13
    with django_assert_max_num_queries(25):
        web.get("/content/")


def test_claims_are_kept_on_pages(cast, item, browse):
    web = browse(Role.BRAND_LEAD)
    given = {"text": "Safe.", "market": "us", "title": "T", "source": "S", "anchor": "p. 1"}
    assert web.post("/content/claims/new/", {**given, "in_label": "on"}).status_code == 422
    made = web.post("/content/claims/new/", {**given, "in_label": "on", "label_section": "5"})
    assert made.status_code == 302
    assert b"p. 1" in web.get(made.url).content
    assert web.post(f"{made.url}withdraw/", {"reason": "Superseded"}).status_code == 302
    assert b"Withdrawn" in web.get(made.url).content
    assert b"Safe." in web.get("/content/claims/").content


def test_a_withdrawal_names_its_reason(cast, in_review, browse):
    web = browse(Role.REVIEWER)
    address = f"/content/versions/{in_review.id}/"
    web.post(f"{address}withdraw/", {"reason": " "})
    with act_as(cast.system()):
        assert reads.version(in_review.id).status == "in_review"
    web.post(f"{address}withdraw/", {"reason": "Wrong dose"})
    assert b"Wrong dose" in web.get(address).content
