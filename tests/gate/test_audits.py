"""Audits: a sample that nobody chooses, its answers, what is done about findings, the figures."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from entente.engagement.actions import SendRequest, request_send
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.ledger.seal import seal
from entente.foundation.models import LedgerEntry, new_id
from entente.policy.actions.audit_actions import (
    Measure,
    open_action,
)
from entente.policy.actions.audits import (
    AuditTerms,
    answer_item,
    draw_sample,
    end_audit,
    plan_audit,
)
from entente.policy.audit_kinds import kinds
from entente.policy.domain.audit_figures import rank, seed_of
from entente.policy.models import AuditItem, AuditSample, Waiver
from entente.policy.reads.audits import items, redraw, to_draw
from tests.gate.audit_world import NOVEMBER, decided, drawn, finding, planned

pytestmark = pytest.mark.feature("policy/compliance-audits")

# The draw.


def test_a_sample_is_drawn_again_the_same_from_what_was_kept(sample, officer):
    with act_as(officer):
        again = redraw(AuditSample.objects.get(id=sample.id))
    assert (again.same, again.seed_holds, again.n_population) == (True, True, 40)


def test_a_slow_twin_draws_the_same(cast, noon, later, officer):
    rows = decided(cast, noon, 40)
    sample = drawn(officer, planned(officer, noon), later)
    with act_as(officer):
        got = list(items(sample_id=sample.id).order_by("place").values_list("object_id", flat=True))
    assert got == sorted((row.id for row in rows), key=lambda one: rank(sample.seed, one))[:5]


def test_the_seed_comes_from_the_ledger_and_not_from_anybody(cast, noon, later, officer):
    seal(at=noon)
    decided(cast, noon, 40)
    sample = drawn(officer, planned(officer, noon), later)
    with act_as(officer):
        entry = LedgerEntry.objects.get(entry_id=sample.entry_id)
        head = connection.cursor().execute("SELECT chained FROM app.ledger_head()").fetchone()[0]
    assert entry.verb == "policy.audit.announced"
    assert sample.head == bytes(head).hex()
    assert sample.head in entry.body
    assert sample.leaf == bytes(entry.leaf).hex()
    assert sample.seed == seed_of(sample.head, sample.leaf)


def test_two_draws_of_the_same_rows_differ(cast, noon, later, officer):
    decided(cast, noon, 200)
    taken = []
    for title in ("One", "Two"):
        sample = drawn(officer, planned(officer, noon, title=title, size=20), later)
        with act_as(officer):
            taken.append({one.object_id for one in items(sample_id=sample.id)})
    assert taken[0] != taken[1]


def test_nobody_draws_a_period_twice_or_before_it_is_over(cast, noon, later, officer):
    plan = planned(officer, noon)
    for since, at, word in (
        (NOVEMBER, noon, "not over"),
        (date(2026, 11, 2), later, "no period"),
        (date(2026, 10, 1), later, "no period"),
    ):
        with act_as(officer), pytest.raises(UserError, match=word):
            draw_sample(plan.id, since, at=at)
    drawn(officer, plan, later)
    with act_as(officer), pytest.raises(UserError, match="twice"):
        draw_sample(plan.id, NOVEMBER, at=later)


def test_what_is_recorded_after_a_draw_is_no_part_of_it(cast, noon, sample, officer):
    decided(cast, noon, 400)
    with act_as(officer):
        again = redraw(AuditSample.objects.get(id=sample.id))
    assert (again.same, again.seed_holds, again.n_population) == (True, True, 40)


def test_a_changed_past_is_noticed_when_drawing_again(cast, noon, later, officer):
    with act_as(cast.system()):
        Waiver.objects.bulk_create(
            Waiver(
                id=new_id(), org=cast.host, rule_id="PG-TRN-1", role="compliance", reason="x",
                valid_from=noon, valid_until=later, granted_by_name="x",
            )
            for _ in range(8)
        )  # fmt: skip
    sample = drawn(officer, planned(officer, noon, kind="waivers", size=3), later)
    with act_as(officer):
        assert redraw(sample).same
        taken = items(sample_id=sample.id).first().object_id
        Waiver.objects.filter(id=taken).update(valid_from=noon - timedelta(days=60))
        again = redraw(sample)
    assert (again.same, again.seed_holds, again.n_population) == (False, True, 7)


def test_a_draw_takes_each_row_once_and_only_of_its_days(cast, noon, later, officer):
    decided(cast, noon, 8)
    for outside in (noon - timedelta(days=20), noon + timedelta(days=11)):
        decided(cast, noon, 8, decided_at=outside)
    sample = drawn(officer, planned(officer, noon, size=50), later)
    with act_as(officer):
        found = list(items(sample_id=sample.id))
    assert (sample.n_population, sample.n_drawn) == (8, 8)
    assert len({one.object_id for one in found}) == 8
    assert {one.happened_at for one in found} == {noon}


def test_strata_share_the_sample_by_their_size_and_none_is_left_out(cast, noon, later, officer):
    decided(cast, noon, 80)
    decided(cast, noon, 18, facts={"action.country": "GB"})
    decided(cast, noon, 2, facts={"action.country": "IN"})
    sample = drawn(officer, planned(officer, noon, size=10, strata="country"), later)
    with act_as(officer):
        got = Counter(one.stratum for one in items(sample_id=sample.id))
        assert redraw(sample).same
    assert got == {"US": 7, "GB": 2, "IN": 1} == sample.allocation


def test_a_rate_and_a_country_narrow_the_draw(cast, noon, later, officer):
    decided(cast, noon, 30)
    decided(cast, noon, 30, facts={"action.country": "GB"})
    plan = planned(officer, noon, size=None, rate_percent=10, country="GB")
    sample = drawn(officer, plan, later)
    assert (sample.n_population, sample.n_drawn) == (30, 3)


def test_a_period_without_a_row_gives_an_empty_sample(noon, later, officer):
    sample = drawn(officer, planned(officer, noon), later)
    assert (sample.n_population, sample.n_drawn) == (0, 0)


def test_what_is_due_is_listed_until_it_is_drawn_and_the_plan_has_ended(noon, later, officer):
    plan = planned(officer, noon)
    with act_as(officer):
        assert to_draw(noon.date()) == []
        assert [one.since for one in to_draw(later.date())] == [NOVEMBER]
    drawn(officer, plan, later)
    with act_as(officer):
        assert to_draw(later.date()) == []
        assert len(to_draw(date(2027, 3, 1))) == 3
        end_audit(plan.id, at=later)
        assert to_draw(date(2027, 3, 1)) == []


@pytest.mark.parametrize("kind", ["decisions", "referrals", "waivers", "sends", "expenses"])
@pytest.mark.parametrize("strata", ["", "country", "sort"])
def test_every_kind_can_be_drawn(kind, strata, noon, later, officer):
    assert kind in {one.code for one in kinds()}
    plan = planned(officer, noon, kind=kind, strata=strata)
    sample = drawn(officer, plan, later)
    with act_as(officer):
        assert redraw(sample).same


def test_sends_are_drawn_with_their_country_and_person(cast, world, noon, later, officer):
    rep = cast.scope(Role.REPRESENTATIVE)
    with act_as(rep):
        send = request_send(
            SendRequest(world.willing, world.version, world.entity, "education"),
            at=noon + timedelta(hours=4),
        )
    sample = drawn(officer, planned(officer, noon, kind="sends", strata="country"), later)
    with act_as(officer):
        row = items(sample_id=sample.id).get()
    assert (row.object_id, row.stratum, row.actor_id) == (send.id, "US", rep.actor_id)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"title": " "}, "name"),
        ({"kind": "weather"}, "sampled"),
        ({"every": "day"}, "month"),
        ({"strata": "mood"}, "spread"),
        ({"country": "XX"}, "country"),
        ({"size": None}, "either"),
        ({"rate_percent": 5}, "either"),
        ({"size": 0}, "draw 1"),
        ({"size": None, "rate_percent": 101}, "percent"),
        ({"auditor_id": uuid4()}, "no such person"),
    ],
)
def test_a_plan_that_cannot_be_drawn_is_refused(noon, officer, changes, word):
    with pytest.raises(UserError, match=word):
        planned(officer, noon, **changes)


# Answers.


def test_an_answer_is_given_once_and_what_was_drawn_stays(first, officer, later):
    with act_as(officer):
        row = answer_item(first.id, in_order=True, at=later)
        assert (row.answer, row.answered_by_name) == ("in_order", "Compliance of Halden")
        with pytest.raises(UserError, match="already"):
            answer_item(first.id, in_order=True, at=later)
        for change in ({"answer": ""}, {"object_id": uuid4()}):
            with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
                AuditItem.objects.filter(id=first.id).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE policy_auditsample SET seed = 'mine'")


@pytest.mark.parametrize("changes", [{"severity": ""}, {"note": " "}, {"severity": "odd"}])
def test_a_finding_says_how_grave_it_is_and_what(first, officer, later, changes):
    with pytest.raises(UserError, match="say"):
        finding(officer, first, later, **changes)


@pytest.mark.promise("P11")
def test_nobody_audits_his_own_act(cast, noon, later, officer):
    decided(cast, noon, 1, actor_id=officer.actor_id)
    sample = drawn(officer, planned(officer, noon), later)
    with act_as(officer):
        row = items(sample_id=sample.id).get()
        with pytest.raises(OutOfScope, match="own act"):
            answer_item(row.id, in_order=True, at=later)


def test_a_named_auditor_is_the_one_who_answers(cast, noon, later, officer):
    decided(cast, noon, 1)
    named = cast.user(Role.PRIVACY)
    plan = planned(officer, noon, auditor_id=named.id)
    sample = drawn(officer, plan, later)
    with act_as(officer), pytest.raises(OutOfScope, match="Privacy of Halden"):
        answer_item(items(sample_id=sample.id).get().id, in_order=True, at=later)


def test_who_may_not_audit_sees_and_draws_nothing(cast, noon, later, sample, first):
    for who in (cast.scope(Role.REPRESENTATIVE), cast.scope(Role.PARTNER_ADMINISTRATOR,
                                                            cast.partner)):  # fmt: skip
        with act_as(who):
            with pytest.raises(OutOfScope):
                plan_audit(AuditTerms("x", "decisions", size=1), at=noon)
            with pytest.raises(OutOfScope):
                answer_item(first.id, in_order=True, at=later)
    with act_as(cast.system(cast.partner)):
        assert not AuditSample.objects.exists()
        assert not AuditItem.objects.exists()


def test_what_was_drawn_of_the_medical_side_stays_behind_the_wall(cast, noon, later, officer):
    decided(cast, noon, 3, facts={"action.sender_role": "msl"})
    decided(cast, noon, 2)
    sample = drawn(officer, planned(officer, noon), later)
    seen = {}
    for role in (Role.COMPLIANCE, Role.REPRESENTATIVE, Role.MSL):
        with act_as(cast.scope(role)):
            seen[role] = items(sample_id=sample.id).count()
    assert seen == {Role.COMPLIANCE: 5, Role.REPRESENTATIVE: 2, Role.MSL: 3}
    with act_as(officer):
        medical = items(sample_id=sample.id).filter(wall="medical").first()
    finding(officer, medical, later)
    rep = cast.user(Role.REPRESENTATIVE)
    with act_as(officer), pytest.raises(UserError, match="may not see"):
        open_action(medical.id, Measure("corrective", "Mend it", rep.id, later.date()), at=later)
