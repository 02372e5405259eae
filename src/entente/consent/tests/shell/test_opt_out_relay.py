"""An opt-out reaches every company that the words named; an opt-in reaches nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from entente.consent import actions, reads
from entente.consent.actions import Shown
from entente.consent.models import Capture, Withdrawal
from entente.directory.actions import add_legal_entity
from entente.foundation.access.scope import Scope, act_as
from entente.foundation.models import LedgerEntry, OutboxMessage
from entente.foundation.outbox.deliver import deliver_due

pytestmark = pytest.mark.feature("consent/consent")
HOUR = timedelta(hours=1)


class NoMail:
    """A mail server that cannot be reached, so that only events are delivered."""

    def trouble(self) -> str:
        return "no mail in this test"


@dataclass(frozen=True)
class Joint:
    """A partner whose company the words name, and one whose company they do not name."""

    partner: Scope
    named: UUID
    stranger: Scope
    unnamed: UUID


@pytest.fixture
def joint(asked, cast, noon) -> Joint:
    made = []
    for organisation in (cast.partner, cast.stranger):
        with act_as(cast.system(organisation)):
            entity = add_legal_entity(
                name=f"{organisation.name} Inc", country="US", postal_address="1 Road", at=noon
            )
        made += [cast.system(organisation), entity.id]
    with act_as(asked.scope):
        words = actions.stage_wording(
            version="joint-1", country="US", language="en", text="May Halden Pharma Inc and Northlake Health System Inc write to you?",
            shown=Shown(controllers=[made[1]]), at=noon,
        )  # fmt: skip
        actions.activate_wording(words.id, at=noon)
    joint = Joint(*made)
    for scope, controller, version in (
        (asked.scope, asked.controller_id, "joint-1"),
        (joint.partner, joint.named, "northlake-1"),
        (joint.stranger, joint.unnamed, "stranger-1"),
    ):
        with act_as(scope):
            give(asked, noon - 9 * HOUR, controller, version)
    return joint


def give(asked, at, controller, version, **more):
    given = {
        "hcp_id": asked.hcp_id, "controller_id": controller, "channel": "email",
        "purpose": "promotion", "wording_version": version, "source": "congress",
        "method": "form", "proof_ref": "form 17", "captured_at": at, "at": at,
    }  # fmt: skip
    return actions.capture_consent(**given | more)


def deliver(at, times=2):
    for _ in range(times):
        deliver_due(NoMail(), clock=lambda: at)


def status(scope, hcp_id, controller, at):
    with act_as(scope):
        return reads.state_as_of(hcp_id, controller, "email", "promotion", at).status


def test_an_opt_out_is_told_to_the_company_that_the_words_named_and_to_no_other(asked, joint, noon):
    with act_as(asked.scope):
        taken = actions.withdraw_consent(
            hcp_id=asked.hcp_id, controller_id=asked.controller_id, channel="email",
            source="one_click", at=noon,
        )  # fmt: skip
    deliver(noon + HOUR)
    assert status(joint.partner, asked.hcp_id, joint.named, noon) == "withdrawn"
    assert status(joint.stranger, asked.hcp_id, joint.unnamed, noon) == "granted"
    with act_as(joint.partner):
        told = Withdrawal.objects.get()
        assert (told.source, told.relayed_from, told.withdrawn_at) == ("relay", taken.id, noon)
        assert "Halden Pharma Inc" in told.reason
    with act_as(asked.scope):
        assert LedgerEntry.objects.filter(verb="consent.withdrawal.relayed").count() == 1


def test_what_was_told_once_is_told_once_and_goes_no_further(asked, joint, noon):
    with act_as(asked.scope):
        actions.withdraw_consent(
            hcp_id=asked.hcp_id, controller_id=asked.controller_id, channel="email",
            source="one_click", at=noon,
        )  # fmt: skip
    deliver(noon + HOUR)
    with act_as(asked.scope):
        OutboxMessage.objects.filter(topic="consent.withdrawal.recorded").update(state="pending")
    deliver(noon + HOUR, times=3)
    with act_as(joint.partner):
        assert Withdrawal.objects.count() == 1
    with act_as(asked.scope):
        assert Withdrawal.objects.count() == 1


def test_a_stop_is_told_as_a_withdrawal_of_everything(asked, joint, noon):
    with act_as(asked.scope):
        actions.suppress(asked.hcp_id, "asked by telephone", noon)
    deliver(noon + HOUR)
    with act_as(joint.partner):
        told = Withdrawal.objects.get()
        assert (told.channel, told.purpose) == ("any", "")
    assert status(joint.partner, asked.hcp_id, joint.named, noon) == "withdrawn"


def test_a_stop_by_law_says_nothing_about_others(asked, joint, noon):
    with act_as(asked.scope):
        actions.suppress(asked.hcp_id, "court order", noon, kind="never")
    deliver(noon + HOUR)
    assert status(joint.partner, asked.hcp_id, joint.named, noon) == "granted"


def test_an_opt_in_is_told_to_nobody(asked, joint, noon):
    with act_as(asked.scope):
        give(asked, noon, asked.controller_id, "joint-1", purpose="event")
    deliver(noon + HOUR)
    with act_as(joint.partner):
        assert Capture.objects.count() == 1


def test_a_later_permission_to_the_other_company_outlives_an_older_opt_out(asked, joint, noon):
    with act_as(joint.partner):
        give(asked, noon + HOUR, joint.named, "northlake-1")
    with act_as(asked.scope):
        actions.withdraw_consent(
            hcp_id=asked.hcp_id, controller_id=asked.controller_id, channel="email",
            source="mail", at=noon,
        )  # fmt: skip
    deliver(noon + 2 * HOUR)
    assert status(joint.partner, asked.hcp_id, joint.named, noon + 2 * HOUR) == "granted"


def test_another_purpose_than_the_words_were_about_is_not_told(asked, joint, noon):
    with act_as(asked.scope):
        actions.withdraw_consent(
            hcp_id=asked.hcp_id, controller_id=asked.controller_id, channel="email",
            purpose="medical", source="mail", at=noon,
        )  # fmt: skip
    deliver(noon + HOUR)
    with act_as(joint.partner):
        assert not Withdrawal.objects.exists()
