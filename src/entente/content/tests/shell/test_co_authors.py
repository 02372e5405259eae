"""Co-authors: nothing that holds their part is used longer than they let it be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from entente.content import actions, reads
from entente.content.actions import Authorship, NotReady
from entente.content.models import Certificate, CoAuthor, Recall, Version
from entente.content.reads.co_authors import co_authored_by, co_authors_of
from entente.directory.actions import add_hcp, add_legal_entity
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry

from .conftest import ADDRESS, PASSWORD

pytestmark = pytest.mark.feature("content/co-authored-content")

LAST_DAY = date(2027, 11, 20)
ANNA = Authorship(
    "Anna Author", "The case reports", "E-mail and web, in the United States", "AGR-7", LAST_DAY,
    "Speaker fees from Halden Pharma in 2025",
)  # fmt: skip


@pytest.fixture
def lead(cast):
    return cast.scope(Role.BRAND_LEAD)


@pytest.fixture
def anna(item, lead, noon):
    with act_as(lead):
        return actions.add_co_author(item.id, ANNA, at=noon)


def draft(item):
    return Version.objects.get(item=item, status="draft")


@pytest.fixture
def release(cast, lead, noon):
    """Give what submits a draft and has both parties approve it."""

    def go(item):
        with act_as(lead):
            version = actions.submit_for_review(draft(item).id, at=noon)
        for scope in (cast.scope(Role.REVIEWER), cast.scope(Role.PARTNER_MARKETER, cast.partner)):
            with act_as(scope):
                actions.decide(
                    version.id, verdict="approve", comment="", password=PASSWORD, at=noon
                )
        return version

    return go


def test_a_version_expires_no_later_than_its_co_authors_rights(item, lead, noon):
    with act_as(lead):
        actions.add_co_author(item.id, replace(ANNA, used_until=LAST_DAY), at=noon)
        actions.add_co_author(
            item.id,
            replace(ANNA, name="Ben", used_until=LAST_DAY - timedelta(days=1)),
            at=noon,
        )
        with pytest.raises(NotReady, match=r"Ben \(2027-11-19\)") as refused:
            actions.submit_for_review(draft(item).id, at=noon)
        assert [f.code for f in refused.value.findings] == ["co_author_expiry"]


def test_a_version_whose_last_day_is_that_of_the_rights_is_submitted(item, anna, lead, noon):
    with act_as(lead):
        assert actions.submit_for_review(draft(item).id, at=noon).status == "in_review"


def test_renewed_rights_let_a_version_last_longer(item, lead, noon):
    with act_as(lead):
        made = actions.add_co_author(item.id, replace(ANNA, used_until=noon.date()), at=noon)
        with pytest.raises(UserError, match="give a day after"):
            actions.renew_rights(made.id, used_until=noon.date(), agreement="AGR-8", at=noon)
        with pytest.raises(UserError, match="reference of the agreement"):
            actions.renew_rights(made.id, used_until=LAST_DAY, agreement=" ", at=noon)
        actions.renew_rights(made.id, used_until=LAST_DAY, agreement="AGR-8", at=noon)
        assert actions.submit_for_review(draft(item).id, at=noon).status == "in_review"


def test_co_authors_do_not_change_while_a_version_is_in_review(item, anna, lead, noon):
    later = LAST_DAY + timedelta(days=1)
    with act_as(lead):
        actions.submit_for_review(draft(item).id, at=noon)
        with pytest.raises(UserError, match="version 1, is in review"):
            actions.add_co_author(item.id, replace(ANNA, name="Ben"), at=noon)
        with pytest.raises(UserError, match="is in review"):
            actions.renew_rights(anna.id, used_until=later, agreement="AGR-8", at=noon)
        with pytest.raises(DatabaseError, match="in review"), transaction.atomic():
            CoAuthor.objects.filter(id=anna.id).update(used_until=later)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"part": ""}, "part"),
        ({"rights": "x" * 501}, "rights"),
        ({"agreement": ""}, "agreement"),
        ({"used_until": date(2020, 1, 1)}, "used_until"),
        ({"interests": "x" * 5_001}, "interests"),
    ],
)
def test_a_co_author_without_terms_is_refused_with_the_field(item, lead, noon, changes, field):
    with act_as(lead), pytest.raises(UserError) as refused:
        actions.add_co_author(item.id, replace(ANNA, **changes), at=noon)
    assert refused.value.field == field


def test_a_co_author_may_be_a_person_of_the_directory_and_finds_it_in_the_export(
    cast, item, lead, noon
):
    with act_as(cast.system()):
        person = add_hcp(
            family_name="Author", given_name="Anna", country="US", profession="physician",
            at=noon, us_state="MA", city="Testford", identity_status="verified",
            licence_active=True,
        )  # fmt: skip
    with act_as(lead):
        with pytest.raises(UserError, match="from the directory"):
            actions.add_co_author(item.id, replace(ANNA, hcp_id=item.id), at=noon)
        actions.add_co_author(item.id, replace(ANNA, hcp_id=person.id), at=noon)
        (row,) = co_authored_by(person.id, noon)
        assert (row["item"], row["part"]) == (item.title, ANNA.part)


def test_nothing_that_holds_the_part_leaves_after_the_rights_ended(
    cast, item, anna, lead, noon, release
):
    version = release(item)
    with act_as(lead):
        assert reads.is_released(version.id, at=noon)
        (begun,) = actions.end_rights(anna.id, reason="Agreement ended", at=noon)
        assert begun.cause == Recall.Cause.RIGHTS
        assert not reads.is_released(version.id, at=noon)
        assert reads.version(version.id).status == "withdrawn"
        with pytest.raises(UserError, match="ended on"):
            actions.end_rights(anna.id, reason="Again", at=noon)
        assert LedgerEntry.objects.filter(verb="content.co_author.ended").count() == 1
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert [owed.recall_id for owed in reads.owed()] == [begun.id]


def test_a_version_in_review_is_taken_back_too_when_rights_end(item, anna, lead, noon):
    with act_as(lead):
        version = actions.submit_for_review(draft(item).id, at=noon)
        assert len(actions.end_rights(anna.id, reason="Agreement ended", at=noon)) == 1
        assert reads.version(version.id).status == "withdrawn"


def test_after_the_rights_ended_no_new_version_is_submitted(item, anna, lead, noon):
    with act_as(lead):
        with pytest.raises(UserError, match="say why"):
            actions.end_rights(anna.id, reason=" ", at=noon)
        assert actions.end_rights(anna.id, reason="Agreement ended", at=noon) == []
        with pytest.raises(NotReady, match="rights of Anna Author have ended"):
            actions.submit_for_review(draft(item).id, at=noon)
        with pytest.raises(UserError, match="ended on"):
            actions.renew_rights(
                anna.id, used_until=LAST_DAY + timedelta(days=9), agreement="A", at=noon
            )


def test_who_joins_after_the_release_agrees_to_its_last_day(item, lead, noon, release):
    release(item)
    with act_as(lead):
        with pytest.raises(UserError, match="is released until 2027-11-20") as refused:
            actions.add_co_author(
                item.id, replace(ANNA, used_until=LAST_DAY - timedelta(days=1)), at=noon
            )
        assert refused.value.field == "used_until"
        assert actions.add_co_author(item.id, ANNA, at=noon)


def test_the_certificate_names_the_co_authors(item, anna, lead, release):
    version = release(item)
    with act_as(lead):
        body = Certificate.objects.get(version=version).body
    assert body["co_authors"] == [
        {
            "name": "Anna Author", "part": "The case reports", "agreement": "AGR-7",
            "rights": ANNA.rights, "used_until": "2027-11-20", "interests": ANNA.interests,
        }
    ]  # fmt: skip


def test_a_co_author_of_a_module_binds_what_holds_it(words, lead, noon):
    with act_as(lead):
        block = actions.draft_item(title="Case", kind="educational", module_kind="body", at=noon)
        actions.save_version(block.id, words(support_statement=""), at=noon)
        made = actions.add_co_author(block.id, replace(ANNA, used_until=date(2027, 1, 1)), at=noon)
        part = Version.objects.get(item=block)
        holder = actions.draft_item(title="Holder", kind="educational", at=noon)
        actions.save_version(
            holder.id, words(parts=[part.id], support_statement="", claim_ids=[]), at=noon
        )
        assert [c.id for c in co_authors_of(draft(holder))] == [made.id]
        with pytest.raises(NotReady, match=r"Anna Author \(2027-01-01\)"):
            actions.submit_for_review(draft(holder).id, at=noon)


def test_rights_in_a_module_end_also_while_an_item_with_it_is_in_review(cast, words, lead, noon):
    with act_as(lead):
        block = actions.draft_item(title="Case", kind="educational", module_kind="body", at=noon)
        actions.save_version(block.id, words(support_statement=""), at=noon)
        made = actions.add_co_author(block.id, ANNA, at=noon)
        module = actions.submit_for_review(draft(block).id, at=noon)
    with act_as(cast.scope(Role.REVIEWER)):
        actions.decide(module.id, verdict="approve", comment="", password=PASSWORD, at=noon)
    with act_as(cast.system()):
        add_legal_entity(name="Halden Inc", country="US", postal_address=ADDRESS, at=noon)
    with act_as(lead):
        holder = actions.draft_item(title="Holder", kind="educational", at=noon)
        actions.save_version(holder.id, words(parts=[module.id], support_statement=""), at=noon)
        held = actions.submit_for_review(draft(holder).id, at=noon)
        (begun,) = actions.end_rights(made.id, reason="Agreement ended", at=noon)
        assert set(begun.versions.values_list("version_id", flat=True)) == {module.id, held.id}
    with act_as(cast.scope(Role.REVIEWER)):
        actions.decide(held.id, verdict="approve", comment="", password=PASSWORD, at=noon)
        assert not reads.is_released(held.id, at=noon)


def test_only_the_items_owner_keeps_its_co_authors_and_every_party_reads_them(
    cast, item, anna, noon
):
    with act_as(cast.system(cast.partner)):
        assert CoAuthor.objects.get().name == "Anna Author"
        with pytest.raises(CoAuthor.DoesNotExist):
            actions.end_rights(anna.id, reason="x", at=noon)
        assert CoAuthor.objects.update(agreement="x") == 0
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.society)):
        assert not CoAuthor.objects.exists()
    with act_as(cast.scope(Role.REVIEWER)), pytest.raises(OutOfScope):
        actions.add_co_author(item.id, ANNA, at=noon)


def test_the_database_refuses_shorter_rights_and_another_name(anna, lead):
    with act_as(lead):
        for changes in ({"used_until": date(2027, 1, 1)}, {"name": "Else"}):
            with pytest.raises(DatabaseError, match="only renewed"), transaction.atomic():
                CoAuthor.objects.filter(id=anna.id).update(**changes)
