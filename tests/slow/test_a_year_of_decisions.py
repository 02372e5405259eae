"""A year of decisions: each is made again alike, and a trial lists just what an oracle lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id
from entente.policy.actions.decide import judge_facts
from entente.policy.actions.pack_life import readable
from entente.policy.actions.packs_in_force import in_force, keep_set
from entente.policy.domain.verdicts import OUTCOMES
from entente.policy.facts_text import to_kept
from entente.policy.models import Decision
from entente.policy.reads.packs import text_in_force
from entente.policy.reads.trial import replay_all, try_pack

pytestmark = pytest.mark.slow

N_DECISIONS, FIRST, N_DAYS = 100_000, date(2025, 11, 1), 365
PACK = "platform/engagement"


def facts_of(rng: Random, day: date) -> dict[str, object]:
    """Give the facts of an e-mail that most rules let pass, with the counts of a busy year."""
    return {
        "action.type": "email", "action.date": day, "action.channel": "email",
        "action.country": "CH", "action.promotional": rng.random() < 0.8,
        "action.purpose": "promotion", "action.local_time": 600, "action.sender_role": "sales",
        "recipient.kind": "hcp", "recipient.country": "CH", "recipient.profession": "physician",
        "recipient.licence_active": True, "recipient.identity_status": "verified",
        "recipient.medical_case_open": rng.random() < 0.02, "recipient.has_address": True,
        "suppression.active": False, "suppression.other_controller": False,
        "consent.status": rng.choice(["granted"] * 9 + ["withdrawn"]), "consent.channel": "email",
        "consent.purpose": "promotion", "consent.proof_ref": "form",
        "consent.captured_at": day - timedelta(days=60), "consent.text_version": "1",
        "lawful_basis": "consent", "content.approval_status": "approved",
        "content.approval_expires": day + timedelta(days=90), "content.final_form_hash": "a",
        "content.approved_hash": "a", "content.cobranded": False, "content.market_ok": True,
        "content.author_is_approver": False, "content.claims_in_label": True,
        "content.claims_without_reference": 0, "content.kind": "educational",
        "content.audience": "hcp", "content.unsubscribe_link": True,
        "content.postal_address": True, "actor.trained": True,
        "tally.emails_30d": rng.randrange(5), "tally.emails_3d": 0,
    }  # fmt: skip


def rows(rng: Random) -> Iterator[tuple[datetime, dict[str, object]]]:
    for n in range(N_DECISIONS):
        day = FIRST + timedelta(days=n * N_DAYS // N_DECISIONS)
        yield datetime(day.year, day.month, day.day, 9, n % 60, tzinfo=UTC), facts_of(rng, day)


@pytest.fixture
def year(cast) -> list[tuple[object, dict[str, object]]]:
    """Decide a simulated year, keep it, and give each decision's id with its facts."""
    made = []
    with act_as(cast.system()):
        packs = in_force(FIRST)
        set_hash, compiled = keep_set(packs), packs.compiled
        every = list(rows(Random(5)))
        for start, end in pairwise([*range(0, N_DECISIONS, 10_000), N_DECISIONS]):
            part = every[start:end]
            verdicts = judge_facts(compiled, [facts for _, facts in part])
            decisions = [
                Decision(
                    id=new_id(), org_id=cast.host.id, act_type="email", stage="request",
                    outcome=OUTCOMES[int(verdicts.outcome[n])],
                    rule_ids=list(verdicts.rule_ids(n)), facts=to_kept(facts),
                    pack_set_id=set_hash, decided_at=at,
                )
                for n, (at, facts) in enumerate(part)
            ]  # fmt: skip
            Decision.objects.bulk_create(decisions, batch_size=2_000)
            made += [(d, facts) for d, (_, facts) in zip(decisions, part, strict=True)]
    return made


def test_a_hundred_thousand_decisions_come_out_alike_and_a_lower_cap_changes_what_it_must(
    cast, year
):
    until = FIRST + timedelta(days=N_DAYS)
    with act_as(cast.scope(Role.COMPLIANCE)):
        assert replay_all(since=FIRST, until=until) == (N_DECISIONS, [])
        text = text_in_force(PACK, FIRST)
        assert "value = 4, source" in text
        lower = text.replace("value = 4, source", "value = 3, source", 1)
        trial = try_pack(readable(lower), lower, since=FIRST, until=until, keep_all=True)
    # What a person with the list before him would write down: a promotional e-mail that was
    # the fourth in thirty days, and that nothing else had stopped.
    expected = {
        decision.id
        for decision, facts in year
        if facts["action.promotional"]
        and facts["tally.emails_30d"] == 3
        and decision.outcome != "FORBID"
    }
    assert len(expected) > 5_000
    assert {change.decision_id for change in trial.changes} == expected
    assert trial.n_changed == len(expected)
    assert {key[0] for key in trial.by_rule} == {"PG-FREQ-1"}
    assert len({month for month, _, _ in trial.by_month}) >= 12
