"""A licence that ends while a campaign runs stops the mail that has not left yet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entente.consent.actions import capture_consent
from entente.directory.actions import add_licence
from entente.engagement.actions.deliver_send import prepare
from entente.engagement.actions.request_send import SendRequest, request_send
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import OutboxMessage
from entente.foundation.outbox import Withheld

pytestmark = pytest.mark.feature("directory/hcp-types")
RULE = "PG-LIC-1"


@pytest.mark.promise("P3")
def test_a_licence_that_ends_after_the_request_holds_the_mail_back(cast, world, noon):
    rep, day, at = cast.scope(Role.REPRESENTATIVE), noon.date(), noon + timedelta(hours=4)
    request = SendRequest(
        hcp_id=world.willing, version_id=world.version, controller_id=world.entity,
        purpose="promotion", campaign_id=None,
    )  # fmt: skip
    with act_as(cast.system()):
        add_licence(world.willing, country="US", region="MA", number="M1", expires_on=day, at=noon)
        capture_consent(
            hcp_id=world.willing, controller_id=world.entity, channel="email",
            purpose="promotion", wording_version="1", source="congress", method="form",
            proof_ref="form 18", captured_at=noon - timedelta(days=30), at=noon,
        )  # fmt: skip
    with act_as(rep):
        row = request_send(request, at=at)
        message = OutboxMessage(object_id=row.id)
        answer = prepare(message, at + timedelta(days=3))
    assert RULE not in row.decision.rule_ids
    assert isinstance(answer, Withheld)
    held_by = set(answer.reason.removeprefix("held back by ").split(", "))
    assert held_by - set(row.decision.rule_ids) == {RULE}
