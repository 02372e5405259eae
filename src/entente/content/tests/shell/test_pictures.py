"""Pictures in the words: files of the version, signed with it, shown without asking anybody."""

from __future__ import annotations

import pytest

from entente.content import actions, reads
from entente.content.actions.review import NotReady
from entente.content.models import Version
from entente.content.tests.shell.conftest import ADDRESS, CLAIM, STATEMENT
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
PASSWORD = "correct horse battery"
SHOWN = '<img src="cid:Curve-of-LDL.png" alt="LDL falls over twelve weeks">'
HTML = (
    f"<p>{CLAIM}</p>{SHOWN}<p>{STATEMENT}</p><p>Promotional information. {ADDRESS}."
    " <a href='{{unsubscribe_url}}'>Stop</a></p>"
)


@pytest.fixture
def lead(cast):
    return cast.scope(Role.BRAND_LEAD)


@pytest.fixture
def draft(lead, item, words, noon):
    """The draft of the shared item, with a picture in its words."""
    with act_as(lead):
        claims = [u.claim_id for u in Version.objects.get(item=item).claim_uses.all()]
        return actions.save_version(item.id, words(html=HTML, claim_ids=claims), at=noon)


def attach(lead, version, noon, data=PNG):
    with act_as(lead):
        return actions.attach_file(
            version.id, name="Curve of LDL.png", description="LDL over time", data=data, at=noon
        )


def test_a_version_whose_picture_is_missing_is_not_submitted(lead, draft, noon):
    with act_as(lead), pytest.raises(NotReady, match=r"Add the image files Curve-of-LDL\.png"):
        actions.submit_for_review(draft.id, at=noon)
    attach(lead, draft, noon)
    with act_as(lead):
        assert actions.submit_for_review(draft.id, at=noon).status == "in_review"


def test_pictures_that_are_too_large_for_a_mail_are_refused_before_the_review(lead, draft, noon):
    attach(lead, draft, noon, PNG + b"\x00" * 310 * 1024)
    with act_as(lead), pytest.raises(NotReady, match="at most 300 kB"):
        actions.submit_for_review(draft.id, at=noon)


def test_a_picture_without_words_for_it_is_refused(lead, draft, words, noon):
    with act_as(lead):
        claims = [u.claim_id for u in draft.claim_uses.all()]
        bare = HTML.replace(' alt="LDL falls over twelve weeks"', "")
        saved = actions.save_version(draft.item_id, words(html=bare, claim_ids=claims), at=noon)
    attach(lead, saved, noon)
    with act_as(lead), pytest.raises(NotReady, match="alternative text"):
        actions.submit_for_review(saved.id, at=noon)


def test_a_picture_from_elsewhere_is_taken_out_of_the_words(lead, draft, words, noon):
    with act_as(lead):
        remote = HTML.replace("cid:Curve-of-LDL.png", "https://pixel.test/open.gif")
        saved = actions.save_version(draft.item_id, words(html=remote), at=noon)
    assert "<img" not in saved.html


def test_the_preview_holds_the_picture_itself_and_asks_nobody(lead, draft, browse, noon):
    attach(lead, draft, noon)
    shown = browse(Role.BRAND_LEAD).get(f"/content/versions/{draft.id}/preview/")
    assert 'src="data:image/png;base64,' in shown.content.decode()
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "img-src data:;" in policy


def test_a_swapped_picture_shows_in_the_comparison(lead, draft, words, browse, cast, noon):
    attach(lead, draft, noon)
    with act_as(lead):
        actions.submit_for_review(draft.id, at=noon)
    with act_as(cast.scope(Role.REVIEWER)):
        actions.decide(draft.id, verdict="refuse", comment="Blurred", password=PASSWORD, at=noon)
    with act_as(lead):
        claims = [u.claim_id for u in draft.claim_uses.all()]
        later = actions.save_version(draft.item_id, words(html=HTML, claim_ids=claims), at=noon)
        for each in reads.parts.attachments_of(later.id):
            actions.remove_file(each.id, at=noon)
    attach(lead, later, noon, PNG + b"\x00")
    page = browse(Role.BRAND_LEAD).get(f"/content/versions/{later.id}/compare/{draft.id}/")
    said = page.content.decode()
    assert said.count("Curve of LDL.png (") == 2
    assert "<del>Curve of LDL.png (" in said and "<ins>Curve of LDL.png (" in said


@pytest.mark.feature("content/hosted-pages")
def test_a_hosted_page_shows_the_picture_in_its_words_and_not_as_a_file(lead, on_web, client, noon):
    html = f"<p>{CLAIM}</p>{SHOWN}<p>Promotional information. {ADDRESS}.</p>"

    def with_picture(made):
        actions.attach_file(
            made.id, name="Curve of LDL.png", description="LDL over time", data=PNG, at=noon
        )

    version, sender = on_web(html=html, parts=with_picture)
    with act_as(lead):
        actions.publish_version(
            actions.Publication(version.id, sender.id, "US", slug="lipids"), at=noon
        )
    reader = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140.0", "HTTP_ACCEPT_LANGUAGE": "en"}
    client.post("/h/lipids/", {"act": "declare"}, **reader)
    said = client.get("/h/lipids/", **reader).content.decode()
    assert 'src="data:image/png;base64,' in said
    assert "LDL over time" not in said
