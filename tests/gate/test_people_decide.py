"""Referrals and waivers: what a rule leaves to people, who may decide it, and what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entente.engagement.actions import SendRequest, request_send
from entente.engagement.actions.hear_referral import hear_referral
from entente.engagement.models import Send
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as, signing_in
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.models import LedgerEntry, OutboxMessage, User, new_id
from entente.foundation.organisations import add_user, grant_role, scope_of
from entente.foundation.signatures import NotSigned
from entente.policy.actions import (
    SETTLED,
    Scoped,
    answer_referral,
    decide,
    end_waiver,
    grant_waiver,
)
from entente.policy.models import Referral, Waiver
from entente.policy.reads import replay
from tests.cast import PASSWORD


@pytest.fixture
def at(noon):
    return noon + timedelta(hours=4)


@pytest.fixture
def newcomer(cast, noon):
    """A representative whose training nobody recorded, so that compliance looks first."""
    with act_as(cast.system()):
        add_user(
            email="nell@halden.test", name="Nell Newcomer", title="Representative",
            roles=frozenset({Role.REPRESENTATIVE}), at=noon, password=PASSWORD,
        )  # fmt: skip

    def scope():
        with signing_in():
            return scope_of(User.objects.select_related("org").get(email="nell@halden.test"))

    return scope


@pytest.fixture
def referred(world, newcomer, at):
    with act_as(newcomer()):
        return request_send(
            SendRequest(world.willing, world.version, world.entity, "education"), at=at
        )


def the_referral(cast, send):
    with act_as(cast.system()):
        return Referral.objects.get(object_id=send.id)


def answered(scope, referral, at, *, approve=True, reason="Shadowed by a colleague.",
             password=PASSWORD):  # fmt: skip
    with act_as(scope):
        return answer_referral(
            referral.id, approve=approve, reason=reason, password=password, at=at
        )


def heard(cast, at):
    """Let engagement hear the events that wait, as the worker does."""
    with act_as(cast.system()):
        for message in OutboxMessage.objects.filter(topic=SETTLED, state="pending"):
            hear_referral(message, at)


def again(cast, send):
    with act_as(cast.system()):
        return Send.objects.get(id=send.id)


def test_a_referral_waits_for_its_role_with_a_clock(cast, referred, at):
    assert referred.status == Send.Status.REFERRED
    row = the_referral(cast, referred)
    assert (row.role, row.rule_ids, row.due_at) == (
        "compliance", ["PG-TRN-1", "US-PHRMA-TRN-1"], at + timedelta(days=3),
    )  # fmt: skip


def test_an_approved_send_leaves_and_the_gate_permits_it_now(cast, referred, at):
    answered(cast.scope(Role.COMPLIANCE), the_referral(cast, referred), at)
    heard(cast, at)
    row = again(cast, referred)
    assert row.status == Send.Status.QUEUED
    with act_as(cast.system()):
        assert OutboxMessage.objects.filter(object_id=row.id, kind="email").count() == 1
        act = Act(
            "email", at, recipient_id=row.hcp_id, channel="email", purpose="education",
            controller_id=row.controller_id, version_id=row.version_id, object_id=row.id,
            actor_id=row.requested_by_id,
            given={"action.sender_role": "sales", "action.promotional": False,
                   "recipient.has_address": True},
        )  # fmt: skip
        decision = decide(act, object_kind="engagement.send", object_id=row.id)
        assert (decision.outcome, decision.rule_ids) == (
            "PERMIT",
            ["PG-TRN-1", "US-PHRMA-TRN-1"],
        )
        assert len(decision.overrides) == 2
        other = decide(act, object_kind="engagement.send", object_id=cast.host.id)
        assert other.outcome == "REFER", "approval is for that one send"


def test_a_declined_send_is_over_and_says_by_whom(cast, referred, at):
    answered(cast.scope(Role.COMPLIANCE), the_referral(cast, referred), at, approve=False)
    heard(cast, at)
    row = again(cast, referred)
    assert row.status == Send.Status.FORBIDDEN
    assert row.outcome.startswith("declined by Compliance of Halden: Shadowed")


@pytest.mark.promise("P11")
def test_nobody_answers_his_own_request_or_another_role_s(cast, referred, newcomer, at):
    row = the_referral(cast, referred)
    with act_as(cast.system()):
        user = User.objects.get(email="nell@halden.test")
        grant_role(user, Role.COMPLIANCE, at=at)
    with pytest.raises(OutOfScope, match="you asked"):
        answered(newcomer(), row, at)
    with pytest.raises(OutOfScope, match="waits for compliance"):
        answered(cast.scope(Role.FINANCE), row, at)
    with pytest.raises(OutOfScope):
        answered(cast.scope(Role.REPRESENTATIVE), row, at)


def test_an_answer_needs_a_reason_a_password_and_is_given_once(cast, referred, at):
    row, scope = the_referral(cast, referred), cast.scope(Role.COMPLIANCE)
    with pytest.raises(UserError, match="say why"):
        answered(scope, row, at, reason=" ")
    with pytest.raises(NotSigned):
        answered(scope, row, at, password="wrong")
    answered(scope, row, at)
    with pytest.raises(UserError, match="already"):
        answered(scope, row, at)


def test_no_partner_sees_or_answers_a_referral_of_the_host(cast, referred, at):
    row = the_referral(cast, referred)
    with pytest.raises(Referral.DoesNotExist):
        answered(cast.scope(Role.PARTNER_ADMINISTRATOR, cast.partner), row, at)


def promotional(world, at):
    return Act(
        "email", at, recipient_id=world.willing, channel="email", purpose="education",
        controller_id=world.entity, version_id=world.version,
        given={"action.sender_role": "sales", "action.promotional": True,
               "recipient.has_address": True},
    )  # fmt: skip


def granted(cast, rule_id, scoped, at, role=Role.COMPLIANCE, **more):
    given = {"reason": "A congress tonight.", "valid_until": at + timedelta(days=1),
             "password": PASSWORD, "at": at} | more  # fmt: skip
    with act_as(cast.scope(role)):
        return grant_waiver(rule_id, scoped, **given)


def asked(cast, act):
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        return decide(act)


def test_a_waiver_sets_one_rule_aside_for_one_person_until_it_ends(cast, world, noon):
    # Eight in the evening in Massachusetts: outside the hours in which promotion is welcome.
    late = noon + timedelta(hours=13, minutes=30)
    before = asked(cast, promotional(world, late))
    assert "PG-QUIET-1" in before.rule_ids
    others = set(before.rule_ids) - {"PG-QUIET-1"}
    waiver = granted(cast, "PG-QUIET-1", Scoped(recipient_id=world.willing), late)
    after = asked(cast, promotional(world, late))
    assert after.overrides == [waiver.id]
    assert set(after.rule_ids) == {"PG-QUIET-1", *others}, "what did not pass stays on record"
    elsewhere = Act(**{**vars(promotional(world, late)), "recipient_id": world.silent})
    assert asked(cast, elsewhere).overrides == []
    with act_as(cast.scope(Role.COMPLIANCE)):
        end_waiver(waiver.id, at=late)
        assert LedgerEntry.objects.filter(object_id=waiver.id).count() >= 2
    assert asked(cast, promotional(world, late)).overrides == []


@pytest.mark.parametrize("rule_id", ["PG-CONS-1", "PG-MLR-1", "US-CANSPAM-1", "EU-GDPR-WD-1"])
def test_consent_review_and_law_are_never_waived(cast, at, rule_id):
    with pytest.raises(UserError, match="allows no waiver"):
        granted(cast, rule_id, Scoped(), at)


def test_a_waiver_needs_the_named_role_a_reason_and_an_end(cast, at):
    with pytest.raises(UserError, match="say why"):
        granted(cast, "PG-FREQ-1", Scoped(), at, reason="")
    with pytest.raises(UserError, match="within a year"):
        granted(cast, "PG-FREQ-1", Scoped(), at, valid_until=at + timedelta(days=500))
    with pytest.raises(UserError, match="within a year"):
        granted(cast, "PG-FREQ-1", Scoped(), at, valid_until=at)
    with pytest.raises(UserError, match="there is no rule"):
        granted(cast, "PG-NONE-1", Scoped(), at)
    with pytest.raises(OutOfScope):
        granted(cast, "PG-FREQ-1", Scoped(), at, role=Role.REPRESENTATIVE)
    with act_as(cast.system()):
        assert not Waiver.objects.exists()


def test_a_decision_made_under_an_approval_is_made_again_alike(cast, referred, at):
    answered(cast.scope(Role.COMPLIANCE), the_referral(cast, referred), at)
    row = again(cast, referred)
    act = Act(
        "email", at, recipient_id=row.hcp_id, channel="email", purpose="education",
        controller_id=row.controller_id, version_id=row.version_id, object_id=row.id,
        actor_id=row.requested_by_id,
        given={"action.sender_role": "sales", "action.promotional": False,
               "recipient.has_address": True},
    )  # fmt: skip
    with act_as(cast.system()):
        decision = decide(act, object_kind="engagement.send", object_id=row.id)
        assert decision.outcome == "PERMIT"
        assert replay(decision).same


def test_what_is_approved_for_want_of_a_fact_is_asked_again_once_the_fact_is_known(cast, at):
    thing = new_id()

    def asked(**facts):
        act = Act("meal", at, country="US", given={"action.promotional": True, **facts})
        with act_as(cast.scope(Role.REPRESENTATIVE)):
            return decide(act, object_kind="test.meal", object_id=thing)

    unknown = asked()
    assert (unknown.outcome, "US-PHRMA-MEAL-3" in unknown.rule_ids) == ("REFER", True)
    with act_as(cast.system()):
        waiting = list(Referral.objects.filter(object_id=thing))
    for referral in waiting:
        role = {"compliance": Role.COMPLIANCE, "legal": Role.REVIEWER}[referral.role]
        answered(cast.scope(role), referral, at)
    assert asked().outcome == "PERMIT"
    assert asked(**{"meal.takeaway": True}).outcome == "FORBID"
