"""The pre-check at the submission: it blocks, it is shown, and it is kept."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from entente.content import actions, reads
from entente.content.actions.review import NotReady
from entente.content.check_packs import load_check_pack
from entente.content.domain.precheck.pack import BadCheckPack
from entente.content.models import Claim, PrecheckRun, Version
from entente.content.tests.shell.conftest import ADDRESS, CLAIM, STATEMENT
from entente.content.tests.spl_words import BOXED, REST, indications, spl
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry

pytestmark = pytest.mark.feature("content/pre-check")
BOX = (
    "Lipidex can cause liver failure, some cases fatal. Test liver enzymes before Lipidex and"
    " every month during treatment."
)


def said(*sentences: str) -> dict[str, str]:
    body = [CLAIM, *sentences, STATEMENT]
    return {
        "html": "".join(f"<p>{each}</p>" for each in body)
        + f"<p>Promotional information. {ADDRESS}. <a href='{{{{unsubscribe_url}}}}'>Stop</a></p>",
        "text": "\n".join(body) + f"\nPromotional information.\n{ADDRESS}\n{{{{unsubscribe_url}}}}",
    }


@pytest.fixture
def labelled(cast, item, noon):
    """The item's product with its label; its claim stands on the studies."""
    with act_as(cast.scope(Role.BRAND_LEAD)):
        version = actions.load_label(spl(), product_id=item.product_id, at=noon).version
        claim = Claim.objects.get()
        actions.ground_claim(claim.id, version.sections.get(code="34092-7").id, at=noon)
    return version


@pytest.fixture
def write(cast, item, noon, words):
    def do(*sentences):
        with act_as(cast.scope(Role.BRAND_LEAD)):
            claim = Claim.objects.get()
            return actions.save_version(
                item.id, words(claim_ids=[claim.id], **said(*sentences)), at=noon
            )

    return do


def submit(cast, version, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        return actions.submit_for_review(version.id, at=noon)


@pytest.mark.feature("policy/guardrails")
def test_words_within_the_label_go_to_review_and_the_run_is_kept(cast, labelled, write, noon):
    version = submit(cast, write(BOX), noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        run = PrecheckRun.objects.get()
        assert (run.content_hash, run.n_blocking) == (version.content_hash, 0)
        assert (run.pack_hash, run.label_version) == (load_check_pack().hash, labelled)
        assert {c["code"] for c in run.findings["checks"]} >= {"subject", "references"}
        assert LedgerEntry.objects.filter(verb="content.version.prechecked").count() == 1


@pytest.mark.feature("policy/guardrails")
@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("Lipidex can be given to children.", "LB-1"),
        ("Lipidex treats asthma.", "LB-1"),
        ("Lipidex does not raise the risk of liver failure.", "LB-2"),
        ("Lipidex has no side effects.", "LB-3"),
        ("Take Lipidex 80 mg once daily.", "LB-4"),
        ("Ask for MRN 0012345.", "PD-1"),
    ],
)
def test_words_beyond_the_label_do_not_go_to_review(cast, labelled, write, noon, sentence, rule):
    version = write(BOX, sentence)
    with pytest.raises(NotReady) as refused:
        submit(cast, version, noon)
    assert {f.code for f in refused.value.findings} == {rule}
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert not PrecheckRun.objects.exists()


def test_without_the_boxed_warning_nothing_goes_to_review(cast, labelled, write, noon):
    with pytest.raises(NotReady) as refused:
        submit(cast, write(), noon)
    assert "LB-10" in {f.code for f in refused.value.findings}


def test_a_claim_whose_section_changed_blocks_until_a_reviewer_confirms_it(
    cast, labelled, item, write, noon
):
    version = write(BOX)
    studies = REST[-1].replace("by half", "by 48 percent")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        newer = actions.load_label(
            spl(2, sections=(BOXED, indications(), *REST[:-1], studies)),
            product_id=item.product_id,
            at=noon,
        )
        claim = Claim.objects.get()
    with pytest.raises(NotReady) as refused:
        submit(cast, version, noon)
    assert {f.code for f in refused.value.findings} == {"CL-3"}
    with act_as(cast.scope(Role.REVIEWER)):
        section = newer.version.sections.get(code="34092-7")
        actions.ground_claim(claim.id, section.id, at=noon)
    assert submit(cast, version, noon).status == "in_review"


def test_without_a_label_it_is_said_that_nothing_was_judged(cast, item, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        run = reads.precheck_of(Version.objects.get(), today=noon.date())
    assert ("LB-11", "note") in {(f.rule, f.severity) for f in run.found}


def test_a_partner_sees_the_same_findings_and_the_kept_run(cast, labelled, write, noon):
    version = submit(cast, write(BOX, "A breakthrough."), noon)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        theirs = Version.objects.select_related("item__product").get(id=version.id)
        run = reads.precheck_of(theirs, today=noon.date())
        kept = reads.kept_run(theirs)
        assert run.told() == kept.findings["found"]
        assert "WD-1" in {f.rule for f in run.found}


def test_a_kept_run_is_never_changed(cast, labelled, write, noon):
    submit(cast, write(BOX), noon)
    for sql in ("UPDATE content_precheckrun SET n_warning = 0", "DELETE FROM content_precheckrun"):
        with (
            act_as(cast.scope(Role.BRAND_LEAD)),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_findings_stand_on_the_page_with_their_place_and_the_label_s_words(
    cast, labelled, write, client, noon
):
    version = write(BOX, "Lipidex can be given to children.")
    client.force_login(cast.user(Role.BRAND_LEAD))
    page = client.get(f"/content/versions/{version.id}/").content.decode()
    assert "Has to be mended first" in page
    assert "“Lipidex can be given to children.”" in page
    assert "have not been established" in page
    assert "HTML, character" in page
    told = client.get(f"/api/content/versions/{version.id}/precheck").json()
    found = next(f for f in told["found"] if f["rule"] == "LB-1")
    assert version.html[found["start"] : found["end"]] == "Lipidex can be given to children."
    assert told["kept_at"] is None


def test_the_kept_run_is_shown_after_the_submission(cast, labelled, write, client, noon):
    version = submit(cast, write(BOX), noon)
    client.force_login(cast.user(Role.REVIEWER))
    page = client.get(f"/content/versions/{version.id}/").content.decode()
    assert "Kept at the submission" in page and "Label version 1" in page
    told = client.get(f"/api/content/versions/{version.id}/precheck").json()
    assert told["kept_at"] and told["label_version_id"] == str(labelled.id)


def test_a_folder_without_checks_is_refused(tmp_path, monkeypatch):
    with pytest.raises(BadCheckPack, match=r"checks\.toml"):
        load_check_pack(tmp_path)
    monkeypatch.setenv("ENTENTE_CHECKPACKS", str(tmp_path / "nowhere"))
    with pytest.raises(BadCheckPack, match="set ENTENTE_CHECKPACKS"):
        load_check_pack.__wrapped__()
