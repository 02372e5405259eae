"""Recall: from its moment nothing leaves, and every copy is accounted for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from entente.content import actions, reads
from entente.content.models import Claim, Recall, ReturnTask, Version
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.facts import Act, gather

PASSWORD = "correct horse battery"


@pytest.fixture
def released(cast, item, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        version = Version.objects.get(item=item)
        actions.submit_for_review(version.id, at=noon)
    for scope in (cast.scope(Role.REVIEWER), cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        with act_as(scope):
            actions.decide(version.id, verdict="approve", comment="", password=PASSWORD, at=noon)
    return version


def recall(cast, at, **changes):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = Claim.objects.get()
        return actions.withdraw_claim(claim.id, reason="A figure was wrong", at=at, **changes)


def test_a_recalled_claim_blocks_what_makes_it_and_asks_the_partner(cast, item, released, noon):
    begun = recall(cast, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert "claim that was withdrawn" in reads.why_not_released(reads.version(released.id))
        found = reads.standing(begun.id)
        assert [each.version_id for each in found.versions] == [released.id]
        assert (found.n_outstanding, found.recall.closed_at) == (1, None)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert [each.recall_id for each in reads.owed()] == [begun.id]
        actions.acknowledge(begun.id, note="Taken from our site", at=noon + timedelta(hours=2))
        with pytest.raises(UserError, match="already"):
            actions.acknowledge(begun.id, note="", at=noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert actions.settle_recall(begun.id, at=noon + timedelta(hours=3))
        assert reads.standing(begun.id).n_outstanding == 0


def test_a_recall_stays_open_until_every_printed_copy_is_accounted_for(cast, item, released, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.record_print(
            released.id, holder="Field force East", n_copies=300, printed_on=noon.date(), at=noon
        )
    begun = recall(cast, noon)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        actions.acknowledge(begun.id, note="", at=noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert not actions.settle_recall(begun.id, at=noon)
        assert reads.standing(begun.id).n_copies_out == 300
        task = ReturnTask.objects.get()
        with pytest.raises(UserError, match="between 0 and 300"):
            actions.account_for(task.id, n_copies=301, note="", at=noon)
        with pytest.raises(UserError, match="what became"):
            actions.account_for(task.id, n_copies=290, note="", at=noon)
        actions.account_for(task.id, n_copies=290, note="Ten lost in the post", at=noon)
        assert actions.settle_recall(begun.id, at=noon)


def test_a_draft_with_a_recalled_claim_cannot_be_submitted(cast, item, noon):
    begun = recall(cast, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        draft = Version.objects.get(item=item)
        assert [v.status_then for v in reads.standing(begun.id).versions] == ["draft"]
        with pytest.raises(actions.NotReady, match="not withdrawn"):
            actions.submit_for_review(draft.id, at=noon)
        # A draft was shown to nobody else, so nobody else has to confirm.
        assert reads.standing(begun.id).recall.closed_at


def test_a_claim_past_its_last_day_is_recalled_by_the_job_also_after_a_weekend(
    cast, item, released, noon
):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        Claim.objects.update(expires_on=date(2027, 1, 2))  # a Saturday
    saturday, monday = (noon.replace(year=2027, month=1, day=d) for d in (2, 4))
    with act_as(cast.system()):
        assert actions.recall_expired_claims(at=saturday) == []
        assert reads.why_not_released(reads.version(released.id), at=saturday) == ""
        # From Sunday on it is refused, whether or not the job has run.
        sunday = saturday + timedelta(days=1)
        assert "expired" in reads.why_not_released(reads.version(released.id), at=sunday)
        (begun,) = actions.recall_expired_claims(at=monday)
        assert (begun.cause, begun.reason) == ("expired", "Its last day was 2027-01-02.")
        assert actions.recall_expired_claims(at=monday) == []


def test_only_the_owner_of_a_claim_recalls_it_and_a_stranger_sees_nothing(
    cast, item, released, noon
):
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        claim = Claim.objects.get()
        with pytest.raises(Claim.DoesNotExist):
            actions.withdraw_claim(claim.id, reason="We say so", at=noon)
    begun = recall(cast, noon)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.stranger)):
        assert not reads.recalls().exists()
        with pytest.raises(Recall.DoesNotExist):
            reads.standing(begun.id)


def test_a_partner_that_takes_a_joint_version_back_asks_the_owner_to_confirm(
    cast, item, released, noon
):
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        begun = actions.withdraw_version(released.id, reason="Our name is wrong", at=noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert reads.version(released.id).status == "withdrawn"
        assert [each.recall_id for each in reads.owed()] == [begun.id]


def test_a_recall_needs_a_reason_and_a_cause_of_the_list(cast, item, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = Claim.objects.get()
        with pytest.raises(UserError, match="say why"):
            actions.withdraw_claim(claim.id, reason=" ", at=noon)
        with pytest.raises(UserError, match="choose the cause"):
            actions.withdraw_claim(claim.id, reason="x", cause="whim", at=noon)


def test_the_pages_show_a_recall_and_take_its_answers(cast, item, released, noon, browse):
    begun = recall(cast, noon)
    page = browse(Role.PARTNER_MARKETER, cast.partner)
    listed = page.get("/content/recalls/").content.decode()
    assert "Your company has to confirm" in listed
    shown = page.get(f"/content/recalls/{begun.id}/").content.decode()
    assert "A figure was wrong" in shown
    assert page.post(f"/content/recalls/{begun.id}/confirm/", {"note": "Done"}).status_code == 302
    again = page.get(f"/content/recalls/{begun.id}/").content.decode()
    assert "Done" in again
    owner = browse(Role.BRAND_LEAD)
    assert "Recalled" in owner.get(f"/content/versions/{released.id}/").content.decode()


def test_a_draft_that_a_recall_reached_may_go_once_it_no_longer_makes_the_claim(
    cast, item, words, noon
):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        draft = Version.objects.get(item=item)
        claim = draft.claim_uses.get().claim
        actions.withdraw_claim(claim.id, reason="A figure was wrong", at=noon)
        other = actions.add_claim(
            text=claim.text, market="US", in_label=True, label_section="14",
            product_id=claim.product_id, at=noon,
        )  # fmt: skip
        actions.add_reference(other.id, title="T", source="S", anchor="p. 1", at=noon)
        actions.save_version(item.id, words(claim_ids=[other.id]), at=noon)
        actions.submit_for_review(draft.id, at=noon)
    for scope in (cast.scope(Role.REVIEWER), cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        with act_as(scope):
            actions.decide(draft.id, verdict="approve", comment="", password=PASSWORD, at=noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert reads.why_not_released(reads.version(draft.id), at=noon) == ""
        act = Act("email", noon, version_id=draft.id, country="US", channel="email")
        assert gather([act])[0]["content.approval_status"] == "approved"
