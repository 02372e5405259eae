"""Criteria, windows, states and account families, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.deals.domain.accounts import account_key, folded, near_keys
from entente.deals.domain.criteria import CRITERIA, missing_criteria
from entente.deals.domain.states import MOVES, OPEN, Status, after_acceptance
from entente.deals.domain.windows import days_left, protection_window, warning

pytestmark = pytest.mark.feature("deals/deal-protection")
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@given(st.sampled_from(sorted(CRITERIA)), st.data())
def test_a_deal_is_qualified_only_when_every_stated_criterion_is_confirmed(kind, data):
    confirmed = data.draw(st.sets(st.sampled_from(sorted(CRITERIA[kind]))))
    assert set(missing_criteria(kind, confirmed)) | confirmed == set(CRITERIA[kind])
    assert (missing_criteria(kind, confirmed) == ()) == (confirmed == set(CRITERIA[kind]))


def test_a_criterion_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="not among the criteria"):
        missing_criteria("renewal", ["budget"])


@given(st.integers(1, 400), st.timedeltas(timedelta(0), timedelta(days=500)))
def test_a_protection_is_over_exactly_at_its_end(n_days, later):
    starts_at, ends_at = protection_window(AT, n_days)
    assert ends_at - starts_at == timedelta(days=n_days)
    moment = AT + later
    assert (days_left(ends_at, moment) > 0) == (moment < ends_at)


@pytest.mark.parametrize(
    ("left", "mark"), [(0, 7), (7, 7), (8, 30), (30, 30), (31, 60), (60, 60), (61, None)]
)
def test_warnings_come_at_60_30_and_7_days(left, mark):
    assert warning(left) == mark


def test_only_open_deals_wait_and_every_state_has_its_moves():
    assert set(MOVES) == {state.value for state in Status}
    assert all("protected" in MOVES[name] for name in OPEN if name != "submitted")
    assert after_acceptance(vendor=False, partner=False) == Status.SUBMITTED
    assert after_acceptance(vendor=False, partner=True) == Status.ACCEPTED_BY_PARTNER


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@given(st.uuids(), st.uuids(), st.text("abc .,-", min_size=3, max_size=20).filter(folded))
def test_sites_of_one_family_share_a_key_however_its_name_is_written(one, other, parent):
    assert account_key(str(one), parent) == account_key(str(other), f" {parent.upper()} ")
    assert account_key(str(one), parent) not in near_keys(str(one), "a", parent)
