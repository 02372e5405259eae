"""Signing, ending, expiring, replacing in any order: sight is what an obvious twin says it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from entente.consent import actions, reads
from entente.consent.models import OverlapComparison, ShareContractSide
from entente.foundation.access.scope import act_as, switched
from entente.foundation.errors import UserError
from tests.cast import PASSWORD
from tests.sharing import OPENING, Parties, npis, register_people

# Days between the first step of a run and today; no run waits as long.
PAST = 400


def machine(cast, n_steps, n_runs):
    """Make and run the machine; every run begins with nothing shared, and ends before today.

    A share has to be in force at the moment asked about and today, so the twin has both.
    """
    noon = datetime.now(UTC).replace(hour=12, minute=0) - timedelta(days=PAST)
    opening = replace(OPENING, from_on=noon.date())
    with act_as(cast.system()):
        register_people(cast.host.id, range(1, 100))
    parties = Parties(cast, noon)
    lists = parties.load(0, npis(1, 60)), parties.load(1, npis(20, 100))

    class Sharing(RuleBasedStateMachine):
        """The platform and its twin: a dict per contract, and a clock of days."""

        def __init__(self):
            super().__init__()
            self.day, self.twins = 0, []
            self.savepoint = transaction.atomic()
            self.savepoint.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

        @property
        def at(self):
            return noon + timedelta(days=self.day, seconds=len(self.twins))

        def _pick(self, number):
            return self.twins[number % len(self.twins)] if self.twins else None

        def _open(self, twin):
            return self._state(twin) == self._state(twin, PAST) == "in_force"

        def _state(self, twin, day=None):
            if not twin["proposed"]:
                return "draft"
            if twin["ended"]:
                return "ended"
            if (self.day if day is None else day) > twin["last"]:
                return "expired"
            if twin["signed"] != {0, 1}:
                return "proposed"
            if any(t["replaces"] is twin and t["signed"] == {0, 1} for t in self.twins):
                return "replaced"
            return "in_force"

        @rule(last=st.integers(0, 6) | st.just(2 * PAST), old=st.none() | st.integers(0, 5))
        def write(self, last, old):
            replaced = None if old is None else self._pick(old)
            if replaced and not replaced["proposed"]:
                replaced = None
            terms = replace(opening, to_on=noon.date() + timedelta(days=self.day + last))
            with switched(parties.privacy):
                made = actions.draft_share(
                    terms, partner_id=parties.partner.id, at=self.at,
                    replaces_id=replaced["id"] if replaced else None,
                )  # fmt: skip
            self.twins.append(
                {"id": made.id, "proposed": False, "signed": set(), "ended": False,
                 "last": self.day + last, "replaces": replaced, "compared": None}
            )  # fmt: skip

        @rule(number=st.integers(0, 5))
        def propose(self, number):
            twin = self._pick(number)
            if not twin:
                return
            self._try(parties.privacy, not twin["proposed"],
                      lambda: actions.propose_share(twin["id"], at=self.at))  # fmt: skip
            twin["proposed"] = True

        @rule(number=st.integers(0, 5), side=st.integers(0, 1))
        def sign(self, number, side):
            twin = self._pick(number)
            if not twin or not twin["proposed"]:
                return
            may = side not in twin["signed"] and self._state(twin) not in {"ended", "expired"}
            if self._try(parties.scope(side), may,
                         lambda: actions.sign_share(twin["id"], password=PASSWORD, at=self.at)):  # fmt: skip
                twin["signed"].add(side)

        @rule(number=st.integers(0, 5), side=st.integers(0, 1))
        def end(self, number, side):
            twin = self._pick(number)
            if not twin or not twin["proposed"]:
                return
            if self._try(parties.scope(side), not twin["ended"],
                         lambda: actions.end_share(twin["id"], reason="over", at=self.at)):  # fmt: skip
                twin["ended"] = True

        @rule(days=st.integers(1, 3))
        def wait(self, days):
            self.day += days

        @rule(number=st.integers(0, 5))
        def compare(self, number):
            twin = self._pick(number)
            if not twin or twin["compared"] or sum(bool(t["compared"]) for t in self.twins) >= 5:
                return
            may = self._open(twin)

            def both():
                for side in (0, 1):
                    with switched(parties.scope(side)):
                        actions.offer_list(twin["id"], lists[side], at=self.at)
                with switched(parties.privacy):
                    return actions.compare_lists(twin["id"], at=self.at)

            if not twin["proposed"]:
                return
            try:
                with transaction.atomic():
                    twin["compared"] = both().id
            except UserError:
                assert not may
            else:
                assert may

        def _try(self, scope, may, act):
            try:
                with switched(scope), transaction.atomic():
                    act()
            except UserError:
                assert not may
                return False
            assert may
            return True

        @invariant()
        def both_sides_see_what_the_twin_says(self):
            for twin in self.twins:
                state = self._state(twin)
                for side in (0, 1):
                    with switched(parties.scope(side)):
                        if side == 1 and not twin["proposed"]:
                            assert not ShareContractSide.objects.filter(
                                contract_id=twin["id"]
                            ).exists()
                            continue
                        assert reads.share_state(twin["id"], self.at) == state
                        if not twin["compared"]:
                            continue
                        try:
                            people = actions.read_people(twin["compared"], at=self.at)
                        except OverlapComparison.DoesNotExist:
                            people = []
                        assert len(people) == (40 if self._open(twin) else 0)

    run_state_machine_as_test(
        Sharing,
        settings=settings(
            max_examples=n_runs, stateful_step_count=n_steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.feature("consent/data-share-contract")
@pytest.mark.promise("P3")
def test_shared_is_shared_and_unshared_ends_at_once(cast):
    machine(cast, n_steps=15, n_runs=15)


@pytest.mark.slow
@pytest.mark.feature("consent/data-share-contract")
@pytest.mark.promise("P3")
def test_shared_is_shared_and_unshared_ends_at_once_through_many_runs(cast):
    machine(cast, n_steps=50, n_runs=80)
