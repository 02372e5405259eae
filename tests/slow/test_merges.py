"""Thousands of random lives of records: joined, asked, refused, stopped, parted.

After every step the state of each record's permission is compared with a twin in plain Python
that keeps lists, and three things are checked that must never be: a permission wider than before
a merge, a record lost, a past day answered otherwise.
"""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from entente.consent import actions, reads
from entente.directory.actions import add_hcp, add_legal_entity, merge_hcps, unmerge_hcps
from entente.directory.models import Hcp
from entente.foundation.access.scope import act_as
from tests.cast import POSTAL_ADDRESS

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
# 10,000 before a release: ENTENTE_MERGES=10000.
SEQUENCES = int(os.environ.get("ENTENTE_MERGES", "400"))
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
STEPS = ("grant", "grant", "withdraw", "stop", "merge", "merge", "edit", "unmerge", "unmerge")
RANK = {"withdrawn": 0, "granted": 2, "none": 3}


class Twin:
    """What the records say, in lists; the state is found by reading all of them."""

    def __init__(self, records):
        self.records = records
        self.grants, self.withdrawals, self.stops, self.links = [], [], [], []
        self.taken = []  # Permissions that a parting took back: whose they were has to be asked.

    def members(self, record, at):
        links = [(s, o) for s, o, since, until in self.links if since <= at < until]
        group = {record}
        while True:
            more = {x for s, o in links if s in group or o in group for x in (s, o)} | group
            if more == group:
                return group
            group = more

    def _own(self, record, at):
        if any(r == record and when <= at for r, when in self.stops):
            return "withdrawn", None, None
        grants = [when for r, when in self.grants if r == record and when <= at]
        taken = [when for r, when in self.withdrawals + self.taken if r == record and when <= at]
        grant, taken = max(grants, default=None), max(taken, default=None)
        if taken is not None and (grant is None or taken >= grant):
            return "withdrawn", grant, taken
        return ("granted" if grant is not None else "none"), grant, taken

    def state(self, record, at):
        group = self.members(record, at)
        if len(group) == 1:
            return self._own(record, at)[0]
        found = [self._own(member, at) for member in group]
        stopped = any(r in group and when <= at for r, when in self.stops)
        joined = max(since for s, o, since, until in self.links
                     if o in group and since <= at < until)  # fmt: skip
        last = max((taken for status, _, taken in found if taken and status == "withdrawn"),
                   default=None)  # fmt: skip
        for status, grant, _ in found:
            anew = status == "granted" and grant > joined and (last is None or grant > last)
            if anew and not stopped:
                return "granted"
        return min((status for status, _, _ in found), key=RANK.__getitem__)

    def part(self, link, at):
        survivor, loser, since, _ = link
        self.links[self.links.index(link)] = (survivor, loser, since, at)
        ours, theirs = self.members(survivor, at), self.members(loser, at)
        lasted = [(group, other, records) for group, other in ((ours, loser), (theirs, survivor))
                  for records in (self.stops, self.withdrawals)]  # fmt: skip
        copied = [(records, other) for group, other, records in lasted
                  if any(r in group and since <= w < at for r, w in records)]  # fmt: skip
        for records, other in copied:
            if records is not self.stops or not any(r == other for r, _ in self.stops):
                records.append((other, at))
        given = {r for r, w in self.grants if r in ours | theirs and since <= w < at}
        self.taken += [(record, at) for record in given]


def life(seed, cast, entity_id):
    """Play one sequence; give how many steps of each kind were done."""
    rng = random.Random(seed)
    at, done = START, []
    records = [
        add_hcp(family_name=f"Life{seed}", given_name=str(n), country="US", at=at).id
        for n in range(4)
    ]
    twin = Twin(records)
    open_merges, seen = [], []
    for _ in range(rng.randint(6, 10)):
        at += timedelta(hours=1)
        step, record = rng.choice(STEPS), rng.choice(records)
        before = {r: twin.state(r, at) for r in records}
        if step == "grant":
            actions.capture_consent(
                hcp_id=record, controller_id=entity_id, channel="email", purpose="promotion",
                wording_version="v1", source="form", method="form", proof_ref="form 1",
                captured_at=at, at=at,
            )  # fmt: skip
            twin.grants.append((record, at))
        elif step == "withdraw":
            actions.withdraw_consent(hcp_id=record, controller_id=entity_id, channel="email",
                                     purpose="promotion", source="phone", at=at)  # fmt: skip
            twin.withdrawals.append((record, at))
        elif step == "stop" and rng.random() < 0.4:
            if not any(r == record for r, _ in twin.stops):
                actions.suppress(record, "asked", at)
                twin.stops.append((record, at))
        elif step == "merge":
            losers = {o for _, o, _, until in twin.links if until > at}
            free = [r for r in records if r not in losers]
            if len(free) < 2:
                continue
            survivor, loser = rng.sample(free, 2)
            merge = merge_hcps(survivor, loser, reason="one", at=at)
            link = (survivor, loser, at, datetime.max.replace(tzinfo=UTC))
            twin.links.append(link)
            open_merges.append((merge.id, link))
            after = {r: twin.state(r, at) for r in records}
            for r in records:
                assert not (after[r] == "granted" and "withdrawn" in
                            {before[m] for m in twin.members(r, at)}), "wider by a merge"  # fmt: skip
        elif step == "edit":
            Hcp.objects.filter(id=record).update(phone=str(rng.randint(1, 9)))
        elif step == "unmerge" and open_merges:
            merge_id, link = open_merges.pop(rng.randrange(len(open_merges)))
            unmerge_hcps(merge_id, reason="two", at=at)
            twin.part(link, at)
        done.append(step)
        check(twin, entity_id, at + timedelta(minutes=1), seen)
    assert Hcp.objects.filter(id__in=records).count() == 4, "no record is lost"
    return done


def check(twin, entity_id, at, seen):
    """Compare every record today, and one earlier moment, with the twin."""
    for record in twin.records:
        got = reads.state_as_of(record, entity_id, "email", "promotion", at).status
        assert got == twin.state(record, at)
        seen.append((record, at, got))
    record, moment, told = seen[len(seen) // 2]
    again = reads.state_as_of(record, entity_id, "email", "promotion", moment).status
    assert again == told, "the past stays as it was"


@pytest.mark.promise("P14")
@pytest.mark.feature("directory/identity")
def test_random_lives_of_records_agree_with_a_twin_and_never_widen_a_permission(cast):
    with act_as(cast.system()):
        entity = add_legal_entity(
            name="Halden Pharma Inc", country="US", postal_address=POSTAL_ADDRESS, at=START
        )
    n_merges = n_parted = 0
    for seed in range(SEQUENCES):
        with act_as(cast.system()):
            done = life(seed, cast, entity.id)
            n_merges += done.count("merge")
            n_parted += done.count("unmerge")
            transaction.set_rollback(True)
    assert n_merges > SEQUENCES / 2
    assert n_parted > SEQUENCES / 4
