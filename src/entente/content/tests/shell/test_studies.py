"""Studies done together: who reads them, what rests on them, and what falls with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from entente.content import actions
from entente.content.actions import NotReady, Source, StudyPlan
from entente.content.jobs import flag_claims
from entente.content.models import (
    Claim,
    ClaimRecheck,
    Reference,
    Study,
    StudyMilestone,
    Version,
)
from entente.content.reads import studies
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, OutboxMessage

pytestmark = pytest.mark.feature("content/co-sponsored-research")

LIPID = StudyPlan("Lipids in practice", "LIPID-1", ("Halden Pharma",), status="published")


@pytest.fixture
def lead(cast):
    return cast.scope(Role.BRAND_LEAD)


@pytest.fixture
def reviewer(cast):
    return cast.scope(Role.REVIEWER)


@pytest.fixture
def partner(cast):
    return cast.scope(Role.PARTNER_MARKETER, cast.partner)


@pytest.fixture
def study(cast, lead, noon):
    """A published study of the host with Northlake."""
    with act_as(lead):
        return actions.record_study(replace(LIPID, partner_ids=[cast.partner.id]), at=noon)


@pytest.fixture
def newer(lead, noon):
    with act_as(lead):
        return actions.record_study(replace(LIPID, title="A longer look", protocol="L-2"), at=noon)


@pytest.fixture
def resting(item, study, lead, noon):
    """The claim of the item, of which a second reference rests on the study."""
    with act_as(lead):
        claim = Claim.objects.get()
        Reference.objects.get()
        actions.add_reference(
            claim.id, title="Main result", source="J", anchor="t. 2", study_id=study.id, at=noon
        )
    return claim


@pytest.fixture
def alone(item, study, lead, noon, words):
    """A claim that rests on the study alone, in the item's draft."""
    with act_as(lead):
        claim = actions.add_claim(
            text="Lowers LDL cholesterol by half in twelve weeks.", market="US", in_label=True,
            label_section="14", product_id=item.product_id, at=noon,
        )  # fmt: skip
        actions.add_reference(
            claim.id, title="Main result", source="J", anchor="t. 2", study_id=study.id, at=noon
        )
        actions.save_version(item.id, words(claim_ids=[claim.id]), at=noon)
    return claim


def draft(item):
    return Version.objects.get(item=item, status="draft")


def reference_to(study):
    return Reference.objects.get(study=study)


def test_a_study_is_on_record_once_per_protocol_and_its_steps_follow(lead, noon):
    with act_as(lead):
        made = actions.record_study(replace(LIPID, status="planned"), at=noon)
        with pytest.raises(UserError, match="LIPID-1 is on record"):
            actions.record_study(LIPID, at=noon)
        with pytest.raises(UserError, match="planned becomes running"):
            actions.move_study(made.id, "published", at=noon)
        for status in ("running", "completed", "published"):
            assert actions.move_study(made.id, status, at=noon).status == status
        with pytest.raises(UserError, match="nothing that is said here"):
            actions.move_study(made.id, "superseded", at=noon)
        assert LedgerEntry.objects.filter(verb="content.study.moved").count() == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"protocol": ""}, "protocol"),
        ({"status": "superseded"}, "status"),
        ({"status": "over"}, "status"),
        ({"funders": ["x" * 201]}, "funders"),
    ],
)
def test_a_study_that_says_too_little_is_refused_with_its_field(lead, noon, changes, field):
    with act_as(lead), pytest.raises(UserError) as refused:
        actions.record_study(replace(LIPID, **changes), at=noon)
    assert refused.value.field == field


def test_a_partner_reads_all_of_a_study_and_a_stranger_nothing(cast, study, lead, partner, noon):
    with act_as(lead):
        actions.add_milestone(study.id, title="Last visit", due_on=noon.date(), at=noon)
    with act_as(partner):
        assert studies.study(study.id).protocol == "LIPID-1"
        assert len(studies.parties_of_study(study)) == 2
        assert [m.title for m in studies.milestones_of(study.id)] == ["Last visit"]
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.society)):
        assert studies.study_rows().count() == 0
        assert studies.milestones_of(study.id) == []
        with pytest.raises(Study.DoesNotExist):
            studies.study(study.id)


