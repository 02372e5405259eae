"""The rule matrix by action and by program: drafted cell by cell, then it decides."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from entente.engagement.actions import SendRequest, request_send
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.policy.actions import activate_pack, save_draft, set_lane
from entente.policy.domain.matrix import PACK_ID, Cell
from entente.policy.models import PackDraft
from entente.policy.reads.matrix import standing_matrix
from tests.cast import PASSWORD

EMAIL_IN_FRANCE = Cell(channel="email", country="FR")
EDUCATION_BY_EMAIL = Cell(channel="email", claim="educational")


def put(cast, at, cell, lane):
    with act_as(cast.scope(Role.COMPLIANCE)):
        return set_lane(cell, lane, at=at)


def sign(cast, at, draft):
    with act_as(cast.scope(Role.REVIEWER)):
        return activate_pack(draft.id, from_on=at.date(), password=PASSWORD, at=at)


def asked(cast, world, hcp_id, at):
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        return request_send(SendRequest(hcp_id, world.version, world.entity, "education"), at=at)


@pytest.mark.feature("policy/rule-matrix")
def test_a_closed_cell_refuses_what_it_covers_and_nothing_else(cast, world, noon):
    later = noon + timedelta(hours=4)
    put(cast, later, EMAIL_IN_FRANCE, "closed")
    draft = put(cast, later, EDUCATION_BY_EMAIL, "refer-legal")
    sign(cast, later, draft)
    decision = asked(cast, world, world.willing, later).decision
    assert "MX-ANY-EMAIL-EDUCATIONAL-ANY" in decision.rule_ids
    assert "MX-ANY-EMAIL-ANY-FR" not in decision.rule_ids
    assert decision.outcome == "REFER"


def test_cells_gather_in_one_draft_and_the_next_version_begins_from_what_is_in_force(
    cast, world, noon
):
    first = put(cast, noon, EMAIL_IN_FRANCE, "closed")
    again = put(cast, noon, EDUCATION_BY_EMAIL, "refer-legal")
    assert first.id == again.id
    sign(cast, noon, again)
    next_one = put(cast, noon + timedelta(days=1), EMAIL_IN_FRANCE, "open")
    assert next_one.id != first.id
    assert (next_one.pack, next_one.version) == (PACK_ID, "2.0.0")
    assert next_one.note == "any / email / any / FR: closed to open"
    with act_as(cast.scope(Role.COMPLIANCE)):
        standing = standing_matrix((noon + timedelta(days=1)).date())
        assert standing.matrix == {EDUCATION_BY_EMAIL: "refer-legal"}
        assert standing.draft.id == next_one.id


@pytest.mark.parametrize(
    ("cell", "lane", "told"),
    [
        (Cell(), "closed", "choose at least"),
        (Cell(audience="doctors"), "closed", "no audience 'doctors'"),
        (Cell(country="UK"), "closed", "no country"),
        (Cell(channel="email"), "shut", "no lane 'shut'"),
        (Cell(channel="email"), "open", "every cell would be open"),
    ],
)
def test_a_cell_that_means_nothing_is_refused_and_nothing_is_written(cast, noon, cell, lane, told):
    with pytest.raises(UserError, match=told):
        put(cast, noon, cell, lane)
    with act_as(cast.system()):
        assert not PackDraft.objects.exists()


def test_rules_written_by_hand_are_never_written_over(cast, noon):
    draft = put(cast, noon, EMAIL_IN_FRANCE, "closed")
    by_hand = draft.text.replace("'email', 'call', ", "'email', ")
    with act_as(cast.scope(Role.COMPLIANCE)):
        save_draft(by_hand, note="By hand", at=noon, draft_id=draft.id)
    with pytest.raises(UserError, match="MX-ANY-EMAIL-ANY-FR"):
        put(cast, noon, EDUCATION_BY_EMAIL, "closed")


def test_only_whoever_writes_packs_changes_the_matrix(cast, noon):
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        set_lane(EMAIL_IN_FRANCE, "closed", at=noon)


def test_the_matrix_is_read_and_changed_by_program(cast, noon, program):
    officer = program(Role.COMPLIANCE)
    cell = {"audience": "any", "channel": "sms", "claim": "any", "country": "any"}
    body = json.dumps({"channel": "sms", "lane": "closed"})
    made = officer.post("/api/policy/matrix", body, content_type="application/json")
    assert made.status_code == 201, made.text
    assert made.json()["pack"] == PACK_ID
    assert officer.get("/api/policy/matrix").json() == [cell | {"lane": "closed"}]
