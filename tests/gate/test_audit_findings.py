"""Findings of audits: what is done about them, by whom, until when, and the figures."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import User
from entente.foundation.organisations import grant_role
from entente.policy.actions.audit_actions import (
    Measure,
    finish_action,
    open_action,
    verify_action,
)
from entente.policy.actions.audits import (
    answer_item,
)
from entente.policy.models import AuditItem
from entente.policy.reads.audits import figures, items, my_actions
from tests.gate.audit_world import NOVEMBER, finding

pytestmark = pytest.mark.feature("policy/compliance-audits")


@pytest.fixture
def lead(cast):
    return cast.scope(Role.BRAND_LEAD)


@pytest.fixture
def action(first, officer, lead, later):
    finding(officer, first, later)
    with act_as(officer):
        return open_action(
            first.id, Measure("corrective", "Mend it", lead.actor_id, later.date()), at=later
        )


def test_a_finding_is_acted_on_by_its_owner_and_verified_by_another(action, officer, lead, later):
    with act_as(officer), pytest.raises(OutOfScope, match="Brand Lead of Halden does this"):
        finish_action(action.id, "I say so", at=later)
    with act_as(officer), pytest.raises(UserError, match="not done"):
        verify_action(action.id, accept=True, at=later)
    with act_as(lead):
        assert [one.id for one in my_actions(lead)] == [action.id]
        with pytest.raises(UserError, match="shows"):
            finish_action(action.id, " ", at=later)
        finish_action(action.id, "Minutes of 2 December", at=later)
        with pytest.raises(UserError, match="already"):
            finish_action(action.id, "again", at=later)
        with pytest.raises(OutOfScope):
            verify_action(action.id, accept=True, at=later)
    with act_as(officer):
        row = verify_action(action.id, accept=True, at=later)
        assert row.verified_by_name == "Compliance of Halden"
        with pytest.raises(UserError, match="already"):
            verify_action(action.id, accept=True, at=later)


@pytest.mark.promise("P11")
def test_nobody_verifies_what_he_did_himself(cast, action, lead, later):
    user = cast.user(Role.BRAND_LEAD)
    with act_as(cast.system()):
        grant_role(User.objects.get(id=user.id), Role.COMPLIANCE, at=later)
    both = cast.scope(Role.BRAND_LEAD)
    with act_as(both):
        finish_action(action.id, "Minutes", at=later)
        with pytest.raises(OutOfScope, match="you did this"):
            verify_action(action.id, accept=True, at=later)


def test_what_does_not_hold_goes_back_with_a_reason(action, officer, lead, later):
    with act_as(lead):
        finish_action(action.id, "Minutes", at=later)
    with act_as(officer):
        with pytest.raises(UserError, match="goes back"):
            verify_action(action.id, accept=False, at=later)
        row = verify_action(action.id, accept=False, reason="No minutes there", at=later)
        assert (row.done_at, row.returned_why) == (None, "No minutes there")
    with act_as(lead):
        finish_action(action.id, "Minutes, now in the file", at=later)


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"kind": "odd"}, "corrective"), ({"what": " "}, "what is to"),
     ({"owner_id": uuid4()}, "no such"), ({"due_on": NOVEMBER}, "today")],
)  # fmt: skip
def test_an_action_says_what_who_and_until_when(first, officer, lead, later, changes, word):
    finding(officer, first, later)
    given = {"kind": "preventive", "what": "Teach", "owner_id": lead.actor_id,
             "due_on": later.date()} | changes  # fmt: skip
    with act_as(officer), pytest.raises(UserError, match=word):
        open_action(first.id, Measure(**given), at=later)


def test_what_is_in_order_asks_for_no_action(first, officer, lead, later):
    with act_as(officer):
        answer_item(first.id, in_order=True, at=later)
        with pytest.raises(UserError, match="only a finding"):
            open_action(first.id, Measure("corrective", "x", lead.actor_id, later.date()), at=later)


# Figures.


def test_figures_count_what_was_looked_at_by_month_and_partner(cast, sample, officer, lead, later):
    with act_as(officer):
        rows = list(items(sample_id=sample.id).order_by("place"))
        AuditItem.objects.filter(id=rows[0].id).update(partner=cast.partner)
        for row in rows[1:4]:
            answer_item(row.id, in_order=True, at=later)
    finding(officer, rows[0], later)
    with act_as(officer):
        due = later.date()
        open_action(rows[0].id, Measure("corrective", "Mend", lead.actor_id, due), at=later)
        found = figures((later + timedelta(days=3)).date())
    total = found.total
    assert (total.rate.n_findings, total.rate.n_answered) == (1, 4)
    assert total.rate.low < total.rate.share == 0.25 < total.rate.high
    assert (total.n_open, total.n_late) == (1, 1)
    assert [line.label for line in found.by_month] == ["2026-11"]
    by_partner = {line.label: line.rate.n_findings for line in found.by_partner}
    assert by_partner == {"": 0, "Northlake Health System": 1}


def test_without_an_answer_there_is_no_rate(sample, officer, later):
    with act_as(officer):
        assert figures(later.date()).total.rate.share is None