def test_only_the_owner_writes_a_study(cast, study, noon):
    with act_as(cast.system(cast.partner)):
        for act in (
            lambda: actions.add_milestone(study.id, title="x", due_on=noon.date(), at=noon),
            lambda: actions.retract_study(study.id, reason="x", at=noon),
            lambda: actions.add_study_party(study.id, cast.partner.id, at=noon),
        ):
            with pytest.raises(Study.DoesNotExist):
                act()
        assert Study.objects.update(title="Mine") == 0
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)), pytest.raises(OutOfScope):
        actions.record_study(LIPID, at=noon)


def test_a_party_that_joins_later_reads_it_and_joins_once(cast, study, lead, noon):
    with act_as(lead):
        actions.add_study_party(study.id, cast.society.id, at=noon)
        with pytest.raises(UserError, match="takes part already"):
            actions.add_study_party(study.id, cast.society.id, at=noon)
        with pytest.raises(UserError, match="organisations you know"):
            actions.add_study_party(study.id, cast.host.id, at=noon)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.society)):
        assert studies.study(study.id)


def test_a_party_marks_its_own_milestones_and_the_owner_any(cast, study, lead, partner, noon):
    day = noon.date()
    with act_as(lead):
        own = actions.add_milestone(study.id, title="Protocol", due_on=day, at=noon)
        theirs, other = (
            actions.add_milestone(
                study.id, title=title, due_on=day, org_id=cast.partner.id, at=noon
            )
            for title in ("Recruited", "Locked")
        )
        with pytest.raises(UserError, match="party of the study"):
            actions.add_milestone(study.id, title="x", due_on=day, org_id=cast.society.id, at=noon)
        actions.mark_milestone(other.id, done_on=day, at=noon)
    with act_as(partner):
        with pytest.raises(UserError, match="answers for the milestone"):
            actions.mark_milestone(own.id, done_on=day, at=noon)
        with pytest.raises(UserError, match="today or earlier"):
            actions.mark_milestone(theirs.id, done_on=day + timedelta(days=1), at=noon)
        assert actions.mark_milestone(theirs.id, done_on=day, at=noon).done_by_name
        with pytest.raises(UserError, match="was reached on"):
            actions.mark_milestone(theirs.id, done_on=day, at=noon)


