"""The review of a joint item: both sides sign the same bytes, nobody signs his own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from entente.content import actions, reads
from entente.content.actions.review import NotReady
from entente.content.models import Approval, Claim, Item, Version, Withdrawal
from entente.content.reads.material import fingerprint_of
from entente.foundation import signatures
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, Signature, User
from entente.foundation.organisations import add_user

PASSWORD = "correct horse battery"


def submitted(cast, item, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        version = Version.objects.get(item=item)
        return actions.submit_for_review(version.id, at=noon)


def signed(scope, version, noon, verdict="approve", comment="", password=PASSWORD):
    with act_as(scope):
        return actions.decide(
            version.id, verdict=verdict, comment=comment, password=password, at=noon
        )


def refused_by_the_database(sql, parameters, words):
    with (
        pytest.raises(DatabaseError, match=words),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, parameters)


@pytest.fixture
def released(cast, item, noon):
    version = submitted(cast, item, noon)
    signed(cast.scope(Role.REVIEWER), version, noon)
    signed(cast.scope(Role.PARTNER_MARKETER, cast.partner), version, noon)
    return version


@pytest.mark.feature("content/co-authored-content")
def test_a_joint_item_is_released_only_when_both_sides_have_signed(cast, item, noon):
    version = submitted(cast, item, noon)
    signed(cast.scope(Role.REVIEWER), version, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert not reads.is_released(version.id)
        with pytest.raises(reads.NotReleased, match="not released"):
            reads.version_for_send(version.id)
    signed(cast.scope(Role.PARTNER_MARKETER, cast.partner), version, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert reads.is_released(version.id, at=noon)
        assert reads.version_for_send(version.id).subject == "New lipid data"
        assert (
            LedgerEntry.objects.filter(object_id=version.id, verb="content.version.decided").count()
            == 2
        )


@pytest.mark.promise("P11")
def test_an_author_cannot_approve_his_own_work(cast, item, noon):
    author = cast.scope(Role.BRAND_LEAD)
    version = submitted(cast, item, noon)
    both = replace(author, roles=frozenset({Role.BRAND_LEAD, Role.REVIEWER}))
    with pytest.raises(OutOfScope, match="you wrote this"):
        signed(both, version, noon)


@pytest.mark.promise("P11")
def test_a_second_account_of_the_author_cannot_approve_either(cast, item, noon):
    author = cast.user(Role.BRAND_LEAD)
    with act_as(cast.system(cast.partner)):
        add_user(
            email="twin@northlake.test",
            name="Twin",
            title="",
            roles=frozenset({Role.PARTNER_MARKETER}),
            at=noon,
            password=PASSWORD,
            person_key=author.person_key,
        )
    version = submitted(cast, item, noon)
    with act_as(cast.system(cast.partner)):
        twin = User.objects.get(email="twin@northlake.test")
    scope = replace(
        cast.scope(Role.PARTNER_MARKETER, cast.partner),
        actor_id=twin.id,
        person_key=twin.person_key,
    )
    with pytest.raises(OutOfScope, match="you wrote this"):
        signed(scope, version, noon)
    # The check in code is one wall; the database is the other.
    with pytest.raises(UserError, match="author cannot approve"):
        signed(replace(scope, person_key=""), version, noon)


@pytest.mark.promise("P11")
def test_one_person_cannot_approve_for_both_sides(cast, item, noon):
    reviewer = cast.user(Role.REVIEWER)
    with act_as(cast.system(cast.partner)):
        add_user(
            email="both@northlake.test",
            name="Both",
            title="",
            roles=frozenset({Role.PARTNER_MARKETER}),
            at=noon,
            password=PASSWORD,
            person_key=reviewer.person_key,
        )
        both = User.objects.get(email="both@northlake.test")
    version = submitted(cast, item, noon)
    signed(cast.scope(Role.REVIEWER), version, noon)
    scope = replace(
        cast.scope(Role.PARTNER_MARKETER, cast.partner),
        actor_id=both.id,
        person_key=both.person_key,
    )
    with pytest.raises(UserError, match="already signed"):
        signed(scope, version, noon)


@pytest.mark.promise("P11")
def test_whoever_wrote_an_earlier_version_stays_an_author(cast, item, noon, words):
    with act_as(cast.system()):
        add_user(
            email="second@halden.test",
            name="Second",
            title="",
            roles=frozenset({Role.BRAND_LEAD, Role.REVIEWER}),
            at=noon,
            password=PASSWORD,
        )
    second = cast.user(Role.BRAND_LEAD)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        other = User.objects.get(email="second@halden.test")
    scope = replace(cast.scope(Role.REVIEWER), actor_id=other.id, person_key=other.person_key)
    writing = replace(scope, roles=frozenset({Role.BRAND_LEAD, Role.REVIEWER}))
    with act_as(writing):
        claims = [c.id for c in Claim.objects.all()]
        actions.save_version(item.id, words(claim_ids=claims), at=noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        version = Version.objects.get(item=item)
        assert set(version.author_keys) == {second.person_key, other.person_key}
    version = submitted(cast, item, noon)
    with pytest.raises(OutOfScope):
        signed(writing, version, noon)


@pytest.mark.promise("P10")
def test_a_wrong_password_signs_nothing(cast, item, noon):
    version = submitted(cast, item, noon)
    with pytest.raises(signatures.NotSigned):
        signed(cast.scope(Role.REVIEWER), version, noon, password="wrong horse")
    with act_as(cast.scope(Role.REVIEWER)):
        assert not Signature.objects.filter(object_id=version.id).exists()


@pytest.mark.promise("P10")
def test_a_submitted_version_is_never_edited(cast, item, noon, words):
    version = submitted(cast, item, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        for column in ("html", "subject", "text", "content_hash"):
            refused_by_the_database(
                f"UPDATE content_version SET {column} = reverse({column}) WHERE id = %s",
                [version.id],
                "never edited",
            )
        refused_by_the_database(
            "DELETE FROM content_claimuse WHERE version_id = %s", [version.id], "never changed"
        )
        refused_by_the_database(
            "UPDATE content_claim SET text = 'more'",
            [],
            "in use by a submitted version",
        )
        again = actions.save_version(item.id, words(), at=noon)
        assert (again.number, again.status) == (2, "draft")


@pytest.mark.promise("P10")
def test_approvals_are_void_when_a_byte_changed_behind_the_database(cast, released, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        version = reads.version(released.id)
        version.html += " "
        assert len(reads.void_signatures(version)) == 2
        assert "void" in reads.why_not_released(version)


def test_nobody_can_declare_a_version_released(cast, item, noon):
    version = submitted(cast, item, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        refused_by_the_database(
            "UPDATE content_version SET status = 'approved' WHERE id = %s",
            [version.id],
            "nothing was signed",
        )


def test_an_approval_with_changes_sends_the_version_back(cast, item, noon):
    version = submitted(cast, item, noon)
    with pytest.raises(UserError, match="say what"):
        signed(cast.scope(Role.REVIEWER), version, noon, verdict="approve_with_changes")
    signed(cast.scope(Role.REVIEWER), version, noon, verdict="approve_with_changes", comment="Dose")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert reads.version(version.id).status == "rejected"


def test_the_next_release_supersedes_the_last(cast, item, released, noon, words):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claims = [c.id for c in Claim.objects.all()]
        second = actions.save_version(item.id, words(subject="Newer", claim_ids=claims), at=noon)
        actions.submit_for_review(second.id, at=noon)
    later = noon + timedelta(hours=1)
    signed(cast.scope(Role.PARTNER_MARKETER, cast.partner), second, later)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert reads.is_released(released.id)
    signed(cast.scope(Role.REVIEWER), second, later)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert reads.version(released.id).status == "superseded"
        assert reads.is_released(second.id)


@pytest.mark.parametrize("who", ["host", "partner"])
def test_either_party_withdraws_and_nothing_leaves_any_more(cast, released, noon, who):
    scope = (
        cast.scope(Role.BRAND_LEAD)
        if who == "host"
        else cast.scope(Role.PARTNER_MARKETER, cast.partner)
    )
    with act_as(scope):
        actions.withdraw_version(released.id, reason="The label changed", at=noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert not reads.is_released(released.id)
        assert Withdrawal.objects.get(version_id=released.id).reason == "The label changed"


@pytest.mark.promise("P1")
@pytest.mark.parametrize("who", ["stranger", "society"])
def test_who_is_no_party_sees_nothing_of_an_item(cast, released, who):
    with act_as(cast.scope(Role.PARTNER_MARKETER, getattr(cast, who))):
        for model in (Item, Version, Approval, Claim, Withdrawal):
            assert model.objects.count() == 0
        assert Signature.objects.filter(object_id=released.id).count() == 0


@pytest.mark.promise("P1")
def test_a_partner_sees_submitted_versions_and_changes_none(cast, item, noon):
    partner = cast.scope(Role.PARTNER_MARKETER, cast.partner)
    with act_as(partner):
        assert Item.objects.count() == 1
        assert Version.objects.count() == 0
        assert Claim.objects.count() == 0
    submitted(cast, item, noon)
    with act_as(partner):
        assert Version.objects.count() == 1
        assert Claim.objects.get().references.count() == 1
        assert Item.objects.update(title="Ours") == 0
        assert Version.objects.update(subject="Ours") == 0


@pytest.mark.feature("policy/guardrails")
def test_a_version_without_a_way_out_never_reaches_a_reviewer(cast, item, noon, words):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        version = actions.save_version(
            item.id, words(text="No way out", support_statement="Supported."), at=noon
        )
        with pytest.raises(NotReady) as refused:
            actions.submit_for_review(version.id, at=noon)
        assert {finding.code for finding in refused.value.findings} >= {
            "unsubscribe",
            "postal_address",
            "ad",
            "support",
        }
        assert reads.version(version.id).status == "draft"


def test_a_reviewer_finds_what_waits_for_him_until_he_has_signed(cast, item, noon):
    version = submitted(cast, item, noon)
    reviewer = cast.scope(Role.REVIEWER)
    with act_as(reviewer):
        assert [each.id for each in reads.queue()] == [version.id]
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert reads.queue() == []
    signed(reviewer, version, noon)
    with act_as(reviewer):
        assert reads.queue() == []
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert [each.id for each in reads.queue()] == [version.id]


@pytest.mark.feature("content/content-metadata")
def test_a_claim_knows_where_it_is_used_and_a_withdrawn_one_stops_the_next_review(
    cast, item, noon, words
):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = Claim.objects.get()
        assert [use.item_id for use in reads.uses_of(claim.id)] == [item.id]
        actions.withdraw_claim(claim.id, reason="No longer true", at=noon)
        with pytest.raises(NotReady, match="not withdrawn"):
            actions.submit_for_review(Version.objects.get(item=item).id, at=noon)


def test_html_is_stored_without_what_runs_or_loads(cast, item, noon, words):
    html = (
        "<p>Hi {{given_name}}</p><script>x()</script><img src='https://t.test/p.gif'><form></form>"
    )
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert (
            actions.save_version(item.id, words(html=html), at=noon).html
            == "<p>Hi {{given_name}}</p>"
        )
        with pytest.raises(UserError, match="no such merge field"):
            actions.save_version(item.id, words(html="{{npi}}"), at=noon)


def test_a_version_past_its_last_day_is_not_released(cast, released, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert reads.version(released.id).expires_on == date(2027, 11, 20)
        assert reads.is_released(released.id, at=noon + timedelta(days=365))
        assert not reads.is_released(released.id, at=noon + timedelta(days=366))


def test_what_a_version_holds_is_signed_with_it(cast, released):
    with act_as(cast.system()):
        found = Version.objects.get(id=released.id)
        assert fingerprint_of(found) == found.content_hash
        found.holds = ["says_new"]
        assert fingerprint_of(found) != found.content_hash
        refused_by_the_database(
            "UPDATE content_version SET holds = '{}' WHERE id = %s", [released.id], "never edited"
        )


def test_a_filing_is_recorded_once_and_never_ahead(cast, released, noon):
    given = {"authority": "fda", "reference": "2253-1", "at": noon}
    with act_as(cast.scope(Role.REVIEWER)):
        with pytest.raises(UserError, match="once it was made"):
            actions.record_filing(released.id, filed_on=noon.date() + timedelta(days=1), **given)
        actions.record_filing(released.id, filed_on=noon.date(), **given)
        with pytest.raises(UserError, match="filed there already"):
            actions.record_filing(released.id, filed_on=noon.date(), **given)