def test_the_database_keeps_milestones_and_what_became_of_a_study(study, newer, lead, noon):
    with act_as(lead):
        mark = actions.add_milestone(study.id, title="Protocol", due_on=noon.date(), at=noon)
        for change in (
            lambda: StudyMilestone.objects.filter(id=mark.id).update(title="Other"),
            lambda: Study.objects.filter(id=study.id).update(status="planned"),
            lambda: Study.objects.filter(id=study.id).update(protocol="X"),
            lambda: Study.objects.filter(id=study.id).update(status="superseded"),
            lambda: Study.objects.filter(id=study.id).update(retracted_because="x"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_a_reference_rests_only_on_a_result_that_one_reads(cast, item, study, lead, noon):
    with act_as(lead):
        claim = Claim.objects.get()
        running = actions.record_study(replace(LIPID, protocol="L-9", status="running"), at=noon)
        given = {"title": "A", "source": "J", "anchor": "p", "at": noon}
        with pytest.raises(UserError, match="L-9 is running") as refused:
            actions.add_reference(claim.id, study_id=running.id, **given)
        assert refused.value.field == "study_id"
        with pytest.raises(UserError, match="takes part in"):
            actions.add_reference(claim.id, study_id=claim.id, **given)
    with act_as(cast.system(cast.society)):
        mine = actions.add_claim(text="Mine", market="US", at=noon)
        with pytest.raises(UserError, match="takes part in"):
            actions.add_reference(mine.id, study_id=study.id, **given)
        with pytest.raises(DatabaseError, match="row-level"), transaction.atomic():
            Reference.objects.create(
                org_id=cast.society.id, claim=mine, title="A", source="J", anchor="p",
                study_id=study.id,
            )  # fmt: skip


def test_a_superseded_study_flags_every_claim_that_rests_on_it(resting, study, newer, lead, noon):
    with act_as(lead):
        assert actions.supersede_study(study.id, newer.id, reason="Longer", at=noon) == 1
        flag = ClaimRecheck.objects.get()
        assert (flag.claim_id, flag.study_id, flag.reason) == (resting.id, study.id, "superseded")
        assert actions.flag_fallen_studies(at=noon) == 0
        (waiting,) = studies.claims_on_fallen_studies(org_id=study.org_id)
        assert waiting[0].id == resting.id
        assert waiting[1].said == (
            "LIPID-1, Lipids in practice was superseded by L-2, A longer look."
        )
        assert OutboxMessage.objects.filter(topic="content.study.superseded").count() == 1
        assert LedgerEntry.objects.filter(verb="content.claims.flagged").count() == 1
        with pytest.raises(UserError, match="does not become"):
            actions.supersede_study(study.id, newer.id, reason="Again", at=noon)


def test_only_a_study_that_stands_supersedes_another(study, newer, lead, noon):
    with act_as(lead):
        with pytest.raises(UserError, match="stands itself"):
            actions.supersede_study(study.id, study.id, reason="x", at=noon)
        with pytest.raises(UserError, match="say why"):
            actions.supersede_study(study.id, newer.id, reason=" ", at=noon)
        actions.retract_study(newer.id, reason="Wrong figures", at=noon)
        with pytest.raises(UserError, match="stands itself"):
            actions.supersede_study(study.id, newer.id, reason="x", at=noon)


def test_a_claim_that_rests_on_a_superseded_study_alone_is_not_submitted(
    item, alone, study, newer, lead, noon
):
    with act_as(lead):
        actions.supersede_study(study.id, newer.id, reason="Longer", at=noon)
        with pytest.raises(NotReady) as refused:
            actions.submit_for_review(draft(item).id, at=noon)
    assert {f.code for f in refused.value.findings} == {"CL-5"}
    assert alone.text in str(refused.value)
    assert "LIPID-1, Lipids in practice was superseded by L-2" in str(refused.value)


def test_a_claim_with_another_reference_is_warned_of_and_submitted(
    item, resting, study, newer, lead, noon
):
    with act_as(lead):
        actions.supersede_study(study.id, newer.id, reason="Longer", at=noon)
        sent = actions.submit_for_review(draft(item).id, at=noon)
        assert sent.status == "in_review"


def test_a_reviewer_confirms_a_reference_and_the_claim_goes_on(
    item, alone, study, newer, lead, reviewer, noon
):
    with act_as(lead):
        actions.supersede_study(study.id, newer.id, reason="Longer", at=noon)
        reference = reference_to(study)
        with pytest.raises(OutOfScope):
            actions.confirm_reference(reference.id, reason="The same", at=noon)
    with act_as(reviewer):
        with pytest.raises(UserError, match="say why"):
            actions.confirm_reference(reference.id, reason="", at=noon)
        actions.confirm_reference(reference.id, reason="Same figure", at=noon)
        assert studies.claims_on_fallen_studies(org_id=study.org_id) == []
        with pytest.raises(UserError, match="nobody has to look"):
            actions.confirm_reference(reference.id, reason="Again", at=noon)
    with act_as(lead):
        assert actions.submit_for_review(draft(item).id, at=noon).status == "in_review"


def test_a_reference_to_the_newer_study_takes_the_place_of_the_old_one(
    item, alone, study, newer, lead, reviewer, noon
):
    with act_as(lead):
        actions.supersede_study(study.id, newer.id, reason="Longer", at=noon)
        old = reference_to(study)
    place = Source("Five years", "J2", "t. 1", study_id=newer.id)
    with act_as(reviewer):
        with pytest.raises(UserError, match="choose the study"):
            actions.replace_reference(old.id, replace(place, study_id=None), reason="x", at=noon)
        check = actions.replace_reference(old.id, place, reason="Newer figures", at=noon)
        assert check.replaced_by.study_id == newer.id
        assert studies.claims_on_fallen_studies(org_id=study.org_id) == []
        assert studies.references_of_study(study.id) == []
        assert [r.title for r in studies.references_of_study(newer.id)] == ["Five years"]
        with pytest.raises(UserError, match="taken the place"):
            actions.confirm_reference(old.id, reason="x", at=noon)
        assert {h.reference.title for h in studies.held_of(alone.id)} == {
            "Main result", "Five years",
        }  # fmt: skip
    with act_as(lead):
        assert actions.submit_for_review(draft(item).id, at=noon).status == "in_review"


def test_a_retracted_result_carries_nothing_even_where_it_was_confirmed(
    item, alone, study, newer, lead, reviewer, noon
):
    with act_as(lead):
        actions.supersede_study(study.id, newer.id, reason="Longer", at=noon)
        reference = reference_to(study)
    with act_as(reviewer):
        actions.confirm_reference(reference.id, reason="Same figure", at=noon)
    with act_as(lead):
        assert actions.retract_study(study.id, reason="Wrong figures", at=noon) == 1
        assert set(ClaimRecheck.objects.values_list("reason", flat=True)) == {
            "superseded", "retracted",
        }  # fmt: skip
        with pytest.raises(NotReady, match="was retracted"):
            actions.submit_for_review(draft(item).id, at=noon)
    with act_as(reviewer), pytest.raises(UserError, match="carries nothing"):
        actions.confirm_reference(reference.id, reason="Still", at=noon)


def test_a_retracted_result_is_set_aside_where_another_reference_carries_the_claim(
    resting, study, lead, reviewer, noon
):
    with act_as(lead):
        actions.retract_study(study.id, reason="Wrong figures", at=noon)
    with act_as(reviewer):
        actions.confirm_reference(reference_to(study).id, reason="The trial stands", at=noon)
        assert studies.claims_on_fallen_studies(org_id=study.org_id) == []


def test_a_partners_claim_falls_with_our_study_at_once_and_is_flagged_by_its_job(
    cast, study, newer, lead, noon
):
    partner = cast.system(cast.partner)
    with act_as(partner):
        claim = actions.add_claim(text="Theirs", market="US", at=noon)
        actions.add_reference(
            claim.id, title="A", source="J", anchor="p", study_id=study.id, at=noon
        )
    with act_as(lead):
        assert actions.supersede_study(study.id, newer.id, reason="Longer", at=noon) == 0
    with act_as(partner):
        assert not studies.resting([claim.id])[claim.id].has_support
        # The newer study is not theirs to read, so that only the fall itself is told.
        assert studies.resting([claim.id])[claim.id].said == (
            "LIPID-1, Lipids in practice was superseded."
        )
        assert ClaimRecheck.objects.count() == 0
    assert flag_claims(0) == 1
    with act_as(partner):
        assert ClaimRecheck.objects.get().claim_id == claim.id


def test_a_party_of_the_item_reads_the_flag_without_reading_the_study(
    cast, item, lead, noon, words
):
    with act_as(lead):
        private = actions.record_study(LIPID, at=noon)
        claim = Claim.objects.get()
        actions.add_reference(
            claim.id, title="Main result", source="J", anchor="t. 2", study_id=private.id, at=noon
        )
        actions.submit_for_review(draft(item).id, at=noon)
        actions.retract_study(private.id, reason="Wrong", at=noon)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert Study.objects.count() == 0
        (waiting,) = studies.resting([claim.id])[claim.id].waiting
        assert waiting.said == "The result of The study of Main result was retracted."


def test_what_a_reviewer_said_of_a_reference_is_never_changed(
    resting, study, newer, lead, reviewer, noon
):
    with act_as(lead):
        actions.supersede_study(study.id, newer.id, reason="Longer", at=noon)
        reference = reference_to(study)
    with act_as(reviewer):
        actions.confirm_reference(reference.id, reason="Same figure", at=noon)
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE content_referencecheck SET reason = 'x'")
